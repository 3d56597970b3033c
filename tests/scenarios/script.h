// A scenario as read from its file: who is there, what they say when, and what must be true then.
// tests/scenarios/README.md has the language. Values only.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/scenarios/moment.h"

namespace rujukan::scenarios {

using Json = nlohmann::ordered_json;

// "t1.kategori = [H, D]", under a step or in a template.
struct Field {
  int line = 0;
  std::string path;
  Json value;           // texts may hold {NAME} and begin with @kini or @tanggal: body.h
  bool secret = false;  // "rahasia": no broker, log or outsider may ever hold it
};

struct Agency {
  int line = 0;
  std::string name;  // "uptdppa.18.01"
  std::vector<Field> fields;
};

// What an agency does.
struct Deed {
  enum class Kind {
    kRefer,      // uppa.18.01 rujuk A ke uptdppa.18.01
    kSend,       // lpa.18 kirim K KELUHAN_LAYANAN ke dinsos.18
    kAct,        // uptdppa.18.01 accept A
    kErase,      // rs.18.01.001 hapus A / tolak_hapus A: what it was asked to erase of A
    kCall,       // dinsos.18 api POST /v1/legs/{A}/hold
    kProfile,    // lksa.18.07.001 profil: the fields are its profile from now on
    kCut,        // uppa.95.01 putus: the link is down
    kJoin,       // uppa.95.01 sambung
    kSkew,       // uppa.95.01 jam +9m
    kRenewKeys,  // uppa.95.01 kunci_baru
    kRestart,    // uppa.95.01 mati_hidup: kill -9 and a new start
    kSuspend,    // admin bekukan lksa.18.07.004
    kResume,     // admin pulihkan lksa.18.07.004
    kPermit,     // admin izinkan dinsos.18 kemensos.00: referrals that a supervisor must permit
    kBroker,     // admin broker_mati / broker_hidup
  };
  Kind kind = Kind::kAct;
  std::string who;
  std::string name;  // of the leg or message; of kSuspend, kResume the agency
  std::string verb;  // action, decision, kind of message, HTTP method, or "mati" and "hidup"
  std::string path;  // kCall
  std::vector<std::string> to;  // names of agencies
  std::vector<std::string> templates;
  std::vector<Field> fields;
  int64_t ms = 0;  // kSkew
  // "-> ditolak 409 TEXT": refused by the agent with this status; 0: by the broker, TEXT its
  // reason.
  bool refused = false;
  int status = 0;
  std::string because;
};

// What must be true, asked for until it is (or its patience is over).
struct Claim {
  enum class Kind {
    kState,        // maka A keadaan DITERIMA [di uppa.18.01]
    kResponsible,  // maka A penanggung_jawab dinsos.18
    kEscalation,   // maka A eskalasi 1
    kTold,         // maka dinsos.18 diberi_tahu A [KONFIRMASI]; negated: tidak_diberi_tahu
    kSees,         // maka dinsos.18 melihat A "teks"; negated: tidak_melihat
    kKnows,        // negated only: maka lksa.18.07.004 tidak_tahu A
    kExactlyOne,   // maka tepat_satu A B keadaan DITERIMA
    kCount,        // maka 23 dari A* keadaan TERKIRIM: of the legs whose names begin so
    kInbox,        // maka forum.18 kotak_masuk 0
    kAnswers,      // maka dinsos.18 api GET /v1/overdue berisi "x" (or tanpa "x")
  };
  Kind kind = Kind::kState;
  bool negated = false;
  std::string who;                 // an agency
  std::vector<std::string> names;  // of legs or messages
  std::string value;               // state, agency, deadline or text
  std::string path;                // kAnswers
  int number = 0;                  // kEscalation, kInbox, kCount
};

// "peran:uptdppa@18.13": the agent finds the agency.
inline bool IsRole(const std::string& to) {
  return to.starts_with("peran:");
}

struct Step {
  int line = 0;
  std::string text;  // as written, for reports
  Moment when;
  std::optional<Deed> deed;  // a deed or a claim
  std::optional<Claim> claim;
};

struct Script {
  std::string file;
  std::string id;  // "SC5"
  std::string title;
  Moment begins;
  int zone_minutes = 0;
  std::vector<Agency> agencies;
  std::map<std::string, std::vector<Field>> templates;
  std::vector<Step> steps;

  const Agency* FindAgency(const std::string& name) const;
  // Every word marked as secret, once each, in the order of the file.
  std::vector<std::string> Secrets() const;
};

}  // namespace rujukan::scenarios
