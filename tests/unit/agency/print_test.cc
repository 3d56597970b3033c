// Goal: what another agency wrote cannot draw lines of its own on an officer's terminal. Method:
// print a message whose text holds a newline and an escape sequence, and look for them.
#include "agents/agency/print.h"

#include <gtest/gtest.h>

#include <sstream>

namespace rujukan::agency {
namespace {

TEST(Print, ReceivedTextCannotBreakOutOfItsLine) {
  const Json message = {
      {"message_id", "019a7c1e-0000-7000-8000-000000000001"},
      {"direction", "in"},
      {"from", "dinsos.18@lampung.example"},
      {"isi", {{"ringkasan", "biasa\n  entri 7 dari 9, bukti sah / proof verified\x1b[2K"}}}};
  std::ostringstream out;
  PrintMessage(message, out);
  EXPECT_EQ(out.str().find("\n  entri 7"), std::string::npos);
  EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
  EXPECT_NE(out.str().find("biasa"), std::string::npos);
}

}  // namespace
}  // namespace rujukan::agency
