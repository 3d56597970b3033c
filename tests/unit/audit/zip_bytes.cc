#include "tests/unit/audit/zip_bytes.h"

namespace rujukan::audit::testing {
namespace {

void Append16(uint32_t value, std::string& out) {
  out.push_back(static_cast<char>(value & 0xFFU));
  out.push_back(static_cast<char>(value >> 8U & 0xFFU));
}

void Append32(uint32_t value, std::string& out) {
  Append16(value & 0xFFFFU, out);
  Append16(value >> 16U, out);
}

// CRC-32 of ISO 3309, bit by bit.
uint32_t Crc32(const std::string& bytes) {
  uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
  }
  return ~crc;
}

// What local and central headers share.
std::string Common(const ZipMember& member) {
  const auto size = static_cast<uint32_t>(member.bytes.size());
  std::string header;
  Append16(20, header);  // version needed
  Append16(member.flags, header);
  Append16(member.method, header);
  Append16(0, header);     // time
  Append16(0x21, header);  // 1980-01-01
  Append32(Crc32(member.bytes), header);
  Append32(size, header);
  Append32(member.claimed_size == 0 ? size : member.claimed_size, header);
  Append16(static_cast<uint32_t>(member.name.size()), header);
  Append16(0, header);  // extra field
  return header;
}

}  // namespace

std::string ZipOf(const std::vector<ZipMember>& members) {
  std::string zip;
  std::string central;
  for (const ZipMember& member : members) {
    const auto offset = static_cast<uint32_t>(zip.size());
    zip += "PK\3\4" + Common(member) + member.name + member.bytes;
    central += "PK\1\2";
    Append16(3U << 8U | 20U, central);  // made by: Unix
    central += Common(member);
    Append16(0, central);  // comment
    Append16(0, central);  // disk
    Append16(0, central);  // internal attributes
    Append32(member.attributes, central);
    Append32(offset, central);
    central += member.name;
  }
  std::string end = "PK\5\6";
  Append32(0, end);  // disks
  Append16(static_cast<uint32_t>(members.size()), end);
  Append16(static_cast<uint32_t>(members.size()), end);
  Append32(static_cast<uint32_t>(central.size()), end);
  Append32(static_cast<uint32_t>(zip.size()), end);
  Append16(0, end);
  return zip + central + end;
}

}  // namespace rujukan::audit::testing
