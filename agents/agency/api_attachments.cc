// The API's answers about attachments: a file in, sealed while it comes; a file out, opened while
// it goes. What a file is called and holds is content: whoever is told it is logged.
#include <array>

#include "agents/agency/api.h"
#include "agents/agency/attachments.h"
#include "agents/agency/render.h"
#include "agents/agency/sending_rules.h"
#include "base/bytes.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

constexpr std::string_view kFolder = "attachments";

bool WithoutContent(const ApiRequest& request) {
  const auto found = request.query.find("isi");
  return found != request.query.end() && found->second == "0";
}

template <class Id>
Result<Id> IdOf(const std::string& text) {
  ASSIGN_OR_RETURN(const auto bytes, ParseUuid(text));
  return Id::FromBytes(bytes);
}

std::string HeaderOf(const ApiRequest& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string() : found->second;
}

// The leg of POST /v1/legs/{id}/attachments; "": another request.
std::string LegOfUpload(const ApiRequest& request) {
  constexpr std::string_view kPrefix = "/v1/legs/";
  const std::string suffix = "/" + std::string(kFolder);
  const std::string& path = request.path;
  if (request.method != "POST" || !path.starts_with(kPrefix) || !path.ends_with(suffix) ||
      path.size() <= kPrefix.size() + suffix.size()) {
    return "";
  }
  return path.substr(kPrefix.size(), path.size() - kPrefix.size() - suffix.size());
}

// "bytes=N-": from N on. Anything else is answered with the whole file, as RFC 9110 s14.2 allows.
uint64_t StartOf(const std::string& range) {
  constexpr std::string_view kPrefix = "bytes=";
  if (!range.starts_with(kPrefix) || !range.ends_with("-")) {
    return 0;
  }
  const auto start = ParseDecimal(
      std::string_view(range).substr(kPrefix.size(), range.size() - kPrefix.size() - 1));
  return start ? *start : 0;
}

// For Content-Disposition (RFC 8187): everything but letters and digits as %XX.
std::string Percent(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
    if (plain) {
      out.push_back(c);
    } else {
      out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return out;
}

// A refusal that was clear before the first byte.
class RefusedUpload : public BodySink {
 public:
  explicit RefusedUpload(ApiReply reply) : reply_(std::move(reply)) {}
  bool Take(std::string_view) override { return false; }
  ApiReply Finish() override { return reply_; }

 private:
  ApiReply reply_;
};

class FileUpload : public BodySink {
 public:
  FileUpload(ApiContext& context,
             const LegId& leg,
             const MessageId& id,
             std::unique_ptr<Upload> upload)
      : context_(context), leg_(leg), id_(id), upload_(std::move(upload)) {}

  bool Take(std::string_view bytes) override {
    if (trouble_) {
      trouble_ = upload_->Take(bytes);
    }
    return trouble_.has_value();
  }

  ApiReply Finish() override {
    auto sealed = trouble_ ? upload_->Finish() : Fail(trouble_.error());
    if (!sealed) {
      return ProblemOf(sealed.error());
    }
    // The file has its name before the database speaks of it. Inside the transaction, which keeps
    // the sweep of the spool away; one that nobody comes to speak of goes with the next.
    const auto kept = context_.store.Write([&](Tables& tables) -> Result<KeptUpload> {
      ASSIGN_OR_RETURN(auto upload, KeepUpload(tables, id_, leg_, *sealed, context_.clock.Now()));
      RETURN_IF_ERROR(upload.shares ? Result<void>() : upload_->Keep(sealed->root));
      return upload;
    });
    if (!kept) {
      return ProblemOf(kept.error());
    }
    context_.carry();
    context_.board.Notify();
    return ReplyOf(kept->fresh ? 202 : 200,
                   {{"id", FormatUuid(kept->row.id.view())},
                    {"leg_id", FormatUuid(leg_.view())},
                    {"sha256", ToHex(kept->row.content.sha256())},
                    {"ukuran", kept->row.content.ukuran()},
                    {"tipe_isi", kept->row.content.tipe_isi()},
                    {"new", kept->fresh}});
  }

 private:
  ApiContext& context_;
  const LegId leg_;
  const MessageId id_;
  std::unique_ptr<Upload> upload_;
  Result<void> trouble_;  // an error: why it is refused
};

// Before the first byte is taken; asked again when the last is there.
Result<LegId> AttachableLeg(Store& store,
                            const std::string& text,
                            const v1::Attachment& described) {
  ASSIGN_OR_RETURN(const LegId id, IdOf<LegId>(text));
  RETURN_IF_ERROR(
      store.Read([&](Tables& tables) { return CheckMayAttach(tables, id, described); }));
  return id;
}

}  // namespace

