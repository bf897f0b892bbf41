// The program on a terminal: what stands on the screen when it has ended.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include "tests/support/emulator.h"
#include "tests/support/process.h"

namespace coppice::cli_tests {
namespace {

constexpr int kColumns = 160;
constexpr int kRows = 24;

// A child whose standard streams are a terminal.
class OnTerminal {
 public:
  OnTerminal(const std::string& folder, std::vector<std::string> words) {
    words.insert(words.begin(), support::ProgramPath());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const winsize size{kRows, kColumns, 0, 0};
    pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
    if (pid_ != 0) return;
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("COPPICE_PROGRESS");
    if (::chdir(folder.c_str()) == 0) ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }
  ~OnTerminal() { ::close(terminal_); }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;

  // Until `text` has come, or to the end.
  void ReadUntil(const std::string& text) {
    std::array<char, 4096> piece;
    while (text.empty() || bytes_.find(text) == std::string::npos) {
      const ssize_t n = ::read(terminal_, piece.data(), piece.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return;  // the child's side is closed
      bytes_.append(piece.data(), static_cast<std::size_t>(n));
    }
  }

  void Type(const std::string& keys) const {
    ASSERT_EQ(::write(terminal_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }

  // Reads to the end; the exit code.
  int Wait() {
    ReadUntil("");
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  const std::string& bytes() const { return bytes_; }
  support::Emulator Shown() const {
    support::Emulator emulator(kColumns, kRows);
    emulator.Write(bytes_);
    return emulator;
  }

 private:
  int terminal_ = -1;
  pid_t pid_ = -1;
  std::string bytes_;
};

struct SmallStudy {
  SmallStudy() {
    for (const char* name : {"spec.json", "rows.csv"}) {
      support::WriteText(folder.File(name), support::ReadText(fmt::format(
                                                COPPICE_SOURCE_DIR "/tests/cli/files/{}", name)));
    }
  }
  support::TempFolder folder;
};

bool AnyHas(const std::vector<std::string>& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

TEST(OnATerminal, ShowsLiveLinesAndLeavesOnlyThoseThatStay) {
  const SmallStudy study;
  OnTerminal run(study.folder.path(), {"tune", "spec.json", "--set", "stop.trials=8"});
  EXPECT_EQ(run.Wait(), 0);
  EXPECT_NE(run.bytes().find("running"), std::string::npos) << run.bytes();
  const support::Emulator shown = run.Shown();
  const std::vector<std::string> lines = shown.Lines();
  EXPECT_TRUE(AnyHas(lines, "the best so far"));
  EXPECT_TRUE(AnyHas(lines, "stopped because the limit of 8 trials is reached."));
  EXPECT_TRUE(AnyHas(lines, "8 trials completed in ")) << run.bytes();
  EXPECT_FALSE(AnyHas(lines, " running;"));
  EXPECT_FALSE(AnyHas(lines, "forecast after"));
  EXPECT_FALSE(AnyHas(lines, "training the best configuration"));
  EXPECT_EQ(shown.cursor_column(), 0U);
  EXPECT_EQ(shown.cursor_row() + 1, lines.size());
}

TEST(OnATerminal, LeavesACleanCursorAfterCtrlC) {
  const SmallStudy study;
  OnTerminal run(study.folder.path(), {"tune", "spec.json", "--set", "stop.trials=100000"});
  run.ReadUntil("running");
  run.Type("\x03");
  EXPECT_EQ(run.Wait(), 130);
  const support::Emulator shown = run.Shown();
  const std::vector<std::string> lines = shown.Lines();
  ASSERT_GE(lines.size(), 2U);
  EXPECT_TRUE(lines[lines.size() - 2].starts_with("interrupted: `coppice resume ")) << run.bytes();
  EXPECT_FALSE(AnyHas(lines, "interrupted, ending"));
  EXPECT_FALSE(AnyHas(lines, "^C"));
  EXPECT_EQ(shown.cursor_column(), 0U);
}

TEST(OnATerminal, DrawsNothingOverItselfWherePlainLinesAreAskedFor) {
  const SmallStudy study;
  OnTerminal run(study.folder.path(), {"tune", "spec.json", "--progress", "plain"});
  EXPECT_EQ(run.Wait(), 0);
  EXPECT_EQ(run.bytes().find('\x1b'), std::string::npos) << run.bytes();
  EXPECT_TRUE(AnyHas(run.Shown().Lines(), "the best so far"));
}

}  // namespace
}  // namespace coppice::cli_tests
