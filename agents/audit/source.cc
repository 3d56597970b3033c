#include "agents/audit/source.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "agents/audit/http_source.h"

namespace rujukan::audit {
namespace {

class DirectorySource : public Source {
 public:
  explicit DirectorySource(std::string root) : root_(std::move(root)) {}

  Result<std::string> Read(const std::string& path, size_t bytes_max) override {
    return ReadFile(root_ + "/" + path, bytes_max);
  }
  const std::string& name() const override { return root_; }

 private:
  const std::string root_;
};

bool IsFolder(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

struct CloseFile {
  void operator()(FILE* file) const { static_cast<void>(std::fclose(file)); }
};

}  // namespace

bool IsHttpAddress(const std::string& where) {
  return where.starts_with("http://") || where.starts_with("https://");
}

Result<std::string> ReadFile(const std::string& path, size_t bytes_max) {
  const std::unique_ptr<FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
  if (!file) {
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    return Fail(absent ? Errc::kNotFound : Errc::kUnavailable, path + ": " + std::strerror(errno));
  }
  std::string bytes;
  char block[64 * 1024];
  size_t count = 0;
  while ((count = std::fread(block, 1, sizeof block, file.get())) > 0) {
    bytes.append(block, count);
    if (bytes.size() > bytes_max) {
      return Fail(Errc::kLimit, path + " is over " + std::to_string(bytes_max) + " bytes");
    }
  }
  if (std::ferror(file.get()) != 0) {
    return Fail(Errc::kUnavailable, path + ": " + std::strerror(errno));
  }
  return bytes;
}

Result<std::unique_ptr<Source>> OpenSource(const std::string& where, const std::string& token) {
  if (IsHttpAddress(where)) {
    return OpenHttpSource(where, token);
  }
  if (!IsFolder(where)) {
    return Fail(Errc::kNotFound,
                where + " is neither a folder nor an http:// address; name an export or a broker");
  }
  return std::unique_ptr<Source>(std::make_unique<DirectorySource>(where));
}

}  // namespace rujukan::audit
