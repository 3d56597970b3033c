#include "agents/audit/watched_log.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "agents/link/durable_file.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/keyfile.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;
using ledger::kTileWidth;
using Growth = WatchCopy::Extension::Outcome;

constexpr char kBrought[] = "add-checkpoint";
constexpr size_t kShownBytesMax = 64 * 1024;
constexpr TreeSize kManyEntries = 4096;  // worth a thread a core
constexpr size_t kBundlesAPublication = 64;

Result<std::string> ReadToken(const std::string& path) {
  if (path.empty()) {
    return std::string();
  }
  ASSIGN_OR_RETURN(const std::string text, certs::ReadSecretFile(path));
  return text.substr(0, text.find_first_of(" \r\n"));
}

bool IsDamage(const Error& error) {
  return error.code == Errc::kNotFound || error.code == Errc::kCorrupt ||
         error.code == Errc::kLimit || error.code == Errc::kInvalid;
}

size_t HelperThreads(TreeSize entries) {
  const size_t cores = std::max<size_t>(1, std::thread::hardware_concurrency());
  return entries < kManyEntries ? 0 : cores - 1;
}

bool IsStateEntry(const std::string& bytes) {
  v1::Entry entry;
  return entry.ParseFromString(bytes) && entry.has_state();
}

struct Kept {
  UnixMillis grown_at_ms = 0;
  WatchState::Shown shown;
};

std::optional<Kept> ParseKept(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("grown_at_ms") ||
      !json["grown_at_ms"].is_number_integer() || !json.contains("shown") ||
      !json["shown"].is_object()) {
    return std::nullopt;
  }
  Kept kept;
  kept.grown_at_ms = json["grown_at_ms"].get<int64_t>();
  for (const auto& [address, size] : json["shown"].items()) {
    kept.shown[address] = size.is_number_unsigned() ? size.get<uint64_t>() : 0;
  }
  return kept;
}

}  // namespace

Result<std::unique_ptr<WatchedLog>> WatchedLog::Open(const WatchedLedger& ledger,
                                                     const std::string& folder,
                                                     const ledger::NoteVerifier& log,
                                                     std::vector<Alert> open) {
  ASSIGN_OR_RETURN(auto copy, WatchCopy::Open(folder + "/copy", log));
  RETURN_IF_ERROR(link::WriteDurably(folder + "/origin", log.name + "\n"));
  return std::unique_ptr<WatchedLog>(
      new WatchedLog(ledger, folder, log, std::move(copy), std::move(open)));
}

WatchedLog::WatchedLog(WatchedLedger ledger,
                       std::string folder,
                       ledger::NoteVerifier log,
                       std::unique_ptr<WatchCopy> copy,
                       std::vector<Alert> open)
    : ledger_(std::move(ledger)),
      reading_(ledger_.home,
               ledger_.passphrase_file,
               ledger_.purpose.empty() ? "rujukan-audit serve" : ledger_.purpose),
      folder_(std::move(folder)),
      log_(std::move(log)),
      copy_(std::move(copy)),
      state_(log_.name, std::move(open)),
      replay_(report_) {
  Publish(0);
}

Result<void> WatchedLog::Start(UnixMillis now_ms) {
  started_ = true;
  const auto note = copy_->Verify();
  if (!note) {
    if (!IsDamage(note.error())) {
      return Fail(note.error());
    }
    damaged_ = true;
    state_.CopyDamaged(note.error().context, now_ms);
    return {};
  }
  state_.CopyGood(now_ms);
  state_.GrownAt(now_ms);
  fresh_ = !note->has_value();
  if (fresh_) {
    return {};
  }
  const auto head = ledger::OpenCheckpoint(**note, log_);
  if (!head) {
    damaged_ = true;
    state_.CopyDamaged(copy_->folder() + ": " + head.error().context, now_ms);
    return {};
  }
  const auto text = ReadFile(folder_ + "/shown.json", kShownBytesMax);
  const auto kept = text ? ParseKept(*text) : std::nullopt;
  state_.Restore({copy_->folder(), **note, *head},
                 kept ? std::optional(kept->shown) : std::nullopt);
  state_.GrownAt(kept ? kept->grown_at_ms : now_ms);
  return {};
}

Result<std::vector<AlertEvent>> WatchedLog::Round(UnixMillis now_ms,
                                                  const std::function<bool()>& stop) {
  if (!started_) {
    RETURN_IF_ERROR(Start(now_ms));
  }
  unreachable_.clear();
  gap_ = false;
  std::unique_ptr<Source> source;  // of the entries
  for (const std::string& address : ledger_.addresses) {
    if (damaged_ || stop()) {
      break;
    }
    ASSIGN_OR_RETURN(std::unique_ptr<Source> answered, Poll(address, now_ms));
    if (source == nullptr) {
      source = std::move(answered);
    }
  }
  if (!damaged_) {
    RETURN_IF_ERROR(JudgeBrought(now_ms));
    RETURN_IF_ERROR(ReplayNew(source.get(), now_ms, stop));
    state_.Tick(now_ms);
    RETURN_IF_ERROR(KeepShown());
  }
  Publish(now_ms);
  return state_.TakeEvents();
}

