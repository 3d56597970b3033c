#include "agents/agency/request.h"

#include "base/address.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

constexpr size_t kKeyBytesMax = limits::kIdempotencyKeyBytesMax;

void AddMisfit(Findings& findings, const std::string& field) {
  findings.push_back(
      Finding{field,
              "bidang tidak dikenal, atau nilainya bukan bentuk atau kode yang benar; lihat "
              "docs/guide-integrator.md / unknown field, or not the right form or code"});
}

void RefuseUnknown(const Json& body,
                   std::initializer_list<std::string_view> known,
                   Findings& findings) {
  for (const auto& [name, value] : body.items()) {
    bool found = false;
    for (const auto& one : known) {
      found = found || name == one;
    }
    if (!found) {
      AddMisfit(findings, name.size() <= 64 ? name : "?");
    }
  }
}

// A key that could not be kept would make every repetition a new message: it is told, not ignored.
void CheckKey(const Json& body, Findings& findings) {
  const auto found = body.find("kunci_idempoten");
  if (found == body.end()) {
    return;
  }
  const auto* key = found->get_ptr<const std::string*>();
  if (key == nullptr || key->empty() || key->size() > kKeyBytesMax) {
    findings.push_back(Finding{
        "kunci_idempoten", "teks 1 sampai 128 bita / a text of 1 to 128 bytes, or leave it out"});
  }
}

void ReadPart(const Json& body,
              const std::string& name,
              google::protobuf::Message& message,
              Findings& findings) {
  const auto found = body.find(name);
  if (found == body.end()) {
    return;
  }
  if (auto read = ToMessage(*found, name, message); !read) {
    AddMisfit(findings, read.error().context);
  }
}

std::vector<std::string> ReadRecipients(const Json& body, Findings& findings) {
  std::vector<std::string> to;
  const auto found = body.find("kepada");
  if (found != body.end() && found->is_string()) {
    to.push_back(found->get<std::string>());
  } else if (found != body.end() && found->is_array()) {
    for (const auto& item : *found) {
      to.push_back(item.is_string() ? item.get<std::string>() : "");
    }
  }
  if (to.empty() || to.size() > limits::kRecipientsMax) {
    findings.push_back(Finding{"kepada",
                               "1 sampai 16 alamat, contoh dinsos.18@lampung.example / 1 to 16 "
                               "addresses"});
  }
  for (const auto& address : to) {
    if (auto parsed = AgencyAddress::Parse(address); !parsed) {
      findings.push_back(Finding{"kepada", "alamat tidak sah: " + parsed.error().context});
    }
  }
  return to;
}

v1::Urgency::Code ReadUrgency(const Json& body, const NewMessage& message, Findings& findings) {
  const auto least = UrgencyOf(message.content.rujukan().t1().tingkat_risiko());
  const auto name = StringMember(body, "urgensi");
  if (name && name->empty()) {
    return message.kind == v1::Kind::RUJUKAN ? least : v1::Urgency::BIASA;
  }
  auto urgency = v1::Urgency::UNSPECIFIED;
  if (!name || !v1::Urgency::Code_Parse(*name, &urgency) || urgency == v1::Urgency::UNSPECIFIED) {
    findings.push_back(
        Finding{"urgensi", "AMAT_SEGERA, SEGERA atau BIASA / one of these, or leave it out"});
    return v1::Urgency::BIASA;
  }
  if (message.kind == v1::Kind::RUJUKAN && urgency > least) {
    findings.push_back(Finding{"urgensi",
                               "terlalu rendah untuk tingkat_risiko ini; pakai " +
                                   v1::Urgency::Code_Name(least) +
                                   " / too low for this risk; use it, or leave it out"});
  }
  return urgency;
}

void ReadKind(const Json& body, NewMessage& message, Findings& findings) {
  message.kind = message.content.has_pemberitahuan() ? v1::Kind::PEMBERITAHUAN : v1::Kind::RUJUKAN;
  const auto name = StringMember(body, "jenis");
  if (!name || (!name->empty() && *name != v1::Kind::Code_Name(message.kind))) {
    findings.push_back(Finding{"jenis",
                               "harus RUJUKAN atau PEMBERITAHUAN, sesuai isi; langkah lain lewat "
                               "/v1/legs / must be the kind that isi is"});
  }
  if (message.kind == v1::Kind::RUJUKAN && message.to.size() > 1) {
    findings.push_back(Finding{
        "kepada", "satu rujukan untuk satu lembaga; kirim terpisah / one agency a referral"});
  }
}

void ReadClassification(const Json& body, NewMessage& message, Findings& findings) {
  const auto name = StringMember(body, "klasifikasi");
  if (name && name->empty()) {
    return;
  }
  auto code = v1::Classification::UNSPECIFIED;
  const bool known = name && v1::Classification::Code_Parse(*name, &code) && code != 0;
  const auto least =
      message.kind == v1::Kind::RUJUKAN ? v1::Classification::R : v1::Classification::T;
  if (!known || code < least) {
    findings.push_back(Finding{"klasifikasi",
                               "paling rendah " + v1::Classification::Code_Name(least) +
                                   " untuk pesan ini / too low for this message"});
    return;
  }
  message.classification = code;
}

}  // namespace

NewMessage ReadMessageRequest(const Json& body, Findings& findings) {
  NewMessage message;
  RefuseUnknown(body,
                {"kunci_idempoten", "kepada", "jenis", "urgensi", "klasifikasi", "isi", "t2"},
                findings);
  CheckKey(body, findings);
  if (body.find("isi") == body.end()) {
    findings.push_back(Finding{"isi", "wajib diisi / required"});
  }
  ReadPart(body, "isi", message.content, findings);
  ReadPart(body, "t2", message.held, findings);
  message.to = ReadRecipients(body, findings);
  ReadKind(body, message, findings);
  if (!findings.empty()) {
    return message;  // further findings about what did not even parse would only confuse
  }
  message.urgency = ReadUrgency(body, message, findings);
  ReadClassification(body, message, findings);
  for (auto& finding : ValidateContent(message.kind, message.content)) {
    findings.push_back(std::move(finding));
  }
  if (body.find("t2") != body.end()) {
    for (auto& finding : ValidateStageTwo("t2", message.held)) {
      findings.push_back(std::move(finding));
    }
  }
  return message;
}

v1::Content ReadActionRequest(const Json& body,
                              v1::Kind::Code kind,
                              const v1::Officer& officer,
                              Findings& findings) {
  RefuseUnknown(body, {"kunci_idempoten", "petugas", "isi"}, findings);
  CheckKey(body, findings);
  v1::Content content;
  *content.mutable_petugas() = officer;
  ReadPart(body, "petugas", *content.mutable_petugas(), findings);
  std::string name = v1::Kind::Code_Name(kind);
  for (char& c : name) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  // The field of Content has the kind's name in small letters; ContentFits holds us to it.
  const auto* field = v1::Content::descriptor()->FindFieldByName(name);
  if (field == nullptr) {
    return content;
  }
  ReadPart(body, "isi", *content.GetReflection()->MutableMessage(&content, field), findings);
  return content;
}

RequestId RequestIdOf(const Json& body, std::string_view bytes, std::string_view scope) {
  const auto given = StringMember(body, "kunci_idempoten");
  const std::string key =
      given && !given->empty() && given->size() <= kKeyBytesMax ? *given : certs::RandomBytes(32);
  return RequestId{certs::Sha256({scope, "\n", key}), certs::Sha256(bytes)};
}

}  // namespace rujukan::agency
