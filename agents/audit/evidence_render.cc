#include "agents/audit/evidence_render.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "agents/audit/evidence_files.h"
#include "agents/audit/evidence_readme.md.h"
#include "agents/audit/span.h"
#include "base/bytes.h"
#include "base/printable.h"
#include "certs/hash.h"
#include "certs/padme.h"
#include "certs/pem.h"
#include "certs/timestamp.h"
#include "ledger/directory_root.h"
#include "ledger/note.h"
#include "ledger/transition.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/audit.pb.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kCosignatureBytes = 72;  // C2SP tlog-cosignature: u64 seconds, 64 bytes

std::string Joined(const Path& path) {
  std::string bytes;
  for (const Digest& hash : path) {
    bytes += hash.view();
  }
  return bytes;
}

std::string_view FormName(SignatureForm form) {
  switch (form) {
    case SignatureForm::kBatch:
      return "batch";
    case SignatureForm::kRoot:
      return "root";
    case SignatureForm::kInvitation:
      return "invitation";
  }
  return "";
}

std::string LineOf(LogIndex index, const v1::Entry& entry, const Part& part) {
  std::string who;
  std::string what;
  if (part.kind == Part::Kind::kDelivery) {
    who = part.receipt.recipient();
    what = "TANDA_TERIMA " + v1::DeliveryOutcome::Code_Name(part.receipt.outcome());
  } else if (part.kind == Part::Kind::kClock) {
    who = "broker";
    what = entry.has_leg_closed()
               ? std::string("DITUTUP")
               : "ESKALASI " + v1::Deadline::Code_Name(entry.deadline_missed().deadline());
  } else {
    who = part.header.from().empty() ? entry.refused().sender() : part.header.from();
    what = std::string(ledger::KindName(part.header.kind()));
    for (const std::string& to : part.header.to()) {
      what += " -> " + to;
    }
  }
  if (part.kind == Part::Kind::kRefusal) {
    what += " REFUSED " + v1::RefusalReason::Code_Name(entry.refused().reason());
  }
  return fmt::format("#{}  {}  {}  {}\n",
                     index,
                     ShortTime(entry.time_ms(), part.header.utc_offset_minutes()),
                     Printable(who),
                     Printable(what));
}

class Renderer {
 public:
  Renderer(const Evidence& evidence, const EvidenceFacts& facts)
      : evidence_(evidence), facts_(facts) {}

  FileMap Run() {
    Put("format", "rujukan-evidence 1\n");
    Put("subject", evidence_.subject.Text() + "\n");
    Put("README.md", std::string(kEvidenceReadme));
    RenderCheckpoint();
    RenderEntries();
    RenderSignatures();
    RenderCertificates();
    RenderDirectory();
    RenderStamp();
    RenderOpened();
    RenderStatement();
    RenderManifests();
    return std::move(files_);
  }

 private:
  void Put(std::string path, std::string bytes) { files_[std::move(path)] = std::move(bytes); }

  void PutNote(const std::string& folder,
               const std::string& name,
               const std::string& note,
               const std::string& vkey) {
    const NoteParts parts = SplitNote(note, vkey);
    Put(folder + name + ".text", parts.text);
    if (!parts.signature.empty()) {
      Put(folder + name + ".sig", parts.signature);
    }
  }

  void RenderCheckpoint() {
    Put("log.vkey", evidence_.vkey + "\n");
    Put("checkpoint", evidence_.checkpoint);
    PutNote("", "checkpoint", evidence_.checkpoint, evidence_.vkey);
    const auto log = ledger::NoteVerifier::Parse(evidence_.vkey);
    if (log) {
      Put("log.pem", certs::Ed25519Pem(log->public_key));
    }
    RenderCosignatures();
  }

  // What is not the ledger's own signature and has the form of a cosignature.
  void RenderCosignatures() {
    const auto note = ledger::ParseNote(evidence_.checkpoint);
    if (!note) {
      return;
    }
    std::string table;
    size_t number = 0;
    for (const ledger::NoteSignature& signature : note->signatures) {
      if (signature.bytes.size() != kCosignatureBytes) {
        continue;
      }
      Put(fmt::format("cosignatures/{}.sig", ++number), signature.bytes.substr(8));
      table += fmt::format("{} {} {} {:08x}\n",
                           number,
                           ReadBigEndian64(signature.bytes),
                           signature.name,
                           signature.key_id);
    }
    if (number > 0) {
      Put("cosignatures.txt", table);
    }
  }

