#include "agents/agency/cli_attachments.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <ostream>

#include "agents/agency/file_transfer.h"
#include "agents/agency/print.h"
#include "base/bytes.h"
#include "certs/hash.h"

namespace rujukan::agency {
namespace {

constexpr int kLookEveryMs = 300;
constexpr int kBarWidth = 30;
constexpr uint64_t kMiB = 1024 * 1024;

int64_t SteadyNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// One line that is written over, on a terminal only.
class ProgressBar {
 public:
  ProgressBar(const Terminal& terminal, std::string what)
      : out_(terminal.err), what_(std::move(what)), shown_(!terminal.json && isatty(2) != 0) {}
  ~ProgressBar() {
    if (drawn_) {
      out_ << "\n";
    }
  }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Set(uint64_t done, uint64_t total, const std::string& unit) {
    const int64_t now = SteadyNow();
    if (!shown_ || total == 0 || (done != total && now - drawn_at_ < kLookEveryMs / 3)) {
      return;
    }
    drawn_at_ = now;
    drawn_ = true;
    const auto filled = static_cast<size_t>(kBarWidth * done / total);
    out_ << "\r" << what_ << " [" << std::string(filled, '#')
         << std::string(kBarWidth - filled, '.') << "] " << 100 * done / total << " %  " << unit
         << "   " << std::flush;
  }
  void SetBytes(uint64_t done, uint64_t total) {
    Set(done, total, std::to_string(done / kMiB) + "/" + std::to_string(total / kMiB) + " MiB");
  }

