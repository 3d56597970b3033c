// What may be an attachment: a short list of media types, each known by its first bytes, and which
// of them fit which kind of document. There is no kind for a photo of the child (AttachmentType).
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "rujukan/v1/codes.pb.h"

namespace rujukan::agency {

// So many bytes of a file tell its type.
inline constexpr size_t kSniffBytes = 16 * 1024;

// The media type that the first bytes show; "": none of the list.
std::string_view MediaTypeOf(std::string_view first_bytes);

// "application/pdf, image/jpeg, ..."
std::string AllowedMediaTypes(v1::AttachmentType::Code kind);

// `stated` may be empty: then what the bytes show counts. Returns the media type. kInvalid: not on
// the list, another than stated, or not for this kind of document; the text says what is.
Result<std::string> CheckMediaType(v1::AttachmentType::Code kind,
                                   std::string_view stated,
                                   std::string_view first_bytes);

}  // namespace rujukan::agency