  void RenderEntries() {
    SubjectFilter filter(evidence_.subject);
    std::string list;
    std::string timeline;
    for (const auto& [index, bytes] : evidence_.entries) {
      Put(EntryFile(index), bytes);
      v1::Entry entry;
      entry.ParseFromString(bytes);
      const auto part = filter.PartOf(entry);
      list += fmt::format("{} {}\n",
                          index,
                          part                              ? "subject"
                          : ledger::IsDirectoryEntry(entry) ? "directory"
                                                            : "broker");
      timeline += part ? LineOf(index, entry, *part) : "";
    }
    for (const auto& [index, path] : evidence_.proofs) {
      Put(fmt::format("proofs/{}.path", index), Joined(path));
    }
    Put("entries.txt", list);
    Put("timeline.txt", timeline);
    RenderGenesis();
  }

  // Where the genesis names the ledger's key and the root certificate.
  void RenderGenesis() {
    const auto first = evidence_.entries.find(0);
    if (first == evidence_.entries.end() || facts_.log_vkey.empty()) {
      return;
    }
    Put("genesis.txt",
        fmt::format("{} {}\n{} {}\n",
                    first->second.find(facts_.log_vkey),
                    facts_.log_vkey.size(),
                    first->second.find(facts_.root_certificate),
                    facts_.root_certificate.size()));
  }

  void RenderSignatures() {
    std::string table;
    for (const SignedEntry& row : facts_.signatures) {
      const bool invitation = row.form == SignatureForm::kInvitation;
      if (invitation) {
        Put(fmt::format("invitations/{}.pem", row.index), certs::Ed25519Pem(row.key));
      }
      if (!row.batch_path.empty()) {
        Put(fmt::format("signatures/{}.path", row.index), row.batch_path);
      }
      table += fmt::format("{} {} {} {} {} {} {} {} {} {}\n",
                           row.index,
                           FormName(row.form),
                           row.context,
                           row.form == SignatureForm::kBatch ? row.key : "-",
                           row.batch_index,
                           row.batch_size,
                           row.statement.offset,
                           row.statement.length,
                           row.signature.offset,
                           row.signature.length);
    }
    Put("signatures.txt", table);
  }

  // An authority's file, named by the digest of its certificate.
  std::string PutAuthority(const std::string& der) {
    const std::string name = "ca-" + ToHex(certs::Sha256(der).view()).substr(0, 16) + ".pem";
    Put("certificates/" + name, certs::PemOf("CERTIFICATE", der));
    return name;
  }

  void RenderCertificates() {
    if (!facts_.root_certificate.empty()) {
      Put("certificates/root.pem", certs::PemOf("CERTIFICATE", facts_.root_certificate));
    }
    std::string table;
    for (const auto& [key, certificate] : facts_.certificates) {
      Put("certificates/" + key + ".pem", certs::PemOf("CERTIFICATE", certificate.der));
      const std::string authority =
          certificate.outside ? PutAuthority(certificate.authority) : "root.pem";
      std::string chain = authority;
      if (certificate.outside && !certificate.intermediates.empty()) {
        chain = key + ".chain.pem";
        std::string pem;
        for (const std::string& der : certificate.intermediates) {
          pem += certs::PemOf("CERTIFICATE", der);
        }
        Put("certificates/" + chain, pem);
      } else if (!certificate.intermediates.empty()) {
        chain = PutAuthority(certificate.intermediates.front());
      }
      table += fmt::format("{} {} {} {} {}\n",
                           key,
                           authority,
                           chain,
                           certificate.since_time / 1000,
                           certificate.address);
    }
    Put("certificates.txt", table);
  }

  void RenderDirectory() {
    std::string table;
    for (const DirectoryLink& link : facts_.directory) {
      table += fmt::format("{} {} {} {} {}\n",
                           link.index,
                           link.time,
                           link.root ? std::to_string(link.root->offset) : "-",
                           link.statement.offset,
                           link.statement.length);
    }
    Put("directory.txt", table);
  }

