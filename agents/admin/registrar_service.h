// The registrar at work: one round opens the office, asks Registrar what to do, does it, tells
// people, and leaves its numbers behind. Keys are read anew each round, so that a renewed issuing
// key counts from the next one on. Thread: one owner.
#pragma once

#include <functional>
#include <string>

#include "agents/admin/answers.h"
#include "agents/admin/office.h"
#include "agents/admin/registrar.h"
#include "agents/admin/registrar_metrics.h"

namespace rujukan::admin {

struct ServiceOptions {
  size_t grants_per_hour = 60;
  std::string metrics_file;  // "": none
};

class RegistrarService {
 public:
  // One JSON object a line; addresses and counts, never keys.
  using LogLine = std::function<void(const Json& line)>;
  // Warnings for another system; an error: not told, so tell again next round. Null: nobody.
  using Tell = std::function<Result<void>(const std::string& json)>;

  // `office` must outlive this.
  RegistrarService(const Office& office, ServiceOptions options, LogLine log, Tell tell)
      : office_(office),
        options_(std::move(options)),
        log_(std::move(log)),
        tell_(std::move(tell)) {}

  // kDenied: the home is neither an admin's nor a registrar's. kUnavailable: no broker, or no disk:
  // the next round tries again. kCorrupt: the broker lies: stop. What could not be granted or
  // published is logged, counted, and tried again next round.
  Result<void> Round();

 private:
  Result<void> DoRound(RoundNumbers& numbers);
  void Grant(const Desk& desk, const Actions& actions, Registrar& registrar, RoundNumbers& numbers);
  void PublishCrl(Desk& desk, Registrar& registrar, RoundNumbers& numbers);
  void Warn(const std::string& domain, const std::vector<Warning>& warnings, Registrar& registrar);
  Result<void> WriteMetrics(const RoundNumbers& numbers) const;
  void Log(const char* level, const char* event, const Json& fields) const;
  void Failed(const char* event, const Error& error, Json fields, RoundNumbers& numbers) const;

  const Office& office_;
  const ServiceOptions options_;
  const LogLine log_;
  const Tell tell_;
  uint64_t failed_rounds_ = 0;
  RegistrarState state_;         // as of the last round
  std::vector<Ending> endings_;  // as of the last round
};

}  // namespace rujukan::admin