 private:
  std::ostream& out_;
  const std::string what_;
  const bool shown_;
  bool drawn_ = false;
  int64_t drawn_at_ = 0;
};

std::string NameOf(const std::string& file) {
  const size_t slash = file.rfind('/');
  return slash == std::string::npos ? file : file.substr(slash + 1);
}

// In a header: one line of ASCII.
std::string DescriptionOf(const AttachOptions& options) {
  Json json = {{"jenis", options.type},
               {"nama_berkas", options.name.empty() ? NameOf(options.file) : options.name}};
  for (const auto& [name, value] : {std::pair("tipe_isi", options.media),
                                    std::pair("keterangan", options.note),
                                    std::pair("klasifikasi", options.classification),
                                    std::pair("retensi", options.keep_until)}) {
    if (!value.empty()) {
      json[name] = value;
    }
  }
  return json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

void PrintAttachment(const Json& json, std::ostream& out) {
  const Json file = json.value("lampiran", Json::object());
  out << JsonText(json, "id") << "  " << JsonText(json, "direction") << "  "
      << JsonText(json, "stage") << "  " << JsonText(file, "jenis") << "  "
      << JsonText(file, "nama_berkas") << "  " << JsonText(file, "ukuran") << " bita\n";
  if (const std::string note = json.value("note", ""); !note.empty()) {
    out << "    " << JsonText(json, "note") << "\n";
  }
}

void PrintAttachments(const Json& json, std::ostream& out) {
  const Json list = json.value("attachments", Json::array());
  if (list.empty()) {
    out << "tidak ada lampiran / no attachments\n";
  }
  for (const auto& one : list) {
    PrintAttachment(one, out);
  }
}

// Until it is past its way, with a bar. The last answer without content.
Result<ApiReply> AwaitStage(const Terminal& terminal,
                            const std::string& id,
                            const std::string& what,
                            int64_t timeout_s) {
  ProgressBar bar(terminal, what);
  const int64_t until = SteadyNow() + timeout_s * 1000;
  while (true) {
    const std::string path = "/v1/attachments/" + id + "?isi=0";
    ASSIGN_OR_RETURN(const ApiReply reply, CallApi(terminal.socket_path, {"GET", path, ""}));
    const Json json = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
    if (reply.status >= 400 || !json.is_object()) {
      return reply;
    }
    const std::string stage = json.value("stage", "");
    const Json progress = json.value("progress", Json::object());
    const uint64_t chunks = progress.value("chunks", uint64_t{0});
    const bool going = stage == "UPLOADING" || stage == "FETCHING" || stage == "CHECKING";
    const Json done = progress.value("done", Json(nullptr));
    bar.Set(going ? (done.is_number() ? done.get<uint64_t>() : 0) : chunks, chunks, stage);
    if (!going || SteadyNow() >= until) {
      return reply;
    }
    poll(nullptr, 0, kLookEveryMs);
  }
}

Result<Digest> DigestOf(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  certs::Sha256Stream digest;
  std::array<char, 64 * 1024> buffer{};
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    digest.Update({buffer.data(), static_cast<size_t>(in.gcount())});
  }
  if (in.bad()) {
    return Fail(Errc::kUnavailable, "berkas tidak dapat dibaca / the file cannot be read");
  }
  return digest.Finish();
}

uint64_t SizeOf(const std::string& file) {
  struct stat facts {};
  return stat(file.c_str(), &facts) == 0 ? static_cast<uint64_t>(facts.st_size) : 0;
}

// The part is whole: compared with what its LAMPIRAN says, then named.
int KeepFetched(const Terminal& terminal, const FetchOptions& options, const Json& file) {
  const std::string part = options.out + ".part";
  const auto digest = DigestOf(part);
  if (!digest) {
    return Report(terminal, digest.error());
  }
  if (ToHex(digest->view()) != file.value("sha256", "")) {
    unlink(part.c_str());
    return Report(terminal,
                  Error{Errc::kCorrupt,
                        "berkas yang diterima tidak cocok, dihapus: ulangi / what came does not "
                        "fit and was removed: try again"});
  }
  if (rename(part.c_str(), options.out.c_str()) != 0) {
    return Report(terminal, Error{Errc::kUnavailable, std::strerror(errno)});
  }
  if (terminal.json) {
    terminal.out
        << Json{{"id", options.id}, {"file", options.out}, {"sha256", file["sha256"]}}.dump(2)
        << "\n";
  } else {
    terminal.out << options.out << "\n";
  }
  return kExitOk;
}

}  // namespace

int Attach(const Terminal& terminal, const AttachOptions& options) {
  Result<ApiReply> reply = Fail(Errc::kUnavailable, "");
  {
    ProgressBar bar(terminal, "menyandi / sealing");
    reply = SendFile(
        terminal.socket_path,
        {"/v1/legs/" + options.leg + "/attachments",
         {"Content-Type: application/octet-stream", "Rujukan-Isi: " + DescriptionOf(options)},
         options.file},
        [&](uint64_t done, uint64_t total) { bar.SetBytes(done, total); });
  }
  if (!reply) {
    return Report(terminal, reply.error());
  }
  const Json answer = Json::parse(reply->body, nullptr, /*allow_exceptions=*/false);
  if (reply->status >= 400 || !options.wait) {
    return PrintReply(terminal, *reply, [](const Json& json, std::ostream& out) {
      out << JsonText(json, "id") << "\n";
    });
  }
  const auto last =
      AwaitStage(terminal, answer.value("id", ""), "mengunggah / uploading", options.timeout_s);
  if (!last) {
    return Report(terminal, last.error());
  }
  const Json json = Json::parse(last->body, nullptr, /*allow_exceptions=*/false);
  const int code = PrintReply(terminal, *last, PrintAttachment);
  const std::string stage = json.is_object() ? json.value("stage", "") : "";
  return stage == "QUEUED" ? code : (stage == "UPLOADING" ? kExitUnavailable : kExitFailed);
}

int ListAttachments(const Terminal& terminal, const std::string& leg) {
  const auto reply = CallApi(terminal.socket_path, {"GET", "/v1/legs/" + leg + "/attachments", ""});
  return reply ? PrintReply(terminal, *reply, PrintAttachments) : Report(terminal, reply.error());
}

int Fetch(const Terminal& terminal, const FetchOptions& options) {
  const auto arrived = AwaitStage(terminal, options.id, "mengunduh / fetching", options.timeout_s);
  if (!arrived || arrived->status >= 400) {
    return arrived ? PrintReply(terminal, *arrived, PrintAttachment)
                   : Report(terminal, arrived.error());
  }
  const auto told = CallApi(terminal.socket_path, {"GET", "/v1/attachments/" + options.id, ""});
  if (!told || told->status >= 400) {
    return told ? PrintReply(terminal, *told, PrintAttachment) : Report(terminal, told.error());
  }
  const Json json = Json::parse(told->body, nullptr, /*allow_exceptions=*/false);
  const Json file = json.value("lampiran", Json::object());
  const uint64_t size = file.value("ukuran", uint64_t{0});
  const std::string part = options.out + ".part";
  const uint64_t have = std::min(SizeOf(part), size);
  if (have < size) {
    ProgressBar bar(terminal, "membuka / opening");
    const auto reply = FetchFile(terminal.socket_path,
                                 {"/v1/attachments/" + options.id + "/content", part, have},
                                 [&](uint64_t done, uint64_t) { bar.SetBytes(have + done, size); });
    if (!reply) {
      return Report(terminal, reply.error());
    }
    if (reply->status >= 400) {
      return PrintReply(terminal, *reply, PrintAttachment);
    }
  }
  return KeepFetched(terminal, options, file);
}

}  // namespace rujukan::agency
