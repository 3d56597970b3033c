#include "agents/agency/cli_evidence.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ostream>

#include "agents/agency/phrases.h"
#include "agents/agency/print.h"
#include "agents/agency/print_evidence.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/reads_file.h"

namespace rujukan::agency {
namespace {

Json Parsed(const ApiReply& reply) {
  return Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
}

int Post(const Terminal& terminal, const std::string& path, const Json& body, Printer print) {
  const auto reply = CallApi(terminal.socket_path, {"POST", path, body.dump()});
  return reply ? PrintReply(terminal, *reply, print) : Report(terminal, reply.error());
}

// A new file for its owner only. It is never written over another one.
Result<void> WritePrivate(const std::string& path, std::string_view bytes) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Fail(errno == EEXIST ? Errc::kConflict : Errc::kUnavailable,
                path + ": " + std::strerror(errno));
  }
  bool whole = true;
  while (whole && !bytes.empty()) {
    const ssize_t done = write(fd, bytes.data(), bytes.size());
    whole = done > 0;
    bytes.remove_prefix(whole ? static_cast<size_t>(done) : 0);
  }
  whole = fsync(fd) == 0 && whole;
  close(fd);
  if (!whole) {
    unlink(path.c_str());
    return Fail(Errc::kUnavailable, "cannot write " + path);
  }
  return {};
}

Result<std::string> LineOf(const Json& leaf) {
  ledger::ReadLeaf line;
  line.number = leaf.value("number", uint64_t{0});
  ASSIGN_OR_RETURN(const std::string hash, FromBase64(leaf.value("hash", "")));
  ASSIGN_OR_RETURN(line.hash, Digest::FromBytes(hash));
  ASSIGN_OR_RETURN(line.event, FromBase64(leaf.value("leaf", "")));
  return ledger::ReadsFileLine(line);
}

// Every leaf there is when it begins, page by page.
Result<std::string> ExportText(const Terminal& terminal) {
  std::string text;
  uint64_t size = 0;
  uint64_t next = 0;
  do {
    ASSIGN_OR_RETURN(
        const auto reply,
        CallApi(terminal.socket_path, {"GET", "/v1/reads?raw=1&from=" + std::to_string(next), ""}));
    const Json page = Parsed(reply);
    if (reply.status != 200) {
      return Fail(Errc::kUnavailable, page.value("detail", "the agent does not give its reads"));
    }
    if (next == 0) {
      size = page.value("logged", uint64_t{0});
      text = ledger::ReadsFileHead(page.value("agency", ""), size);
    }
    const Json leaves = page.value("reads", Json::array());
    if (leaves.empty() && next < size) {
      return Fail(Errc::kCorrupt, "the agent's read trail ends before it should");
    }
    for (size_t i = 0; i < leaves.size() && next < size; ++i, ++next) {
      ASSIGN_OR_RETURN(const std::string line, LineOf(leaves[i]));
      text += line;
    }
  } while (next < size);
  return text;
}

int ExportReads(const Terminal& terminal, const std::string& file) {
  const auto text = ExportText(terminal);
  const auto written = text ? WritePrivate(file, *text) : Result<void>(Fail(text.error()));
  if (!written) {
    return Report(terminal, written.error());
  }
  if (terminal.json) {
    terminal.out << Json{{"out", file}}.dump(2) << "\n";
  } else {
    terminal.out << file << ": " << Phrase::kTrailForAuditor << "\n"
                 << "  rujukan-audit check-reads " << file << " --ledger COPY\n";
  }
  return kExitOk;
}

}  // namespace

int Reads(const Terminal& terminal, const ReadsOptions& options) {
  if (options.anchor) {
    const int code = Post(terminal, "/v1/reads/anchor", Json::object(), PrintTrail);
    if (code != kExitOk || options.export_file.empty()) {
      return code;
    }
  }
  if (!options.export_file.empty()) {
    return ExportReads(terminal, options.export_file);
  }
  const auto reply = CallApi(
      terminal.socket_path,
      {"GET",
       "/v1/reads?from=" + std::to_string(options.from) + "&limit=" + std::to_string(options.limit),
       ""});
  return reply ? PrintReply(terminal, *reply, PrintReads) : Report(terminal, reply.error());
}

int Disclose(const Terminal& terminal, const DiscloseOptions& options) {
  if (access(options.file.c_str(), F_OK) == 0) {
    return Report(terminal,
                  Error{Errc::kConflict, options.file + " " + Say(Phrase::kIsThere, Lang::kBoth)});
  }
  const Json body = {{"kepada", options.to}, {"alasan", options.reason}};
  const auto reply = CallApi(
      terminal.socket_path, {"POST", "/v1/messages/" + options.message + "/disclose", body.dump()});
  if (!reply || reply->status >= 400) {
    return reply ? PrintReply(terminal, *reply, PrintFields) : Report(terminal, reply.error());
  }
  const auto opened = FromBase64(Parsed(*reply).value("opened", ""));
  const auto written =
      opened ? WritePrivate(options.file, *opened) : Result<void>(Fail(opened.error()));
  if (!written) {
    return Report(terminal, written.error());
  }
  if (terminal.json) {
    terminal.out
        << Json{{"message_id", options.message}, {"to", options.to}, {"out", options.file}}.dump(2)
        << "\n";
  } else {
    terminal.out << options.file << ": " << Phrase::kContentFor << " " << options.to << "; "
                 << Phrase::kNotedInTrail << "\n  " << Phrase::kHandOver << "\n"
                 << "  auditor: rujukan-audit open " << options.file << " --ledger COPY\n";
  }
  return kExitOk;
}

int Erase(const Terminal& terminal, const EraseOptions& options) {
  Json body = {{"isi", {{"dasar", options.basis}, {"alasan", options.reason}}}};
  if (!options.message.empty()) {
    body["pesan"] = options.message;
  }
  if (options.own_copy_too) {
    body["isi_sendiri"] = true;
  }
  const std::string named = options.leg + "\nerase\n" + body.dump();
  body["kunci_idempoten"] = options.key.empty() ? ToHex(certs::Sha256(named).view()) : options.key;
  return Post(terminal, "/v1/legs/" + options.leg + "/erase", body, PrintErasureQueued);
}

int ListErasures(const Terminal& terminal) {
  const auto reply = CallApi(terminal.socket_path, {"GET", "/v1/erasures", ""});
  return reply ? PrintReply(terminal, *reply, PrintErasures) : Report(terminal, reply.error());
}

int DecideErasure(const Terminal& terminal, const DecideOptions& options) {
  const std::string path = "/v1/erasures/" + options.request;
  if (options.carry_out) {
    return Post(terminal, path + "/carry-out", Json::object(), PrintDecided);
  }
  const Json body = {{"isi", {{"dasar", options.basis}, {"alasan", options.reason}}}};
  return Post(terminal, path + "/object", body, PrintDecided);
}

int HoldLeg(const Terminal& terminal, const std::string& leg, const std::string& reason) {
  return Post(terminal, "/v1/legs/" + leg + "/hold", {{"alasan", reason}}, PrintHold);
}

int UnholdLeg(const Terminal& terminal, const std::string& leg) {
  return Post(terminal, "/v1/legs/" + leg + "/unhold", Json::object(), PrintHold);
}

}  // namespace rujukan::agency
