#include "agents/agency/print_evidence.h"

#include "agents/agency/phrases.h"
#include "agents/agency/print.h"

namespace rujukan::agency {
namespace {

using P = Phrase;

void PrintAction(const std::string& action, std::ostream& out) {
  if (action == "DECRYPTED") {
    out << P::kOpenedByAgent;
  } else if (action == "VIEWED") {
    out << P::kViewed;
  } else if (action == "DISCLOSED") {
    out << P::kDisclosed;
  } else if (action == "ERASED") {
    out << P::kErased;
  } else {
    out << "?";
  }
}

void PrintState(const std::string& state, bool incoming, std::ostream& out) {
  if (state == "ASKED") {
    out << (incoming ? P::kWaitsForYou : P::kWaitsForOther);
  } else if (state == "ERASING" || state == "ATTESTED") {
    out << P::kBeingErased;
  } else if (state == "DONE") {
    out << P::kErasedAttested;
  } else if (state == "OBJECTED") {
    out << P::kObjected;
  } else if (state == "REFUSED") {
    out << P::kRefusedByBroker;
  } else {
    out << "?";
  }
}

}  // namespace

void PrintTrail(const Json& trail, std::ostream& out) {
  out << P::kReadTrail << ": " << JsonText(trail, "logged") << " " << P::kLogged << ", "
      << JsonText(trail, "anchored") << " " << P::kInLedger;
  if (JsonText(trail, "entry") != "-") {
    out << " (" << P::kEntry << " " << JsonText(trail, "entry") << ", "
        << JsonText(trail, "anchored_at") << ")";
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
        << JsonText(one, "reader") << "  ";
    PrintAction(JsonText(one, "action"), out);
    out << "  " << JsonText(one, "stage") << "\n      " << P::kMessage << " "
        << JsonText(one, "message_id");
    if (JsonText(one, "given_to") != "-") {
      out << "  " << P::kTo << " " << JsonText(one, "given_to");
    }
    if (JsonText(one, "reason") != "-") {
      out << "  " << P::kReason << ": " << JsonText(one, "reason");
    }
    out << "\n";
  }
}

void PrintErasures(const Json& list, std::ostream& out) {
  const Json erasures = list.value("erasures", Json::array());
  if (erasures.empty()) {
    out << "(" << P::kEmpty << ")\n";
  }
  for (const auto& one : erasures) {
    const bool incoming = JsonText(one, "direction") == "in";
    out << JsonText(one, "request") << "  " << (incoming ? P::kAskedBy : P::kAskedOf) << " "
        << JsonText(one, "peer") << "\n    ";
    PrintState(JsonText(one, "state"), incoming, out);
    const std::string message = JsonText(one, "message_id");
    out << "\n    " << P::kLeg << " " << JsonText(one, "leg_id") << "  " << P::kMessage << " "
        << (message == "-" ? Say(P::kAll, SpokenOn(out)) : message) << "\n    " << P::kBasis << ": "
        << JsonText(one, "dasar") << "\n    " << P::kReason << ": " << JsonText(one, "alasan")
        << "\n";
    if (JsonText(one, "refused_because") != "-") {
      out << "    " << JsonText(one, "refused_because") << "\n";
    }
    if (JsonText(one, "hold") != "-") {
      out << "    " << P::kHeldHere << ": " << JsonText(one, "hold") << "\n";
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
  out << "  " << P::kItsAnswer << ": rujukan-agent erasures\n";
}

void PrintDecided(const Json& answer, std::ostream& out) {
  out << (JsonText(answer, "decision") == "carry-out" ? P::kErasedAttestationSent
                                                      : P::kObjectionSent)
      << "\n";
}

void PrintHold(const Json& answer, std::ostream& out) {
  out << JsonText(answer, "leg_id") << ": "
      << (answer.value("held", false) ? P::kIsHeld : P::kNoLongerHeld) << "\n";
}

}  // namespace rujukan::agency
