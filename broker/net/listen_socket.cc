#include "broker/net/listen_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/bytes.h"

namespace rujukan::broker {
namespace {

constexpr int kBacklog = 128;
constexpr std::string_view kUnixPrefix = "unix:";

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

template <class T>
void Fill(const T& address, SocketAddress& out) {
  std::memcpy(&out.storage, &address, sizeof address);
  out.size = sizeof address;
}

Result<SocketAddress> ParseTcp(const std::string& text) {
  const size_t colon = text.rfind(':');
  const auto port = colon == std::string::npos ? Result<uint64_t>(Fail(Errc::kInvalid, ""))
                                               : ParseDecimal(text.substr(colon + 1));
  if (!port || *port > 65'535) {
    return Fail(Errc::kInvalid, "\"" + text + "\" is not ADDRESS:PORT, such as 127.0.0.1:7402");
  }
  std::string host = text.substr(0, colon);
  SocketAddress address;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  v4.sin_port = v6.sin6_port = htons(static_cast<uint16_t>(*port));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']' &&
      inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6.sin6_addr) == 1) {
    Fill(v6, address);
  } else if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    Fill(v4, address);
  } else {
    return Fail(Errc::kInvalid,
                "\"" + host + "\" is not a numeric address; use 127.0.0.1 or [::1]");
  }
  return address;
}

Result<SocketAddress> ParseUnix(const std::string& path) {
  sockaddr_un un{};
  un.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof un.sun_path) {
    return Fail(Errc::kInvalid, "a unix socket's path has 1 to 107 bytes: \"" + path + "\"");
  }
  std::memcpy(un.sun_path, path.data(), path.size());
  SocketAddress address;
  Fill(un, address);
  return address;
}

tl::unexpected<Error> ListenFailure(const std::string& address, int fd) {
  const std::string reason = std::strerror(errno);
  if (fd >= 0) {
    close(fd);
  }
  return Fail(Errc::kUnavailable, "listening at " + address + ": " + reason);
}

std::string BoundUrl(int fd, const std::string& address) {
  SocketAddress bound;
  bound.size = sizeof bound.storage;
  getsockname(fd, bound.get(), &bound.size);
  // The port lies at the same place in both families.
  const uint16_t port = ntohs(reinterpret_cast<const sockaddr_in*>(&bound.storage)->sin_port);
  return "http://" + address.substr(0, address.rfind(':') + 1) + std::to_string(port);
}

}  // namespace

Result<ListenSocket> Listen(const std::string& address) {
  const bool is_unix = address.starts_with(kUnixPrefix);
  const std::string path = is_unix ? address.substr(kUnixPrefix.size()) : "";
  ASSIGN_OR_RETURN(SocketAddress where, is_unix ? ParseUnix(path) : ParseTcp(address));
  const int fd = socket(where.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    return ListenFailure(address, fd);
  }
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (is_unix) {
    struct stat file {};
    // Only a socket is replaced: a wrong path must not cost anybody a file.
    if (stat(path.c_str(), &file) == 0 && S_ISSOCK(file.st_mode)) {
      unlink(path.c_str());
    }
  }
  if (bind(fd, where.get(), where.size) != 0 || listen(fd, kBacklog) != 0) {
    return ListenFailure(address, fd);
  }
  if (is_unix) {
    chmod(path.c_str(), 0660);
    return ListenSocket{.fd = fd, .url = address, .socket_path = path};
  }
  return ListenSocket{.fd = fd, .url = BoundUrl(fd, address), .socket_path = ""};
}

}  // namespace rujukan::broker
