#include "agents/agency/media_type.h"

#include <array>

namespace rujukan::agency {
namespace {

using Type = v1::AttachmentType;

constexpr std::string_view kPdf = "application/pdf";
constexpr std::string_view kJpeg = "image/jpeg";
constexpr std::string_view kPng = "image/png";
constexpr std::string_view kDocx =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr std::string_view kXlsx =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr std::string_view kOdt = "application/vnd.oasis.opendocument.text";
constexpr std::string_view kMp3 = "audio/mpeg";
constexpr std::string_view kM4a = "audio/mp4";
constexpr std::string_view kMp4 = "video/mp4";

constexpr std::array<std::string_view, 9> kAll = {
    kPdf, kJpeg, kPng, kDocx, kXlsx, kOdt, kMp3, kM4a, kMp4};

// Recordings are evidence of what was said: of a consent, an interview, a handover.
bool MayBeRecording(Type::Code kind) {
  return kind == Type::PERSETUJUAN || kind == Type::KRONOLOGI || kind == Type::ASESMEN ||
         kind == Type::BERITA_ACARA;
}

bool Fits(Type::Code kind, std::string_view type) {
  const bool recording = type.starts_with("audio/") || type.starts_with("video/");
  return !recording || MayBeRecording(kind);
}

// A ZIP file: its first entries' names tell which.
std::string_view OfficeTypeOf(std::string_view bytes) {
  if (bytes.substr(30).starts_with("mimetypeapplication/vnd.oasis.opendocument.text") &&
      !bytes.substr(30).starts_with("mimetypeapplication/vnd.oasis.opendocument.text-")) {
    return kOdt;
  }
  if (bytes.find("[Content_Types].xml") == std::string_view::npos &&
      bytes.find("_rels/.rels") == std::string_view::npos) {
    return "";
  }
  if (bytes.find("word/") != std::string_view::npos) {
    return kDocx;
  }
  return bytes.find("xl/") != std::string_view::npos ? kXlsx : std::string_view();
}

std::string_view IsoMediaTypeOf(std::string_view brand) {
  if (brand == "M4A " || brand == "M4B ") {
    return kM4a;
  }
  constexpr std::array<std::string_view, 8> kVideo = {
      "isom", "iso2", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V "};
  for (const std::string_view known : kVideo) {
    if (brand == known) {
      return kMp4;
    }
  }
  return "";
}

bool IsMp3(std::string_view bytes) {
  if (bytes.starts_with("ID3")) {
    return true;
  }
  // A frame header of MPEG layer III: 11 bits set, version, layer 01.
  return bytes.size() >= 2 && static_cast<uint8_t>(bytes[0]) == 0xff &&
         (static_cast<uint8_t>(bytes[1]) & 0xe6U) == 0xe2U;
}

}  // namespace

std::string_view MediaTypeOf(std::string_view bytes) {
  using std::string_view_literals::operator""sv;
  if (bytes.starts_with("%PDF-"sv)) {
    return kPdf;
  }
  if (bytes.starts_with("\xff\xd8\xff"sv)) {
    return kJpeg;
  }
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) {
    return kPng;
  }
  if (bytes.starts_with("PK\x03\x04"sv) && bytes.size() > 30) {
    return OfficeTypeOf(bytes);
  }
  if (bytes.size() >= 12 && bytes.substr(4, 4) == "ftyp"sv) {
    return IsoMediaTypeOf(bytes.substr(8, 4));
  }
  return IsMp3(bytes) ? kMp3 : std::string_view();
}

std::string AllowedMediaTypes(Type::Code kind) {
  std::string list;
  for (const std::string_view type : kAll) {
    if (Fits(kind, type)) {
      list.append(list.empty() ? "" : ", ").append(type);
    }
  }
  return list;
}

Result<std::string> CheckMediaType(Type::Code kind,
                                   std::string_view stated,
                                   std::string_view first_bytes) {
  const std::string_view shown = MediaTypeOf(first_bytes);
  if (shown.empty() || !Fits(kind, shown)) {
    return Fail(
        Errc::kInvalid,
        "jenis berkas ini tidak dapat dilampirkan; yang dapat / this kind of file cannot be "
        "attached; what can: " +
            AllowedMediaTypes(kind));
  }
  if (!stated.empty() && stated != shown) {
    return Fail(Errc::kInvalid,
                "isi berkas bukan tipe_isi yang ditulis / the file's bytes are not of the stated "
                "type, but of " +
                    std::string(shown));
  }
  return std::string(shown);
}

}  // namespace rujukan::agency
