#include "agents/agency/import.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"

namespace rujukan::agency {
namespace {

constexpr size_t kGroupRows = 64;

// What the row is known by: its `kunci`, or all that it says.
std::string KeyOf(ImportKind kind, const ImportRow& row) {
  const std::string_view name = ImportKindName(kind);
  const Digest digest = row.key.empty()
                            ? certs::Sha256({name, "\nisi\n", row.leg, "\n", row.body.dump()})
                            : certs::Sha256({name, "\nkunci\n", row.key});
  return "impor/" + ToHex(digest.view());
}

std::string PathOf(ImportKind kind, const ImportRow& row) {
  switch (kind) {
    case ImportKind::kReferrals:
      return "/v1/messages";
    case ImportKind::kProgress:
      return "/v1/legs/" + row.leg + "/progress";
    case ImportKind::kVerification:
      return "/v1/legs/" + row.leg + "/verivali";
  }
  return "";
}

bool WasFresh(const ApiReply& reply) {
  const Json answer = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  return !answer.is_object() || answer.value("new", true);
}

Error StoppedAt(size_t line, const ApiReply& reply) {
  const Json problem = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  return Error{reply.status == 503 ? Errc::kUnavailable : Errc::kFatal,
               "impor terhenti di baris " + std::to_string(line) +
                   "; ulangi impor yang sama, yang sudah antre tidak dikirim dua kali / stopped "
                   "there; import the same file again, nothing is sent twice: " +
                   (problem.is_object() ? problem.value("detail", "") : "")};
}

}  // namespace

Result<ImportMode> ParseImportMode(std::string_view name) {
  if (name == "check") {
    return ImportMode::kCheck;
  }
  if (name == "all") {
    return ImportMode::kAll;
  }
  if (name == "skip") {
    return ImportMode::kSkip;
  }
  return Fail(Errc::kInvalid,
              "pilih mode: check (periksa saja), all (semua baris benar atau tidak satu pun), skip "
              "(lewati baris yang salah) / choose check, all or skip");
}

void Import::Complain(const ImportRow& row, const std::string& column, const std::string& message) {
  if (report_.errors.size() < limits::kImportErrorsMax) {
    report_.errors.push_back({row.line, column, message});
  } else {
    ++report_.errors_left_off;
  }
}

void Import::ComplainOf(const ImportRow& row, const ApiReply& reply) {
  const Json problem = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  const Json errors = problem.is_object() ? problem.value("errors", Json::array()) : Json::array();
  for (const auto& error : errors) {
    Complain(row, reader_->ColumnOf(error.value("field", "")), error.value("detail", ""));
  }
  if (errors.empty()) {
    Complain(row, "", problem.is_object() ? problem.value("detail", "") : "");
  }
}

bool Import::FindLeg(ImportRow& row) {
  if (options_.kind == ImportKind::kReferrals || !row.leg.empty()) {
    return true;
  }
  std::vector<const ImportLeg*> all;
  std::vector<const ImportLeg*> taking;
  const auto [begin, end] = legs_.equal_range(row.ref);
  for (auto it = begin; it != end; ++it) {
    if (row.from.empty() || row.from == it->second.peer) {
      all.push_back(&it->second);
      if (it->second.takes) {
        taking.push_back(&it->second);
      }
    }
  }
  const auto& found = taking.empty() ? all : taking;
  if (found.size() == 1) {
    row.leg = found.front()->leg;
    return true;
  }
  Complain(row,
           "ref_anak",
           found.empty() ? "tidak ada rujukan yang diterima dengan ref_anak ini; lihat "
                           "`rujukan-agent export legs` / no leg received has this ref_anak"
                         : "beberapa rujukan punya ref_anak ini; isi id_rujukan, atau dari "
                           "(perujuk) / several legs have it: give id_rujukan, or dari");
  return false;
}

Result<ApiReply> Import::Request(ImportRow& row, bool check_only) {
  ApiRequest request;
  request.method = "POST";
  request.path = PathOf(options_.kind, row);
  request.reader = options_.reader;
  if (check_only) {
    request.query["check"] = "1";
  }
  Json body = row.body;
  body["kunci_idempoten"] = KeyOf(options_.kind, row);
  request.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  ApiReply reply = ports_.call(request);
  if (reply.status >= 500) {
    return Fail(StoppedAt(row.line, reply));
  }
  return reply;
}

Result<void> Import::CheckRow(ImportRow& row) {
  if (++report_.rows > limits::kImportRowsMax) {
    return Fail(Errc::kLimit,
                "baris " + std::to_string(row.line) + ": lebih dari " +
                    std::to_string(limits::kImportRowsMax) +
                    " baris; bagi menjadi beberapa berkas / more rows than that: make several "
                    "files");
  }
  bad_.push_back(true);
  for (const auto& problem : row.problems) {
    Complain(row, problem.field, problem.message);
  }
  if (!row.problems.empty() || !FindLeg(row)) {
    ++report_.failed;
    return {};
  }
  const auto [earlier, fresh] = keys_.emplace(KeyOf(options_.kind, row), row.line);
  if (!fresh) {
    Complain(row,
             row.key.empty() ? "" : "kunci",
             "sama dengan baris " + std::to_string(earlier->second) +
                 "; hapus salah satu / the same as that line: delete one of them");
    ++report_.failed;
    return {};
  }
  ASSIGN_OR_RETURN(const auto reply, Request(row, /*check_only=*/true));
  if (reply.status >= 400) {
    ComplainOf(row, reply);
    ++report_.failed;
    return {};
  }
  bad_.back() = false;
  if (!row.leg.empty()) {
    report_.legs.push_back(row.leg);
  }
  return {};
}

Result<void> Import::ForEachRow(Spool& file, const RowWork& work) {
  reader_.emplace(options_.kind, options_.format);
  const auto drain = [&]() -> Result<void> {
    while (true) {
      ASSIGN_OR_RETURN(auto row, reader_->Next());
      if (!row) {
        return {};
      }
      RETURN_IF_ERROR(work(*row));
    }
  };
  RETURN_IF_ERROR(file.Read([&](std::string_view part) -> Result<void> {
    reader_->Feed(part);
    if (progress_.phase == ImportProgress::Phase::kChecking) {
      progress_.done += part.size();
    }
    return drain();
  }));
  reader_->End();
  return drain();
}

Result<void> Import::QueueGroup(std::vector<ImportRow>& rows) {
  if (rows.empty()) {
    return {};
  }
  ImportReport before = report_;
  const auto queued = ports_.group([&]() -> Result<void> {
    for (ImportRow& row : rows) {
      ASSIGN_OR_RETURN(const auto reply, Request(row, /*check_only=*/false));
      if (reply.status >= 400) {  // the leg moved on since it was checked
        ComplainOf(row, reply);
        ++report_.failed;
      } else {
        ++(WasFresh(reply) ? report_.queued : report_.repeated);
      }
    }
    return {};
  });
  if (!queued) {
    report_ = std::move(before);
  }
  progress_.done += rows.size();
  rows.clear();
  return queued;
}

Result<void> Import::QueueRows(Spool& file) {
  size_t place = 0;
  std::vector<ImportRow> rows;
  RETURN_IF_ERROR(ForEachRow(file, [&](ImportRow& row) -> Result<void> {
    if (bad_[place++] || !FindLeg(row)) {
      return {};
    }
    rows.push_back(std::move(row));
    return rows.size() < kGroupRows ? Result<void>() : QueueGroup(rows);
  }));
  return QueueGroup(rows);
}

Result<ImportReport> Import::Run(Spool& file) {
  progress_.done = 0;
  progress_.of = file.size();
  progress_.phase = ImportProgress::Phase::kChecking;
  RETURN_IF_ERROR(ForEachRow(file, [this](ImportRow& row) { return CheckRow(row); }));
  keys_.clear();
  std::sort(report_.legs.begin(), report_.legs.end());
  const bool wanted = options_.mode == ImportMode::kSkip ||
                      (options_.mode == ImportMode::kAll && report_.failed == 0);
  if (wanted) {
    progress_.done = 0;
    progress_.of = report_.rows - report_.failed;
    progress_.phase = ImportProgress::Phase::kQueueing;
    RETURN_IF_ERROR(QueueRows(file));
  }
  return std::move(report_);
}

}  // namespace rujukan::agency
