// Reading and the manifests. The files that people and openssl read: evidence_render.cc.

#include "agents/audit/evidence_files.h"

#include <charconv>

#include "base/bytes.h"
#include "certs/hash.h"
#include "ledger/note.h"

namespace rujukan::audit {
namespace {

using C = EvidenceCheck;

constexpr std::string_view kFormat = "rujukan-evidence 1\n";

std::string_view MediaTypeOf(std::string_view path) {
  struct Type {
    std::string_view ending;
    std::string_view type;
  };
  constexpr Type kTypes[] = {{".md", "text/markdown"},
                             {".txt", "text/plain"},
                             {".json", "application/json"},
                             {".pem", "application/x-pem-file"},
                             {".tsr", "application/vnd.etsi.timestamp-token"},
                             {"checkpoint", "text/plain"},
                             {".text", "text/plain"}};
  for (const Type& type : kTypes) {
    if (path.ends_with(type.ending)) {
      return type.type;
    }
  }
  return "application/octet-stream";
}

std::string DigestsXml(const FileMap& files) {
  std::string xml;
  for (const auto& [path, bytes] : files) {
    xml += "  <asic:DataObjectReference URI=\"" + path + "\" MimeType=\"" +
           std::string(MediaTypeOf(path)) +
           "\">\n    <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\n"
           "    <ds:DigestValue>" +
           ToBase64(certs::Sha256(bytes).view()) +
           "</ds:DigestValue>\n  </asic:DataObjectReference>\n";
  }
  return xml;
}

// "12" as a number, in its only spelling.
std::optional<LogIndex> NumberOf(std::string_view text) {
  LogIndex number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  return whole && std::to_string(number) == text ? std::optional<LogIndex>(number) : std::nullopt;
}

// The middle of "entries/12.bin".
std::optional<std::string_view> Between(std::string_view path,
                                        std::string_view front,
                                        std::string_view back) {
  if (!path.starts_with(front) || !path.ends_with(back) ||
      path.size() < front.size() + back.size()) {
    return std::nullopt;
  }
  return path.substr(front.size(), path.size() - front.size() - back.size());
}

std::string WithoutNewline(std::string text) {
  if (text.ends_with('\n')) {
    text.pop_back();
  }
  return text;
}

std::optional<Subject> SubjectOf(const std::string& line) {
  const size_t space = line.find(' ');
  const std::string what = line.substr(0, space);
  const std::string name = space == std::string::npos ? "" : line.substr(space + 1);
  if (what == "agency") {
    return Subject{"", "", name};
  }
  const auto id = ParseUuid(name);
  if (!id || (what != "leg" && what != "message")) {
    return std::nullopt;
  }
  return what == "leg" ? Subject{*id, "", ""} : Subject{"", *id, ""};
}

class Parser {
 public:
  Parser(const FileMap& files, EvidenceReport& report) : files_(files), report_(report) {}

  Result<Evidence> Run() {
    if (Bytes("format") != kFormat) {
      return Fail(Errc::kInvalid,
                  "the evidence file: its `format` is not `rujukan-evidence 1`: another program "
                  "made it, or a newer one");
    }
    const auto subject = SubjectOf(WithoutNewline(Bytes("subject")));
    evidence_.checkpoint = Bytes("checkpoint");
    evidence_.vkey = WithoutNewline(Bytes("log.vkey"));
    if (!subject || evidence_.checkpoint.empty()) {
      return Fail(Errc::kInvalid, "the evidence file: it has no subject, or no checkpoint");
    }
    evidence_.subject = *subject;
    TakeStamp();
    for (const auto& [path, bytes] : files_) {
      TakeNumbered(path, bytes);
    }
    TakeStatement();
    return std::move(evidence_);
  }

 private:
  std::string Bytes(std::string_view path) const {
    const auto file = files_.find(path);
    return file == files_.end() ? std::string() : file->second;
  }

  Path PathOf(const std::string& file, const std::string& bytes) {
    Path path;
    if (bytes.size() % Digest::kSize != 0) {
      report_.Fail(C::kInclusion, file, "is no list of hashes of 32 bytes");
      return path;
    }
    for (size_t at = 0; at < bytes.size(); at += Digest::kSize) {
      path.push_back(*Digest::FromBytes(std::string_view(bytes).substr(at, Digest::kSize)));
    }
    return path;
  }

  void TakeStamp() {
    const auto entry = NumberOf(WithoutNewline(Bytes("timestamp/entry")));
    if (entry) {
      evidence_.stamp = EvidenceStamp{*entry, {}};
    }
  }

  void TakeNumbered(const std::string& path, const std::string& bytes) {
    if (const auto number = Numbered(path, "entries/", ".bin")) {
      evidence_.entries[*number] = bytes;
    } else if (const auto proof = Numbered(path, "proofs/", ".path")) {
      evidence_.proofs[*proof] = PathOf(path, bytes);
    } else if (const auto stamped = Numbered(path, "timestamp/proofs/", ".path");
               stamped && evidence_.stamp) {
      evidence_.stamp->proofs[*stamped] = PathOf(path, bytes);
    } else if (const auto message = Between(path, "opened/", ".pb");
               message && ParseUuid(*message)) {
      evidence_.opened[std::string(*message)] = bytes;
    }
  }

  static std::optional<LogIndex> Numbered(std::string_view path,
                                          std::string_view front,
                                          std::string_view back) {
    const auto middle = Between(path, front, back);
    return middle ? NumberOf(*middle) : std::nullopt;
  }

  void TakeStatement() {
    if (files_.find("completeness/note") == files_.end()) {
      return;
    }
    evidence_.statement = EvidenceStatement{
        Bytes("completeness/note"),
        WithoutNewline(Bytes("completeness/vkey")),
        PathOf("completeness/consistency.path", Bytes("completeness/consistency.path"))};
  }

  const FileMap& files_;
  EvidenceReport& report_;
  Evidence evidence_;
};

}  // namespace

bool IsManifest(std::string_view path) {
  return path == "MANIFEST.sha256" || path == "META-INF/manifest.xml" ||
         path == "META-INF/ASiCManifest.xml";
}

Result<Evidence> ParseEvidence(const FileMap& files, EvidenceReport& report) {
  return Parser(files, report).Run();
}

NoteParts SplitNote(const std::string& note, const std::string& vkey) {
  NoteParts parts;
  const auto parsed = ledger::ParseNote(note);
  const auto verifier = ledger::NoteVerifier::Parse(vkey);
  if (!parsed) {
    return parts;
  }
  parts.text = parsed->text;
  for (const ledger::NoteSignature& signature : parsed->signatures) {
    if (verifier && signature.name == verifier->name && signature.key_id == verifier->key_id) {
      parts.signature = signature.bytes;
    }
  }
  return parts;
}

std::string DigestList(const FileMap& files) {
  std::string list;
  for (const auto& [path, bytes] : files) {
    if (!IsManifest(path)) {
      list += ToHex(certs::Sha256(bytes).view()) + "  " + path + "\n";
    }
  }
  return list;
}

std::string AsicManifest(const FileMap& files) {
  FileMap listed;
  for (const auto& [path, bytes] : files) {
    if (!path.starts_with("META-INF/")) {
      listed.emplace(path, bytes);
    }
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<asic:ASiCManifest xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\" "
         "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n"
         "  <asic:SigReference URI=\"checkpoint\" MimeType=\"text/plain\"/>\n" +
         DigestsXml(listed) + "</asic:ASiCManifest>\n";
}

}  // namespace rujukan::audit
