#include "agents/agency/phrases.h"

#include <algorithm>
#include <array>

namespace rujukan::agency {
namespace {

using P = Phrase;

constexpr std::array<PhraseWords, kPhraseCount> kWords = {{
    {P::kFailed, "gagal", "failed"},
    {P::kEmpty, "kosong", "empty"},
    {P::kNoneYet, "belum ada", "none yet"},
    {P::kReason, "alasan", "reason"},
    {P::kBasis, "dasar", "basis"},
    {P::kMessage, "pesan", "message"},
    {P::kLeg, "rujukan", "leg"},
    {P::kEntry, "entri", "entry"},
    {P::kOf, "dari jumlah", "of"},
    {P::kFrom, "dari", "from"},
    {P::kTo, "kepada", "to"},
    {P::kState, "keadaan", "state"},
    {P::kNote, "catatan", "note"},
    {P::kUntil, "sampai", "until"},
    {P::kAsOf, "per", "as of"},
    {P::kDays, "hari", "days"},
    {P::kAll, "semua", "all"},
    {P::kNext, "langkah", "next"},
    {P::kLink, "sambungan", "link"},
    {P::kLastError, "gangguan", "last error"},
    {P::kWitnesses, "saksi", "witnesses"},
    {P::kEnough, "cukup", "enough"},
    {P::kNotEnough, "BELUM CUKUP", "NOT ENOUGH"},
    {P::kOnlyMostUrgent, "hanya AMAT_SEGERA yang dikirim", "only AMAT_SEGERA is sent"},
    {P::kLedger, "buku besar", "ledger"},
    {P::kEntries, "entri seluruhnya", "entries"},
    {P::kQueued, "antre", "queued"},
    {P::kAccepted, "terkirim", "accepted"},
    {P::kRefused, "ditolak", "refused"},
    {P::kReceived, "masuk", "received"},
    {P::kHeld, "ditahan", "held"},
    {P::kBounced, "kembali", "bounced"},
    {P::kReads, "jejak baca, baris", "reads"},
    {P::kInLedger, "di buku besar", "in the ledger"},
    {P::kKeyRenewal, "pembaruan kunci", "renewal of keys"},
    {P::kCertificate, "sertifikat", "certificate"},
    {P::kNotices, "pemberitahuan", "notices"},
    {P::kToldTimes, "disampaikan", "told"},
    {P::kFailedTimes, "tidak sampai", "not told"},
    {P::kProofVerified, "bukti sah", "proof verified"},
    {P::kProofFails, "BUKTI TIDAK SAH", "PROOF DOES NOT HOLD"},
    {P::kHeldLoud, "DITAHAN", "HELD"},
    {P::kBouncedLoud, "KEMBALI", "BOUNCED"},
    {P::kDecideBy, "putuskan sebelum", "decide by"},
    {P::kReceiptOf, "tanda terima", "receipt of"},
    {P::kPeer, "lawan", "peer"},
    {P::kPossibleNow, "langkah yang mungkin", "possible now"},
    {P::kHeldNotErased, "DITAHAN, tidak dihapus", "HELD, not erased"},
    {P::kStored, "disimpan, akan dikirim", "stored, on its way"},
    {P::kSentBefore, "sudah pernah dikirim", "was sent before"},
    {P::kPlace, "tempat", "place"},
    {P::kServices, "layanan", "services"},
    {P::kCapacity, "kapasitas", "capacity"},
    {P::kContact24, "24 jam", "24 h"},
    {P::kDoesNotFit, "TIDAK COCOK", "DOES NOT FIT"},
    {P::kNothingFits, "tidak ada yang cocok; kurangi syaratnya", "nothing fits: ask for less"},
    {P::kAgenciesAsOf, "lembaga, direktori per", "agencies, directory as of"},
    {P::kAdmitted, "diterima", "admitted"},
    {P::kSteward, "pengelola catatan", "steward"},
    {P::kEdited, "disunting", "edited"},
    {P::kDirectoryRoot, "akar direktori", "directory root"},
    {P::kLastEntry, "entri terakhir", "last entry"},
    {P::kReadRootAloud,
     "bacakan kepada lembaga lain: angka yang sama berarti direktori yang sama",
     "read it to another agency: the same digits mean the same directory"},
    {P::kRecorded, "tercatat", "recorded"},
    {P::kPermitted, "diizinkan pengawas", "permitted"},
    {P::kAllowed, "boleh", "allowed"},
    {P::kDenied, "dilarang", "denied"},
    {P::kNeedsSupervisor, "perlu pengawas", "needs a supervisor"},
    {P::kRule, "aturan", "rule"},
    {P::kDecides, "MEMUTUSKAN", "DECIDES"},
    {P::kPolicyVersion, "versi kebijakan", "policy version"},
    {P::kSigningKey, "kunci tanda tangan", "signing key"},
    {P::kEncryptionKey, "kunci enkripsi", "encryption key"},
    {P::kReplaced, "diganti", "replaced"},
    {P::kCountsUntil, "berlaku sampai", "counts until"},
    {P::kThisRegion, "wilayah ini", "this region"},
    {P::kServesRegion, "melayani wilayah ini", "serves it"},
    {P::kInsideRegion, "di dalamnya", "inside it"},
    {P::kProvince, "provinsi", "province"},
    {P::kNational, "nasional", "national"},
    {P::kReadTrail, "jejak baca", "read trail"},
    {P::kLogged, "dicatat", "logged"},
    {P::kOpenedByAgent, "dibuka agen", "opened by the agent"},
    {P::kViewed, "dilihat", "viewed"},
    {P::kDisclosed, "diserahkan", "disclosed"},
    {P::kErased, "dihapus", "erased"},
    {P::kWaitsForYou, "MENUNGGU KEPUTUSAN ANDA", "waits for your decision"},
    {P::kWaitsForOther, "menunggu jawaban", "waits for the other side"},
    {P::kBeingErased, "sedang dihapus", "being erased"},
    {P::kErasedAttested, "sudah dihapus", "erased and attested"},
    {P::kObjected, "keberatan", "objected"},
    {P::kRefusedByBroker, "ditolak broker", "refused by the broker"},
    {P::kAskedBy, "diminta oleh", "asked by"},
    {P::kAskedOf, "diminta dari", "asked of"},
    {P::kHeldHere, "ditahan di sini", "held here"},
    {P::kItsAnswer, "jawabannya", "its answer"},
    {P::kErasedAttestationSent,
     "isi dihapus; atestasi dikirim",
     "content erased; the attestation is on its way"},
    {P::kObjectionSent, "keberatan dikirim", "the objection is on its way"},
    {P::kIsHeld, "ditahan, tidak dihapus", "held, it is not erased"},
    {P::kNoLongerHeld, "tidak ditahan lagi", "no longer held"},
    {P::kNothingWaits, "tidak ada yang menunggu", "nothing waits"},
    {P::kNothingLate, "tidak ada yang terlambat", "nothing is late"},
    {P::kNothingFound, "tidak ditemukan", "nothing found"},
    {P::kRespondAlert, "TANGGAPI PERINGATAN DARURAT", "ACT ON AN ALERT"},
    {P::kReceive,
     "belum diterima mesin penerima: telepon",
     "the receiver's machine does not have it yet: telephone"},
    {P::kConfirm, "buka dan konfirmasi", "open and confirm"},
    {P::kDecide, "putuskan: terima, tolak, atau alihkan", "accept, decline or redirect"},
    {P::kAnswer, "jawab pertanyaan", "answer the question"},
    {P::kContact, "temui anak", "meet the child"},
    {P::kSignHandover, "tanda tangani serah terima", "sign the handover"},
    {P::kReport, "laporan kemajuan", "progress report"},
    {P::kReview, "tinjau yang ditunda", "look at what is paused"},
    {P::kService, "layanan yang diminta", "the service asked for"},
    {P::kClose, "setujui penutupan, atau keberatan", "agree to close, or object"},
    {P::kSignOff, "pengesahan pejabat", "the signing official's word"},
    {P::kAnswerCancel, "jawab permintaan batal", "answer the request to cancel"},
    {P::kAnswerWithdrawal, "jawab penarikan persetujuan", "answer the withdrawal of consent"},
    {P::kFindAgency, "PERLU LEMBAGA LAIN", "NEEDS ANOTHER AGENCY"},
    {P::kStatutory, "batas waktu undang-undang", "time limit of the law"},
    {P::kSendTask,
     "BELUM TERKIRIM dari mesin ini: telepon penerima",
     "HAS NOT LEFT this machine: telephone the receiver"},
    {P::kDueBy, "paling lambat", "due by"},
    {P::kNoTimeSet, "tanpa batas waktu", "no time is set"},
    {P::kLateBy, "terlambat", "late by"},
    {P::kTimeLeft, "sisa waktu", "time left"},
    {P::kEscalationLevel, "eskalasi", "escalation"},
    {P::kTold, "sudah diberi tahu", "already told"},
    {P::kWaitsForUs, "menunggu kita", "waits for us"},
    {P::kWaitsForThem, "menunggu pihak lain", "the other side is waited for"},
    {P::kChild, "anak", "child"},
    {P::kMore, "masih ada lagi; persempit", "there are more; ask for less"},
    {P::kTimerStarted, "dihitung", "counted"},
    {P::kTimerStopped, "tidak dihitung lagi", "no longer counted"},
    {P::kSince, "sejak", "since"},
    {P::kByStatute, "menurut hukum", "by the statute"},
    {P::kByCalendar, "menurut kalender", "by the calendar"},
    {P::kWarned, "SEGERA: batas kalender terlewati", "HURRY: past the limit by the calendar"},
    {P::kBreached, "BATAS HUKUM TERLAMPAUI", "PAST THE LEGAL LIMIT"},
    {P::kWaitsForAdmin, "menunggu admin", "waiting for the admin"},
    {P::kWaitsForKeys, "menunggu kunci baru", "waiting for the new keys"},
    {P::kJoinRecorded, "permintaan tercatat", "the request is recorded"},
    {P::kFingerprint, "sidik jari", "fingerprint"},
    {P::kReadFingerprint, "bacakan kepada admin lewat telepon", "read it to the admin by phone"},
    {P::kJoined,
     "diterima dan aktif; `rujukan-agent run` tidak perlu apa-apa lagi",
     "approved and live; rujukan-agent run needs nothing more"},
    {P::kJoinPending, "menunggu persetujuan", "waiting for approval"},
    {P::kFromCopy,
     "agen tidak berjalan: dari salinan di sini",
     "no agent runs: from the copy here"},
    {P::kTrailForAuditor, "jejak baca untuk auditor", "the read trail, for an auditor"},
    {P::kContentFor, "isi untuk", "content for"},
    {P::kNotedInTrail, "tercatat di jejak baca", "noted in the read trail"},
    {P::kHandOver, "serahkan langsung, jangan lewat surel", "hand it over, not by mail"},
    {P::kIsThere, "sudah ada", "is there already"},
}};

bool Begins(std::string_view name, std::string_view code) {
  return name == code || name.starts_with(std::string(code) + "_") ||
         name.starts_with(std::string(code) + ".");
}

// Members of answers whose text the agent or the policy wrote, in both languages. A list's items
// have its index for a name.
bool IsForPeople(std::string_view name) {
  constexpr auto kNames = std::to_array<std::string_view>({"detail",
                                                           "note",
                                                           "next_step",
                                                           "message",
                                                           "because",
                                                           "why",
                                                           "refused_because",
                                                           "masalah",
                                                           "last_error"});
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
         (!name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos);
}

int StreamPlace() {
  static const int place = std::ios_base::xalloc();
  return place;
}

}  // namespace

Lang LanguageOf(std::string_view option, const LocaleNames& names) {
  std::string_view name = option;
  for (const auto next : {names.lc_all, names.lc_messages, names.lang}) {
    name = name.empty() ? next : name;
  }
  if (Begins(name, "id")) {
    return Lang::kIndonesian;
  }
  return Begins(name, "en") ? Lang::kEnglish : Lang::kBoth;
}

const PhraseWords& WordsOf(Phrase phrase) {
  return kWords[static_cast<size_t>(phrase)];
}

std::string Say(Phrase phrase, Lang lang) {
  const PhraseWords& words = WordsOf(phrase);
  switch (lang) {
    case Lang::kIndonesian:
      return std::string(words.indonesian);
    case Lang::kEnglish:
      return std::string(words.english);
    case Lang::kBoth:
      break;
  }
  return std::string(words.indonesian) + " / " + std::string(words.english);
}

std::string OneLanguage(const std::string& text, Lang lang) {
  constexpr std::string_view kBetween = " / ";
  const size_t at = text.find(kBetween);
  if (lang == Lang::kBoth || at == std::string::npos ||
      text.find(kBetween, at + 1) != std::string::npos) {
    return text;
  }
  return lang == Lang::kIndonesian ? text.substr(0, at) : text.substr(at + kBetween.size());
}

// Depth is bounded by ParseJson.
void InOneLanguage(Lang lang, Json& answer) {  // NOLINT(misc-no-recursion)
  for (auto& [name, value] : answer.items()) {
    if (value.is_structured() && name != "isi") {
      InOneLanguage(lang, value);
    } else if (value.is_string() && IsForPeople(name)) {
      value = OneLanguage(value.get<std::string>(), lang);
    }
  }
}

void Speak(std::ostream& out, Lang lang) {
  out.iword(StreamPlace()) = static_cast<long>(lang);
}

Lang SpokenOn(std::ostream& out) {
  return static_cast<Lang>(out.iword(StreamPlace()));
}

std::ostream& operator<<(std::ostream& out, Phrase phrase) {
  return out << Say(phrase, SpokenOn(out));
}

}  // namespace rujukan::agency
