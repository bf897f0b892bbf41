#include "tests/support/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdlib>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace coppice::support {
namespace {

namespace fs = std::filesystem;

constexpr int kCouldNotStart = 127;

int UnnamedFile() {
  std::string pattern = testing::TempDir() + "/coppice-output-XXXXXX";
  const int fd = ::mkostemp(pattern.data(), O_CLOEXEC);
  if (fd < 0) throw std::runtime_error("no file for the output of a child");
  ::unlink(pattern.c_str());
  return fd;
}

std::string ReadAll(int fd) {
  std::string text;
  std::array<char, 65536> piece{};
  ssize_t n = 0;
  while ((n = ::pread(fd, piece.data(), piece.size(), static_cast<off_t>(text.size()))) > 0) {
    text.append(piece.data(), static_cast<std::size_t>(n));
  }
  return text;
}

std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// In the child, between fork and exec.
[[noreturn]] void Become(const Command& command, const std::vector<char*>& words, int out,
                         int err) {
  const char* source = command.stdin_file.empty() ? "/dev/null" : command.stdin_file.c_str();
  const int in = ::open(source, O_RDONLY | O_CLOEXEC);
  if (!command.stdout_file.empty()) {
    out = ::open(command.stdout_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  }
  const bool redirected = in >= 0 && out >= 0 && ::dup2(in, STDIN_FILENO) >= 0 &&
                          ::dup2(out, STDOUT_FILENO) >= 0 && ::dup2(err, STDERR_FILENO) >= 0;
  if (!redirected || ::chdir(command.folder.c_str()) != 0) ::_exit(kCouldNotStart);
  if (command.file_bytes) {
    const rlimit limit{*command.file_bytes, *command.file_bytes};
    ::signal(SIGXFSZ, SIG_IGN);
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(kCouldNotStart);
  }
  for (const std::string& variable : command.environment) {
    ::putenv(const_cast<char*>(variable.c_str()));
  }
  ::execv(words[0], words.data());
  ::_exit(kCouldNotStart);
}

}  // namespace

std::string ProgramPath() {
  const char* given = ::getenv("COPPICE_BINARY");
  const std::string path = given != nullptr && *given != '\0' ? given : COPPICE_BUILT_BINARY;
  return fs::absolute(path).string();
}

TempFolder::TempFolder() {
  std::string pattern = fs::canonical(testing::TempDir()).string() + "/coppice-case-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for the test");
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  // A folder that a test made read-only cannot be emptied.
  for (const auto& entry : fs::recursive_directory_iterator(path_, ignored)) {
    if (entry.is_directory(ignored)) {
      fs::permissions(entry.path(), fs::perms::owner_all, fs::perm_options::add, ignored);
    }
  }
  fs::remove_all(path_, ignored);
}

Process::Process(const Command& command) : out_(UnnamedFile()), err_(UnnamedFile()) {
  const std::vector<char*> words = Pointers(command.words);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) Become(command, words, out_, err_);
}

Process::~Process() {
  if (!status_) {
    Signal(SIGKILL);
    Reap(true);
  }
  ::close(out_);
  ::close(err_);
}

void Process::Signal(int number) const {
  // Once the child is reaped its number may be another's.
  if (!status_) ::kill(pid_, number);
}

void Process::Reap(bool block) {
  int status = 0;
  pid_t got = 0;
  while (!status_ && (got = ::waitpid(pid_, &status, block ? 0 : WNOHANG)) < 0 && errno == EINTR) {
  }
  if (got == pid_) status_ = status;
}

bool Process::HasEnded() {
  Reap(false);
  return status_.has_value();
}

std::string Process::ErrorsSoFar() const { return ReadAll(err_); }

Ended Process::Wait() {
  Reap(true);
  Ended ended;
  const int status = status_.value();
  if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  ended.out = ReadAll(out_);
  ended.err = ReadAll(err_);
  return ended;
}

Ended Run(const Command& command) { return Process(command).Wait(); }

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << "cannot read " << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteText(const std::string& path, const std::string& text) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace coppice::support