  void RenderStamp() {
    if (!evidence_.stamp) {
      return;
    }
    Put("timestamp/entry", std::to_string(evidence_.stamp->entry) + "\n");
    for (const auto& [index, path] : evidence_.stamp->proofs) {
      Put(fmt::format("timestamp/proofs/{}.path", index), Joined(path));
    }
    const auto found = evidence_.entries.find(evidence_.stamp->entry);
    v1::Entry entry;
    if (found == evidence_.entries.end() || !entry.ParseFromString(found->second) ||
        !entry.has_timestamp()) {
      return;
    }
    const v1::TimestampRecorded& stamp = entry.timestamp();
    const auto token = certs::ParseTimestampToken(stamp.token());
    Put("timestamp/checkpoint", stamp.checkpoint());
    PutNote("timestamp/", "checkpoint", stamp.checkpoint(), evidence_.vkey);
    Put("timestamp/token.tsr", stamp.token());
    Put("timestamp.txt",
        fmt::format("{} {} {} {} {} {}\n",
                    evidence_.stamp->entry,
                    found->second.find(stamp.checkpoint()),
                    stamp.checkpoint().size(),
                    found->second.find(stamp.token()),
                    stamp.token().size(),
                    token ? token->time / 1000 : 0));
  }

  void RenderOpened() {
    std::string table;
    for (const auto& [message, bytes] : evidence_.opened) {
      Put("opened/" + message + ".pb", bytes);
      v1::OpenedContent opened;
      const auto id = ParseUuid(message);
      const auto place = id ? facts_.messages.find(*id) : facts_.messages.end();
      if (place == facts_.messages.end() || !opened.ParseFromString(bytes)) {
        continue;
      }
      const std::string& entry_bytes = evidence_.entries.at(place->second);
      v1::Entry entry;
      v1::Header header;
      entry.ParseFromString(entry_bytes);
      header.ParseFromString(entry.accepted().header());
      Put("opened/" + message + ".opening", opened.opening());
      Put("opened/" + message + ".json", OpenedAsJson(bytes));
      table += fmt::format(
          "{} {} {}\n", message, place->second, entry_bytes.find(header.content_commitment()));
    }
    if (!evidence_.opened.empty()) {
      Put("opened.txt", table);
    }
  }

  void RenderStatement() {
    if (!evidence_.statement) {
      return;
    }
    Put("completeness/note", evidence_.statement->note);
    Put("completeness/vkey", evidence_.statement->vkey + "\n");
    Put("completeness/consistency.path", Joined(evidence_.statement->consistency));
    PutNote("completeness/", "statement", evidence_.statement->note, evidence_.statement->vkey);
    const auto auditor = ledger::NoteVerifier::Parse(evidence_.statement->vkey);
    if (auditor) {
      Put("completeness/auditor.pem", certs::Ed25519Pem(auditor->public_key));
    }
  }

  void RenderManifests() {
    Put("MANIFEST.sha256", DigestList(files_));
    Put("META-INF/ASiCManifest.xml", AsicManifest(files_));
    Put("META-INF/manifest.xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" "
        "manifest:version=\"1.2\">\n  <manifest:file-entry manifest:full-path=\"/\" "
        "manifest:media-type=\"" +
            std::string(kEvidenceType) + "\"/>\n</manifest:manifest>\n");
  }

  const Evidence& evidence_;
  const EvidenceFacts& facts_;
  FileMap files_;
};

}  // namespace

std::string OpenedAsJson(const std::string& opened_content) {
  v1::OpenedContent opened;
  v1::Content content;
  if (!opened.ParseFromString(opened_content)) {
    return "";
  }
  const auto inside = certs::UnframeContent(opened.opening());
  std::string text;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  if (!inside || !content.ParseFromString(std::string(*inside)) ||
      !google::protobuf::util::MessageToJsonString(content, &text, options).ok()) {
    return "";
  }
  Json json;
  json["message_id"] = UuidOrNothing(opened.message_id());
  json["given_by"] = opened.given_by();
  json["given_to"] = opened.given_to();
  json["reason"] = opened.reason();
  json["opened_at"] = FormatTime(opened.opened_at_ms());
  json["content"] = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

FileMap RenderEvidence(const Evidence& evidence, const EvidenceFacts& facts) {
  return Renderer(evidence, facts).Run();
}

}  // namespace rujukan::audit
