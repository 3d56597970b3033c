// Goal: a file goes into one agency and comes out of the other byte for byte, over a line that
// loses whatever it likes; nothing readable of it is on any disk; what is not what it says is not
// shown. Method: two parties over a ledger in memory, and a broker that is a map of chunks; the API
// is called as the HTTP server calls it.
#include "agents/agency/attachments.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "agents/agency/attachment_checker.h"
#include "agents/agency/erasure.h"
#include "agents/agency/transfers.h"
#include "base/bytes.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

std::string Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"].dump();
}

std::string Pdf(size_t bytes) {
  std::string text = "%PDF-1.7 namarahasia ";
  std::mt19937 random(7);
  while (text.size() < bytes) {
    text.push_back(static_cast<char>(random()));
  }
  return text;
}

// What the broker does with chunks, without its checks: those have their own tests.
class ChunkMap {
 public:
  v1::ServerFrame Answer(const v1::ClientFrame& frame) {
    v1::ServerFrame answer;
    if (frame.has_put_chunk()) {
      chunks_[frame.put_chunk().root()][frame.put_chunk().index()] = frame.put_chunk();
      ++puts;
      answer.mutable_chunk_stored()->set_root(frame.put_chunk().root());
      answer.mutable_chunk_stored()->set_index(frame.put_chunk().index());
    } else if (frame.has_chunks()) {
      v1::ChunksPresent& present = *answer.mutable_chunks();
      present.set_root(frame.chunks().root());
      for (const auto& [index, put] : chunks_[frame.chunks().root()]) {
        present.set_chunks(put.chunks());
        present.mutable_present()->resize((put.chunks() + 7) / 8);
        present.mutable_present()->at(index / 8) |= static_cast<char>(1U << (index % 8));
      }
    } else if (frame.has_get_chunk()) {
      ++gets;
      auto& of_root = chunks_[frame.get_chunk().root()];
      const auto found = of_root.find(frame.get_chunk().index());
      if (found == of_root.end()) {
        answer.mutable_chunk_refused()->set_root(frame.get_chunk().root());
        answer.mutable_chunk_refused()->set_reason(v1::RefusalReason::ATTACHMENT_UNKNOWN);
        return answer;
      }
      v1::Chunk& chunk = *answer.mutable_chunk();
      chunk.set_root(frame.get_chunk().root());
      chunk.set_index(frame.get_chunk().index());
      chunk.set_data(found->second.data());
      *chunk.mutable_path() = found->second.path();
      if (bend) {
        (*chunk.mutable_data())[0] ^= 1;
      }
    } else {
      chunks_.erase(frame.drop_attachment().root());
      answer.mutable_attachment_dropped()->set_root(frame.drop_attachment().root());
    }
    return answer;
  }
  bool empty() const { return chunks_.empty(); }

  int puts = 0;
  int gets = 0;
  bool bend = false;

 private:
  std::map<std::string, std::map<uint32_t, v1::PutChunk>> chunks_;
};

