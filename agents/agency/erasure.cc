#include "agents/agency/erasure.h"

#include <algorithm>

#include "agents/agency/read_log.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

constexpr LogIndex kEver = INT64_MAX;  // past every entry, and a number that SQLite knows

tl::unexpected<Error> HeldHere(const LocalHold& hold) {
  return Fail(Errc::kConflict,
              "rujukan ini ditahan di sini: " + hold.reason +
                  "; lepaskan dulu dengan `rujukan-agent unhold` / this agency holds the leg: "
                  "unhold it first");
}

Result<void> RequireNoLocalHold(Tables& tables, const LegId& leg) {
  ASSIGN_OR_RETURN(const auto hold, tables.FindLocalHold(leg));
  return hold ? Result<void>(HeldHere(*hold)) : Result<void>();
}

// The opening's second stage goes with it.
Result<bool> MeansOpening(Tables& tables, const std::string& target) {
  if (target.empty()) {
    return true;
  }
  ASSIGN_OR_RETURN(const auto id, MessageId::FromBytes(target));
  ASSIGN_OR_RETURN(const auto row, tables.Find(id));
  return row && row->kind == v1::Kind::RUJUKAN;
}

// Content, ciphertext and held stage of what `erasure` means, each noted in the read trail.
Result<void> EraseMeant(Tables& tables,
                        const ErasureRow& erasure,
                        LogIndex before,
                        const std::string& reader,
                        UnixMillis now) {
  ASSIGN_OR_RETURN(const auto rows, tables.ContentsMeant(erasure.leg, erasure.target, before));
  std::vector<Reading> readings;
  for (const MessageRow& row : rows) {
    Reading& reading = readings.emplace_back(ReadingOf(row, v1::ReadAction::ERASED, reader));
    reading.reason = "PERINTAH_HAPUS " + FormatUuid(erasure.request.view());
    RETURN_IF_ERROR(tables.EraseContent(row.id, erasure.request, now));
    RETURN_IF_ERROR(tables.EraseAttachmentOf(row.id, now));
  }
  ASSIGN_OR_RETURN(const bool with_held, MeansOpening(tables, erasure.target));
  if (with_held) {
    RETURN_IF_ERROR(tables.DropHeld(erasure.leg));
    RETURN_IF_ERROR(tables.EraseUnsentAttachments(erasure.leg, now));
    RETURN_IF_ERROR(tables.DropTimersOf(erasure.leg));  // they tell of the child, too
    RETURN_IF_ERROR(tables.DropVerification(erasure.leg));
  }
  return LogReads(tables, readings, now);
}

Result<ErasureRow> RequireOpen(Tables& tables, const MessageId& request) {
  ASSIGN_OR_RETURN(const auto row, tables.FindErasure(request));
  if (!row || !row->incoming) {
    return Fail(
        Errc::kNotFound,
        "tidak ada permintaan hapus dengan id ini; lihat `rujukan-agent erasures` / no such "
        "request to erase here");
  }
  if (row->stage != ErasureStage::kAsked) {
    return Fail(Errc::kConflict, "permintaan ini sudah dijawab / this request has its answer");
  }
  return *row;
}

Result<MessageId> QueueAnswer(Tables& tables,
                              const Sender& sender,
                              const ErasureRow& erasure,
                              v1::Kind::Code kind,
                              const v1::Content& content) {
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(erasure.leg));
  if (!leg) {
    return Fail(Errc::kCorrupt, "a request to erase is about a leg that is not here");
  }
  return InsertBeside(tables, sender, *leg, kind, erasure.request.str(), content);
}

Result<void> TakeRequest(Tables& tables, const MessageRow& row, UnixMillis now) {
  v1::Header header;
  header.ParseFromString(row.header);
  ErasureRow erasure;
  erasure.request = row.id;
  ASSIGN_OR_RETURN(erasure.leg, LegId::FromBytes(row.leg));
  // A recall takes back all of the leg; its cause is the opening, as of any step.
  erasure.target = row.kind == v1::Kind::SALAH_INPUT ? "" : header.cause();
  erasure.incoming = true;
  erasure.changed_at = now;
  return tables.PutErasure(erasure);
}

// The other side's answer to a request of ours.
Result<void> TakeAnswer(Tables& tables, const MessageRow& row, UnixMillis now) {
  v1::Header header;
  header.ParseFromString(row.header);
  ASSIGN_OR_RETURN(const auto request, MessageId::FromBytes(header.cause()));
  ASSIGN_OR_RETURN(const auto erasure, tables.FindErasure(request));
  if (!erasure || erasure->incoming || erasure->stage != ErasureStage::kAsked) {
    return {};
  }
  const bool attested = row.kind == v1::Kind::ATESTASI_HAPUS;
  return tables.SetErasureStage(
      request, attested ? ErasureStage::kAttested : ErasureStage::kObjected, now);
}

