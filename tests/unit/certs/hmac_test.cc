// Goal: HMAC-SHA256 is the one of the standard. Method: test cases 1, 2 and 6 of RFC 4231.
#include "certs/hmac.h"

#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"

namespace rujukan::certs {
namespace {

TEST(Hmac, AgreesWithTheTestVectorsOfRfc4231) {
  EXPECT_EQ(ToHex(HmacSha256(std::string(20, '\x0b'), "Hi There").view()),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(ToHex(HmacSha256("Jefe", "what do ya want for nothing?").view()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(std::string(131, '\xaa'),
                             "Test Using Larger Than Block-Size Key - Hash Key First")
                      .view()),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, AnEmptyMessageHasOneToo) {
  EXPECT_EQ(ToHex(HmacSha256("kunci", "").view()).size(), 64U);
  EXPECT_NE(HmacSha256("kunci", ""), HmacSha256("lain", ""));
}

}  // namespace
}  // namespace rujukan::certs
