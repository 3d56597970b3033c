// Goal: joining tells success only when this very request is in the ledger, starts anew with
// another invitation, and leaves a home that others cannot look into.
// Method: a broker's enrolment door on loopback that gives the answer a test asks for.
#include "agents/agency/enrol.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <array>
#include <atomic>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "certs/batch.h"
#include "certs/ed25519.h"
#include "certs/keyfile.h"
#include "certs/pem.h"
#include "certs/random.h"
#include "tests/support/world.h"
#include "tests/unit/agency/scratch.h"

namespace rujukan::agency {
namespace {

// Refuses every request for the same reason; remembers what was asked.
class RefusingDoor {
 public:
  RefusingDoor(const certs::TransportKeyPair& keys, v1::RefusalReason::Code reason)
      : reason_(reason), context_(zmq_ctx_new()), socket_(zmq_socket(context_, ZMQ_ROUTER)) {
    const int one = 1;
    const int zero = 0;
    zmq_setsockopt(socket_, ZMQ_CURVE_SERVER, &one, sizeof one);
    zmq_setsockopt(socket_, ZMQ_CURVE_SECRETKEY, keys.secret_key.data(), 32);
    zmq_setsockopt(socket_, ZMQ_LINGER, &zero, sizeof zero);
    EXPECT_EQ(zmq_bind(socket_, "tcp://127.0.0.1:*"), 0);
    std::array<char, 64> bound{};
    size_t size = bound.size();
    zmq_getsockopt(socket_, ZMQ_LAST_ENDPOINT, bound.data(), &size);
    address_ = bound.data();
    thread_ = std::thread([this] { Serve(); });
  }
  ~RefusingDoor() {
    zmq_ctx_shutdown(context_);  // wakes the thread
    thread_.join();
    zmq_ctx_term(context_);
  }
  RefusingDoor(const RefusingDoor&) = delete;
  RefusingDoor& operator=(const RefusingDoor&) = delete;
  const std::string& address() const { return address_; }
  void Refuse(v1::RefusalReason::Code reason) { reason_ = reason; }
  std::vector<v1::EnrolmentRequest> asked() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return asked_;
  }

 private:
  void Serve() {
    std::array<char, 256> route{};
    std::array<char, 8192> bytes{};
    while (true) {
      const int route_size = zmq_recv(socket_, route.data(), route.size(), 0);
      const int size = route_size < 0 ? -1 : zmq_recv(socket_, bytes.data(), bytes.size(), 0);
      if (size < 0) {
        break;
      }
      v1::ClientFrame frame;
      frame.ParseFromArray(bytes.data(), size);
      const std::string answer = Answer(frame).SerializeAsString();
      zmq_send(socket_, route.data(), static_cast<size_t>(route_size), ZMQ_SNDMORE);
      zmq_send(socket_, answer.data(), answer.size(), 0);
    }
    zmq_close(socket_);
  }

  v1::ServerFrame Answer(const v1::ClientFrame& frame) {
    v1::ServerFrame answer;
    if (frame.has_enrol()) {
      const std::lock_guard<std::mutex> lock(mutex_);
      asked_.emplace_back().ParseFromString(frame.enrol().request());
      answer.mutable_refused()->set_subject_kind(v1::Subject::ENROLMENT);
      answer.mutable_refused()->set_subject(link::SubmitEnrolment(frame.enrol()).subject);
      answer.mutable_refused()->set_reason(reason_);
    } else if (frame.has_enrol_status()) {
      answer.mutable_enrol_status()->set_enrolment_id(frame.enrol_status().enrolment_id());
    } else {
      answer.mutable_pong();
    }
    return answer;
  }