Result<std::unique_ptr<Source>> WatchedLog::Poll(const std::string& address, UnixMillis now_ms) {
  const auto token = ledger_.home.empty() ? ReadToken(ledger_.token_file) : reading_.Token(now_ms);
  entries_trouble_ = token ? "" : token.error().context;
  auto opened = OpenSource(address, token.value_or(""));
  if (!opened) {  // a folder that is not there now
    unreachable_.push_back(address + ": " + opened.error().context);
    return std::unique_ptr<Source>();
  }
  std::unique_ptr<Source> source = std::move(*opened);
  const LogFiles files(*source);
  const auto note = files.ReadCheckpoint();
  if (!note) {
    unreachable_.push_back(address + ": " + note.error().context);
    return std::unique_ptr<Source>();
  }
  const auto checkpoint = ledger::OpenCheckpoint(*note, log_);
  if (!checkpoint) {
    state_.NotSigned(address, checkpoint.error().context, now_ms);
    return std::unique_ptr<Source>();
  }
  const auto judged = Judge({address, *note, *checkpoint}, files, now_ms);
  const bool away = !judged && (judged.error().code == Errc::kUnavailable ||
                                judged.error().code == Errc::kDenied);
  if (away) {
    unreachable_.push_back(address + ": " + judged.error().context);
    return std::unique_ptr<Source>();
  }
  RETURN_IF_ERROR(judged);
  return source;
}

Result<void> WatchedLog::Judge(const SeenCheckpoint& seen,
                               const LogFiles& remote,
                               UnixMillis now_ms) {
  std::optional<Digest> ours;
  if (state_.head() && seen.checkpoint.size <= state_.size()) {
    ASSIGN_OR_RETURN(ours, copy_->RootAt(seen.checkpoint.size));
  }
  return state_.See(seen, ours, now_ms) == WatchState::Next::kExtend ? Grow(seen, remote, now_ms)
                                                                     : Result<void>();
}

Result<void> WatchedLog::Grow(const SeenCheckpoint& seen,
                              const LogFiles& remote,
                              UnixMillis now_ms) {
  ASSIGN_OR_RETURN(const WatchCopy::Extension extension, copy_->Extend(remote, seen.checkpoint));
  switch (extension.outcome) {
    case Growth::kContinues:
      RETURN_IF_ERROR(copy_->Commit(seen.note, seen.checkpoint));
      state_.Continues(seen, now_ms);
      return {};
    case Growth::kFork:
      state_.Forked(seen, now_ms);
      return {};
    case Growth::kGap:
      gap_ = true;
      state_.Missing(extension.file, extension.problem, now_ms);
      return {};
  }
  return {};
}

// What was brought is compared as soon as our tree is as large.
Result<void> WatchedLog::JudgeBrought(UnixMillis now_ms) {
  std::vector<BroughtCheckpoint> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting = brought_.Take();
  }
  for (BroughtCheckpoint& one : waiting) {
    if (!one.contradicts.empty()) {
      state_.Contradicted(one.seen, one.contradicts, now_ms);
    } else if (state_.head() && one.seen.checkpoint.size <= state_.size()) {
      ASSIGN_OR_RETURN(const Digest ours, copy_->RootAt(one.seen.checkpoint.size));
      state_.SeeElsewhere(one.seen, ours, now_ms);
    } else {
      Bring(std::move(one.seen), "");
    }
  }
  return {};
}

void WatchedLog::Bring(SeenCheckpoint seen, std::string contradicts) {
  seen.where = kBrought;
  const std::lock_guard lock(mutex_);
  brought_.Add({std::move(seen), std::move(contradicts)});
}

Result<void> WatchedLog::ReplayNew(Source* source,
                                   UnixMillis now_ms,
                                   const std::function<bool()>& stop) {
  if (!ledger_.ReadsEntries()) {
    if (!gap_ && source != nullptr) {
      state_.NothingMissing(now_ms);
    }
    return {};
  }
  std::optional<LogFiles> remote;
  if (source != nullptr) {
    remote.emplace(*source);
  }
  const bool first_time = replayed_ == 0;
  ClaimPool pool(HelperThreads(copy_->size() - replayed_));
  for (size_t bundles = 1; replayed_ < copy_->size() && !stop(); ++bundles) {
    const uint64_t number = replayed_ / kTileWidth;
    const auto leaves = copy_->Leaves(remote ? &*remote : nullptr, number);
    if (!leaves) {
      if (source != nullptr && IsDamage(leaves.error())) {
        state_.Missing(BundleName(number, copy_->size()), leaves.error().context, now_ms);
      } else {
        entries_trouble_ = leaves.error().context;
      }
      break;
    }
    RETURN_IF_ERROR(ReplayBundle(*leaves, number * kTileWidth, pool));
    TellFindings(*leaves, number * kTileWidth, now_ms);
    if (bundles % kBundlesAPublication == 0) {
      Publish(now_ms);
    }
  }
  for (const LogIndex index : pool.Finish().bad) {
    state_.Found({Check::kSignatures, index, "", "the signature is not the signer's"},
                 /*about_state=*/false,
                 now_ms);
  }
  if (first_time && replayed_ > 0) {
    CheckFounding(now_ms);
    RETURN_IF_ERROR(DateGrowth(now_ms));
  }
  if (!gap_ && replayed_ == copy_->size() && source != nullptr) {
    state_.NothingMissing(now_ms);
  }
  return {};
}