std::unique_ptr<BodySink> Api::Begin(const ApiRequest& request) {
  const std::string leg_text = LegOfUpload(request);
  if (leg_text.empty()) {
    return nullptr;
  }
  const auto refuse = [](ApiReply reply) {
    return std::make_unique<RefusedUpload>(std::move(reply));
  };
  if (context_.spool == nullptr) {
    return refuse(ProblemOf(Error{Errc::kUnavailable, "no spool for attachments here"}));
  }
  const auto size = ParseDecimal(HeaderOf(request, "content-length"));
  if (!size) {
    return refuse(ProblemNamed("length-required",
                               "kirim Content-Length: ukuran berkas / send its size first"));
  }
  const auto body = ParseJson(HeaderOf(request, "rujukan-isi"));
  if (!body) {
    return refuse(ProblemOf(Findings{
        {"lampiran",
         "kepala Rujukan-Isi: JSON dengan jenis dan nama_berkas / header Rujukan-Isi: JSON"}}));
  }
  Findings findings;
  v1::Attachment described = ReadAttachmentRequest(*body, findings);
  if (!findings.empty()) {
    return refuse(ProblemOf(findings));
  }
  const auto leg = AttachableLeg(context_.store, leg_text, described);
  if (!leg) {
    const Findings found = FindingsOf(leg.error());
    return refuse(found.empty() ? ProblemOf(leg.error()) : ProblemOf(found));
  }
  const MessageId id = certs::NewMessageId(context_.clock.Now());
  auto upload = Upload::Begin(*context_.spool, id, std::move(described), *size);
  if (!upload) {
    return refuse(ProblemOf(upload.error()));
  }
  return std::make_unique<FileUpload>(context_, *leg, id, std::move(*upload));
}

// The same for a body that is in memory.
ApiReply Api::PostAttachment(const ApiRequest& request, const std::string&) {
  ApiRequest head = request;
  head.headers["content-length"] = std::to_string(request.body.size());
  const auto sink = Begin(head);
  sink->Take(request.body);
  return sink->Finish();
}

Result<Json> Api::AttachmentJson(const AttachmentRow& row, bool with_content) const {
  Json json = {{"id", FormatUuid(row.id.view())},
               {"leg_id", FormatUuid(row.leg.view())},
               {"direction", row.outgoing ? "out" : "in"},
               {"stage", AttachmentStageName(row.stage)},
               {"message_id", row.message.empty() ? Json(nullptr) : Json(FormatUuid(row.message))},
               {"stored_at", TimeOf(row.stored_at)},
               {"changed_at", TimeOf(row.changed_at)},
               {"note", row.note}};
  const auto done = context_.progress == nullptr ? std::nullopt : context_.progress->Of(row.root);
  json["progress"] = {{"chunks", row.chunks}, {"done", done ? Json(*done) : Json(nullptr)}};
  if (with_content && row.stage != AttachmentStage::kErased) {
    v1::Attachment told = row.content;
    told.clear_kunci();  // of use to nobody but this agent
    told.clear_sha256();
    told.clear_ukuran();
    told.clear_ukuran_potongan();
    json["lampiran"] = FromMessage(told);
    json["lampiran"]["ukuran"] = row.content.ukuran();
    json["lampiran"]["sha256"] = ToHex(row.content.sha256());
  }
  return json;
}

ApiReply Api::GetAttachments(const ApiRequest& request, const std::string& text) {
  const auto id = IdOf<LegId>(text);
  if (!id) {
    return ProblemOf(id.error());
  }
  const bool with_content = !WithoutContent(request);
  const auto json = context_.store.Write([&](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(*id));
    if (!leg) {
      return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
    }
    ASSIGN_OR_RETURN(const auto rows, tables.AttachmentsOfLeg(*id));
    std::vector<Reading> seen;
    Json list = Json::array();
    for (const AttachmentRow& row : rows) {
      ASSIGN_OR_RETURN(Json one, AttachmentJson(row, with_content));
      list.push_back(std::move(one));
      if (with_content && row.stage != AttachmentStage::kErased) {
        seen.push_back(ReadingOf(row, request.reader));
      }
    }
    RETURN_IF_ERROR(LogReads(tables, seen, context_.clock.Now()));
    return Json{{"leg_id", text}, {"attachments", std::move(list)}};
  });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

