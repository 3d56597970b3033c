#include "tests/support/smtp_stub.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "base/check.h"

namespace rujukan::testing {
namespace {

void Say(int fd, const std::string& line) {
  const std::string bytes = line + "\r\n";
  [[maybe_unused]] const auto sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

// A line without its end; false: the client has gone.
bool ReadLine(int fd, std::string& line) {
  line.clear();
  char c = 0;
  while (recv(fd, &c, 1, 0) == 1) {
    if (c == '\n') {
      return true;
    }
    if (c != '\r') {
      line.push_back(c);
    }
  }
  return false;
}

std::string Bracketed(const std::string& line) {
  const size_t from = line.find('<');
  return line.substr(from + 1, line.find('>') - from - 1);
}

}  // namespace

SmtpStub::SmtpStub(Manner manner) : manner_(manner) {
  listen_fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(bind(listen_fd_, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0);
  socklen_t length = sizeof place;
  CHECK(getsockname(listen_fd_, reinterpret_cast<sockaddr*>(&place), &length) == 0);
  port_ = ntohs(place.sin_port);
  CHECK(listen(listen_fd_, 8) == 0);
  thread_ = std::thread([this] { Run(); });
}

SmtpStub::~SmtpStub() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (client_fd_ >= 0) {
      shutdown(client_fd_, SHUT_RDWR);
    }
  }
  shutdown(listen_fd_, SHUT_RDWR);
  thread_.join();
  close(listen_fd_);
}

std::vector<SmtpStub::Mail> SmtpStub::Await(size_t count) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(30), [&] { return mails_.size() >= count; });
  return mails_;
}

void SmtpStub::Run() {
  while (true) {
    const int fd = accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (stopping_ || fd < 0) {
        if (fd >= 0) {
          close(fd);
        }
        return;
      }
      client_fd_ = fd;
    }
    Serve(fd);
    const std::lock_guard<std::mutex> lock(mutex_);
    client_fd_ = -1;
    close(fd);
  }
}

// "" when nothing is to be said.
std::string SmtpStub::Answer(const std::string& line, Mail& mail) const {
  const std::string verb = line.substr(0, 4);
  if (verb == "MAIL") {
    mail.from = Bracketed(line);
  } else if (verb == "RCPT") {
    if (manner_ == Manner::kRefuses) {
      return "550 no such mailbox";
    }
    mail.to.push_back(Bracketed(line));
  } else if (verb == "DATA") {
    return "354 go on";
  } else if (verb == "QUIT") {
    return "221 bye";
  }
  return "250 ok";
}

void SmtpStub::Serve(int fd) {
  std::string line;
  if (manner_ == Manner::kSaysNothing) {
    while (ReadLine(fd, line)) {
    }
    return;
  }
  Say(fd, "220 stub");
  Mail mail;
  while (ReadLine(fd, line)) {
    const std::string answer = Answer(line, mail);
    Say(fd, answer);
    if (answer.starts_with("354")) {
      while (ReadLine(fd, line) && line != ".") {
        mail.text += line + "\n";
      }
      Say(fd, "250 taken");
      const std::lock_guard<std::mutex> lock(mutex_);
      mails_.push_back(std::exchange(mail, {}));
      changed_.notify_all();
    } else if (answer.starts_with("221")) {
      return;
    }
  }
}

}  // namespace rujukan::testing