// A party with what the daemon has for attachments.
struct Site {
  Site(testing::World& world, const std::string& name) : party(world, name) { Restart(); }
  void Restart() {
    party.Reopen();
    transfers = std::make_unique<Transfers>(
        *party.store_, party.spool_, party.config_.officer, party.progress_);
    CHECK(transfers->Review());
  }
  ApiReply Call(const std::string& method,
                const std::string& path,
                const std::string& body = "",
                std::map<std::string, std::string> headers = {}) {
    ApiRequest request{method, path, {}, body};
    request.headers = std::move(headers);
    return party.api_->Handle(request);
  }
  ApiReply Attach(const std::string& leg, const std::string& file, const Json& described) {
    return Call(
        "POST", "/v1/legs/" + leg + "/attachments", file, {{"rujukan-isi", described.dump()}});
  }
  Json Get(const std::string& path) { return Json::parse(Call("GET", path).body); }
  std::string Content(const std::string& id, const std::string& range = "") {
    const ApiReply reply =
        Call("GET", "/v1/attachments/" + id + "/content", "", {{"range", range}});
    std::string bytes = reply.stream ? "" : reply.body;
    while (reply.stream) {
      auto more = reply.stream();
      if (!more) {
        break;
      }
      bytes += *more;
    }
    return bytes;
  }
  // One round on the link: everything due goes to the broker, and its answers come back, unless
  // they are lost.
  void Round(ChunkMap& broker, UnixMillis steady, double lost = 0) {
    CHECK(transfers->Review());
    const auto frames = transfers->Next(steady);
    CHECK(frames.has_value());
    for (const auto& frame : *frames) {
      const auto answer = broker.Answer(frame);
      if (std::uniform_real_distribution<>()(random) >= lost) {
        CHECK(transfers->Take(answer, {party.config_.address, party.world_.now(), steady}));
      }
    }
  }
  void Check(const ScannerSettings& scanner = {}) {
    const auto rows =
        party.store_->Read([](Tables& tables) { return tables.AttachmentsToCheck(10); });
    for (const AttachmentRow& row : *rows) {
      const auto result = CheckAttachment(party.spool_, row, scanner, party.scratch_.path());
      CHECK(result.has_value());
      CHECK(party.store_->Write([&](Tables& tables) {
        return tables.SetAttachmentStage(row.id, result->stage, result->note, 1);
      }));
    }
  }

  Party party;
  std::unique_ptr<Transfers> transfers;
  std::mt19937 random{11};
};

