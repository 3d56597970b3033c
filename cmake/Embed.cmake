# rujukan_embed(TARGET FILE SYMBOL): the bytes of FILE (of the calling folder) as `rujukan::SYMBOL`, a std::string_view in
# static storage, so that a program needs no data files beside it. TARGET's sources include it as the file's path in the
# tree with .h behind it:
#
#   rujukan_embed(rujukan_base regions.tsv kRegionsTsv)      #include "base/regions.tsv.h"
#
# Any bytes are kept as they are. A changed file is embedded again by the next build. Meant for data of up to a few
# hundred KiB: the bytes travel through the compiler as a string literal.
set(RUJUKAN_EMBED_DIR ${CMAKE_BINARY_DIR}/embedded)
set(RUJUKAN_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/EmbedFile.cmake)

function(rujukan_embed target file symbol)
  set(input ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${input})
  rujukan_embed_as(${target} ${input} ${path} ${symbol})
endfunction()

# The same for a file that the build makes: PATH is what its header is called by, with .h behind it.
function(rujukan_embed_as target input path symbol)
  set(header ${RUJUKAN_EMBED_DIR}/${path}.h)
  set(source ${RUJUKAN_EMBED_DIR}/${path}.cc)
  file(CONFIGURE OUTPUT ${header} @ONLY CONTENT [[
// Made from @path@ by cmake/Embed.cmake.
#pragma once

#include <string_view>

namespace rujukan {
extern const std::string_view @symbol@;
}
]])
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${source} -DHEADER=${path}.h -DSYMBOL=${symbol}
      -P ${RUJUKAN_EMBED_SCRIPT}
    DEPENDS ${input} ${RUJUKAN_EMBED_SCRIPT}
    COMMENT "Embedding ${path}"
    VERBATIM)
  target_sources(${target} PRIVATE ${source})
  target_include_directories(${target} PRIVATE ${RUJUKAN_EMBED_DIR})
endfunction()
