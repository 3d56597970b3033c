# Run by the build for rujukan_embed (Embed.cmake): INPUT's bytes become OUTPUT, a source file that defines SYMBOL.
file(READ ${INPUT} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR bytes "${digits} / 2")
string(REPEAT "[0-9a-f]" 64 line)
string(REGEX REPLACE "(${line})" "\\1\n" hex "${hex}")
string(REGEX REPLACE "\n$" "" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" literal "${hex}")
string(REPLACE "\n" "\"\n    \"" literal "${literal}")
file(WRITE ${OUTPUT} "// Made by cmake/EmbedFile.cmake.
#include \"${HEADER}\"

namespace rujukan {
constinit const std::string_view ${SYMBOL}{
    \"${literal}\",
    ${bytes}};
}  // namespace rujukan
")
