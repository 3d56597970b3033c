// A time-stamping authority on this machine, made with openssl in a folder of its own.
#pragma once

#include <string>

namespace rujukan::audit::testing {

class LocalTsa {
 public:
  explicit LocalTsa(std::string directory);  // CHECKs that openssl made it

  // A TimeStampToken (DER) over these bytes.
  std::string Stamp(const std::string& bytes) const;
  std::string certificate_file() const { return directory_ + "/ca.pem"; }

 private:
  void Run(const std::string& command) const;

  const std::string directory_;
};

}  // namespace rujukan::audit::testing