Result<void> EraseWhatCameLate(Tables& tables, const MessageRow& row, UnixMillis now) {
  const auto leg = LegId::FromBytes(row.leg);
  if (!leg) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto local, tables.FindLocalHold(*leg));
  ASSIGN_OR_RETURN(const auto domain, tables.GetRecord(ledger::Table::kHold, row.leg));
  if (local || domain) {
    return {};  // held meanwhile: what comes now is kept
  }
  ASSIGN_OR_RETURN(const auto erasures, tables.ErasuresOfLeg(*leg));
  for (const ErasureRow& erasure : erasures) {
    const bool gone =
        erasure.stage == ErasureStage::kErasing || erasure.stage == ErasureStage::kDone;
    if (erasure.incoming && gone && erasure.index > row.accepted.index) {
      RETURN_IF_ERROR(EraseMeant(tables, erasure, erasure.index, std::string(kAgentReader), now));
    }
  }
  return {};
}

// What was entered by mistake is nobody's to keep: it is purged without asking an officer.
Result<bool> IsRecall(Tables& tables, const MessageId& request) {
  ASSIGN_OR_RETURN(const auto row, tables.Find(request));
  return row && row->kind == v1::Kind::SALAH_INPUT;
}

v1::Content HoldObjection(const std::string& hold) {
  v1::Content content;
  content.mutable_keberatan_hapus()->set_dasar("penahanan hukum / legal hold");
  content.mutable_keberatan_hapus()->set_alasan(hold);
  return content;
}

}  // namespace

Result<std::optional<std::string>> DomainHold(const ledger::View& directory, const LegId& leg) {
  ASSIGN_OR_RETURN(const auto hold, ledger::ReadHold(directory, leg.view()));
  if (!hold) {
    return std::optional<std::string>();
  }
  return std::optional<std::string>(hold->by() + ": " + hold->note());
}

Result<Composed> OrderErasure(Tables& tables,
                              const Sender& sender,
                              const RequestId& request,
                              const ErasureOrder& order) {
  ASSIGN_OR_RETURN(const auto repeated, FindRepeated(tables, request));
  if (repeated) {
    return *repeated;
  }
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(order.leg));
  if (!leg) {
    return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
  }
  if (leg->state == v1::LegState::UNSPECIFIED) {
    return Fail(Errc::kConflict,
                "rujukan ini belum tercatat di buku besar / this leg is not in the ledger yet");
  }
  if (!order.target.empty()) {
    ASSIGN_OR_RETURN(const auto id, MessageId::FromBytes(order.target));
    ASSIGN_OR_RETURN(const auto row, tables.Find(id));
    if (!row || row->leg != order.leg.view() || row->accepted.entry.empty()) {
      return Fail(Errc::kNotFound,
                  "tidak ada pesan itu dalam rujukan ini / no such message in this leg");
    }
  }
  ASSIGN_OR_RETURN(
      const auto id,
      InsertBeside(tables, sender, *leg, v1::Kind::PERINTAH_HAPUS, order.target, order.content));
  const ErasureRow erasure{id, order.leg, order.target, false, ErasureStage::kAsked, sender.now};
  RETURN_IF_ERROR(tables.PutErasure(erasure));
  if (order.own_copy_too) {
    RETURN_IF_ERROR(RequireNoLocalHold(tables, order.leg));
    RETURN_IF_ERROR(EraseMeant(tables, erasure, kEver, order.reader, sender.now));
  }
  RETURN_IF_ERROR(tables.PutRequest(request.key, request.body, id));
  return Composed{id, /*fresh=*/true};
}

Result<void> CarryOut(Tables& tables,
                      const MessageId& request,
                      const std::string& reader,
                      UnixMillis now) {
  ASSIGN_OR_RETURN(const ErasureRow erasure, RequireOpen(tables, request));
  RETURN_IF_ERROR(RequireNoLocalHold(tables, erasure.leg));
  RETURN_IF_ERROR(EraseMeant(tables, erasure, erasure.index, reader, now));
  return tables.SetErasureStage(request, ErasureStage::kErasing, now);
}

Result<MessageId> Object(Tables& tables,
                         const Sender& sender,
                         const MessageId& request,
                         v1::Content content) {
  ASSIGN_OR_RETURN(const ErasureRow erasure, RequireOpen(tables, request));
  RETURN_IF_ERROR(tables.SetErasureStage(request, ErasureStage::kObjected, sender.now));
  return QueueAnswer(tables, sender, erasure, v1::Kind::KEBERATAN_HAPUS, content);
}

Result<void> TakeErasureMessage(Tables& tables, const MessageRow& row, UnixMillis now) {
  RETURN_IF_ERROR(EraseWhatCameLate(tables, row, now));
  const bool asks = row.kind == v1::Kind::PERINTAH_HAPUS || row.kind == v1::Kind::SALAH_INPUT;
  const bool answers =
      row.kind == v1::Kind::ATESTASI_HAPUS || row.kind == v1::Kind::KEBERATAN_HAPUS;
  const bool signed_by_sender = row.outcome == v1::DeliveryOutcome::DELIVERED ||
                                row.outcome == v1::DeliveryOutcome::UNREADABLE;
  if ((!asks && !answers) || !signed_by_sender) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto leg_id, LegId::FromBytes(row.leg));
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(leg_id));
  v1::Header header;
  if (!leg || !header.ParseFromString(row.header) || header.from() != leg->peer) {
    return {};
  }
  return asks ? TakeRequest(tables, row, now) : TakeAnswer(tables, row, now);
}

