#include "agents/agency/validate_beside.h"

#include "base/ids.h"
#include "base/limits.h"

namespace rujukan::agency {
namespace {

// Shorter than any telephone number or number of a card: a question to an expert needs none.
constexpr size_t kIdentifyingDigits = 7;
constexpr int kTasksMax = 64;

void CheckLegId(Checker& check, const std::string& field, const std::string& text) {
  if (!ParseUuid(text)) {
    check.Add(field, "tulis id rujukan / write the id of a leg");
  }
}

void CheckInvitee(Checker check, const v1::Invitee& invitee) {
  check.Text("peran", invitee.peran(), 200);
  if (invitee.alamat().empty() == invitee.nama_tamu().empty()) {
    check.Add("alamat",
              "alamat lembaga, atau nama_tamu untuk tamu tanpa data / an agency's address, or "
              "nama_tamu for a guest, who gets no data");
    return;
  }
  if (!invitee.alamat().empty()) {
    check.Address("alamat", invitee.alamat());
  }
}

}  // namespace

void CheckNotification(Checker check, const v1::Notification& notification) {
  check.Text("perihal", notification.perihal(), 200);
  check.Text("isi", notification.isi());
}

void CheckInvitation(Checker check, const v1::ConferenceInvitation& invitation) {
  check.Text("tujuan", invitation.tujuan());
  check.Time("waktu", invitation.waktu());
  check.Code("cara", *v1::MeetingMode::Code_descriptor(), invitation.cara());
  check.Text("tempat", invitation.tempat(), 200);
  check.Require(invitation.undangan_size() > 0, "undangan");
  for (int i = 0; i < invitation.undangan_size(); ++i) {
    CheckInvitee(check.At("undangan", i), invitation.undangan(i));
  }
  check.Require(invitation.agenda_size() > 0, "agenda");
  for (int i = 0; i < invitation.agenda_size(); ++i) {
    check.Text("agenda[" + std::to_string(i) + "]", invitation.agenda(i), 200);
  }
}

void CheckMinutes(Checker check, const v1::ConferenceMinutes& minutes) {
  check.Time("waktu", minutes.waktu());
  check.Require(minutes.hadir_size() > 0, "hadir");
  check.Text("ringkasan", minutes.ringkasan());
  if (minutes.tugas_size() > kTasksMax) {
    check.Add("tugas", "paling banyak 64 tugas / at most 64 tasks");
  }
  for (int i = 0; i < minutes.tugas_size(); ++i) {
    Checker task = check.At("tugas", i);
    task.Text("uraian", minutes.tugas(i).uraian());
    task.Address("penanggung_jawab", minutes.tugas(i).penanggung_jawab());
    task.Date("batas", minutes.tugas(i).batas());
  }
}

void CheckComplaint(Checker check, const v1::Complaint& complaint) {
  check.Address("lembaga", complaint.lembaga());
  check.Text("fakta", complaint.fakta());
  if (!complaint.id_rujukan().empty()) {
    CheckLegId(check, "id_rujukan", complaint.id_rujukan());
  }
}

void CheckExpertQuestion(Checker check, const v1::ExpertQuestion& question) {
  check.Text("ref", question.ref(), 64);
  check.NoLongNumber("ref", question.ref(), kIdentifyingDigits);
  check.Text("pertanyaan", question.pertanyaan());
  check.NoLongNumber("pertanyaan", question.pertanyaan(), kIdentifyingDigits);
}

void CheckIncident(Checker check, const v1::DataIncident& incident) {
  check.Text("apa", incident.apa());
  check.Time("kapan", incident.kapan());
  check.Text("bagaimana", incident.bagaimana());
  check.Text("penanganan", incident.penanganan());
  for (int i = 0; i < incident.id_rujukan_size(); ++i) {
    CheckLegId(check, "id_rujukan[" + std::to_string(i) + "]", incident.id_rujukan(i));
  }
}

void CheckAnswer(Checker check, const v1::Answer& answer) {
  check.Require(!answer.isi().empty() || answer.hadir(), "isi");
  check.OptionalText("isi", answer.isi(), kTextCharactersMax);
}

}  // namespace rujukan::agency
