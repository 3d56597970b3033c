#include "agents/agency/cli_data.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <sstream>

#include "agents/agency/apiclient.h"
#include "agents/agency/print.h"
#include "base/limits.h"
#include "base/printable.h"

namespace rujukan::agency {
namespace {

constexpr long kImportTimeoutS = 3600;
constexpr auto kProgressEvery = std::chrono::milliseconds(250);
constexpr size_t kBarWidth = 30;
constexpr size_t kErrorsShown = 40;

// --- progress ---

// "memeriksa / checking [#####     ] 17%", over itself, on a terminal only.
void ShowProgress(const Json& progress) {
  const auto done = progress.value("done", uint64_t{0});
  const auto of = std::max<uint64_t>(progress.value("of", uint64_t{0}), 1);
  const size_t percent = std::min<size_t>(static_cast<size_t>(done * 100 / of), 100);
  const bool queueing = progress.value("phase", "") == "QUEUEING";
  const std::string bar(percent * kBarWidth / 100, '#');
  std::fprintf(stderr,
               "\r  %-24s [%-30s] %3zu%%",
               queueing ? "mengantre / queueing" : "memeriksa / checking",
               bar.c_str(),
               percent);
}

Result<ApiReply> CallWithProgress(const Terminal& terminal, const ApiCall& call) {
  if (isatty(STDERR_FILENO) != 1 || terminal.json) {
    return CallApi(terminal.socket_path, call);
  }
  auto answer = std::async(std::launch::async, [&] { return CallApi(terminal.socket_path, call); });
  while (answer.wait_for(kProgressEvery) != std::future_status::ready) {
    const auto progress = CallApi(terminal.socket_path, {"GET", "/v1/import", ""});
    if (progress && progress->status == 200) {
      ShowProgress(Json::parse(progress->body, nullptr, /*allow_exceptions=*/false));
    }
  }
  std::fputs("\r\x1b[K", stderr);
  return answer.get();
}

// --- import ---

void PrintErrors(const Json& report, std::ostream& out) {
  const Json errors = report.value("errors", Json::array());
  for (size_t i = 0; i < errors.size() && i < kErrorsShown; ++i) {
    const std::string column = JsonText(errors[i], "column");
    out << "  baris / row " << JsonText(errors[i], "row")
        << (column.empty() ? "" : ", kolom / column " + column) << ": "
        << JsonText(errors[i], "detail") << "\n";
  }
  const size_t hidden = errors.size() - std::min(errors.size(), kErrorsShown) +
                        report.value("errors_left_off", size_t{0});
  if (hidden > 0) {
    out << "  dan " << hidden << " kesalahan lagi (--json) / and more errors (--json)\n";
  }
}

void PrintImport(const Json& report, std::ostream& out) {
  out << JsonText(report, "rows") << " baris / rows: " << JsonText(report, "valid")
      << " benar / right, " << JsonText(report, "failed") << " salah / wrong; "
      << JsonText(report, "queued") << " antre / queued, " << JsonText(report, "repeated")
      << " sudah pernah / were queued before\n";
  PrintErrors(report, out);
  const Json silent = report.value("without_report", Json::object());
  if (silent.value("count", 0) > 0) {
    out << "  " << JsonText(silent, "count")
        << " anak dalam layanan tanpa baris di berkas ini / children in care without a row in "
           "this file:\n";
    for (const auto& leg : silent.value("leg_ids", Json::array())) {
      out << "    " << Printable(leg.get<std::string>()) << "\n";
    }
  }
}

int PrintImportReply(const Terminal& terminal, const ApiReply& reply) {
  const Json report = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  if (terminal.json || !report.is_object() || !report.contains("rows")) {
    return PrintReply(terminal, reply, PrintImport);
  }
  const bool good = report.value("failed", 0) == 0;
  PrintImport(report, good ? terminal.out : terminal.err);
  return good ? kExitOk : kExitFailed;
}

// --- export ---

// Written beside and renamed, so that nobody takes half a table for a whole one.
class OutFile {
 public:
  explicit OutFile(std::string path) : path_(std::move(path)), part_(path_ + ".part") {
    if (!path_.empty()) {
      stream_.open(part_, std::ios::binary | std::ios::trunc);
    }
  }
  ~OutFile() {
    if (!path_.empty() && !kept_) {
      std::error_code ignored;
      std::filesystem::remove(part_, ignored);
    }
  }
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;

  std::ostream& stream(std::ostream& standard) { return path_.empty() ? standard : stream_; }
  Result<void> Keep() {
    if (path_.empty()) {
      return {};
    }
    stream_.close();
    std::error_code failed;
    std::filesystem::rename(part_, path_, failed);
    if (stream_.fail() || failed) {
      return Fail(Errc::kUnavailable,
                  path_ + " tidak dapat ditulis / cannot be written: " + failed.message());
    }
    kept_ = true;
    return {};
  }

