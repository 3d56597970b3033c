#include "broker/app/run.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <memory>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "base/limits.h"
#include "broker/app/archive.h"
#include "broker/app/data_directory.h"
#include "broker/app/identity.h"
#include "broker/app/log.h"
#include "broker/app/outward.h"
#include "broker/core/genesis.h"
#include "broker/engine/attachments_chore.h"
#include "broker/engine/contents_chore.h"
#include "broker/engine/engine.h"
#include "broker/net/http_server.h"
#include "broker/net/outbox.h"
#include "broker/net/router.h"
#include "broker/store/file_chunk_store.h"
#include "broker/store/rocks_store.h"

namespace rujukan::broker {
namespace {

// How long a failure of the engine may go unnoticed by the waiting main thread.
constexpr long kLookEveryNs = 250'000'000;

sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a closed peer is an error of write(2), not our end
  return signals;
}

// As many connections as there are files for, leaving the store its own: without a spare file
// libzmq spins on accept.
size_t ConnectionsMax() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const auto spare = static_cast<rlim_t>(limits::kSpareFilesMin);
  const rlim_t room = files.rlim_cur > 2 * spare ? files.rlim_cur - spare : files.rlim_cur / 2;
  const size_t most = limits::kConnectionsMax;
  if (room < most) {
    spdlog::warn("the file limit allows {} connections; raise LimitNOFILE for {}", room, most);
  }
  return std::min<size_t>(most, static_cast<size_t>(room));
}

Result<std::unique_ptr<RocksStore>> OpenStore(const std::string& data, const Identity& identity) {
  ASSIGN_OR_RETURN(auto store, RocksStore::Open(StorePath(data)));
  ASSIGN_OR_RETURN(const TreeSize size, store->Size());
  if (size == 0) {
    RETURN_IF_ERROR(SeedGenesis(*store, identity.genesis));
    RETURN_IF_ERROR(SyncDataDirectory(data));
    spdlog::info("new ledger of {} begun", identity.domain);
  }
  return store;
}

// Says in the log that entries are read through the operator's own door, once an hour.
class OperatorNotice {
 public:
  void Used() {
    const int64_t hour = std::chrono::duration_cast<std::chrono::hours>(
                             std::chrono::steady_clock::now().time_since_epoch())
                             .count();
    if (last_hour_.exchange(hour) != hour) {
      spdlog::warn("entries are being read with the operator's token, which leaves no entry");
    }
  }

 private:
  std::atomic<int64_t> last_hour_{-1};
};

// The running broker; members are destroyed in reverse.
class Broker {
 public:
  static Result<std::unique_ptr<Broker>> Start(const RunConfig& config, const Identity& identity) {
    std::unique_ptr<Broker> broker(new Broker(config.data));
    RETURN_IF_ERROR(broker->OpenEngine(config, identity));
    RETURN_IF_ERROR(broker->OpenNetwork(config, identity));
    return broker;
  }

  ~Broker() {
    RemoveEndpoints(data_);
    http_.reset();
    router_.reset();
    if (engine_ != nullptr) {
      engine_->Stop();
    }
  }

  std::optional<Error> Failure() const { return engine_->Failure(); }

 private:
  explicit Broker(std::string data) : data_(std::move(data)) {}

  Result<void> OpenEngine(const RunConfig& config, const Identity& identity) {
    ASSIGN_OR_RETURN(store_, OpenStore(config.data, identity));
    ASSIGN_OR_RETURN(chunks_, FileChunkStore::Open(AttachmentsPath(config.data)));
    for (const std::string& name : chunks_->damaged()) {
      spdlog::error("attachment {} is damaged and was set aside; its sender has to send it again",
                    name);
    }
    ASSIGN_OR_RETURN(outbox_, Outbox::Create());
    Engine::Options options;
    options.workers =
        config.workers > 0 ? config.workers : std::max(1U, std::thread::hardware_concurrency());
    options.accept_clock = config.accept_clock;
    options.chunks = chunks_.get();
    ASSIGN_OR_RETURN(outward_, Outward::Make(config));
    ASSIGN_OR_RETURN(engine_, Engine::Open(*store_, identity.signer, clock_, *outbox_, options));
    AddRetention(config, identity);
    outward_->AddTo(*engine_, *store_);
    engine_->Start();
    return {};
  }