Result<void> WatchedLog::ReplayBundle(const std::vector<ledger::GivenLeaf>& leaves,
                                      LogIndex first,
                                      ClaimPool& pool) {
  for (; replayed_ < first + leaves.size(); ++replayed_) {
    const auto done = ReplayLeaf(leaves[replayed_ - first], pool);
    if (!done) {  // the state is half an entry ahead: only a restart mends that
      return Fail(Error{Errc::kFatal, "the replay: " + done.error().context, 0});
    }
  }
  return {};
}

Result<void> WatchedLog::ReplayLeaf(const ledger::GivenLeaf& leaf, ClaimPool& pool) {
  if (leaf.withheld) {
    ++withheld_;
    return replay_.Withhold(replayed_);
  }
  ASSIGN_OR_RETURN(auto claim, replay_.Step(replayed_, leaf.entry));
  if (claim) {
    pool.Add(std::move(*claim));
  }
  return {};
}

// Those of the bundle that was replayed just now; the report keeps the first hundred.
void WatchedLog::TellFindings(const std::vector<ledger::GivenLeaf>& leaves,
                              LogIndex first,
                              UnixMillis now_ms) {
  if (report_.findings_total() == findings_told_) {
    return;
  }
  findings_told_ = report_.findings_total();
  for (const Finding& finding : report_.Sorted()) {
    if (finding.entry && *finding.entry >= first && *finding.entry - first < leaves.size()) {
      state_.Found(finding, IsStateEntry(leaves[*finding.entry - first].entry), now_ms);
    }
  }
}

// The ledger's first entry names its key and its root.
void WatchedLog::CheckFounding(UnixMillis now_ms) {
  const auto domain = ledger::ReadDomain(replay_.view());
  if (!domain) {
    return;  // reported as an illegal entry 0
  }
  if (domain->log_vkey() != log_.ToVkey()) {
    state_.Found({Check::kCheckpoint, 0, "", "the genesis entry names another ledger key"},
                 /*about_state=*/false,
                 now_ms);
  }
  const std::string root = ToHex(certs::Sha256(domain->root_certificate()).view());
  if (!ledger_.root_fingerprint.empty() && root != ledger_.root_fingerprint) {
    state_.Found({Check::kCertificates,
                  0,
                  "",
                  "the root certificate has fingerprint " + root + ", not the one given"},
                 /*about_state=*/false,
                 now_ms);
  }
}

// A ledger that is seen for the first time grew when its newest entry says so.
Result<void> WatchedLog::DateGrowth(UnixMillis now_ms) {
  if (fresh_) {
    ASSIGN_OR_RETURN(const v1::FoldHead head, ledger::ReadHead(replay_.view()));
    state_.GrownAt(std::min(now_ms, head.time_ms()));
  }
  return {};
}

Result<void> WatchedLog::KeepShown() {
  Json json;
  json["grown_at_ms"] = state_.grown_at_ms();
  json["shown"] = Json::object();
  for (const auto& [address, size] : state_.shown()) {
    json["shown"][address] = size;
  }
  const std::string text = json.dump(2) + "\n";
  if (text != kept_shown_) {
    RETURN_IF_ERROR(link::WriteDurably(folder_ + "/shown.json", text));
    kept_shown_ = text;
  }
  return {};
}

void WatchedLog::Publish(UnixMillis now_ms) {
  WatchView view;
  view.origin = log_.name;
  view.vkey = log_.ToVkey();
  view.addresses = ledger_.addresses;
  view.size = state_.size();
  view.replayed = replayed_;
  view.withheld = withheld_;
  view.replays = ledger_.ReadsEntries();
  view.grown_at_ms = state_.grown_at_ms();
  view.polled_at_ms = now_ms;
  view.unreachable = unreachable_;
  view.entries_trouble = entries_trouble_;
  view.open = state_.open();
  view.refusal = state_.Refusal();
  const std::lock_guard lock(mutex_);
  view_ = std::move(view);
}

WatchView WatchedLog::Show() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

}  // namespace rujukan::audit
