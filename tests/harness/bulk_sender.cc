#include "tests/harness/bulk_sender.h"

#include "base/check.h"
#include "tests/harness/wait.h"

namespace rujukan::testing {
namespace {

constexpr int kPollMs = 20;

}  // namespace

v1::Content SampleReferral() {
  v1::Content content;
  content.set_id_episode("ep-uji");
  content.mutable_petugas()->set_peran("penyidik");
  content.mutable_petugas()->set_nama("Petugas (CONTOH)");
  content.mutable_petugas()->set_telepon("+62-000-555-0101");
  v1::Referral& referral = *content.mutable_rujukan();
  referral.set_jenis_rujukan(v1::ReferralType::RUJUKAN_LAYANAN);
  referral.mutable_penandatangan()->set_jabatan("Kanit PPA");
  referral.mutable_penandatangan()->set_nama("AKP CONTOH");
  v1::StageOne& t1 = *referral.mutable_t1();
  t1.set_ref_anak("LS-7Q2");
  t1.set_kelompok_usia(v1::AgeGroup::USIA_13_17);
  t1.set_jenis_kelamin(v1::Sex::P);
  t1.add_kategori(v1::AmpkCategory::H);
  t1.set_kategori_utama(v1::AmpkCategory::H);
  t1.set_tingkat_risiko(v1::RiskLevel::SEDANG);
  t1.set_dasar_penilaian("wawancara awal");
  t1.set_kewenangan(v1::Competence::KAB_KOTA);
  t1.add_layanan_diminta()->set_kode(v1::Service::PENDAMPINGAN);
  t1.set_wilayah_kejadian("kemendagri:18.01");
  t1.set_wilayah_asal("kemendagri:18.09");
  t1.set_wilayah_berada("kemendagri:18.01");
  t1.set_lokasi_anak_aman(v1::ChildLocationSafety::AMAN);
  t1.set_ringkasan("Ringkasan tanpa identitas.");
  t1.add_dasar_pemrosesan()->set_kode(v1::ProcessingBasis::TUGAS_PUBLIK);
  return content;
}

BulkSender::BulkSender(const Identity& from, std::string to, uint32_t in_flight)
    : from_(from), to_(std::move(to)), in_flight_(in_flight), thread_([this] { Run(); }) {}

BulkSender::~BulkSender() {
  abandon_ = true;
  if (thread_.joinable()) {
    thread_.join();
  }
}

bool BulkSender::Finish() {
  finishing_ = true;
  const bool answered = Eventually([this] { return done_.load(); });
  abandon_ = true;
  thread_.join();
  return answered;
}

void BulkSender::Run() {
  const auto client = from_.MakeClient(in_flight_, /*credit=*/0);
  while (!abandon_ && !done_) {
    while (!finishing_ && open_ < in_flight_) {
      SubmitOne(*client);
    }
    for (const link::Event& event : client->Poll(kPollMs)) {
      Take(event);
    }
    done_ = finishing_ && open_ == 0;
  }
}

void BulkSender::SubmitOne(link::Client& client) {
  auto submission = link::SubmitMessage(from_.Referral(to_, SampleReferral()));
  CHECK(submission.has_value());
  client.Submit(std::move(*submission));
  ++open_;
}

void BulkSender::Take(const link::Event& event) {
  if (const auto* receipted = std::get_if<link::Receipted>(&event)) {
    const link::Proven& proven = receipted->proven;
    acknowledged_[receipted->subject] = {proven.index, proven.entry_bytes, proven.proof};
    ++count_;
    --open_;
  } else if (const auto* refusal = std::get_if<link::Refusal>(&event); refusal && refusal->final) {
    trouble_ += "refused: " + refusal->advice + "\n";
    --open_;
  } else if (const auto* alarm = std::get_if<link::Alarm>(&event)) {
    trouble_ += "alarm: " + alarm->error.ToString() + "\n";
    done_ = true;
  }
}

}  // namespace rujukan::testing
