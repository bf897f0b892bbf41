#include "tuner/cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace coppice::tuner {
namespace {

bool g_quiet = false;

bool HasVariable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

void Print(std::string_view text) {
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) {
    throw Error(ErrorKind::kStore,
                fmt::format("cannot write to the standard output: {}", std::strerror(errno)), {},
                "make room on the disk behind it, or write elsewhere");
  }
}

void SetQuiet(bool quiet) { g_quiet = quiet; }
bool IsQuiet() { return g_quiet; }

void Say(std::string_view line) {
  if (!g_quiet) fmt::print(stderr, "{}\n", line);
}

bool IsSmartTerminal() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::strcmp(term, "dumb") != 0;
}

int TerminalWidth() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string ErrorText(const Error& error, bool colour) {
  const char* red = colour ? "\x1b[1;31m" : "";
  const char* plain = colour ? "\x1b[0m" : "";
  std::string text;
  for (const Finding& finding : error.findings()) {
    text += fmt::format("{}error:{} {}\n", red, plain, finding.message);
    const std::string place = finding.place.ToString();
    if (!place.empty()) text += fmt::format("  --> {}\n", place);
    if (!finding.hint.empty()) text += fmt::format("  hint: {}\n", finding.hint);
  }
  for (const std::string& note : error.notes()) text += fmt::format("  note: {}\n", note);
  return text;
}

void PrintError(const Error& error) {
  std::fflush(stdout);
  fmt::print(stderr, "{}", ErrorText(error, IsSmartTerminal() && !HasVariable("NO_COLOR")));
}

}  // namespace coppice::tuner
