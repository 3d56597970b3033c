// What the command line says to people: each phrase once, in Indonesian and in English. A stream
// has the language it speaks: without being told both, "Indonesia / English"; with `id` or `en`
// one.
//
//   Speak(out, Lang::kIndonesian);  out << Phrase::kLink;
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "agents/agency/json.h"

namespace rujukan::agency {

enum class Lang : uint8_t { kBoth, kIndonesian, kEnglish };

// `option` (--lang) first: "id", "en", "id/en"; "" asks the environment, LC_ALL before LC_MESSAGES
// before LANG: id_ID.UTF-8, en_GB; anything else, C among it, is both.
struct LocaleNames {
  std::string_view lc_all;
  std::string_view lc_messages;
  std::string_view lang;
};
Lang LanguageOf(std::string_view option, const LocaleNames& names);

enum class Phrase : uint8_t {
  // --- everywhere ---
  kFailed,
  kEmpty,
  kNoneYet,
  kReason,
  kBasis,
  kMessage,
  kLeg,
  kEntry,
  kOf,
  kFrom,
  kTo,
  kState,
  kNote,
  kUntil,
  kAsOf,
  kDays,
  kAll,
  kNext,
  // --- status ---
  kLink,
  kLastError,
  kWitnesses,
  kEnough,
  kNotEnough,
  kOnlyMostUrgent,
  kLedger,
  kEntries,
  kQueued,
  kAccepted,
  kRefused,
  kReceived,
  kHeld,
  kBounced,
  kReads,
  kInLedger,
  kKeyRenewal,
  kCertificate,
  kNotices,
  kToldTimes,
  kFailedTimes,
  // --- messages and legs ---
  kProofVerified,
  kProofFails,
  kHeldLoud,
  kBouncedLoud,
  kDecideBy,
  kReceiptOf,
  kPeer,
  kPossibleNow,
  kHeldNotErased,
  kStored,
  kSentBefore,
  // --- directory, policy, keys ---
  kPlace,
  kServices,
  kCapacity,
  kContact24,
  kDoesNotFit,
  kNothingFits,
  kAgenciesAsOf,
  kAdmitted,
  kSteward,
  kEdited,
  kDirectoryRoot,
  kLastEntry,
  kReadRootAloud,
  kRecorded,
  kPermitted,
  kAllowed,
  kDenied,
  kNeedsSupervisor,
  kRule,
  kDecides,
  kPolicyVersion,
  kSigningKey,
  kEncryptionKey,
  kReplaced,
  kCountsUntil,
  kThisRegion,
  kServesRegion,
  kInsideRegion,
  kProvince,
  kNational,
  // --- reads, erasures, holds ---
  kReadTrail,
  kLogged,
  kOpenedByAgent,
  kViewed,
  kDisclosed,
  kErased,
  kWaitsForYou,
  kWaitsForOther,
  kBeingErased,
  kErasedAttested,
  kObjected,
  kRefusedByBroker,
  kAskedBy,
  kAskedOf,
  kHeldHere,
  kItsAnswer,
  kErasedAttestationSent,
  kObjectionSent,
  kIsHeld,
  kNoLongerHeld,
  // --- today, overdue, search ---
  kNothingWaits,
  kNothingLate,
  kNothingFound,
  kRespondAlert,
  kReceive,
  kConfirm,
  kDecide,
  kAnswer,
  kContact,
  kSignHandover,
  kReport,
  kReview,
  kService,
  kClose,
  kSignOff,
  kAnswerCancel,
  kAnswerWithdrawal,
  kFindAgency,
  kStatutory,
  kSendTask,
  kDueBy,
  kNoTimeSet,
  kLateBy,
  kTimeLeft,
  kEscalationLevel,
  kTold,
  kWaitsForUs,
  kWaitsForThem,
  kChild,
  kMore,
  // --- timers ---
  kTimerStarted,
  kTimerStopped,
  kSince,
  kByStatute,
  kByCalendar,
  kWarned,
  kBreached,
  // --- waiting and files ---
  kWaitsForAdmin,
  kWaitsForKeys,
  kJoinRecorded,
  kFingerprint,
  kReadFingerprint,
  kJoined,
  kJoinPending,
  kFromCopy,
  kTrailForAuditor,
  kContentFor,
  kNotedInTrail,
  kHandOver,
  kIsThere,
};
inline constexpr size_t kPhraseCount = static_cast<size_t>(Phrase::kIsThere) + 1;

struct PhraseWords {
  Phrase phrase;
  std::string_view indonesian;
  std::string_view english;
};
const PhraseWords& WordsOf(Phrase phrase);
std::string Say(Phrase phrase, Lang lang);

// A text of two halves, "Indonesia / English", in one language; as it is when it has not exactly
// two.
std::string OneLanguage(const std::string& text, Lang lang);

// OneLanguage for what the API says to people in an answer: details, findings, next steps.
void InOneLanguage(Lang lang, Json& answer);

void Speak(std::ostream& out, Lang lang);
Lang SpokenOn(std::ostream& out);
std::ostream& operator<<(std::ostream& out, Phrase phrase);

}  // namespace rujukan::agency
