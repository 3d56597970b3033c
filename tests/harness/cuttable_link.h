// A TCP link that can be cut: listens on a loopback port and passes bytes to another until it is
// cut; then every connection ends and none is taken until it is joined again. Stands between an
// agent and its broker. Thread: one of its own passes the bytes; the calls are for one owner.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

namespace rujukan::testing {

class CuttableLink {
 public:
  explicit CuttableLink(int target_port);
  ~CuttableLink();
  CuttableLink(const CuttableLink&) = delete;
  CuttableLink& operator=(const CuttableLink&) = delete;

  int port() const { return port_; }
  void Cut();  // returns when every connection has ended
  void Join();
  size_t connections() const { return connections_; }  // taken so far

 private:
  struct Pair {
    int agent = -1;
    int broker = -1;
  };
  void Run();
  void Take();
  static bool Pass(int from, int to);
  void CloseAll();

  const int target_port_;
  int port_ = 0;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::atomic<bool> stop_{false};
  std::atomic<bool> cut_{false};
  std::atomic<bool> is_cut_{false};
  std::atomic<size_t> connections_{0};
  std::vector<Pair> pairs_;  // of the thread
  std::thread thread_;
};

}  // namespace rujukan::testing
