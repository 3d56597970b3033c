#include "agents/agency/request.h"

#include "agents/agency/role_address.h"
#include "agents/link/content_fits.h"
#include "base/address.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/random.h"
#include "ledger/transition.h"

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

void Append(Findings found, Findings& findings) {
  for (auto& finding : found) {
    findings.push_back(std::move(finding));
  }
}

// "": an agency's address, or a role that the directory will name an agency for.
std::string WhyNoRecipient(const std::string& text) {
  if (IsRoleAddress(text)) {
    const auto role = RoleAddress::Parse(text);
    return role ? "" : role.error().context;
  }
  const auto address = AgencyAddress::Parse(text);
  return address ? "" : address.error().context;
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
  if ((to.empty() && found != body.end()) || to.size() > limits::kRecipientsMax) {
    findings.push_back(Finding{"kepada",
                               "1 sampai 16 alamat, contoh dinsos.18@lampung.example / 1 to 16 "
                               "addresses"});
  }
  for (const auto& address : to) {
    const auto wrong = WhyNoRecipient(address);
    if (!wrong.empty()) {
      findings.push_back(Finding{"kepada", "alamat tidak sah: " + wrong});
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

// The kind is the part of the content that is there.
v1::Kind::Code KindOf(const v1::Content& content) {
  for (int number = 1; v1::Kind::Code_IsValid(number); ++number) {
    const auto kind = static_cast<v1::Kind::Code>(number);
    if (link::ContentFits(kind, content)) {
      return kind;
    }
  }
  return v1::Kind::RUJUKAN;  // said to be missing by what follows
}

void ReadKind(const Json& body, NewMessage& message, Findings& findings) {
  message.kind = KindOf(message.content);
  const auto name = StringMember(body, "jenis");
  const bool of_its_own = message.kind == v1::Kind::RUJUKAN || ledger::IsLegless(message.kind);
  if (!name || !of_its_own || (!name->empty() && *name != v1::Kind::Code_Name(message.kind))) {
    findings.push_back(
        Finding{"jenis",
                "harus RUJUKAN atau jenis tanpa rujukan, sesuai isi; langkah lain "
                "lewat /v1/legs / must be the kind that isi is, and one without a leg"});
  }
  if (message.kind == v1::Kind::RUJUKAN && message.to.size() > 1) {
    findings.push_back(Finding{
        "kepada", "satu rujukan untuk satu lembaga; kirim terpisah / one agency a referral"});
  }
}

// Whom it goes to may follow from the content; the rules about that come later.
void RequireRecipients(const NewMessage& message, Findings& findings) {
  const bool follows =
      message.kind == v1::Kind::UNDANGAN_KONFERENSI_KASUS || message.kind == v1::Kind::TANGGAPAN;
  if (message.to.empty() && !follows) {
    findings.push_back(Finding{"kepada",
                               "1 sampai 16 alamat, contoh dinsos.18@lampung.example / 1 to 16 "
                               "addresses"});
  }
}

void ReadClassification(const Json& body, NewMessage& message, Findings& findings) {
  const auto name = StringMember(body, "klasifikasi");
  if (name && name->empty()) {
    return;
  }
  auto code = v1::Classification::UNSPECIFIED;
  const bool known = name && v1::Classification::Code_Parse(*name, &code) && code != 0;
  const auto least = ClassOf(message.kind, message.content);
  if (!known || code < least) {
    findings.push_back(Finding{"klasifikasi",
                               "paling rendah " + v1::Classification::Code_Name(least) +
                                   " untuk pesan ini / too low for this message"});
    return;
  }
  message.classification = code;
}

}  // namespace

std::string ReadCause(const Json& body, Findings& findings) {
  const auto text = StringMember(body, "pesan");
  if (text && text->empty()) {
    return "";
  }
  const auto id = text ? ParseUuid(*text) : Result<std::string>(Fail(text.error()));
  if (!id) {
    findings.push_back(Finding{"pesan", "tulis id pesan / write the id of a message"});
  }
  return id ? *id : "";
}

NewMessage ReadMessageRequest(const Json& body,
                              Findings& findings,
                              UnixMillis now,
                              const v1::Officer& officer) {
  NewMessage message;
  RefuseUnknown(
      body,
      {"kunci_idempoten", "kepada", "jenis", "urgensi", "klasifikasi", "pesan", "isi", "t2"},
      findings);
  CheckKey(body, findings);
  if (body.find("isi") == body.end()) {
    findings.push_back(Finding{"isi", "wajib diisi / required"});
  }
  ReadPart(body, "isi", message.content, findings);
  ReadPart(body, "t2", message.held, findings);
  message.to = ReadRecipients(body, findings);
  message.cause = ReadCause(body, findings);
  ReadKind(body, message, findings);
  RequireRecipients(message, findings);
  if (!findings.empty()) {
    return message;  // further findings about what did not even parse would only confuse
  }
  if (!message.content.has_petugas() && !officer.peran().empty()) {
    *message.content.mutable_petugas() = officer;
  }
  message.urgency = ReadUrgency(body, message, findings);
  ReadClassification(body, message, findings);
  Append(ValidateNew(message, now), findings);
  if (body.find("t2") != body.end() && message.held.ByteSizeLong() == 0) {
    Append(ValidateStageTwo("t2", message.held), findings);  // there, and empty: told, not ignored
  }
  return message;
}

Findings ValidateNew(const NewMessage& message, UnixMillis now) {
  LegFacts facts;
  facts.now = now;
  Findings findings = ValidateContent(message.kind, message.content, facts);
  if (message.held.ByteSizeLong() > 0) {
    Append(ValidateStageTwo("t2", message.held), findings);
  }
  if (message.kind == v1::Kind::RUJUKAN) {
    const v1::Referral& referral = message.content.rujukan();
    Append(ValidateConsent(referral, referral.has_t2() ? referral.t2() : message.held), findings);
  }
  return findings;
}

v1::Content ReadActionRequest(const Json& body,
                              v1::Kind::Code kind,
                              const v1::Officer& officer,
                              Findings& findings) {
  RefuseUnknown(body, {"kunci_idempoten", "petugas", "pesan", "isi"}, findings);
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
