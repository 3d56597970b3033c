// A mail server for tests, on loopback: takes every mail and keeps it, or refuses every recipient,
// or says nothing at all. One client at a time. Thread-safe.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace rujukan::testing {

class SmtpStub {
 public:
  enum class Manner { kTakes, kRefuses, kSaysNothing };
  struct Mail {
    std::string from;             // as in MAIL FROM
    std::vector<std::string> to;  // as in RCPT TO
    std::string text;             // with its headers
  };

  explicit SmtpStub(Manner manner = Manner::kTakes);
  ~SmtpStub();
  SmtpStub(const SmtpStub&) = delete;
  SmtpStub& operator=(const SmtpStub&) = delete;

  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  // Waits, at most 30 seconds, until `count` have come.
  std::vector<Mail> Await(size_t count);

 private:
  void Run();
  void Serve(int fd);
  std::string Answer(const std::string& line, Mail& mail) const;

  const Manner manner_;
  int listen_fd_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Mail> mails_;  // guarded by mutex_
  int client_fd_ = -1;       // guarded by mutex_
  bool stopping_ = false;    // guarded by mutex_
  std::thread thread_;
};

}  // namespace rujukan::testing