  std::atomic<v1::RefusalReason::Code> reason_;
  void* context_;
  void* socket_;
  std::string address_;
  std::mutex mutex_;
  std::vector<v1::EnrolmentRequest> asked_;  // guarded by mutex_
  std::thread thread_;
};

class EnrolTest : public ::testing::Test {
 protected:
  v1::Invitation Invite() {
    v1::Invitation invitation;
    invitation.set_version(1);
    invitation.set_address("dinsos.18@lampung.example");
    invitation.set_official_name("CONTOH");
    invitation.set_region("kemendagri:18");
    invitation.set_expires_at_ms(clock_.Now() + 60'000);
    invitation.set_invitation_seed(certs::RandomBytes(32));
    invitation.set_endpoint(door_.address());
    invitation.set_enrolment_endpoint(door_.address());
    invitation.set_broker_transport_key(keys_.public_key.str());
    invitation.set_log_vkey(world_.log().verifier().ToVkey());
    invitation.set_root_fingerprint(std::string(32, 'r'));
    return invitation;
  }
  Result<Joined> TryJoin(const v1::Invitation& invitation) {
    return Join(JoinRequest{home_, invitation, "", 0, outside_, {}}, clock_, [this](const Joined&) {
      announced_ = true;
    });
  }
  bool HasFile(const std::string& name) { return access(home_.PathOf(name).c_str(), F_OK) == 0; }

  testing::World world_;
  certs::TransportKeyPair keys_ = certs::GenerateTransportKeyPair();
  RefusingDoor door_{keys_, v1::RefusalReason::INVITATION_USED};
  SystemClock clock_;
  Scratch scratch_;
  Home home_{scratch_.file("home")};
  bool announced_ = false;
  std::optional<OutsideIdentity> outside_;
};

TEST_F(EnrolTest, AnInvitationThatSomebodyElseUsedIsAnErrorAndNotAPendingRequest) {
  const auto joined = TryJoin(Invite());
  ASSERT_FALSE(joined.has_value());
  EXPECT_EQ(joined.error().code, Errc::kConflict);
  EXPECT_NE(joined.error().context.find("INVITATION_USED"), std::string::npos);
  EXPECT_FALSE(announced_);
}

TEST_F(EnrolTest, TheSameInvitationSendsTheSameRequestAgain) {
  const auto invitation = Invite();
  EXPECT_FALSE(TryJoin(invitation).has_value());
  EXPECT_FALSE(TryJoin(invitation).has_value());
  const auto asked = door_.asked();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].SerializeAsString(), asked[1].SerializeAsString());
  EXPECT_FALSE(HasFile("encryption.key.1"));
}

TEST_F(EnrolTest, ANewInvitationMakesANewRequestWithNewKeysAndKeepsTheOldOnes) {
  EXPECT_FALSE(TryJoin(Invite()).has_value());
  EXPECT_FALSE(TryJoin(Invite()).has_value());
  const auto asked = door_.asked();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_NE(asked[0].invitation_key(), asked[1].invitation_key());
  EXPECT_NE(asked[0].signing_csr(), asked[1].signing_csr());
  EXPECT_NE(asked[0].transport_key(), asked[1].transport_key());
  EXPECT_TRUE(HasFile("encryption.key"));
  EXPECT_TRUE(HasFile("encryption.key.1"));
  EXPECT_FALSE(HasFile("store.key.1"));  // the database is still the same
}

TEST_F(EnrolTest, AnExpiredNewInvitationLeavesTheHomeAsItIs) {
  EXPECT_FALSE(TryJoin(Invite()).has_value());
  auto late = Invite();
  late.set_expires_at_ms(clock_.Now() - 1);
  const auto joined = TryJoin(late);
  ASSERT_FALSE(joined.has_value());
  EXPECT_EQ(joined.error().code, Errc::kExpired);
  EXPECT_FALSE(HasFile("encryption.key.1"));
}

TEST_F(EnrolTest, EveryRefusedInvitationSaysWhatToDoNext) {
  const struct {
    v1::RefusalReason::Code reason;
    const char* next;
  } cases[] = {
      {v1::RefusalReason::INVITATION_USED, "dicuri"},
      {v1::RefusalReason::INVITATION_EXPIRED, "minta yang baru"},
      {v1::RefusalReason::INVITATION_CANCELLED, "menarik"},
      {v1::RefusalReason::INVITATION_UNKNOWN, "palsu"},
  };
  for (const auto& one : cases) {
    door_.Refuse(one.reason);
    const auto joined = TryJoin(Invite());
    ASSERT_FALSE(joined.has_value());
    const std::string name = v1::RefusalReason::Code_Name(one.reason);
    EXPECT_EQ(joined.error().context.rfind(name + ": ", 0), 0U) << joined.error().context;
    EXPECT_NE(joined.error().context.find(one.next), std::string::npos) << name;
  }
}

TEST_F(EnrolTest, AnInvitationForAnotherRoleIsSentToTheRightProgramAndMakesNoHome) {
  auto invitation = Invite();
  invitation.set_role(v1::Role::STEWARD);
  const auto joined = TryJoin(invitation);
  ASSERT_FALSE(joined.has_value());
  EXPECT_EQ(joined.error().code, Errc::kInvalid);
  EXPECT_NE(joined.error().context.find("rujukan-admin join"), std::string::npos);
  EXPECT_FALSE(home_.Exists());
  EXPECT_TRUE(door_.asked().empty());
}

// The certificate of any member stands for one of an outside CA: what is looked at is the same.
class OutsideEnrolTest : public EnrolTest {
 protected:
  OutsideEnrolTest() {
    const std::string key_file = scratch_.file("bsre.key");
    EXPECT_TRUE(certs::WriteKeyFile(key_file, member_.signing_key, "").has_value());
    outside_ = OutsideIdentity{member_.signing_certificate.der(), {"intermediate"}, key_file};
  }
  const testing::Member& member_ = world_.AddApplicant("dinsos.18");
};

