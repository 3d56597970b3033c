// The API's answers about keys: which are in force and until when, renewing them, and the metrics.
#include "agents/agency/api.h"
#include "agents/agency/expiry.h"
#include "agents/agency/metrics.h"
#include "agents/agency/render.h"
#include "agents/agency/rotation.h"
#include "base/bytes.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kBeginWaitMs = 5'000;

Json RotationJson(const RotationStatus& rotation) {
  return {{"state", RotationName(rotation.state)},
          {"asked_at", TimeOf(rotation.asked_at)},
          {"note", rotation.note}};
}

Result<Json> RetiredJson(const ledger::View& directory, const v1::AgencyRecord& agency) {
  Json list = Json::array();
  for (const auto& key_id : agency.retired_keys()) {
    ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(directory, key_id));
    if (key) {
      list.push_back({{"key", ToHex(key_id)},
                      {"usage", v1::KeyUsage::Code_Name(key->usage())},
                      {"counts_until", TimeOf(key->retires_at_ms())}});
    }
  }
  return list;
}

}  // namespace

Result<Json> Api::KeysJson() {
  const auto& directory = context_.store.directory();
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(directory, context_.config.address));
  if (!agency) {
    return Fail(Errc::kNotFound,
                "belum diterima; jalankan `rujukan-agent join` / not admitted yet: join first");
  }
  ASSIGN_OR_RETURN(const auto endings,
                   ListEndings(directory, context_.config.address, context_.clock.Now()));
  ASSIGN_OR_RETURN(const auto rotation, context_.store.Read(&ReadRotation));
  ASSIGN_OR_RETURN(Json retired, RetiredJson(directory, *agency));
  return Json{{"address", agency->address()},
              {"signing_key", ToHex(agency->signing_key())},
              {"encryption_key", ToHex(agency->encryption_key())},
              {"transport_key", ToHex(agency->transport_key())},
              {"certificates", EndingsJson(endings)},
              {"replaced", std::move(retired)},
              {"renews_itself", context_.config.renews_itself},
              {"rotation", RotationJson(rotation)}};
}

// ?after=KEYID&wait=SECONDS: until another signing key is in force, or the request was refused.
ApiReply Api::GetKeys(const ApiRequest& request) {
  const auto after = request.query.find("after");
  ApiReply reply;
  WaitUntil(WaitMsOf(request), [&] {
    const auto json = KeysJson();
    reply = json ? ReplyOf(200, *json) : ProblemOf(json.error());
    return !json || after == request.query.end() || (*json)["signing_key"] != after->second ||
           (*json)["rotation"]["state"] == RotationName(RotationState::kRefused);
  });
  return reply;
}

ApiReply Api::PostRotate() {
  if (const auto keys = KeysJson(); !keys) {
    return ProblemOf(keys.error());
  }
  const uint64_t begun = context_.board.status().rotations_begun;
  context_.rotate();
  const bool started =
      WaitUntil(kBeginWaitMs, [&] { return context_.board.status().rotations_begun != begun; });
  if (const auto status = context_.board.status(); started && !status.rotation_error.empty()) {
    return ProblemOf(409, "rotation not begun", status.rotation_error);
  }
  const auto json = KeysJson();
  if (!started && json) {
    return ProblemOf(
        503,
        "not connected",
        "agen belum tersambung; permintaan dimulai begitu tersambung / the agent is not "
        "connected yet; it will ask as soon as it is (see rujukan-agent status)");
  }
  return json ? ReplyOf(202, *json) : ProblemOf(json.error());
}

ApiReply Api::GetMetrics() {
  const auto state = [&]() -> Result<MetricsOf> {
    MetricsOf metrics;
    metrics.link = context_.board.status();
    ASSIGN_OR_RETURN(metrics.counts,
                     context_.store.Read([](Tables& tables) { return tables.CountMessages(); }));
    ASSIGN_OR_RETURN(
        metrics.endings,
        ListEndings(context_.store.directory(), context_.config.address, context_.clock.Now()));
    ASSIGN_OR_RETURN(metrics.rotation, context_.store.Read(&ReadRotation));
    ASSIGN_OR_RETURN(metrics.reads, context_.store.Read(&ReadTrailStatusOf));
    metrics.notices = context_.notices();
    return metrics;
  }();
  return state ? ApiReply{200, "text/plain; version=0.0.4", MetricsText(*state)}
               : ProblemOf(state.error());
}

}  // namespace rujukan::agency