  void AddRetention(const RunConfig& config, const Identity& identity) {
    engine_->AddChore(MakeContentsChore(
        *store_,
        engine_->epoch(),
        [this](v1::Entry entry) { engine_->Record(std::move(entry)); },
        engine_->metrics(),
        config.content_grace_ms));
    engine_->AddChore(MakeAttachmentsChore(*chunks_, *store_, engine_->metrics()));
    if (!config.archive.empty()) {
      engine_->AddChore(MakeArchiveChore(*store_,
                                         engine_->epoch(),
                                         identity.signer.verifier(),
                                         {config.archive,
                                          config.archive_keep_ms,
                                          config.archive_keep_entries,
                                          config.archive_file_entries,
                                          limits::kArchiveFileBytesMax}));
    }
  }

  Result<void> OpenNetwork(const RunConfig& config, const Identity& identity) {
    RouterOptions options{.main_endpoint = config.listen,
                          .enrolment_endpoint = config.enrol,
                          .keys = identity.transport,
                          .limits = {}};
    options.limits.main_max = ConnectionsMax();
    ASSIGN_OR_RETURN(
        router_,
        Router::Start(options, {.outbox = *outbox_, .inlet = *engine_, .gatekeeper = *engine_}));
    HttpRoutesOptions routes;
    if (!config.operator_token.empty()) {
      ASSIGN_OR_RETURN(routes.operator_access.token,
                       ReadOrMakeOperatorToken(config.operator_token));
      routes.operator_access.on_use = [this] { operator_notice_.Used(); };
    }
    routes.vkey = identity.signer.verifier().ToVkey();
    routes.allowed_hosts = config.http_hosts;
    routes.more_metrics = [this] {
      return router_->MetricsText() + outward_->MetricsText(clock_.Now());
    };
    ASSIGN_OR_RETURN(http_, HttpServer::Start(config.http, *engine_, std::move(routes)));
    const Endpoints endpoints{.listen = router_->Endpoint(Door::kMain),
                              .enrol = router_->Endpoint(Door::kEnrolment),
                              .http = http_->Url()};
    spdlog::info("serving {} at {}, enrolment at {}, http at {}",
                 identity.domain,
                 endpoints.listen,
                 endpoints.enrol,
                 endpoints.http);
    return WriteEndpoints(config.data, endpoints);
  }

  const std::string data_;
  SystemClock clock_;
  std::unique_ptr<RocksStore> store_;
  std::unique_ptr<FileChunkStore> chunks_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Outward> outward_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Router> router_;
  OperatorNotice operator_notice_;
  std::unique_ptr<HttpServer> http_;
};

ExitCode ServeUntilStopped(const Broker& broker, const sigset_t& signals) {
  const timespec look_every{.tv_sec = 0, .tv_nsec = kLookEveryNs};
  while (true) {
    if (sigtimedwait(&signals, nullptr, &look_every) > 0) {
      spdlog::info("stopping");
      return kExitOk;
    }
    if (const auto failure = broker.Failure(); failure) {
      spdlog::critical("stopping: {}", failure->ToString());
      return kExitInternal;
    }
  }
}

Result<std::unique_ptr<Broker>> StartBroker(const RunConfig& config) {
  RETURN_IF_ERROR(OpenLog(config.log));
  ASSIGN_OR_RETURN(const Identity identity, ReadIdentity(config.identity));
  RETURN_IF_ERROR(MakeDataDirectory(config.data));
  RemoveEndpoints(config.data);
  return Broker::Start(config, identity);
}

}  // namespace

ExitCode Run(const RunConfig& config) {
  const sigset_t signals = BlockStopSignals();
  umask(0077);  // the ledger says who wrote to whom: no file of ours is anybody else's to read
  auto broker = StartBroker(config);
  if (!broker) {
    spdlog::critical("not started: {}", broker.error().ToString());
    return ExitCodeOf(broker.error());
  }
  return ServeUntilStopped(**broker, signals);
}

}  // namespace rujukan::broker
