#include "agents/agency/print_evidence.h"

#include "agents/agency/print.h"

namespace rujukan::agency {
namespace {

const char* ActionWord(const std::string& action) {
  if (action == "DECRYPTED") {
    return "dibuka agen / opened by the agent";
  }
  if (action == "VIEWED") {
    return "dilihat / viewed";
  }
  if (action == "DISCLOSED") {
    return "diserahkan / disclosed";
  }
  return action == "ERASED" ? "dihapus / erased" : "?";
}

const char* StateWord(const std::string& state, bool incoming) {
  if (state == "ASKED") {
    return incoming ? "MENUNGGU KEPUTUSAN ANDA / waits for your decision"
                    : "menunggu jawaban / waits for the other side";
  }
  if (state == "ERASING" || state == "ATTESTED") {
    return "sedang dihapus / being erased";
  }
  if (state == "DONE") {
    return "sudah dihapus / erased and attested";
  }
  if (state == "OBJECTED") {
    return "keberatan / objected";
  }
  return state == "REFUSED" ? "ditolak broker / refused by the broker" : "?";
}

}  // namespace

void PrintTrail(const Json& trail, std::ostream& out) {
  out << "jejak baca / read trail: " << JsonText(trail, "logged") << " dicatat / logged, "
      << JsonText(trail, "anchored") << " di buku besar / in the ledger";
  if (JsonText(trail, "entry") != "-") {
    out << " (entri / entry " << JsonText(trail, "entry") << ", " << JsonText(trail, "anchored_at")
        << ")";
  }
  out << "\n";
  if (!JsonText(trail, "alarm").empty() && JsonText(trail, "alarm") != "-") {
    out << "  ALARM: " << JsonText(trail, "alarm") << "\n";
  }
}

void PrintReads(const Json& reads, std::ostream& out) {
  PrintTrail(reads, out);
  for (const auto& one : reads.value("reads", Json::array())) {
    out << "  #" << JsonText(one, "number") << "  " << JsonText(one, "time") << "  "
        << JsonText(one, "reader") << "  " << ActionWord(JsonText(one, "action")) << "  "
        << JsonText(one, "stage") << "\n      pesan / message " << JsonText(one, "message_id");
    if (JsonText(one, "given_to") != "-") {
      out << "  kepada / to " << JsonText(one, "given_to");
    }
    if (JsonText(one, "reason") != "-") {
      out << "  alasan / reason: " << JsonText(one, "reason");
    }
    out << "\n";
  }
}

void PrintErasures(const Json& list, std::ostream& out) {
  const Json erasures = list.value("erasures", Json::array());
  if (erasures.empty()) {
    out << "(kosong / empty)\n";
  }
  for (const auto& one : erasures) {
    const bool incoming = JsonText(one, "direction") == "in";
    out << JsonText(one, "request") << "  "
        << (incoming ? "diminta oleh / asked by " : "diminta dari / asked of ")
        << JsonText(one, "peer") << "\n    " << StateWord(JsonText(one, "state"), incoming)
        << "\n    rujukan / leg " << JsonText(one, "leg_id") << "  pesan / message "
        << (JsonText(one, "message_id") == "-" ? "semua / all" : JsonText(one, "message_id"))
        << "\n    dasar / basis: " << JsonText(one, "dasar")
        << "\n    alasan / reason: " << JsonText(one, "alasan") << "\n";
    if (JsonText(one, "refused_because") != "-") {
      out << "    " << JsonText(one, "refused_because") << "\n";
    }
    if (JsonText(one, "hold") != "-") {
      out << "    ditahan di sini / held here: " << JsonText(one, "hold") << "\n";
    }
    if (incoming && JsonText(one, "state") == "ASKED") {
      out << "    rujukan-agent erasures carry-out " << JsonText(one, "request")
          << "\n    rujukan-agent erasures object " << JsonText(one, "request")
          << " --reason \"...\"\n";
    }
  }
}

void PrintErasureQueued(const Json& answer, std::ostream& out) {
  PrintQueued(answer, out);
  out << "  jawabannya / its answer: rujukan-agent erasures\n";
}

void PrintDecided(const Json& answer, std::ostream& out) {
  out << (JsonText(answer, "decision") == "carry-out"
              ? "isi dihapus; atestasi dikirim / content erased; the attestation is on its way\n"
              : "keberatan dikirim / the objection is on its way\n");
}

void PrintHold(const Json& answer, std::ostream& out) {
  out << JsonText(answer, "leg_id")
      << (answer.value("held", false) ? ": ditahan, tidak dihapus / held, it is not erased\n"
                                      : ": tidak ditahan lagi / no longer held\n");
}

}  // namespace rujukan::agency
