// The real stage: broker and agents as an operator runs them, in a directory of their own on
// loopback. Requests go to each agent's socket; time moves by base/test_clock.h, an offset for the
// broker and one for each agent. Thread: one owner.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/harness/cuttable_link.h"
#include "tests/harness/deployment.h"
#include "tests/scenarios/outside_ears.h"
#include "tests/scenarios/stage.h"

namespace rujukan::scenarios {

// The offset that programs read: a file of 8 bytes, written in place.
class MovedClock {
 public:
  explicit MovedClock(const std::string& path);
  ~MovedClock();
  MovedClock(const MovedClock&) = delete;
  MovedClock& operator=(const MovedClock&) = delete;
  void Set(int64_t offset_ms);
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  void* mapped_ = nullptr;
};

class RealStage : public Stage {
 public:
  RealStage();
  ~RealStage() override;

  Result<void> Open(const Script& script, UnixMillis begins) override;
  Result<void> AdvanceTo(UnixMillis time) override;
  Result<void> Settle() override;
  bool LookAgain(int looks) override;
  Result<Reply> Call(const std::string& who,
                     const std::string& method,
                     const std::string& path,
                     const std::string& body) override;
  Result<void> SetOnline(const std::string& who, bool online) override;
  Result<void> Skew(const std::string& who, int64_t ms) override;
  Result<void> RenewKeys(const std::string& who) override;
  Result<void> Restart(const std::string& who) override;
  Result<void> SetSuspended(const std::string& who, bool suspended) override;
  Result<void> Permit(const std::string& from, const std::string& to) override;
  Result<void> SetBroker(bool running) override;

  // Every process ends; the files stay until the stage goes.
  void StopAll();
  const testing::Deployment& deployment() const { return *deployment_; }
  // What every agency's own systems were told.
  OutsideEars& ears() { return *ears_; }

 private:
  struct Actor {
    std::unique_ptr<MovedClock> clock;
    std::unique_ptr<testing::CuttableLink> link;
    bool online = true;
    bool suspended = false;
    int64_t skew_ms = 0;
  };

  Result<Actor*> Find(const std::string& who);
  Result<void> Admin(std::vector<std::string> args);
  Result<void> Describe(const Script& script);
  Result<void> LookAtDirectory();
  Result<void> Configure(const std::string& name, int port);
  Result<void> AskForWebhook(const std::string& name);
  void StartAgent(const std::string& name);
  void SetClocks();
  bool IsQuiet(const std::string& name);
  enum class Arrival { kNot, kWhereSomebodyIs, kEverywhere };
  Arrival AwaitDelivery(const std::string& who, const std::string& message_id);

  testing::TempDir clocks_;
  MovedClock broker_clock_;
  int64_t offset_ms_ = 0;
  std::unique_ptr<testing::Deployment> deployment_;
  std::unique_ptr<OutsideEars> ears_;
  std::map<std::string, Actor> actors_;
  bool broker_runs_ = true;
  std::vector<std::pair<std::string, std::string>>
      sent_;  // who, message id: not seen delivered yet
};

}  // namespace rujukan::scenarios
