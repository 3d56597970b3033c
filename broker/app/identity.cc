#include "broker/app/identity.h"

#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "certs/keyfile.h"
#include "certs/random.h"
#include "ledger/checkpoint.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::broker {
namespace {

constexpr size_t kTokenBytes = 32;
constexpr std::string_view kLogKeyLabel = "rujukan log key";
constexpr std::string_view kTransportKeyLabel = "rujukan transport key";

Result<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Fail(Errc::kNotFound,
                path +
                    " is missing; --identity is the directory made by "
                    "rujukan-admin init --broker-identity");
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<v1::Genesis> ParseGenesis(const std::string& recorded_bytes) {
  v1::GenesisRecorded recorded;
  v1::Genesis genesis;
  if (!recorded.ParseFromString(recorded_bytes) || !genesis.ParseFromString(recorded.genesis())) {
    return Fail(Errc::kInvalid, "genesis.pb is not a genesis; copy it again from the admin");
  }
  return genesis;
}

}  // namespace

Result<Identity> ReadIdentity(const std::string& directory) {
  ASSIGN_OR_RETURN(std::string genesis_bytes, ReadWholeFile(directory + "/genesis.pb"));
  ASSIGN_OR_RETURN(const v1::Genesis genesis, ParseGenesis(genesis_bytes));
  ASSIGN_OR_RETURN(const std::string seed,
                   certs::ReadRawKeyFile(directory + "/log.key", kLogKeyLabel));
  ASSIGN_OR_RETURN(certs::Ed25519Key log_key, certs::Ed25519Key::FromSeed(seed));
  ASSIGN_OR_RETURN(
      ledger::NoteSigner signer,
      ledger::NoteSigner::Make(ledger::OriginOf(genesis.domain()), std::move(log_key)));
  if (signer.verifier().ToVkey() != genesis.log_vkey()) {
    return Fail(Errc::kInvalid, "log.key is not the key that genesis.pb names (another domain's?)");
  }
  ASSIGN_OR_RETURN(const std::string secret,
                   certs::ReadRawKeyFile(directory + "/transport.key", kTransportKeyLabel));
  ASSIGN_OR_RETURN(certs::TransportKeyPair transport, certs::TransportKeyPairFromSecret(secret));
  if (transport.public_key.view() != genesis.broker_transport_key()) {
    return Fail(Errc::kInvalid, "transport.key is not the key that genesis.pb names");
  }
  return Identity{.signer = std::move(signer),
                  .transport = std::move(transport),
                  .genesis = std::move(genesis_bytes),
                  .domain = genesis.domain()};
}

Result<std::string> ReadOrMakeOperatorToken(const std::string& path) {
  auto text = certs::ReadSecretFile(path);
  if (!text && text.error().code == Errc::kNotFound) {
    text = ToHex(certs::RandomBytes(kTokenBytes)) + "\n";
    RETURN_IF_ERROR(certs::WriteSecretFile(path, *text));
  }
  RETURN_IF_ERROR(text);
  std::string token = text->substr(0, text->find_first_of(" \r\n"));
  if (token.empty()) {
    return Fail(Errc::kInvalid, path + " is empty; remove it, and a new token is made");
  }
  return token;
}

Result<ledger::NoteVerifier> ReadLogVerifier(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadWholeFile(directory + "/genesis.pb"));
  ASSIGN_OR_RETURN(const v1::Genesis genesis, ParseGenesis(bytes));
  return ledger::NoteVerifier::Parse(genesis.log_vkey());
}

}  // namespace rujukan::broker