// ?wait=SECONDS: until it is in a stage that stays, or the time is over.
ApiReply Api::GetAttachment(const ApiRequest& request, const std::string& text) {
  const auto id = IdOf<MessageId>(text);
  if (!id) {
    return ProblemOf(id.error());
  }
  Result<std::optional<AttachmentRow>> row = std::nullopt;
  WaitUntil(WaitMsOf(request), [&] {
    row = context_.store.Read([&](Tables& tables) { return tables.FindAttachment(*id); });
    return !row || !*row ||
           ((*row)->stage != AttachmentStage::kUploading &&
            (*row)->stage != AttachmentStage::kFetching &&
            (*row)->stage != AttachmentStage::kChecking);
  });
  if (!row || !*row) {
    return ProblemOf(!row ? row.error()
                          : Error{Errc::kNotFound,
                                  "tidak ada lampiran dengan id ini / no such attachment here"});
  }
  const bool with_content = !WithoutContent(request) && (*row)->stage != AttachmentStage::kErased;
  const auto json = context_.store.Write([&](Tables& tables) -> Result<Json> {
    if (with_content) {
      const std::array<Reading, 1> seen = {ReadingOf(**row, request.reader)};
      RETURN_IF_ERROR(LogReads(tables, seen, context_.clock.Now()));
    }
    return AttachmentJson(**row, with_content);
  });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

Result<AttachmentRow> Api::ReadableAttachment(const std::string& text) {
  ASSIGN_OR_RETURN(const auto id, IdOf<MessageId>(text));
  ASSIGN_OR_RETURN(const auto row,
                   context_.store.Read([&](Tables& tables) { return tables.FindAttachment(id); }));
  if (!row) {
    return Fail(Errc::kNotFound, "tidak ada lampiran dengan id ini / no such attachment here");
  }
  const bool readable = row->stage == AttachmentStage::kReady ||
                        (row->outgoing && row->stage != AttachmentStage::kErased);
  if (!readable) {
    return Fail(Errc::kConflict,
                std::string("lampiran ini / this attachment: ") + AttachmentStageName(row->stage) +
                    (row->note.empty() ? "" : "; " + row->note));
  }
  return *row;
}

ApiReply Api::GetAttachmentContent(const ApiRequest& request, const std::string& text) {
  const auto row = ReadableAttachment(text);
  if (!row || context_.spool == nullptr) {
    return ProblemOf(row ? Error{Errc::kUnavailable, "no spool here"} : row.error());
  }
  auto reader = AttachmentReader::Open(*context_.spool, *row);
  if (!reader) {
    return ProblemOf(reader.error());
  }
  const uint64_t start = StartOf(HeaderOf(request, "range"));
  const uint64_t size = reader->size();
  if (start > size) {
    return ProblemNamed("range-not-satisfiable",
                        "berkasnya " + std::to_string(size) + " bita / so many bytes");
  }
  // Before the first byte leaves.
  const std::array<Reading, 1> seen = {ReadingOf(*row, request.reader)};
  const auto logged = context_.store.Write(
      [&](Tables& tables) { return LogReads(tables, seen, context_.clock.Now()); });
  if (!logged) {
    return ProblemOf(logged.error());
  }
  ApiReply reply;
  reply.status = start == 0 ? 200 : 206;
  reply.content_type =
      "application/octet-stream";  // what it is, is told in JSON; nobody renders it
  reply.headers = {{"Accept-Ranges", "bytes"},
                   {"Content-Disposition",
                    "attachment; filename*=UTF-8''" + Percent(row->content.nama_berkas())}};
  if (start != 0) {
    reply.headers.emplace_back("Content-Range",
                               "bytes " + std::to_string(start) + "-" +
                                   std::to_string(size == 0 ? 0 : size - 1) + "/" +
                                   std::to_string(size));
  }
  reply.stream_bytes = size - start;
  const auto shared = std::make_shared<AttachmentReader>(std::move(*reader));
  reply.stream = [shared, at = start]() mutable -> std::optional<std::string> {
    auto part = shared->Read(at);
    if (!part || part->empty()) {
      return std::nullopt;  // damaged: the connection ends short of its length, and that is seen
    }
    at += part->size();
    return std::move(*part);
  };
  return reply;
}

}  // namespace rujukan::agency
