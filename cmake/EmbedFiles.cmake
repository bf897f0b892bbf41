# Writes a C++ source with files inside, run at build time:
#   cmake -DOUTPUT=a.cc "-DFILES=report.css=/path/report.css|d3.js=/path/d3.min.js" -P EmbedFiles.cmake
# It defines coppice::tuner::PageFile (tuner/report/page.h). The files are text.
set(branches "")
string(REPLACE "|" ";" FILES "${FILES}")
foreach(entry IN LISTS FILES)
  string(REGEX MATCH "^([^=]+)=(.*)$" matched "${entry}")
  set(name "${CMAKE_MATCH_1}")
  file(READ "${CMAKE_MATCH_2}" content)
  if(content MATCHES "\\)embedded\"")
    message(FATAL_ERROR "${CMAKE_MATCH_2} holds the mark that ends an embedded text")
  endif()
  string(APPEND branches "  if (name == \"${name}\") {\n    return R\"embedded(${content})embedded\";\n  }\n")
endforeach()
file(WRITE "${OUTPUT}" "#include <fmt/format.h>

#include \"base/error.h\"
#include \"tuner/report/page.h\"

namespace coppice::tuner {

std::string_view PageFile(std::string_view name) {
${branches}  throw Error(ErrorKind::kInternal, fmt::format(\"the page has no file `{}`\", name));
}

}  // namespace coppice::tuner
")
