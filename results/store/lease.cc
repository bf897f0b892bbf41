#include "results/store/lease.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string_view>
#include <thread>

#include "base/error.h"

namespace coppice::results {
namespace {

// Between two looks at a lease that another process holds.
constexpr std::chrono::milliseconds kLeasePause{5};

// A lock of the open file, not of the process (F_OFD_SETLK): closing another descriptor of the same
// file does not lose it, two leases in one process exclude each other, and unlike flock() it can be
// asked after without being taken.
struct flock WholeFile() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

std::string LockPath(const std::string& study_folder) { return study_folder + "/lock"; }

// The number in the lock file; 0 when it holds none.
int ReadPid(int fd) {
  std::array<char, 32> text{};
  const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
  int pid = 0;
  if (n > 0) std::from_chars(text.data(), text.data() + n, pid);
  return pid;
}

// "coppice"; empty when the system does not tell.
std::string CommandOf(int pid) {
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string name;
  std::getline(file, name);
  return name;
}

[[noreturn]] void FailHeld(const std::string& study_folder, int fd) {
  const int pid = ReadPid(fd);
  ::close(fd);
  if (pid <= 0) {
    throw Error(ErrorKind::kStore,
                fmt::format("another process writes to the study `{}`", study_folder), {},
                "wait until it ends; `coppice status` reads the study meanwhile");
  }
  const std::string command = CommandOf(pid);
  throw Error(
      ErrorKind::kStore,
      fmt::format("process `{}`{} writes to the study `{}`", pid,
                  command.empty() ? std::string() : fmt::format(" ({})", command), study_folder),
      {},
      fmt::format("wait until it ends, or stop it with `kill {}`; `coppice status` reads the study "
                  "meanwhile",
                  pid));
}

[[noreturn]] void FailSystem(const std::string& path, int code) {
  std::string hint;
  if (code == ENOENT || code == ENOTDIR) {
    hint = "check the study's name and --store";
  } else if (code == EACCES || code == EPERM || code == EROFS) {
    hint = "choose a folder that you may write to, with --store";
  } else if (code == ENOSPC || code == EDQUOT) {
    hint = "the disk is full: make room, then run the command again";
  } else if (code == EINVAL || code == ENOLCK || code == ENOTSUP) {
    hint = "this file system has no locks: choose a folder on a local disk, with --store";
  }
  throw Error(ErrorKind::kStore, fmt::format("cannot lock `{}`: {}", path, std::strerror(code)), {},
              hint);
}

void WritePid(int fd, const std::string& path) {
  const std::string text = fmt::format("{}\n", ::getpid());
  const bool written = ::ftruncate(fd, 0) == 0 && ::pwrite(fd, text.data(), text.size(), 0) ==
                                                      static_cast<ssize_t>(text.size());
  if (written) return;
  const int code = errno;
  ::close(fd);
  FailSystem(path, code);
}

}  // namespace

Lease::Lease(const std::string& study_folder, double wait_seconds) {
  const std::string path = LockPath(study_folder);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) FailSystem(path, errno);
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::duration<double>(wait_seconds);
  struct flock lock = WholeFile();
  while (::fcntl(fd, F_OFD_SETLK, &lock) != 0) {
    const int code = errno;
    const bool is_held = code == EAGAIN || code == EACCES;
    if (is_held && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(kLeasePause);
      continue;
    }
    if (is_held) FailHeld(study_folder, fd);
    ::close(fd);
    FailSystem(path, code);
  }
  WritePid(fd, path);
  fd_ = fd;
}

Lease::~Lease() {
  if (fd_ < 0) return;
  // The file stays: removing it would let two processes lock two files of the same name. That the
  // old number stays if this fails is harmless, as the lock decides.
  [[maybe_unused]] const int ignored = ::ftruncate(fd_, 0);
  ::close(fd_);
}

Lease::Lease(Lease&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }

bool Lease::IsHeld(const std::string& study_folder, int* pid) {
  *pid = 0;
  const int fd = ::open(LockPath(study_folder).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  struct flock lock = WholeFile();
  const bool held = ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  if (held) *pid = ReadPid(fd);
  ::close(fd);
  return held;
}

}  // namespace coppice::results
