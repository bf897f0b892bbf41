#include "base/error.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace coppice {

std::string Place::ToString() const {
  std::string text = file;
  if (line > 0) text += fmt::format("{}{}", text.empty() ? "line " : ":", line);
  if (line > 0 && column > 0) text += fmt::format(":{}", column);
  if (!path.empty()) text += text.empty() ? path : fmt::format(" ({})", path);
  return text;
}

Error::Error(ErrorKind kind, Finding finding)
    : Error(kind, std::vector<Finding>{std::move(finding)}) {}

Error::Error(ErrorKind kind, std::string message, Place place, std::string hint)
    : Error(kind, Finding{std::move(message), std::move(place), std::move(hint)}) {}

Error::Error(ErrorKind kind, std::vector<Finding> findings)
    : kind_(kind), findings_(std::move(findings)) {
  COPPICE_CHECK(!findings_.empty(), "an error says what is wrong");
  what_ = findings_.front().message;
}

Error& Error::AddNote(std::string note) {
  notes_.push_back(std::move(note));
  return *this;
}

namespace internal {
void CheckFailed(const char* condition, const char* why, const char* file, int line) {
  std::fprintf(stderr, "coppice: internal error at %s:%d: %s (%s)\n", file, line, why, condition);
  std::abort();
}
}  // namespace internal

}  // namespace coppice
