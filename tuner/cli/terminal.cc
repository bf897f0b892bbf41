#include "tuner/cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/json.h"

namespace coppice::tuner {
namespace {

bool g_quiet = false;
bool g_json_talk = false;

bool HasVariable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

// That nobody can read what is said is no reason to end a study.
void ToStderr(const std::string& text) {
  [[maybe_unused]] const auto n_written = std::fwrite(text.data(), 1, text.size(), stderr);
}

// Words of a user's may be in any encoding; JSON is in UTF-8.
void WriteEvent(const Json& event) {
  const auto replace = Json::error_handler_t::replace;
  ToStderr(event.dump(-1, ' ', false, replace) + "\n");
}

void WriteErrorEvents(const Error& error) {
  for (const Finding& finding : error.findings()) {
    WriteEvent({{"event", "error"},
                {"message", finding.message},
                {"place", finding.place.ToString()},
                {"hint", finding.hint}});
  }
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
  if (g_quiet) return;
  if (g_json_talk) return WriteEvent({{"event", "message"}, {"text", line}});
  ToStderr(fmt::format("{}\n", line));
}

void SetJsonTalk(bool is_json) { g_json_talk = is_json; }

void SayEvent(const Json& event) {
  if (!g_quiet) WriteEvent(event);
}

bool IsSmartTerminal() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::strcmp(term, "dumb") != 0;
}

ScreenSize StderrScreen::Size() const {
  ScreenSize answer;
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0) return answer;
  if (size.ws_col > 0) answer.columns = size.ws_col;
  if (size.ws_row > 0) answer.rows = size.ws_row;
  return answer;
}

// A terminal that is not this process's controlling one has no background.
bool StderrScreen::IsOurs() const {
  const pid_t foreground = ::tcgetpgrp(STDERR_FILENO);
  return foreground < 0 || foreground == ::getpgrp();
}

void StderrScreen::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(STDERR_FILENO, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // a terminal that is gone is no reason to end a study
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
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
  if (g_json_talk) return WriteErrorEvents(error);
  ToStderr(ErrorText(error, IsSmartTerminal() && !HasVariable("NO_COLOR")));
}

}  // namespace coppice::tuner
