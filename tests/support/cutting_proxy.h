// A bad line: a loopback TCP proxy that cuts every connection through it when so many bytes have
// passed, as often as it is told, and goes on accepting. Threads of its own, two a connection; all
// end with it.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <thread>

namespace rujukan::testing {

class CuttingProxy {
 public:
  // To 127.0.0.1:target_port; listens on a port of the kernel's choice. CHECKs that it can.
  explicit CuttingProxy(int target_port);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  int port() const { return port_; }
  // From now on: a cut after each `bytes` in either direction, `times` times.
  void CutEvery(uint64_t bytes, int times);
  int cuts() const { return cuts_; }
  uint64_t bytes() const { return bytes_; }  // that have passed

 private:
  struct Line {
    int near = -1;
    int far = -1;
    std::atomic<int> open_ends{2};
    std::thread up;
    std::thread down;
  };
  void Accept();
  void Forward(Line& line, int from, int to);
  void Passed(uint64_t bytes);
  void CutAll();

  const int target_port_;
  int listen_fd_ = -1;
  int port_ = 0;
  std::atomic<uint64_t> bytes_{0};
  std::atomic<int> cuts_{0};
  std::mutex mutex_;
  // Guarded by mutex_.
  std::list<Line> lines_;
  uint64_t every_ = 0;
  uint64_t next_cut_ = 0;
  int cuts_left_ = 0;
  bool stopping_ = false;
  std::thread accepting_;
};

}  // namespace rujukan::testing
