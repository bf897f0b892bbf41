#pragma once
// The finished program as a child of a test: its words, its two outputs and how it ended.
//
//   TempFolder folder;
//   const Ended ended = Run({.words = {ProgramPath(), "status"}, .folder = folder.path()});
//   EXPECT_EQ(ended.exit_code, 0) << ended.err;

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coppice::support {

// The program under test: $COPPICE_BINARY, else the one that was built along with the tests.
std::string ProgramPath();

// A new folder, removed with all its content at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  // Absolute, without symbolic links.
  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

struct Command {
  std::vector<std::string> words;        // the first is the program's path
  std::string folder;                    // the working directory
  std::vector<std::string> environment;  // NAME=VALUE, over the test's own
  std::string stdin_file;                // absolute; empty: nothing to read
  std::string stdout_file;               // absolute; empty: captured
  // Most bytes that a file may grow to. A write beyond it fails with an error, as on a full disk:
  // the signal that comes with the limit is ignored.
  std::optional<std::uint64_t> file_bytes;
};

struct Ended {
  int exit_code = -1;  // -1 when a signal ended it
  int signal = 0;
  std::string out;
  std::string err;
};

// A running child. One thread at a time. The test must have one
// thread only when it starts a child.
class Process {
 public:
  explicit Process(const Command& command);
  // Kills the child if it still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void Signal(int number) const;
  // Whether it has ended; does not block.
  bool HasEnded();
  // What it has written to its error output so far.
  std::string ErrorsSoFar() const;
  // Blocks until it ends.
  Ended Wait();

 private:
  void Reap(bool block);

  pid_t pid_ = -1;
  int out_ = -1;  // files without a name that take the outputs
  int err_ = -1;
  std::optional<int> status_;
};

Ended Run(const Command& command);

// The whole file; a failure of the test and "" when it cannot be read.
std::string ReadText(const std::string& path);
void WriteText(const std::string& path, const std::string& text);

}  // namespace coppice::support