// --- Erasures ---

// What was asked of us: the domain's hold answers it, or the agent itself where it may.
Result<void> Erasures::DecideRequest(const ErasureRow& row, const Sender& sender, bool& queued) {
  ASSIGN_OR_RETURN(const auto domain_hold, DomainHold(store_.directory(), row.leg));
  const auto decided = store_.Write([&](Tables& tables) -> Result<void> {
    if (domain_hold) {
      v1::Content content = HoldObjection(*domain_hold);
      *content.mutable_petugas() = officer_;
      const auto answer = Object(tables, sender, row.request, std::move(content));
      queued = queued || answer.has_value();
      return answer ? Result<void>() : Fail(answer.error());
    }
    ASSIGN_OR_RETURN(const auto local, tables.FindLocalHold(row.leg));
    ASSIGN_OR_RETURN(const bool recalled, IsRecall(tables, row.request));
    return (automatic_ || recalled) && !local
               ? CarryOut(tables, row.request, std::string(kAgentReader), sender.now)
               : Result<void>();
  });
  // An officer was faster.
  return decided || decided.error().code == Errc::kConflict ? Result<void>() : decided;
}

// The other side has erased: our own copy follows, unless somebody needs it.
Result<void> Erasures::FollowAttestation(const ErasureRow& row, const Sender& sender) {
  ASSIGN_OR_RETURN(const auto domain_hold, DomainHold(store_.directory(), row.leg));
  return store_.Write([&](Tables& tables) -> Result<void> {
    ASSIGN_OR_RETURN(const auto local, tables.FindLocalHold(row.leg));
    if (local || domain_hold) {
      return tables.SetErasureStage(row.request, ErasureStage::kDone, sender.now);
    }
    RETURN_IF_ERROR(EraseMeant(tables, row, row.index, std::string(kAgentReader), sender.now));
    return tables.SetErasureStage(row.request, ErasureStage::kErasing, sender.now);
  });
}

Result<void> Erasures::Decide(const ErasureRow& row, const Sender& sender, bool& queued) {
  if (row.incoming && row.stage == ErasureStage::kAsked) {
    return DecideRequest(row, sender, queued);
  }
  // Without the receipt of our own request it is not known what came before it: it is on its way.
  if (row.stage == ErasureStage::kAttested && row.index != 0) {
    return FollowAttestation(row, sender);
  }
  return {};
}

// Only after a scrub that came after the erasure. Our own copy is attested to nobody.
Result<void> Erasures::Finish(const ErasureRow& row, const Sender& sender, Reviewed& reviewed) {
  ++reviewed.finished;
  if (!row.incoming) {
    return store_.Write([&](Tables& tables) {
      return tables.SetErasureStage(row.request, ErasureStage::kDone, sender.now);
    });
  }
  v1::Content content;
  *content.mutable_petugas() = officer_;
  content.mutable_atestasi_hapus()->set_jumlah_pesan(static_cast<uint32_t>(row.erased));
  content.mutable_atestasi_hapus()->set_keterangan(
      "isi, sandi dan T2 yang ditahan dihapus dari basis data / content, ciphertext and held "
      "stages erased from the database");
  reviewed.queued = true;
  return store_.Write([&](Tables& tables) -> Result<void> {
    RETURN_IF_ERROR(tables.SetErasureStage(row.request, ErasureStage::kDone, sender.now));
    const auto id = QueueAnswer(tables, sender, row, v1::Kind::ATESTASI_HAPUS, content);
    return id ? Result<void>() : Fail(id.error());
  });
}

Result<Erasures::Reviewed> Erasures::Review(const std::string& address, UnixMillis now) {
  const Sender sender{address, now};
  Reviewed reviewed;
  ASSIGN_OR_RETURN(const auto waiting,
                   store_.Read([](Tables& tables) { return tables.ListErasures(); }));
  for (const ErasureRow& row : waiting) {
    RETURN_IF_ERROR(Decide(row, sender, reviewed.queued));
  }
  // Those that are erased by now; then the scrub; then they are attested.
  ASSIGN_OR_RETURN(const auto rows,
                   store_.Read([](Tables& tables) { return tables.ListErasures(); }));
  ASSIGN_OR_RETURN(const bool scrubbed, store_.Read([](Tables& tables) -> Result<bool> {
    ASSIGN_OR_RETURN(const bool wanted, tables.ScrubWanted());
    return wanted ? tables.Scrub() : Result<bool>(true);
  }));
  RETURN_IF_ERROR(sweep_());
  if (!scrubbed) {
    reviewed.again = true;
    return reviewed;
  }
  for (const ErasureRow& row : rows) {
    if (row.stage == ErasureStage::kErasing) {
      RETURN_IF_ERROR(Finish(row, sender, reviewed));
    }
  }
  return reviewed;
}

}  // namespace rujukan::agency
