#include "broker/app/data_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

namespace rujukan::broker {
namespace {

namespace fs = std::filesystem;

std::string EndpointsPath(const std::string& data) {
  return data + "/endpoints.json";
}

tl::unexpected<Error> IoFailure(const std::string& what, const std::error_code& code) {
  return Fail(Errc::kUnavailable, what + ": " + code.message());
}

}  // namespace

Result<void> MakeDataDirectory(const std::string& data) {
  std::error_code code;
  if (fs::create_directories(data, code)) {
    fs::permissions(data, fs::perms::owner_all, code);
  }
  if (code) {
    return IoFailure("making " + data, code);
  }
  return {};
}

Result<void> SyncDataDirectory(const std::string& data) {
  const fs::path path = fs::absolute(data).lexically_normal();
  // "ledger/" ends with an empty name: its parent would be itself.
  const fs::path parent =
      path.has_filename() ? path.parent_path() : path.parent_path().parent_path();
  for (const fs::path& directory : {path, parent}) {
    const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && fsync(fd) == 0;
    const std::error_code code(errno, std::generic_category());
    if (fd >= 0) {
      close(fd);
    }
    if (!synced) {
      return IoFailure("syncing " + directory.string(), code);
    }
  }
  return {};
}

std::string StorePath(const std::string& data) {
  return data + "/ledger";
}

std::string AttachmentsPath(const std::string& data) {
  return data + "/attachments";
}

Result<void> WriteEndpoints(const std::string& data, const Endpoints& endpoints) {
  const nlohmann::ordered_json json = {
      {"listen", endpoints.listen}, {"enrol", endpoints.enrol}, {"http", endpoints.http}};
  const std::string path = EndpointsPath(data);
  const std::string temporary = path + ".new";
  std::ofstream file(temporary, std::ios::trunc);
  file << json.dump(2) << "\n";
  file.close();
  std::error_code code;
  if (!file) {
    return Fail(Errc::kUnavailable, "writing " + temporary);
  }
  fs::rename(temporary, path, code);
  if (code) {
    return IoFailure("renaming to " + path, code);
  }
  return {};
}

void RemoveEndpoints(const std::string& data) {
  std::error_code ignored;  // absent is what we want
  fs::remove(EndpointsPath(data), ignored);
}

}  // namespace rujukan::broker
