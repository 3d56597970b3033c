// Goal: the client finds its broker over real CURVE sockets, and finds it again when it was away.
// Method: a ROUTER of our own on loopback that answers Hello from a ledger in memory.
#include "agents/link/client.h"

#include <gtest/gtest.h>
#include <zmq.h>

#include <array>
#include <chrono>
#include <thread>

#include "certs/ed25519.h"
#include "tests/support/log_face.h"
#include "tests/support/world.h"

namespace rujukan::link {
namespace {

using testing::LogFace;
using testing::World;

constexpr int64_t kPatienceMs = 30'000;

// Answers Hello with Welcome until it goes out of scope.
class MiniBroker {
 public:
  MiniBroker(const World& world, const certs::TransportKeyPair& keys, std::string address)
      : face_(world), size_(world.size()), context_(zmq_ctx_new()) {
    socket_ = zmq_socket(context_, ZMQ_ROUTER);
    const int one = 1;
    const int zero = 0;
    zmq_setsockopt(socket_, ZMQ_CURVE_SERVER, &one, sizeof one);
    zmq_setsockopt(socket_, ZMQ_CURVE_SECRETKEY, keys.secret_key.data(), 32);
    zmq_setsockopt(socket_, ZMQ_LINGER, &zero, sizeof zero);
    EXPECT_EQ(zmq_bind(socket_, address.c_str()), 0) << zmq_strerror(zmq_errno());
    std::array<char, 64> bound{};
    size_t size = bound.size();
    zmq_getsockopt(socket_, ZMQ_LAST_ENDPOINT, bound.data(), &size);
    address_ = bound.data();
    thread_ = std::thread([this] { Serve(); });
  }
  ~MiniBroker() {
    zmq_ctx_shutdown(context_);  // wakes the thread
    thread_.join();
    zmq_ctx_term(context_);
  }
  MiniBroker(const MiniBroker&) = delete;
  MiniBroker& operator=(const MiniBroker&) = delete;
  const std::string& address() const { return address_; }

 private:
  void Serve() {
    std::array<char, 256> route{};
    std::array<char, 4096> bytes{};
    while (true) {
      const int route_size = zmq_recv(socket_, route.data(), route.size(), 0);
      const int size = route_size < 0 ? -1 : zmq_recv(socket_, bytes.data(), bytes.size(), 0);
      if (size < 0) {
        break;
      }
      v1::ClientFrame frame;
      frame.ParseFromArray(bytes.data(), size);
      if (frame.has_hello()) {
        const auto answer = face_.Welcome(frame.hello().tree_size(), size_).SerializeAsString();
        zmq_send(socket_, route.data(), static_cast<size_t>(route_size), ZMQ_SNDMORE);
        zmq_send(socket_, answer.data(), answer.size(), 0);
      }
    }
    zmq_close(socket_);
  }

  const LogFace face_;
  const TreeSize size_;
  void* context_;
  void* socket_ = nullptr;
  std::string address_;
  std::thread thread_;
};

class ClientTest : public ::testing::Test {
 protected:
  std::unique_ptr<Client> Make(const std::string& address, const TransportKey& server_key) {
    ClientOptions options{{address, server_key}, certs::GenerateTransportKeyPair(), {}};
    options.session.log = world_.log().verifier();
    return std::move(*Client::Open(std::move(options)));
  }

  World world_;
  certs::TransportKeyPair broker_keys_ = certs::GenerateTransportKeyPair();
};

TEST_F(ClientTest, ConnectsAndIsWelcomed) {
  const MiniBroker broker(world_, broker_keys_, "tcp://127.0.0.1:*");
  const auto client = Make(broker.address(), broker_keys_.public_key);
  const auto connected = client->Connect(kPatienceMs);
  EXPECT_TRUE(connected.has_value()) << connected.error().context;
}

TEST_F(ClientTest, FindsTheBrokerAgainAfterItWasAway) {
  std::string address;
  std::unique_ptr<Client> client;
  {
    const MiniBroker broker(world_, broker_keys_, "tcp://127.0.0.1:*");
    address = broker.address();
    client = Make(address, broker_keys_.public_key);
    ASSERT_TRUE(client->Connect(kPatienceMs).has_value());
  }
  bool noticed = false;
  while (!noticed) {
    for (const auto& event : client->Poll(static_cast<int>(kPatienceMs))) {
      noticed = noticed || std::holds_alternative<Disconnected>(event);
    }
  }
  const MiniBroker again(world_, broker_keys_, address);
  EXPECT_TRUE(client->Connect(kPatienceMs).has_value());
}

TEST_F(ClientTest, WithoutABrokerConnectSaysSoInTime) {
  std::string address;
  {
    const MiniBroker gone(world_, broker_keys_, "tcp://127.0.0.1:*");
    address = gone.address();
  }
  const auto client = Make(address, broker_keys_.public_key);
  const auto connected = client->Connect(500);
  ASSERT_FALSE(connected.has_value());
  EXPECT_EQ(connected.error().code, Errc::kUnavailable);
}

TEST_F(ClientTest, ABrokerWithAnotherKeyIsNotTalkedTo) {
  const MiniBroker broker(world_, broker_keys_, "tcp://127.0.0.1:*");
  const auto client = Make(broker.address(), certs::GenerateTransportKeyPair().public_key);
  EXPECT_FALSE(client->Connect(1'000).has_value());
}

TEST_F(ClientTest, WakeEndsAPollFromAnotherThread) {
  const MiniBroker broker(world_, broker_keys_, "tcp://127.0.0.1:*");
  const auto client = Make(broker.address(), broker_keys_.public_key);
  ASSERT_TRUE(client->Connect(kPatienceMs).has_value());
  std::thread waker([&] { client->Wake(); });
  const auto before = std::chrono::steady_clock::now();
  client->Poll(static_cast<int>(kPatienceMs));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(kPatienceMs / 2));
  waker.join();
}

}  // namespace
}  // namespace rujukan::link
