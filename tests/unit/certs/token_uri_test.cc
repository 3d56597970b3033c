// Goal: a reference names one key of one token, and can carry no PIN.
// Method: URIs by hand, good and bad.
#include "certs/token_uri.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace rujukan::certs {
namespace {

TEST(TokenUri, NamesATokenAndAnObjectInAnyOrder) {
  for (const char* text : {"pkcs11:token=rujukan;object=issuing;type=private",
                           "pkcs11:object=issuing;token=rujukan",
                           "pkcs11:type=private;token=%72ujukan;object=issuin%67"}) {
    const auto uri = TokenUri::Parse(text);
    ASSERT_TRUE(uri) << text;
    EXPECT_EQ(uri->token, "rujukan") << text;
    EXPECT_EQ(uri->object, "issuing") << text;
    EXPECT_EQ(uri->Text(), "pkcs11:token=rujukan;object=issuing;type=private");
  }
}

TEST(TokenUri, LabelsOfAnyCharactersRoundTrip) {
  const TokenUri odd{"Dinas Sosial; Lampung", "kunci/\xc3\xa9?pin-value=1"};
  const TokenUri read = TokenUri::Parse(odd.Text()).value();
  EXPECT_EQ(read.token, odd.token);
  EXPECT_EQ(read.object, odd.object);
  EXPECT_EQ(odd.Text().find('?'), std::string::npos);
}

TEST(TokenUri, AnythingElseIsInvalid) {
  for (const char* text : {"",
                           "token=a;object=b",
                           "pkcs11:",
                           "pkcs11:token=a",
                           "pkcs11:object=b",
                           "pkcs11:token=;object=b",
                           "pkcs11:token=a;object=b;",
                           "pkcs11:token=a;token=a;object=b",
                           "pkcs11:token=a;object=b;type=public",
                           "pkcs11:token=a;object=b;slot-id=1",
                           "pkcs11:token=%zz;object=b",
                           "pkcs11:token=%0;object=b",
                           "pkcs11:token=%00;object=b"}) {
    EXPECT_EQ(TokenUri::Parse(text).error().code, Errc::kInvalid) << text;
  }
}

TEST(TokenUri, APinInItIsRefusedAndNotRepeated) {
  for (const char* text :
       {"pkcs11:token=a;object=b;pin-value=123456", "pkcs11:token=a;pin-value=123456?object=b"}) {
    const auto uri = TokenUri::Parse(text);
    ASSERT_FALSE(uri) << text;
    EXPECT_EQ(uri.error().context.find("123456"), std::string::npos) << uri.error().context;
  }
}

TEST(TokenUri, TheLongestLabelIsReadAndALongerOneIsNot) {
  const std::string longest(limits::kTokenLabelBytesMax, 'a');
  EXPECT_TRUE(TokenUri::Parse("pkcs11:token=" + longest + ";object=" + longest));
  EXPECT_EQ(TokenUri::Parse("pkcs11:token=a" + longest + ";object=b").error().code, Errc::kInvalid);
  EXPECT_EQ(TokenUri::Parse("pkcs11:token=a;object=b" + longest).error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace rujukan::certs