 private:
  const std::string path_;
  const std::string part_;
  std::ofstream stream_;
  bool kept_ = false;
};

// Looks for the line that ends an export which could not be finished, in what passes by.
class BrokenOffWatch : public std::streambuf {
 public:
  explicit BrokenOffWatch(std::ostream& out) : out_(out) {}
  bool broken_off() const { return tail_.find(kExportBrokenOff) != std::string::npos; }

 protected:
  std::streamsize xsputn(const char* data, std::streamsize size) override {
    out_.write(data, size);
    tail_.append(data, static_cast<size_t>(size));
    constexpr size_t kTailBytes = 2048;
    tail_.erase(0, tail_.size() - std::min(tail_.size(), kTailBytes));
    return out_.good() ? size : 0;
  }
  int_type overflow(int_type c) override {
    const char one = static_cast<char>(c);
    return xsputn(&one, 1) == 1 ? c : traits_type::eof();
  }

 private:
  std::ostream& out_;
  std::string tail_;
};

// 0, or what is wrong, which was told.
int Download(const Terminal& terminal, const std::string& path, const std::string& out) {
  OutFile file(out);
  BrokenOffWatch watch(file.stream(terminal.out));
  std::ostream passing(&watch);
  ApiCall call{"GET", path, ""};
  call.timeout_s = kImportTimeoutS;
  call.download = &passing;
  const auto reply = CallApi(terminal.socket_path, call);
  if (!reply || reply->status >= 400) {
    return reply ? PrintReply(terminal, *reply, PrintFields) : Report(terminal, reply.error());
  }
  if (watch.broken_off()) {
    return Report(terminal,
                  Error{Errc::kFatal, "ekspor terputus; ulangi / broken off: do it again"});
  }
  const auto kept = file.Keep();
  return kept ? int{kExitOk} : Report(terminal, kept.error());
}

std::string PeriodOf(const ExportOptions& options) {
  return "?from=" + options.from + "&to=" + options.to;
}

std::string ExportPath(const ExportOptions& options) {
  if (options.name == "fhir") {
    return "/v1/legs/" + options.leg + "/fhir?identitas=" + (options.identity ? "1" : "0");
  }
  return "/v1/export/" + options.name + PeriodOf(options);
}

}  // namespace

int ImportFile(const Terminal& terminal, const ImportFileOptions& options) {
  std::ifstream file(options.file, std::ios::binary | std::ios::ate);
  const std::streamoff size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
  if (size < 0) {
    return Report(terminal,
                  Error{Errc::kNotFound, options.file + " tidak dapat dibaca / cannot be read"});
  }
  if (static_cast<size_t>(size) > limits::kImportBytesMax) {
    return Report(terminal,
                  Error{Errc::kLimit,
                        options.file + ": lebih dari 64 MiB; bagi menjadi beberapa berkas / over "
                                       "64 MiB: make several files"});
  }
  file.seekg(0);
  ApiCall call{"POST", "/v1/import?jenis=" + options.kind + "&mode=" + options.mode, ""};
  call.timeout_s = kImportTimeoutS;
  call.content_type = options.ndjson ? "application/x-ndjson" : "text/csv";
  call.upload = &file;
  call.upload_bytes = static_cast<size_t>(size);
  const auto reply = CallWithProgress(terminal, call);
  return reply ? PrintImportReply(terminal, *reply) : Report(terminal, reply.error());
}

int ImportTemplateOut(const Terminal& terminal, const std::string& kind) {
  return Download(terminal, "/v1/import/template?jenis=" + kind, "");
}

int Export(const Terminal& terminal, const ExportOptions& options) {
  const int code = Download(terminal, ExportPath(options), options.out);
  if (code != kExitOk || options.name != "siks-ng") {
    return code;
  }
  const std::string path = "/v1/export/siks-ng/summary" + PeriodOf(options);
  if (!options.out.empty()) {
    return Download(terminal, path, options.out + ".ringkasan.json");
  }
  const Terminal beside{
      terminal.home, terminal.socket_path, terminal.json, terminal.err, terminal.err};
  return Download(beside, path, "");
}

int MarkVerified(const Terminal& terminal, const VerificationOptions& options) {
  const Json body = {{"isi",
                      {{"tanggal", options.date},
                       {"petugas", options.officer},
                       {"id_siks_ng", options.siks_id},
                       {"catatan", options.note}}}};
  const auto reply =
      CallApi(terminal.socket_path, {"POST", "/v1/legs/" + options.leg + "/verivali", body.dump()});
  return reply ? PrintReply(terminal, *reply, PrintFields) : Report(terminal, reply.error());
}

}  // namespace rujukan::agency
