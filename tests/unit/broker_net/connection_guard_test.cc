// Goal: an accept is believed only of a socket at the door that tells of it. Method: the port the
// kernel names for an accepted socket, one that is closed and one that is no socket.
#include "broker/net/connection_guard.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace rujukan::broker {
namespace {

TEST(LocalPortOf, NamesTheDoorAnAcceptedSocketCameThrough) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(0, bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address));
  ASSERT_EQ(0, listen(listener, 1));
  const auto port = LocalPortOf(listener);
  ASSERT_TRUE(port && *port != 0);
  address.sin_port = htons(*port);
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_EQ(0, connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address));
  const int accepted = accept(listener, nullptr, nullptr);
  EXPECT_EQ(port, LocalPortOf(accepted));
  EXPECT_NE(port, LocalPortOf(client));
  close(accepted);
  EXPECT_EQ(std::nullopt, LocalPortOf(accepted));
  close(client);
  close(listener);
}

TEST(LocalPortOf, OfWhatIsNoSocketThereIsNone) {
  std::array<int, 2> ends{};
  ASSERT_EQ(0, pipe(ends.data()));
  EXPECT_EQ(std::nullopt, LocalPortOf(ends[0]));
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace rujukan::broker
