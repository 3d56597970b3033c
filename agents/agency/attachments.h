// Attachments at the agency: a file becomes sealed chunks while it comes in, and a file again while
// it is read; in between only ciphertext is on the disk. docs/formats/attachment.md.
//
//   stage (tables.h)  | what is so                                  | goes on by
//   kUploading        | sealed here, durable                        | Transfers: chunks to the
//   broker kQueued           | the broker has all; LAMPIRAN queued or sent | the outbox kFetching
//   | LAMPIRAN is here                            | Transfers: chunks from the broker kChecking |
//   all chunks are here, the broker may let go  | Checker: bytes, type, scanner kReady            |
//   may be read                                 | -
//
// Thread: as said at each.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/agency/chunk_spool.h"
#include "agents/agency/compose.h"
#include "agents/agency/json.h"
#include "agents/agency/tables.h"
#include "agents/agency/validate.h"
#include "certs/chunk.h"
#include "certs/hash.h"
#include "ledger/attachment.h"

namespace rujukan::agency {

// What the caller says of a file: {"jenis", "nama_berkas", "tipe_isi", "klasifikasi", "retensi",
// "keterangan"}, strict like every body.
v1::Attachment ReadAttachmentRequest(const Json& body, Findings& findings);

// A file on its way in: sealed chunk by chunk as it comes. One thread.
class Upload {
 public:
  struct Sealed {
    v1::Attachment content;  // with key, digest, size and media type
    ledger::ChunkShape shape;
    Digest root;
  };

  // kInvalid, kLimit: the size. kUnavailable: no room in the spool.
  static Result<std::unique_ptr<Upload>> Begin(const ChunkSpool& spool,
                                               const MessageId& id,
                                               v1::Attachment described,
                                               uint64_t file_bytes);
  ~Upload();  // what is not Kept is removed
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  // kInvalid: more than was announced, or not a type that may be attached (said as soon as its
  // first bytes are there). kUnavailable: I/O.
  Result<void> Take(std::string_view bytes);
  // kInvalid: less than was announced.
  Result<Sealed> Finish();
  // The spool keeps it under its root, durably.
  Result<void> Keep(const Digest& root);

 private:
  Upload(const ChunkSpool& spool,
         const MessageId& id,
         v1::Attachment described,
         uint64_t file_bytes,
         SpoolFile file);
  Result<void> CheckType();
  Result<void> SealChunk();
  Result<void> Append(std::string_view bytes);

  const ChunkSpool& spool_;
  const MessageId id_;
  v1::Attachment described_;
  const uint64_t file_bytes_;
  SpoolFile file_;
  const certs::ChunkKey key_;
  certs::Sha256Stream digest_;
  std::string first_;   // until the type is known
  std::string buffer_;  // of one chunk
  uint64_t taken_ = 0;
  uint32_t sealed_ = 0;
  bool type_known_ = false;
  bool kept_ = false;
};

// Inside Store::Write. The row for a sealed upload, as it now is in the database. The same file in
// the same leg is not uploaded again: with the same description it is the row of then (`fresh`
// false), with another it is a row of its own over the chunks of then (`shares`).
struct KeptUpload {
  AttachmentRow row;
  bool fresh = true;
  bool shares = false;
};
Result<KeptUpload> KeepUpload(Tables& tables,
                              const MessageId& id,
                              const LegId& leg,
                              const Upload::Sealed& sealed,
                              UnixMillis now);

// Inside Store::Write: all chunks are with the broker, so the LAMPIRAN is queued. kConflict,
// kInvalid: the leg does not take it (any more).
Result<void> QueueLampiran(Tables& tables,
                           const Sender& sender,
                           const v1::Officer& officer,
                           const AttachmentRow& row);
// Whether the leg, once all that is queued is accepted, takes a LAMPIRAN of ours as described.
// kNotFound; kConflict: not in its state; kInvalid: a rule is against it, with findings.
Result<void> CheckMayAttach(Tables& tables, const LegId& id, const v1::Attachment& described);

// In the inbox's transaction, after `row` was inserted: a LAMPIRAN that could be opened becomes an
// attachment to be fetched.
Result<void> TakeLampiran(Tables& tables, const MessageRow& row, UnixMillis now);

Result<ledger::ChunkShape> ShapeOf(const AttachmentRow& row);

// A whole attachment, read as the file it was. One thread.
class AttachmentReader {
 public:
  // kNotFound: its chunks are not here. kCorrupt: it does not fit its description.
  static Result<AttachmentReader> Open(const ChunkSpool& spool, const AttachmentRow& row);
  uint64_t size() const { return file_bytes_; }
  // The bytes from `at` to the end of their chunk, at most; "": the end. kCorrupt: damaged.
  Result<std::string> Read(uint64_t at);
  // kCorrupt: something is hidden behind the end of the file.
  Result<void> CheckPadding();

 private:
  AttachmentReader(SpoolFile file, certs::ChunkKey key, uint64_t file_bytes)
      : file_(std::move(file)), key_(std::move(key)), file_bytes_(file_bytes) {}

  SpoolFile file_;
  certs::ChunkKey key_;
  uint64_t file_bytes_;
};

}  // namespace rujukan::agency
