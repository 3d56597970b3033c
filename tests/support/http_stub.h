// A small HTTP server for tests: answers every request by a function. A thread a connection, so the
// function may wait. On loopback or a unix socket. Thread-safe; the function is called from
// several.
#pragma once

#include <functional>
#include <map>
#include <string>

struct MHD_Daemon;

namespace rujukan::testing {

class HttpStub {
 public:
  struct Request {
    std::string method;
    std::string path;
    std::string content_type;
    std::string body;
    std::map<std::string, std::string> headers;  // by their names in small letters
  };
  struct Reply {
    unsigned status = 200;
    std::string content_type;
    std::string body;
    std::string location;  // "": no such header
  };
  using Handler = std::function<Reply(const Request&)>;

  // Port 0: any free one. The same port can be taken again at once after this has ended.
  explicit HttpStub(Handler handler, int port = 0);
  // On a unix socket at this path.
  HttpStub(Handler handler, const std::string& socket_path);
  ~HttpStub();
  HttpStub(const HttpStub&) = delete;
  HttpStub& operator=(const HttpStub&) = delete;

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  const Handler& handler() const { return handler_; }

 private:
  void Start(int listen_fd);

  const Handler handler_;
  int port_ = 0;
  std::string socket_path_;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace rujukan::testing
