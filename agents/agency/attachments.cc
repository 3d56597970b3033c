#include "agents/agency/attachments.h"

#include <algorithm>

#include "agents/agency/checker.h"
#include "agents/agency/media_type.h"
#include "agents/agency/sending_rules.h"
#include "agents/agency/validate_course.h"
#include "certs/merkle.h"

namespace rujukan::agency {
namespace {

constexpr size_t kNameCharactersMax = 200;
constexpr std::string_view kZeros64 = {
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    64};

// A name for people: no directory, nothing a terminal would obey.
bool IsPlainName(std::string_view name) {
  return std::none_of(name.begin(), name.end(), [](char c) {
    return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

void CheckDescription(Checker check, const v1::Attachment& content) {
  check.Code("jenis", *v1::AttachmentType::Code_descriptor(), content.jenis());
  check.Text("nama_berkas", content.nama_berkas(), kNameCharactersMax);
  if (!IsPlainName(content.nama_berkas())) {
    check.Add("nama_berkas", "nama saja, tanpa folder / a name alone, without a folder");
  }
  check.OptionalText("keterangan", content.keterangan(), kTextCharactersMax);
  check.OptionalDate("retensi", content.retensi());
  const auto least = LeastClassOf(content.jenis());
  if (!v1::Classification::Code_IsValid(content.klasifikasi()) || content.klasifikasi() < least) {
    check.Add("klasifikasi",
              "paling rendah " + v1::Classification::Code_Name(least) + " / at least this");
  }
  if (!content.sha256().empty() || !content.kunci().empty() || content.ukuran() != 0 ||
      content.ukuran_potongan() != 0) {
    check.Add("", "sha256, kunci dan ukuran diisi agen / are the agent's to fill in");
  }
}

bool SameFile(const v1::Attachment& a, const v1::Attachment& b) {
  return a.sha256() == b.sha256() && a.ukuran() == b.ukuran();
}

bool SameDescription(const v1::Attachment& a, const v1::Attachment& b) {
  return a.jenis() == b.jenis() && a.nama_berkas() == b.nama_berkas() &&
         a.klasifikasi() == b.klasifikasi() && a.retensi() == b.retensi() &&
         a.keterangan() == b.keterangan();
}

v1::AttachmentClaim ClaimOf(const AttachmentRow& row) {
  v1::AttachmentClaim claim;
  claim.set_root(row.root.str());
  claim.set_bytes(row.sealed_bytes);
  claim.set_chunks(row.chunks);
  return claim;
}

}  // namespace

v1::Attachment ReadAttachmentRequest(const Json& body, Findings& findings) {
  v1::Attachment content;
  if (auto read = ToMessage(body, "lampiran", content); !read) {
    findings.push_back(
        Finding{read.error().context,
                "bidang tidak dikenal, atau bukan bentuk yang benar / unknown field, "
                "or not the right form"});
    return content;
  }
  if (content.klasifikasi() == v1::Classification::UNSPECIFIED) {
    content.set_klasifikasi(LeastClassOf(content.jenis()));
  }
  CheckDescription(Checker("lampiran", findings), content);
  return content;
}

// --- Upload ---

Result<std::unique_ptr<Upload>> Upload::Begin(const ChunkSpool& spool,
                                              const MessageId& id,
                                              v1::Attachment described,
                                              uint64_t file_bytes) {
  ASSIGN_OR_RETURN(const ledger::ChunkShape shape, ledger::ShapeOfFile(file_bytes));
  if (spool.FreeBytes() < shape.sealed_bytes() + limits::kSpoolReserveBytes) {
    return Fail(Errc::kUnavailable,
                "tidak ada ruang di disk agen untuk berkas ini / no room on the agent's disk");
  }
  ASSIGN_OR_RETURN(SpoolFile file, SpoolFile::Create(spool.PartOf(id), shape));
  return std::unique_ptr<Upload>(
      new Upload(spool, id, std::move(described), file_bytes, std::move(file)));
}

Upload::Upload(const ChunkSpool& spool,
               const MessageId& id,
               v1::Attachment described,
               uint64_t file_bytes,
               SpoolFile file)
    : spool_(spool),
      id_(id),
      described_(std::move(described)),
      file_bytes_(file_bytes),
      file_(std::move(file)),
      key_(certs::ChunkKey::Generate()) {
  buffer_.reserve(file_.shape().chunk_bytes);
}

Upload::~Upload() {
  if (!kept_) {
    spool_.Discard(id_);
  }
}

Result<void> Upload::CheckType() {
  ASSIGN_OR_RETURN(*described_.mutable_tipe_isi(),
                   CheckMediaType(described_.jenis(), described_.tipe_isi(), first_));
  type_known_ = true;
  first_.clear();
  return {};
}

Result<void> Upload::Take(std::string_view bytes) {
  taken_ += bytes.size();
  if (taken_ > file_bytes_) {
    return Fail(Errc::kInvalid,
                "berkas lebih panjang dari Content-Length / the file is longer than announced");
  }
  digest_.Update(bytes);
  if (!type_known_) {
    first_.append(bytes.substr(0, kSniffBytes - std::min(first_.size(), kSniffBytes)));
    if (first_.size() >= kSniffBytes || taken_ == file_bytes_) {
      RETURN_IF_ERROR(CheckType());
    }
  }
  return Append(bytes);
}

Result<void> Upload::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t room = file_.shape().PlainBytesAt(sealed_) - buffer_.size();
    const std::string_view part = bytes.substr(0, room);
    buffer_.append(part);
    bytes.remove_prefix(part.size());
    if (part.size() == room) {
      RETURN_IF_ERROR(SealChunk());
    }
  }
  return {};
}

Result<void> Upload::SealChunk() {
  const std::string sealed = key_.Seal(buffer_, {sealed_, file_.shape().chunks});
  RETURN_IF_ERROR(file_.Put(sealed_, sealed, certs::LeafHash(sealed)));
  ++sealed_;
  buffer_.clear();
  return {};
}

Result<Upload::Sealed> Upload::Finish() {
  if (taken_ != file_bytes_) {
    return Fail(Errc::kInvalid,
                "berkas terpotong: kirim lagi / the file was cut short: send it again");
  }
  for (uint64_t padded = taken_; padded < file_.shape().plain_bytes;) {
    const uint64_t left = file_.shape().plain_bytes - padded;
    const std::string_view zeros = kZeros64.substr(0, std::min<uint64_t>(left, kZeros64.size()));
    RETURN_IF_ERROR(Append(zeros));
    padded += zeros.size();
  }
  Sealed sealed{described_, file_.shape(), certs::MerkleRoot(file_.leaves())};
  sealed.content.set_ukuran(file_bytes_);
  sealed.content.set_sha256(digest_.Finish().str());
  sealed.content.set_kunci(key_.bytes());
  sealed.content.set_ukuran_potongan(file_.shape().chunk_bytes);
  RETURN_IF_ERROR(file_.Sync());
  return sealed;
}

Result<void> Upload::Keep(const Digest& root) {
  RETURN_IF_ERROR(spool_.Keep(id_, root));
  kept_ = true;
  return {};
}

Result<KeptUpload> KeepUpload(Tables& tables,
                              const MessageId& id,
                              const LegId& leg,
                              const Upload::Sealed& sealed,
                              UnixMillis now) {
  KeptUpload kept;
  kept.row.id = id;
  kept.row.leg = leg;
  kept.row.outgoing = true;
  kept.row.root = sealed.root;
  kept.row.chunks = sealed.shape.chunks;
  kept.row.sealed_bytes = sealed.shape.sealed_bytes();
  kept.row.content = sealed.content;
  kept.row.stored_at = now;
  kept.row.changed_at = now;
  ASSIGN_OR_RETURN(const auto earlier, tables.AttachmentsOfLeg(leg));
  for (const AttachmentRow& row : earlier) {
    const bool usable = row.outgoing && (row.stage == AttachmentStage::kUploading ||
                                         row.stage == AttachmentStage::kQueued);
    if (!usable || !SameFile(row.content, sealed.content)) {
      continue;
    }
    if (SameDescription(row.content, sealed.content)) {
      return KeptUpload{row, /*fresh=*/false, /*shares=*/true};
    }
    kept.shares = true;
    kept.row.root = row.root;
    kept.row.chunks = row.chunks;
    kept.row.sealed_bytes = row.sealed_bytes;
    kept.row.content.set_kunci(row.content.kunci());
    kept.row.content.set_ukuran_potongan(row.content.ukuran_potongan());
  }
  RETURN_IF_ERROR(tables.PutAttachment(kept.row));
  return kept;
}

Result<void> CheckMayAttach(Tables& tables, const LegId& id, const v1::Attachment& described) {
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(id));
  if (!leg) {
    return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
  }
  if (!ledger::MaySend(leg->planned, v1::Kind::LAMPIRAN, leg->side)) {
    return Fail(Errc::kConflict,
                "rujukan ini tidak menerima lampiran lagi / the leg takes no attachment any more");
  }
  NewStep step{v1::Kind::LAMPIRAN, {}};
  *step.content.mutable_lampiran() = described;
  return CheckNewStep(tables, *leg, step);
}

Result<void> QueueLampiran(Tables& tables,
                           const Sender& sender,
                           const v1::Officer& officer,
                           const AttachmentRow& row) {
  NewStep step{v1::Kind::LAMPIRAN, {}, "", ClaimOf(row)};
  *step.content.mutable_petugas() = officer;
  *step.content.mutable_lampiran() = row.content;
  ASSIGN_OR_RETURN(const MessageId message, InsertAction(tables, sender, row.leg, std::move(step)));
  RETURN_IF_ERROR(tables.SetAttachmentMessage(row.id, message));
  return tables.SetAttachmentStage(row.id, AttachmentStage::kQueued, "", sender.now);
}

Result<ledger::ChunkShape> ShapeOf(const AttachmentRow& row) {
  return ledger::ShapeOfClaim(ClaimOf(row), row.content.ukuran(), row.content.ukuran_potongan());
}

Result<void> TakeLampiran(Tables& tables, const MessageRow& row, UnixMillis now) {
  v1::Content content;
  v1::Header header;
  if (row.kind != v1::Kind::LAMPIRAN || row.outcome != v1::DeliveryOutcome::DELIVERED ||
      !content.ParseFromString(row.content) || !header.ParseFromString(row.header)) {
    return {};
  }
  AttachmentRow attachment;
  attachment.id = row.id;
  ASSIGN_OR_RETURN(attachment.leg, LegId::FromBytes(row.leg));
  attachment.stage = AttachmentStage::kFetching;
  attachment.message = row.id.str();
  attachment.content = content.lampiran();
  attachment.stored_at = now;
  attachment.changed_at = now;
  attachment.chunks = header.attachment().chunks();
  attachment.sealed_bytes = header.attachment().bytes();
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(attachment.leg));
  const bool of_the_leg = leg && leg->peer == header.from();
  const auto root = Digest::FromBytes(header.attachment().root());
  attachment.root = root.value_or(Digest());
  const auto shape = ShapeOf(attachment);
  const auto key = certs::ChunkKey::FromBytes(attachment.content.kunci());
  if (!of_the_leg || !root || !shape || !key ||
      attachment.content.sha256().size() != Digest::kSize ||
      !IsPlainName(attachment.content.nama_berkas())) {
    attachment.stage = AttachmentStage::kBroken;
    attachment.note = "keterangan lampiran tidak cocok / its description does not fit";
  }
  // The same chunks came with another LAMPIRAN of this leg: they are fetched once.
  ASSIGN_OR_RETURN(const auto others, tables.AttachmentsOfLeg(attachment.leg));
  for (const AttachmentRow& other : others) {
    const bool here =
        !other.outgoing && other.root == attachment.root &&
        (other.stage == AttachmentStage::kChecking || other.stage == AttachmentStage::kReady ||
         other.stage == AttachmentStage::kQuarantined);
    if (here && attachment.stage == AttachmentStage::kFetching) {
      attachment.stage = AttachmentStage::kChecking;
    }
  }
  return tables.PutAttachment(attachment);
}

