#include "agents/audit/container.h"

#include <zip.h>

#include <memory>

#include "base/check.h"
#include "base/printable.h"

namespace rujukan::audit {
namespace {

constexpr std::string_view kMimetype = "mimetype";
constexpr size_t kPathBytesMax = 200;
// 1980-01-01 00:00, the earliest that ZIP knows: when it was packed is nobody's evidence.
constexpr zip_uint16_t kDosTime = 0;
constexpr zip_uint16_t kDosDate = (1U << 5U) | 1U;
constexpr zip_uint32_t kPlainFile = 0100644U << 16U;

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
struct CloseFile {
  void operator()(zip_file_t* file) const { static_cast<void>(zip_fclose(file)); }
};
using ArchivePtr = std::unique_ptr<zip_t, DiscardArchive>;
using SourcePtr = std::unique_ptr<zip_source_t, FreeSource>;
using FilePtr = std::unique_ptr<zip_file_t, CloseFile>;

tl::unexpected<Error> NotReadable(Errc code, const std::string& what) {
  return Fail(code, "the evidence file: " + what);
}

std::string Reason(zip_error_t& error) {
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

// `bytes` must outlive the archive.
void AddFile(zip_t* archive, std::string_view path, std::string_view bytes) {
  zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
  CHECK(source != nullptr);
  const zip_int64_t index =
      zip_file_add(archive, std::string(path).c_str(), source, ZIP_FL_ENC_UTF_8);
  CHECK(index >= 0);
  const auto at = static_cast<zip_uint64_t>(index);
  CHECK(zip_set_file_compression(archive, at, ZIP_CM_STORE, 0) == 0);
  CHECK(zip_file_set_dostime(archive, at, kDosTime, kDosDate, 0) == 0);
  CHECK(zip_file_set_external_attributes(archive, at, 0, ZIP_OPSYS_UNIX, kPlainFile) == 0);
}

std::string ReadAll(zip_source_t* source) {
  CHECK(zip_source_open(source) == 0);
  CHECK(zip_source_seek(source, 0, SEEK_END) == 0);
  const zip_int64_t size = zip_source_tell(source);
  CHECK(size >= 0 && zip_source_seek(source, 0, SEEK_SET) == 0);
  std::string bytes(static_cast<size_t>(size), '\0');
  CHECK(zip_source_read(source, bytes.data(), bytes.size()) == size);
  CHECK(zip_source_close(source) == 0);
  return bytes;
}

Result<void> CheckRoom(const FileMap& files, const ContainerLimits& limits) {
  size_t total = 0;
  for (const auto& [path, bytes] : files) {
    if (!IsContainerPath(path) || path == kMimetype) {
      return Fail(Errc::kInvalid, "no path inside an evidence file: " + path);
    }
    total += bytes.size();
  }
  if (files.size() > limits.files || total > limits.bytes) {
    return Fail(Errc::kLimit,
                "the evidence would hold " + std::to_string(files.size()) + " files of " +
                    std::to_string(total) + " bytes; at most " + std::to_string(limits.files) +
                    " files of " + std::to_string(limits.bytes) + " bytes are allowed");
  }
  return {};
}

class Reader {
 public:
  Reader(zip_t* archive, const ContainerLimits& limits) : archive_(archive), limits_(limits) {}

  Result<Unpacked> Run() {
    const zip_int64_t count = zip_get_num_entries(archive_, 0);
    if (count < 0 || static_cast<size_t>(count) > limits_.files + 1) {
      return NotReadable(Errc::kLimit, "over " + std::to_string(limits_.files) + " files");
    }
    for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(count); ++index) {
      RETURN_IF_ERROR(Take(index));
    }
    if (!typed_) {
      unpacked_.faults.emplace_back("it has no file `mimetype`");
    }
    return std::move(unpacked_);
  }

 private:
  Result<void> Take(zip_uint64_t index) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    constexpr zip_uint64_t kNeeded =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(archive_, index, ZIP_FL_ENC_RAW, &stat) != 0 ||
        (stat.valid & kNeeded) != kNeeded) {
      return NotReadable(Errc::kInvalid, "a file in it has no proper header");
    }
    const std::string path = stat.name;
    RETURN_IF_ERROR(CheckHeader(index, path, stat));
    ASSIGN_OR_RETURN(std::string bytes, Read(index, path, stat.size));
    if (path == kMimetype) {
      CheckType(index, stat, bytes);
      return {};
    }
    if (!unpacked_.files.emplace(path, std::move(bytes)).second) {
      return NotReadable(Errc::kInvalid, path + " is in it twice");
    }
    return {};
  }

