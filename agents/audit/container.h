// The container of evidence: a ZIP file in the manner of ASiC-E (ETSI EN 319 162-1): `mimetype`
// first and stored, everything else after it. What is read was made by anybody: sizes, names and
// methods are checked before a byte is unpacked. Pure apart from memory; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace rujukan::audit {

// Path inside the container to bytes. `mimetype` is not among them: it is the container's own.
using FileMap = std::map<std::string, std::string, std::less<>>;

inline constexpr std::string_view kEvidenceType = "application/vnd.etsi.asic-e+zip";

struct ContainerLimits {
  size_t files = limits::kEvidenceFilesMax;
  size_t bytes = limits::kEvidenceBytesMax;  // of all files unpacked, and of the container
};

// The same files always make the same bytes: sorted, stored, with a fixed date. kLimit: too many,
// or too large; kInvalid: a path that Unpack would refuse.
Result<std::string> PackContainer(const FileMap& files, const ContainerLimits& limits = {});

struct Unpacked {
  FileMap files;
  // What a reader should know and can still read on with: another order, a compressed mimetype.
  std::vector<std::string> faults;
};
// kInvalid: no ZIP file, or one with a path, method or flag that no evidence file has (absolute,
// with
// "..", twice the same, encrypted). kLimit: over the limits, as it says or as it unpacks. kCorrupt:
// a file does not unpack to what its checksum says.
Result<Unpacked> UnpackContainer(std::string_view bytes, const ContainerLimits& limits = {});

// [A-Za-z0-9._-] in parts between single slashes, none of them "." or "..", at most 200 bytes.
bool IsContainerPath(std::string_view path);

}  // namespace rujukan::audit
