#include "broker/app/outward.h"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/limits.h"
#include "broker/outward/cosign_chore.h"
#include "broker/outward/http_client.h"
#include "broker/outward/timestamp_chore.h"
#include "certs/pem.h"

namespace rujukan::broker {
namespace {

Result<std::string> ReadAll(const std::string& path, size_t bytes_max) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return Fail(Errc::kNotFound, path + ": " + std::strerror(errno));
  }
  std::string bytes(bytes_max + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(in.gcount()));
  if (bytes.size() > bytes_max) {
    return Fail(Errc::kLimit, path + " is over " + std::to_string(bytes_max) + " bytes");
  }
  return bytes;
}

Result<std::vector<WitnessTarget>> ReadWitnesses(const RunConfig& config) {
  std::vector<WitnessTarget> targets;
  if (!config.witnesses_file.empty()) {
    ASSIGN_OR_RETURN(const std::string text,
                     ReadAll(config.witnesses_file, limits::kTlogPolicyBytesMax));
    ASSIGN_OR_RETURN(targets, WitnessesOfPolicy(text));
  }
  for (const std::string& line : config.witnesses) {
    ASSIGN_OR_RETURN(WitnessTarget target, ParseWitness(line));
    targets.push_back(std::move(target));
  }
  RETURN_IF_ERROR(CheckWitnesses(targets));
  return targets;
}

Result<std::vector<std::string>> ReadAnchors(const std::string& path) {
  constexpr size_t kPemBytesMax = 1 << 20;  // a national bundle is a tenth of it
  if (path.empty()) {
    return std::vector<std::string>();
  }
  ASSIGN_OR_RETURN(const std::string pem, ReadAll(path, kPemBytesMax));
  return certs::CertificatesIn(pem, path);
}

}  // namespace

Result<std::unique_ptr<Outward>> Outward::Make(const RunConfig& config) {
  constexpr int64_t kMsPerS = 1000;
  std::unique_ptr<Outward> outward(new Outward);
  ASSIGN_OR_RETURN(outward->witnesses_, ReadWitnesses(config));
  outward->cosign_every_ms_ = config.cosign_every_s * kMsPerS;
  outward->tsa_ = config.tsa;
  outward->stamp_every_ms_ = config.timestamp_every_s * kMsPerS;
  if (!config.tsa.empty()) {
    RETURN_IF_ERROR(CheckHttpBase(config.tsa));
  }
  ASSIGN_OR_RETURN(outward->tsa_anchors_, ReadAnchors(config.tsa_ca));
  return outward;
}

void Outward::AddTo(Engine& engine, const Store& store) {
  if (witnesses_.empty() && tsa_.empty()) {
    return;
  }
  http_ = MakeHttpClient();
  if (!witnesses_.empty()) {
    const auto keep = [&engine](const Journal::KeptCheckpoint& cosigned) {
      return engine.KeepCosigned(cosigned);
    };
    engine.AddChore(
        MakeCosignChore({store, *http_, status_, keep}, {witnesses_, cosign_every_ms_}));
  }
  if (!tsa_.empty()) {
    const auto record = [&engine](v1::Entry entry) { engine.Record(std::move(entry)); };
    engine.AddChore(MakeTimestampChore({store, *http_, status_, record},
                                       {tsa_, tsa_anchors_, stamp_every_ms_}));
  }
  spdlog::info("asking {} witnesses, {}", witnesses_.size(), tsa_.empty() ? "no stamps" : "stamps");
}

}  // namespace rujukan::broker