  // Whoever unpacks it with another program must not get a link in the place of a file.
  bool IsPlainFile(zip_uint64_t index) const {
    constexpr zip_uint32_t kTypeMask = 0170000;
    constexpr zip_uint32_t kRegular = 0100000;
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(archive_, index, 0, &system, &attributes) != 0) {
      return false;
    }
    const zip_uint32_t type = attributes >> 16U & kTypeMask;
    return system != ZIP_OPSYS_UNIX || type == 0 || type == kRegular;
  }

  Result<void> CheckHeader(zip_uint64_t index, const std::string& path, const zip_stat_t& stat) {
    if (!IsContainerPath(path)) {
      return NotReadable(Errc::kInvalid, "a path that is none of ours: " + Printable(path));
    }
    if (!IsPlainFile(index)) {
      return NotReadable(Errc::kInvalid, path + " is a link, or no file");
    }
    if (stat.encryption_method != ZIP_EM_NONE ||
        (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)) {
      return NotReadable(Errc::kInvalid, path + " is encrypted or compressed in another way");
    }
    // What the header says is not believed: Read stops there.
    if (stat.size > limits_.bytes || total_ + stat.size > limits_.bytes) {
      return NotReadable(Errc::kLimit,
                         "it unpacks to over " + std::to_string(limits_.bytes) + " bytes");
    }
    total_ += stat.size;
    return {};
  }

  Result<std::string> Read(zip_uint64_t index, const std::string& path, zip_uint64_t size) {
    const FilePtr file(zip_fopen_index(archive_, index, 0));
    if (file == nullptr) {
      return NotReadable(Errc::kCorrupt, path + " does not open");
    }
    std::string bytes(size, '\0');
    size_t filled = 0;
    while (filled < size) {
      const zip_int64_t got = zip_fread(file.get(), bytes.data() + filled, size - filled);
      if (got <= 0) {
        return NotReadable(Errc::kCorrupt, path + " does not unpack");
      }
      filled += static_cast<size_t>(got);
    }
    char more = 0;
    if (zip_fread(file.get(), &more, 1) != 0) {  // at the end its checksum is compared, too
      return NotReadable(Errc::kCorrupt, path + " is damaged, or larger than its header says");
    }
    return bytes;
  }

  void CheckType(zip_uint64_t index, const zip_stat_t& stat, const std::string& bytes) {
    if (typed_) {
      unpacked_.faults.emplace_back("mimetype is in it twice");
    }
    typed_ = true;
    if (index != 0 || stat.comp_method != ZIP_CM_STORE) {
      unpacked_.faults.emplace_back("mimetype is not the first file, or is compressed");
    }
    if (bytes != kEvidenceType) {
      unpacked_.faults.push_back("mimetype is not " + std::string(kEvidenceType));
    }
  }

  zip_t* archive_;
  const ContainerLimits& limits_;
  Unpacked unpacked_;
  size_t total_ = 0;
  bool typed_ = false;
};

}  // namespace

bool IsContainerPath(std::string_view path) {
  if (path.empty() || path.size() > kPathBytesMax) {
    return false;
  }
  std::string_view rest = path;
  while (true) {
    const size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    if (part.empty() || part == "." || part == "..") {
      return false;
    }
    if (slash == std::string_view::npos) {
      break;
    }
    rest.remove_prefix(slash + 1);
  }
  return path.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/") ==
         std::string_view::npos;
}

Result<std::string> PackContainer(const FileMap& files, const ContainerLimits& limits) {
  RETURN_IF_ERROR(CheckRoom(files, limits));
  zip_error_t error;
  zip_error_init(&error);
  const SourcePtr target(zip_source_buffer_create(nullptr, 0, 0, &error));
  CHECK(target != nullptr);
  zip_source_keep(target.get());  // the archive lets go of one
  ArchivePtr archive(zip_open_from_source(target.get(), ZIP_CREATE | ZIP_TRUNCATE, &error));
  CHECK(archive != nullptr);
  AddFile(archive.get(), kMimetype, kEvidenceType);
  for (const auto& [path, bytes] : files) {
    AddFile(archive.get(), path, bytes);
  }
  CHECK(zip_close(archive.get()) == 0);
  static_cast<void>(archive.release());
  zip_error_fini(&error);
  return ReadAll(target.get());
}

Result<Unpacked> UnpackContainer(std::string_view bytes, const ContainerLimits& limits) {
  if (bytes.size() > 2 * limits.bytes) {
    return NotReadable(Errc::kLimit, "it is over " + std::to_string(2 * limits.bytes) + " bytes");
  }
  if (bytes.empty()) {
    return NotReadable(Errc::kInvalid, "it is empty");
  }
  zip_error_t error;
  zip_error_init(&error);
  SourcePtr source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error));
  if (source == nullptr) {
    return NotReadable(Errc::kInvalid, Reason(error));
  }
  const ArchivePtr archive(zip_open_from_source(source.get(), ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (archive == nullptr) {
    return NotReadable(Errc::kInvalid, "not a whole ZIP file: " + Reason(error));
  }
  static_cast<void>(source.release());  // the archive's now
  zip_error_fini(&error);
  return Reader(archive.get(), limits).Run();
}

}  // namespace rujukan::audit
