// Goal: what may be attached is known by its bytes, and nothing else gets through. Method: the
// first bytes of each type, its neighbours, and what pretends.
#include "agents/agency/media_type.h"

#include <gtest/gtest.h>

namespace rujukan::agency {
namespace {

using Type = v1::AttachmentType;

std::string Zip(const std::string& names) {
  return std::string("PK\x03\x04", 4) + std::string(26, '\0') + names;
}

TEST(MediaType, EachAllowedTypeIsKnownByItsFirstBytes) {
  EXPECT_EQ(MediaTypeOf("%PDF-1.4"), "application/pdf");
  EXPECT_EQ(MediaTypeOf("\xff\xd8\xff\xe0"), "image/jpeg");
  EXPECT_EQ(MediaTypeOf("\x89PNG\r\n\x1a\n...."), "image/png");
  EXPECT_EQ(MediaTypeOf(Zip("[Content_Types].xml word/document.xml")),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
  EXPECT_EQ(MediaTypeOf(Zip("_rels/.rels xl/workbook.xml")),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  EXPECT_EQ(MediaTypeOf(Zip("mimetypeapplication/vnd.oasis.opendocument.text")),
            "application/vnd.oasis.opendocument.text");
  EXPECT_EQ(MediaTypeOf("ID3\x04"), "audio/mpeg");
  EXPECT_EQ(MediaTypeOf("\xff\xfb\x90"), "audio/mpeg");
  EXPECT_EQ(MediaTypeOf(std::string("\0\0\0\x20", 4) + "ftypisom...."), "video/mp4");
  EXPECT_EQ(MediaTypeOf(std::string("\0\0\0\x20", 4) + "ftypM4A ...."), "audio/mp4");
}

TEST(MediaType, NothingElseIs) {
  for (const std::string& bytes : {std::string(),
                                   std::string("MZ\x90"),
                                   std::string("\x7f"
                                               "ELF"),
                                   std::string("<html>"),
                                   std::string("#!/bin/sh"),
                                   std::string("GIF89a"),
                                   std::string("PDF-1.4"),
                                   Zip("classes.dex AndroidManifest.xml"),
                                   Zip("[Content_Types].xml ppt/presentation.xml"),
                                   Zip("mimetypeapplication/vnd.oasis.opendocument.text-template"),
                                   std::string("\0\0\0\x20", 4) + "ftypheic....",
                                   std::string("\xff\xf1\x50")}) {
    EXPECT_EQ(MediaTypeOf(bytes), "") << bytes;
  }
}

TEST(MediaType, RecordingsAreForWhatIsRecorded) {
  EXPECT_TRUE(CheckMediaType(Type::PERSETUJUAN, "", "ID3").has_value());
  EXPECT_EQ(CheckMediaType(Type::VISUM, "", "ID3").error().code, Errc::kInvalid);
  EXPECT_EQ(AllowedMediaTypes(Type::VISUM).find("video"), std::string::npos);
}

TEST(MediaType, TheStatedTypeMustBeTheRealOne) {
  EXPECT_EQ(CheckMediaType(Type::VISUM, "", "%PDF-").value(), "application/pdf");
  EXPECT_EQ(CheckMediaType(Type::VISUM, "application/pdf", "%PDF-").value(), "application/pdf");
  EXPECT_FALSE(CheckMediaType(Type::VISUM, "image/png", "%PDF-").has_value());
}

}  // namespace
}  // namespace rujukan::agency