TEST_F(OutsideEnrolTest, ItsOwnerProvesPossessionAndTheHomeSignsWithThatKey) {
  EXPECT_FALSE(TryJoin(Invite()).has_value());  // the door refuses; what was asked counts
  const auto asked = door_.asked();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_TRUE(asked[0].signing_csr().empty());
  EXPECT_EQ(asked[0].outside_certificate(), member_.signing_certificate.der());
  EXPECT_EQ(asked[0].outside_intermediates(0), "intermediate");
  EXPECT_TRUE(member_.signing_certificate.public_key().Verify(
      std::string(certs::kPossessionContext) + asked[0].invitation_key() + asked[0].address(),
      asked[0].possession()));
  const auto key = certs::ReadKeyFile(home_.PathOf("signing.key"), "");
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->Public().Spki(), member_.signing_key.Public().Spki());
}

TEST_F(OutsideEnrolTest, AKeyOfAnotherCertificateIsRefusedBeforeAnythingIsSent) {
  outside_->certificate = world_.AddApplicant("lpa.31").signing_certificate.der();
  const auto joined = TryJoin(Invite());
  ASSERT_FALSE(joined.has_value());
  EXPECT_EQ(joined.error().code, Errc::kInvalid);
  EXPECT_TRUE(door_.asked().empty());
}

TEST_F(OutsideEnrolTest, AHomeThatHasAnotherSigningKeyKeepsIt) {
  ASSERT_TRUE(home_.MakeKeys("").has_value());
  const auto joined = TryJoin(Invite());
  ASSERT_FALSE(joined.has_value());
  EXPECT_EQ(joined.error().code, Errc::kConflict);
}

TEST(Pem, CertificatesComeOutInOrderAndDamageIsNamed) {
  testing::World world;
  const auto& first = world.admin().signing_certificate;
  const auto& second = world.AddApplicant("dinsos.18").signing_certificate;
  const auto both = certs::CertificatesIn("teks\n" + first.Pem() + second.Pem(), "a.pem");
  ASSERT_TRUE(both.has_value());
  ASSERT_EQ(both->size(), 2U);
  EXPECT_EQ(both->at(0), first.der());
  EXPECT_EQ(both->at(1), second.der());
  EXPECT_FALSE(certs::CertificatesIn("", "a.pem").has_value());
  std::string damaged = first.Pem();
  damaged[40] = '*';
  EXPECT_FALSE(certs::CertificatesIn(damaged, "a.pem").has_value());
  EXPECT_FALSE(certs::CertificatesIn(first.Pem().substr(0, 80), "a.pem").has_value());
}

TEST_F(EnrolTest, AHomeThatWasOpenToOthersIsClosed) {
  ASSERT_EQ(mkdir(home_.directory().c_str(), 0755), 0);
  ASSERT_EQ(chmod(home_.directory().c_str(), 0755), 0);
  ASSERT_TRUE(home_.MakeKeys("").has_value());
  struct stat info {};
  ASSERT_EQ(stat(home_.directory().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700U);
}

TEST_F(EnrolTest, AnOfficerThatIsNotTextIsNamedAndDoesNotThrow) {
  EXPECT_FALSE(TryJoin(Invite()).has_value());
  std::ifstream before(home_.PathOf("config.json"));
  auto json = nlohmann::json::parse(before);
  json["petugas"]["nama"] = 7;
  std::ofstream(home_.PathOf("config.json")) << json.dump();
  const auto config = home_.ReadConfig();
  ASSERT_FALSE(config.has_value());
  EXPECT_NE(config.error().context.find("petugas.nama"), std::string::npos);
}

TEST_F(EnrolTest, WitnessesAreRequiredFollowedOrNeitherAsTheConfigurationSays) {
  EXPECT_FALSE(TryJoin(Invite()).has_value());
  std::ifstream before(home_.PathOf("config.json"));
  auto json = nlohmann::json::parse(before);
  const auto with = [&](const nlohmann::json& setting) {
    json["saksi"] = setting;
    std::ofstream(home_.PathOf("config.json")) << json.dump();
    return home_.ReadConfig();
  };
  EXPECT_FALSE(home_.ReadConfig()->follows_witnesses);
  const auto required = with({{"wajib", true}});
  ASSERT_TRUE(required) << required.error().context;
  EXPECT_TRUE(required->follows_witnesses && required->requires_witnesses);
  ASSERT_TRUE(home_.WriteConfig(*required));
  EXPECT_TRUE(home_.ReadConfig()->requires_witnesses) << "it stays when the file is written again";
  const auto followed = with({{"wajib", false}});
  EXPECT_TRUE(followed->follows_witnesses && !followed->requires_witnesses);
  for (const nlohmann::json& bad :
       {nlohmann::json(true), nlohmann::json::object(), nlohmann::json{{"wajib", "ya"}}}) {
    EXPECT_EQ(with(bad).error().code, Errc::kInvalid) << bad;
  }
}

}  // namespace
}  // namespace rujukan::agency