// --- AttachmentReader ---

Result<AttachmentReader> AttachmentReader::Open(const ChunkSpool& spool, const AttachmentRow& row) {
  const auto shape = ShapeOf(row);
  auto key = certs::ChunkKey::FromBytes(row.content.kunci());
  if (!shape || !key) {
    return Fail(Errc::kCorrupt, "lampiran tidak cocok dengan keterangannya / it does not fit");
  }
  ASSIGN_OR_RETURN(SpoolFile file, SpoolFile::OpenWhole(spool.PathOf(row.root), *shape));
  return AttachmentReader(std::move(file), std::move(*key), row.content.ukuran());
}

Result<std::string> AttachmentReader::Read(uint64_t at) {
  if (at >= file_bytes_) {
    return std::string();
  }
  const ledger::ChunkShape& shape = file_.shape();
  const auto index = static_cast<uint32_t>(at / shape.chunk_bytes);
  ASSIGN_OR_RETURN(const std::string sealed, file_.Get(index));
  auto plain = key_.Open(sealed, {index, shape.chunks});
  if (!plain) {
    return Fail(Errc::kCorrupt, "potongan lampiran rusak / a chunk of the attachment is damaged");
  }
  const uint64_t begin = at - shape.PlainOffset(index);
  const uint64_t end = std::min<uint64_t>(plain->size(), file_bytes_ - shape.PlainOffset(index));
  return plain->substr(begin, end - begin);
}

Result<void> AttachmentReader::CheckPadding() {
  const ledger::ChunkShape& shape = file_.shape();
  for (uint64_t at = file_bytes_; at < shape.plain_bytes;) {
    const auto index = static_cast<uint32_t>(at / shape.chunk_bytes);
    ASSIGN_OR_RETURN(const std::string sealed, file_.Get(index));
    ASSIGN_OR_RETURN(const std::string plain, key_.Open(sealed, {index, shape.chunks}));
    if (plain.find_first_not_of('\0', at - shape.PlainOffset(index)) != std::string::npos) {
      return Fail(Errc::kCorrupt, "ada isi di belakang berkas / something follows the file's end");
    }
    at = shape.PlainOffset(index) + plain.size();
  }
  return {};
}

}  // namespace rujukan::agency
