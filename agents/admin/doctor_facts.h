// Looks at the home and at the broker, for the doctor's checks: what cannot be had is a fact, too.
// Thread: one.
#pragma once

#include <optional>

#include "agents/admin/doctor_checks.h"
#include "agents/admin/office.h"

namespace rujukan::admin {

HomeFacts LookAtHome(const Office& office);

struct BrokerLook {
  BrokerFacts facts;
  std::optional<Desk> desk;  // nullopt: there is no verified directory to check
};
BrokerLook LookAtBroker(const Office& office);

}  // namespace rujukan::admin
