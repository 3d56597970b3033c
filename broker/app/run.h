// `rujukan-broker run`: wires store, engine, router and HTTP by constructor and serves until told
// to stop.
//
// Order of starting: store, engine, doors, HTTP, endpoints.json; of stopping, the reverse. Signals
// are blocked in every thread and waited for in this one, so no handler ever runs.
#pragma once

#include "broker/app/config.h"
#include "broker/app/exit_code.h"

namespace rujukan::broker {

// Returns after SIGTERM or SIGINT (kExitOk), when starting failed (said in the log), or when the
// engine's durable state became unknown (kExitInternal: the service manager starts us again, and
// recovery reads what is there). Call from the main thread before any other exists.
ExitCode Run(const RunConfig& config);

}  // namespace rujukan::broker
