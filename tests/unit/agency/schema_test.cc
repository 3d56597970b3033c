// Goal: the schemas that are served are those of the protocol, whole and with what each word means.
// Method: the descriptors, valid and invalid requests of the vectors, and the API.
#include "agents/agency/schema.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "rujukan/v1/content.pb.h"
#include "tests/unit/agency/json_schema.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

std::vector<std::string> MisfitsOf(const Json& value, const std::string& name) {
  const auto schema = SchemaDocument(name);
  return SchemaChecker(*schema).Misfits(value, *schema);
}

TEST(Schema, EveryMessageOfTheContentAndEveryCodeListHasOne) {
  const auto names = SchemaNames();
  const auto has = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const auto* content = v1::Content::descriptor();
  for (int i = 0; i < content->file()->message_type_count(); ++i) {
    EXPECT_TRUE(has(content->file()->message_type(i)->name()));
  }
  EXPECT_TRUE(has("Urgency"));
  EXPECT_TRUE(has("AgencyProfile"));
  for (const auto& name : names) {
    EXPECT_TRUE(SchemaDocument(name).has_value()) << name;
  }
}

TEST(Schema, FieldsAreThoseOfTheProtocolAndNoOthers) {
  const Json schema = *SchemaDocument("ProgressReport");
  EXPECT_EQ(schema["$id"], "urn:rujukan:v1:schema:ProgressReport");
  const auto* type = v1::ProgressReport::descriptor();
  EXPECT_EQ(schema["properties"].size(), static_cast<size_t>(type->field_count()));
  for (int i = 0; i < type->field_count(); ++i) {
    EXPECT_TRUE(schema["properties"].contains(type->field(i)->name()));
  }
  EXPECT_EQ(schema["additionalProperties"], false);
  EXPECT_EQ(schema["properties"]["tingkat_risiko"]["$ref"], "#/$defs/RiskLevel");
  EXPECT_TRUE(schema["$defs"].contains("RiskLevel"));
}

TEST(Schema, CodesSayWhatTheyMeanAndUnspecifiedIsNone) {
  const Json schema = *SchemaDocument("Kind");
  EXPECT_EQ(schema["oneOf"][0]["const"], "RUJUKAN");
  EXPECT_EQ(schema["oneOf"][0]["description"], "referral: opens a leg");
  EXPECT_EQ(schema.dump().find("UNSPECIFIED"), std::string::npos);
  EXPECT_EQ(GlossOfCode("Kind", "TERIMA"), "accept");
  EXPECT_EQ(SchemaOfKind("TERIMA"), "Acceptance");
}

TEST(Schema, ValidContentFitsAndAMisspelledFieldOrCodeDoesNot) {
  const std::string folder = std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid";
  size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") {
      continue;
    }
    std::ifstream file(entry.path());
    const Json request = Json::parse(file)["request"];
    if (request.contains("isi") && request.contains("kepada")) {
      ++seen;
      EXPECT_EQ(MisfitsOf(request["isi"], "Content"), std::vector<std::string>()) << entry.path();
    }
  }
  EXPECT_GT(seen, 3U);
  EXPECT_FALSE(MisfitsOf({{"kode", "TIDAK_ADA"}}, "RequestedService").empty());
  EXPECT_FALSE(MisfitsOf({{"kod", "PENDAMPINGAN"}}, "RequestedService").empty());
  EXPECT_TRUE(MisfitsOf({{"kode", "PENDAMPINGAN"}}, "RequestedService").empty());
}

TEST(Schema, AnUnknownNameIsNotFound) {
  EXPECT_EQ(SchemaDocument("TidakAda").error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace rujukan::agency
