#include "agents/admin/input_file.h"

#include <algorithm>
#include <fstream>

#include "base/bytes.h"

namespace rujukan::admin {
namespace {

constexpr std::string_view kPemBegin = "-----BEGIN ";

std::string WithoutSpace(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept), [](char c) {
    return c != '\n' && c != '\r' && c != ' ' && c != '\t';
  });
  return kept;
}

}  // namespace

Result<std::string> ReadInput(const std::string& path, size_t bytes_max) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(bytes_max + 1, '\0');
  if (!file || !file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())).eof()) {
    return file ? Result<std::string>(Fail(Errc::kLimit,
                                           path + " is over " + std::to_string(bytes_max) +
                                               " bytes; is it the right file?"))
                : Result<std::string>(Fail(Errc::kNotFound, path + " cannot be read"));
  }
  bytes.resize(static_cast<size_t>(file.gcount()));
  return bytes;
}

Result<std::string> DerOf(std::string_view file, std::string_view label) {
  if (file.find(kPemBegin) == std::string_view::npos) {
    return std::string(file);
  }
  const std::string begin = std::string(kPemBegin) + std::string(label) + "-----";
  const std::string end = "-----END " + std::string(label) + "-----";
  const size_t from = file.find(begin);
  const size_t to = file.find(end, from == std::string_view::npos ? 0 : from);
  if (from == std::string_view::npos || to == std::string_view::npos) {
    return Fail(Errc::kInvalid,
                "the file is PEM, but has no whole block " + begin + "; name another file");
  }
  auto der = FromBase64(WithoutSpace(file.substr(from + begin.size(), to - from - begin.size())));
  if (!der) {
    return Fail(Errc::kInvalid, "the PEM block is damaged: " + der.error().context);
  }
  return std::move(*der);
}

}  // namespace rujukan::admin