class AttachmentsTest : public ::testing::Test {
 protected:
  AttachmentsTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.party.FollowDirectory();
    office_.party.FollowDirectory();
    const auto reply = police_.Call("POST", "/v1/messages", Vector("referral_with_held_t2.json"));
    EXPECT_EQ(reply.status, 202) << reply.body;
    leg_ = Json::parse(reply.body)["leg_id"];
    Carry(police_.party, office_.party);
  }
  void Carry(Party& from, Party& to) {
    for (const auto& submission : from.TakeOutbox()) {
      const LogIndex index = from.Accept(submission);
      for (const auto& receipt : to.Take(from.DeliveryOf(submission, index)).receipts) {
        const LogIndex recorded = to.Accept(receipt);
        const link::Noticed notice{submission.subject, from.ProvenAt(recorded)};
        EXPECT_TRUE(from.inbox_->TakeNotice(notice, world_.now()).value());
      }
    }
  }
  std::string StageAt(Site& site, size_t which = 0) {
    return site.Get("/v1/legs/" + leg_ + "/attachments")["attachments"][which]["stage"];
  }
  std::string IdAt(Site& site, size_t which = 0) {
    return site.Get("/v1/legs/" + leg_ + "/attachments")["attachments"][which]["id"];
  }
  void Upload() {
    for (int i = 0; i < 200 && StageAt(police_) == "UPLOADING"; ++i) {
      police_.Round(broker_, steady_ += 16'000, lost_);
    }
    EXPECT_EQ(StageAt(police_), "QUEUED");
  }
  void Fetch() {
    for (int i = 0; i < 200 && StageAt(office_) == "FETCHING"; ++i) {
      office_.Round(broker_, steady_ += 16'000, lost_);
    }
    EXPECT_EQ(StageAt(office_), "CHECKING");
  }
  Json Assessment() { return {{"jenis", "ASESMEN"}, {"nama_berkas", "asesmen.pdf"}}; }

  testing::World world_;
  Site police_;
  Site office_;
  std::string leg_;
  ChunkMap broker_;
  UnixMillis steady_ = 0;
  double lost_ = 0;
};

TEST_F(AttachmentsTest, WhatIsTopSecretGoesOnlyToWhoIsClearedForIt) {
  const Json visum = {{"jenis", "VISUM"}, {"nama_berkas", "visum.pdf"}};
  const ApiReply reply = police_.Attach(leg_, "%PDF-1.7 isi", visum);
  EXPECT_EQ(reply.status, 422) << reply.body;
  EXPECT_NE(reply.body.find("isi.lampiran.klasifikasi"), std::string::npos) << reply.body;
  Json lowered = visum;
  lowered["klasifikasi"] = "R";
  EXPECT_EQ(police_.Attach(leg_, "%PDF-1.7 isi", lowered).status, 422) << "it stays class SR";
}

TEST_F(AttachmentsTest, AFileForAReferralThatIsRefusedIsToldAsFailed) {
  const auto reply = police_.Call("POST", "/v1/messages", Vector("emergency_with_t2_inside.json"));
  ASSERT_EQ(reply.status, 202) << reply.body;
  leg_ = Json::parse(reply.body)["leg_id"];
  ASSERT_EQ(police_.Attach(leg_, "%PDF-1.7 isi", Assessment()).status, 202);
  EXPECT_EQ(StageAt(police_), "UPLOADING");
  link::Refusal refusal;
  refusal.kind = v1::Subject::MESSAGE;
  refusal.subject = police_.party.TakeOutbox().at(0).subject;
  refusal.reason = v1::RefusalReason::POLICY_DENIED;
  refusal.final = true;
  police_.party.Settle({}, {refusal});
  EXPECT_EQ(StageAt(police_), "FAILED");
}

TEST_F(AttachmentsTest, AFileComesOutAsItWentInAndTheBrokerLetsGo) {
  const std::string file = Pdf(900'000);
  const auto reply = police_.Attach(leg_, file, Assessment());
  ASSERT_EQ(reply.status, 202) << reply.body;
  EXPECT_EQ(Json::parse(reply.body)["tipe_isi"], "application/pdf");
  EXPECT_TRUE(police_.party.TakeOutbox().empty()) << "no LAMPIRAN before the broker has all";
  Upload();
  Carry(police_.party, office_.party);
  EXPECT_EQ(StageAt(office_), "FETCHING");
  Fetch();
  office_.Check();
  EXPECT_EQ(StageAt(office_), "READY");
  EXPECT_EQ(office_.Content(IdAt(office_)), file);
  EXPECT_EQ(office_.Content(IdAt(office_), "bytes=700000-"), file.substr(700'000));
  EXPECT_EQ(police_.Content(IdAt(police_)), file) << "our own copy";
  office_.Round(broker_, steady_ += 16'000);
  EXPECT_TRUE(broker_.empty());
  const Json told = office_.Get("/v1/attachments/" + IdAt(office_));
  EXPECT_EQ(told["lampiran"]["nama_berkas"], "asesmen.pdf");
  EXPECT_EQ(told["lampiran"]["ukuran"], file.size());
  EXPECT_EQ(told.dump().find("kunci"), std::string::npos);
}

TEST_F(AttachmentsTest, LostAnswersAndRestartsCostTimeAndNothingElse) {
  const std::string file = Pdf(2'000'000);
  ASSERT_EQ(police_.Attach(leg_, file, Assessment()).status, 202);
  lost_ = 0.5;
  for (int i = 0; i < 3; ++i) {
    police_.Round(broker_, steady_ += 16'000, lost_);
  }
  police_.Restart();
  police_.party.FollowDirectory();
  Upload();
  Carry(police_.party, office_.party);
  for (int i = 0; i < 3; ++i) {
    office_.Round(broker_, steady_ += 16'000, lost_);
  }
  office_.Restart();
  const int gets_before = broker_.gets;
  lost_ = 0;
  Fetch();
  EXPECT_LT(broker_.gets - gets_before, 8) << "what was here was not fetched again";
  office_.Check();
  EXPECT_EQ(office_.Content(IdAt(office_)), file);
}

TEST_F(AttachmentsTest, NothingReadableIsOnEitherDisk) {
  ASSERT_EQ(police_.Attach(leg_, Pdf(400'000), Assessment()).status, 202);
  Upload();
  Carry(police_.party, office_.party);
  Fetch();
  office_.Check();
  for (Site* site : {&police_, &office_}) {
    size_t files = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(site->party.scratch_.path())) {
      if (entry.is_regular_file()) {
        std::ifstream stream(entry.path(), std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(stream)), {});
        EXPECT_EQ(text.find("namarahasia"), std::string::npos) << entry.path();
        EXPECT_EQ(text.find("asesmen.pdf"), std::string::npos) << entry.path();
        ++files;
      }
    }
    EXPECT_GE(files, 3U);
  }
}

TEST_F(AttachmentsTest, TheSameFileIsUploadedAndFetchedOnce) {
  const std::string file = Pdf(600'000);
  const auto first = Json::parse(police_.Attach(leg_, file, Assessment()).body);
  const auto again = police_.Attach(leg_, file, Assessment());
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(Json::parse(again.body)["id"], first["id"]);
  Upload();
  const int puts = broker_.puts;
  Json other = Assessment();
  other["keterangan"] = "untuk jaksa";
  EXPECT_EQ(police_.Attach(leg_, file, other).status, 202);
  for (int i = 0; i < 5; ++i) {
    police_.Round(broker_, steady_ += 16'000);
  }
  EXPECT_EQ(StageAt(police_, 1), "QUEUED");
  EXPECT_EQ(broker_.puts, puts) << "nothing was uploaded again";
  Carry(police_.party, office_.party);
  Carry(police_.party, office_.party);
  Fetch();
  const int gets = broker_.gets;
  office_.Check();
  EXPECT_EQ(office_.Content(IdAt(office_, 1)), file);
  EXPECT_EQ(broker_.gets, gets);
}

TEST_F(AttachmentsTest, ChunksThatDoNotFitAreNeverKept) {
  ASSERT_EQ(police_.Attach(leg_, Pdf(300'000), Assessment()).status, 202);
  Upload();
  Carry(police_.party, office_.party);
  broker_.bend = true;
  for (int i = 0; i < 20; ++i) {
    office_.Round(broker_, steady_ += 16'000);
  }
  EXPECT_EQ(StageAt(office_), "BROKEN");
  EXPECT_NE(office_.Call("GET", "/v1/attachments/" + IdAt(office_) + "/content").status, 200);
}

TEST_F(AttachmentsTest, WhatTheBrokerHasNoMoreIsToldAsGone) {
  ASSERT_EQ(police_.Attach(leg_, Pdf(300'000), Assessment()).status, 202);
  Upload();
  Carry(police_.party, office_.party);
  broker_ = ChunkMap();
  office_.Round(broker_, steady_ += 16'000);
  EXPECT_EQ(StageAt(office_), "GONE");
}

TEST_F(AttachmentsTest, AScannersObjectionQuarantinesAndItsSilenceShowsNothing) {
  ASSERT_EQ(police_.Attach(leg_, Pdf(300'000), Assessment()).status, 202);
  Upload();
  Carry(police_.party, office_.party);
  Fetch();
  const std::string id = IdAt(office_);
  EXPECT_EQ(office_.Call("GET", "/v1/attachments/" + id + "/content").status, 409) << "unchecked";
  ScannerSettings scanner;
  scanner.command = {"grep", "-q", "-v", "namarahasia"};
  scanner.command = {"sh", "-c", "cat >/dev/null; exit 1"};
  office_.Check(scanner);
  EXPECT_EQ(StageAt(office_), "QUARANTINED");
  EXPECT_EQ(office_.Call("GET", "/v1/attachments/" + id + "/content").status, 409);
}

TEST_F(AttachmentsTest, WhatMayNotBeAttachedIsRefusedWithTheFieldThatIsWrong) {
  const std::string file = Pdf(1'000);
  EXPECT_EQ(police_.Attach(leg_, "MZ\x90 program", Assessment()).status, 422);
  EXPECT_EQ(police_.Attach(leg_, "", Assessment()).status, 422) << "empty";
  EXPECT_EQ(police_.Attach(leg_, file, {{"jenis", "FOTO"}, {"nama_berkas", "a.pdf"}}).status, 422);
  EXPECT_EQ(police_.Attach(leg_, file, {{"jenis", "VISUM"}, {"nama_berkas", "../a"}}).status, 422);
  EXPECT_EQ(police_.Attach(leg_, file, {{"jenis", "VISUM"}}).status, 422);
  Json with_key = Assessment();
  with_key["kunci"] = "AAAA";
  EXPECT_EQ(police_.Attach(leg_, file, with_key).status, 422);
  Json wrong_type = Assessment();
  wrong_type["tipe_isi"] = "image/png";
  EXPECT_EQ(police_.Attach(leg_, file, wrong_type).status, 422);
  const std::string nowhere = "0190a6d8-0000-7000-8000-000000000000";
  EXPECT_EQ(police_.Attach(nowhere, file, Assessment()).status, 404);
  EXPECT_TRUE(police_.Get("/v1/legs/" + leg_ + "/attachments")["attachments"].empty());
  EXPECT_EQ(
      std::distance(std::filesystem::directory_iterator(police_.party.scratch_.file("lampiran")),
                    std::filesystem::directory_iterator()),
      0)
      << "nothing is left in the spool";
}

TEST_F(AttachmentsTest, AnUploadThatIsCutShortOrRunsOverLeavesNothing) {
  ApiRequest request{"POST", "/v1/legs/" + leg_ + "/attachments", {}, ""};
  request.headers = {{"rujukan-isi", Assessment().dump()}, {"content-length", "1000"}};
  const std::string file = Pdf(1'001);
  auto sink = police_.party.api_->Begin(request);
  EXPECT_TRUE(sink->Take(file.substr(0, 999)));
  EXPECT_EQ(sink->Finish().status, 422);
  sink = police_.party.api_->Begin(request);
  EXPECT_FALSE(sink->Take(file));
  EXPECT_EQ(sink->Finish().status, 422);
  request.headers["content-length"] = std::to_string(limits::kAttachmentBytesMax + 1);
  EXPECT_EQ(police_.party.api_->Begin(request)->Finish().status, 413);
  request.headers.erase("content-length");
  EXPECT_EQ(police_.party.api_->Begin(request)->Finish().status, 411);
}

TEST_F(AttachmentsTest, WhoReadsAFileIsInTheReadTrail) {
  ASSERT_EQ(police_.Attach(leg_, Pdf(1'000), Assessment()).status, 202);
  const std::string id = IdAt(police_);
  const int64_t before = police_.Get("/v1/status")["reads_logged"];
  police_.Content(id);
  EXPECT_EQ(police_.Get("/v1/status")["reads_logged"], before + 1);
}

TEST_F(AttachmentsTest, ErasedWithItsLegNeitherFileNorKeyIsLeft) {
  ASSERT_EQ(police_.Attach(leg_, Pdf(300'000), Assessment()).status, 202);
  Upload();
  Carry(police_.party, office_.party);
  Fetch();
  office_.Check();
  const std::string id = IdAt(office_);
  const Json body = {{"isi", {{"dasar", "UU 27/2022 ps. 8"}, {"alasan", "permintaan wali"}}}};
  ASSERT_EQ(police_.Call("POST", "/v1/legs/" + leg_ + "/erase", body.dump()).status, 202);
  Carry(police_.party, office_.party);
  Erasures erasures(*office_.party.store_, office_.party.config_.officer, true, [&] {
    return office_.party.store_->Read([&](Tables& tables) -> Result<void> {
      ASSIGN_OR_RETURN(const auto live, tables.AttachmentRoots());
      return office_.party.spool_.Sweep(live);
    });
  });
  ASSERT_TRUE(erasures.Review(office_.party.config_.address, world_.now()).has_value());
  EXPECT_EQ(StageAt(office_), "ERASED");
  EXPECT_NE(office_.Call("GET", "/v1/attachments/" + id + "/content").status, 200);
  EXPECT_TRUE(std::filesystem::is_empty(office_.party.scratch_.file("lampiran")));
}

}  // namespace
}  // namespace rujukan::agency
