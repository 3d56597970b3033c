#include "agents/agency/file_transfer.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace rujukan::agency {
namespace {

constexpr size_t kProblemBytesMax = 64 * 1024;

struct CurlCloser {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Curl = std::unique_ptr<CURL, CurlCloser>;
struct ListCloser {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListCloser>;

struct Fd {
  int fd = -1;
  ~Fd() {
    if (fd >= 0) {
      close(fd);
    }
  }
};

struct Sending {
  int fd;
  uint64_t done;
  uint64_t total;
  const TransferTold& told;
};

size_t ReadFrom(char* into, size_t size, size_t count, void* self) {
  auto& sending = *static_cast<Sending*>(self);
  const ssize_t got = read(sending.fd, into, size * count);
  if (got < 0) {
    return CURL_READFUNC_ABORT;
  }
  sending.done += static_cast<uint64_t>(got);
  sending.told(sending.done, sending.total);
  return static_cast<size_t>(got);
}

struct Fetching {
  CURL* curl;
  int fd;
  uint64_t done;
  std::string problem;
  const TransferTold& told;
};

size_t WriteTo(char* data, size_t size, size_t count, void* self) {
  auto& fetching = *static_cast<Fetching*>(self);
  long status = 0;
  curl_easy_getinfo(fetching.curl, CURLINFO_RESPONSE_CODE, &status);
  const size_t bytes = size * count;
  if (status >= 400) {
    fetching.problem.append(data, std::min(bytes, kProblemBytesMax - fetching.problem.size()));
    return bytes;
  }
  size_t written = 0;
  while (written < bytes) {
    const ssize_t part = write(fetching.fd, data + written, bytes - written);
    if (part < 0 && errno == EINTR) {
      continue;
    }
    if (part <= 0) {
      return 0;
    }
    written += static_cast<size_t>(part);
  }
  fetching.done += bytes;
  curl_off_t length = -1;
  curl_easy_getinfo(fetching.curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  fetching.told(fetching.done, length < 0 ? 0 : static_cast<uint64_t>(length));
  return bytes;
}

size_t Append(char* data, size_t size, size_t count, void* out) {
  auto& text = *static_cast<std::string*>(out);
  text.append(data, std::min(size * count, kProblemBytesMax - text.size()));
  return size * count;
}

Curl Prepared(const std::string& socket_path, const std::string& path) {
  Curl curl(curl_easy_init());
  if (curl) {
    const std::string url = "http://localhost" + path;
    curl_easy_setopt(curl.get(), CURLOPT_UNIX_SOCKET_PATH, socket_path.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  }
  return curl;
}

Result<int> Perform(CURL* curl, const std::string& socket_path) {
  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) {
    return Fail(Errc::kUnavailable,
                "sambungan ke rujukan-agent di " + socket_path +
                    " terputus atau tidak ada / no agent answers there, or it stopped (" +
                    curl_easy_strerror(code) + ")");
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

}  // namespace

Result<ApiReply> SendFile(const std::string& socket_path,
                          const FileToSend& send,
                          const TransferTold& told) {
  const Fd file{open(send.file.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat facts {};
  if (file.fd < 0 || fstat(file.fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return Fail(Errc::kNotFound,
                "berkas tidak dapat dibaca / the file cannot be read: " +
                    std::string(std::strerror(errno)));
  }
  const Curl curl = Prepared(socket_path, send.path);
  if (!curl) {
    return Fail(Errc::kUnavailable, "cannot start libcurl");
  }
  curl_slist* list = nullptr;
  for (const std::string& header : send.headers) {
    list = curl_slist_append(list, header.c_str());
  }
  const HeaderList headers(list);
  Sending sending{file.fd, 0, static_cast<uint64_t>(facts.st_size), told};
  ApiReply reply;
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POST, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(facts.st_size));
  curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &ReadFrom);
  curl_easy_setopt(curl.get(), CURLOPT_READDATA, &sending);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &reply.body);
  ASSIGN_OR_RETURN(reply.status, Perform(curl.get(), socket_path));
  return reply;
}

Result<ApiReply> FetchFile(const std::string& socket_path,
                           const FileToFetch& fetch,
                           const TransferTold& told) {
  const Fd file{open(fetch.file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
  if (file.fd < 0 || ftruncate(file.fd, static_cast<off_t>(fetch.start)) != 0 ||
      lseek(file.fd, 0, SEEK_END) < 0) {
    return Fail(Errc::kUnavailable,
                "berkas tidak dapat ditulis / the file cannot be written: " +
                    std::string(std::strerror(errno)));
  }
  const Curl curl = Prepared(socket_path, fetch.path);
  if (!curl) {
    return Fail(Errc::kUnavailable, "cannot start libcurl");
  }
  const std::string range = "Range: bytes=" + std::to_string(fetch.start) + "-";
  const HeaderList headers(fetch.start == 0 ? nullptr : curl_slist_append(nullptr, range.c_str()));
  Fetching fetching{curl.get(), file.fd, 0, {}, told};
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &WriteTo);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &fetching);
  ApiReply reply;
  ASSIGN_OR_RETURN(reply.status, Perform(curl.get(), socket_path));
  reply.body = std::move(fetching.problem);
  if (reply.status < 400 && fsync(file.fd) != 0) {
    return Fail(Errc::kUnavailable, "berkas tidak dapat disimpan / the file cannot be synced");
  }
  return reply;
}

}  // namespace rujukan::agency
