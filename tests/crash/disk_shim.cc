// Stands between a program and its disk (LD_PRELOAD). It counts what the program does to the files
// below one folder; before a given operation it kills the program, or from there on the disk is
// full; and it can write every operation down. What lies between two operations cannot be told from
// the disk, so that these are all the places where a death can leave something else behind.
//
//   COPPICE_SHIM_ROOT=/folder   what counts; without it the shim does nothing
//   COPPICE_SHIM_KILL=57        SIGKILL in the place of operation 57, counted from 1
//   COPPICE_SHIM_FULL=57        from operation 57 on, what takes room fails with ENOSPC
//   COPPICE_SHIM_TRACE=FILE     operations are added there, as tests/crash/disk_trace.h reads them
//
// Locks and SQLite's shared memory do not count: they mean nothing once a process is gone.

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "tests/crash/disk_trace.h"

namespace coppice::crash {
namespace {

template <typename Function>
Function Real(const char* name, Function) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

std::int64_t NumberFrom(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? -1 : std::atoll(text);
}

std::string TextFrom(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? std::string() : text;
}

class Shim {
 public:
  // Never destroyed: the program may write until its very end.
  static Shim& Get() {
    static Shim* shim = new Shim;
    return *shim;
  }

  std::recursive_mutex& mutex() { return mutex_; }

  bool Counts(std::string_view path) const {
    if (root_.empty() || !path.starts_with(root_)) return false;
    return !path.ends_with("-shm") && !path.ends_with("/lock");
  }

  // Of an operation that counts: whether it may happen. Else errno says why not.
  bool Admit(bool takes_room) {
    ++n_operations_;
    if (n_operations_ == kill_at_) ::kill(::getpid(), SIGKILL);
    if (full_from_ < 0 || n_operations_ < full_from_ || !takes_room) return true;
    errno = ENOSPC;
    return false;
  }

  void Note(OperationKind kind, const std::string& path, std::uint64_t offset,
            std::string_view data) {
    if (trace_ < 0) return;
    const std::string record = RecordOf({kind, path, offset, std::string(data)});
    static const auto real = Real("write", &::write);
    if (real(trace_, record.data(), record.size()) != static_cast<ssize_t>(record.size())) {
      ::abort();
    }
  }

  void Opened(int fd, const std::string& path) { paths_[fd] = path; }
  void Closed(int fd) { paths_.erase(fd); }
  // Empty where the file does not count.
  std::string PathOf(int fd) const {
    const auto found = paths_.find(fd);
    return found == paths_.end() ? std::string() : found->second;
  }

 private:
  Shim()
      : root_(TextFrom("COPPICE_SHIM_ROOT")),
        kill_at_(NumberFrom("COPPICE_SHIM_KILL")),
        full_from_(NumberFrom("COPPICE_SHIM_FULL")) {
    const std::string trace = TextFrom("COPPICE_SHIM_TRACE");
    static const auto real = Real("open", static_cast<int (*)(const char*, int, ...)>(&::open));
    if (!trace.empty())
      trace_ = real(trace.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  }

  const std::string root_;
  const std::int64_t kill_at_;
  const std::int64_t full_from_;
  int trace_ = -1;
  std::int64_t n_operations_ = 0;
  std::recursive_mutex mutex_;
  std::map<int, std::string> paths_;
};

std::string Absolute(int folder, const char* path) {
  if (path[0] == '/') return path;
  char from[4096];
  if (folder == AT_FDCWD)
    return (::getcwd(from, sizeof from) ? std::string(from) : "") + "/" + path;
  const std::string link = "/proc/self/fd/" + std::to_string(folder);
  const ssize_t n = ::readlink(link.c_str(), from, sizeof from);
  return std::string(from, n < 0 ? 0 : static_cast<std::size_t>(n)) + "/" + path;
}

// `open` is the real one, with its own arguments bound.
template <typename Open>
int OpenAs(const std::string& path, int flags, Open open) {
  Shim& shim = Shim::Get();
  const std::lock_guard lock(shim.mutex());
  if (!shim.Counts(path)) return open();
  struct stat about {};
  const bool exists = ::stat(path.c_str(), &about) == 0;
  const bool creates = !exists && (flags & O_CREAT) != 0;
  const bool cuts = exists && (flags & O_TRUNC) != 0;
  if ((creates || cuts) && !shim.Admit(creates)) return -1;
  const int fd = open();
  if (fd < 0) return fd;
  shim.Opened(fd, path);
  if (creates) shim.Note(OperationKind::kCreate, path, 0, {});
  if (cuts) shim.Note(OperationKind::kCut, path, 0, {});
  return fd;
}

// `write` is the real one; `offset` says where it will write, given the path.
template <typename Write>
ssize_t WriteAs(int fd, const void* data, std::int64_t offset, Write write) {
  Shim& shim = Shim::Get();
  const std::lock_guard lock(shim.mutex());
  const std::string path = shim.PathOf(fd);
  if (path.empty()) return write();
  if (!shim.Admit(true)) return -1;
  if (offset < 0) {
    const bool appends = (::fcntl(fd, F_GETFL) & O_APPEND) != 0;
    offset = ::lseek(fd, 0, appends ? SEEK_END : SEEK_CUR);
  }
  const ssize_t n = write();
  if (n > 0) {
    shim.Note(OperationKind::kWrite, path, static_cast<std::uint64_t>(offset),
              {static_cast<const char*>(data), static_cast<std::size_t>(n)});
  }
  return n;
}

// What changes a file or a folder and has no content; `second` is of a renaming.
template <typename Call>
int CallAs(OperationKind kind, const std::string& path, const std::string& second,
           std::uint64_t offset, bool takes_room, Call call) {
  Shim& shim = Shim::Get();
  const std::lock_guard lock(shim.mutex());
  if (!shim.Counts(path)) return call();
  if (!shim.Admit(takes_room)) return -1;
  const int code = call();
  if (code == 0) shim.Note(kind, path, offset, second);
  return code;
}

std::string PathOf(int fd) {
  Shim& shim = Shim::Get();
  const std::lock_guard lock(shim.mutex());
  return shim.PathOf(fd);
}

mode_t ModeOf(int flags, va_list words) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(words, mode_t) : 0;
}

using OpenCall = int (*)(const char*, int, ...);
using OpenAtCall = int (*)(int, const char*, int, ...);

}  // namespace
}  // namespace coppice::crash

using namespace coppice::crash;  // NOLINT: the functions below are the C library's

extern "C" {

#define COPPICE_SHIM_OPEN(NAME)                                                              \
  int NAME(const char* path, int flags, ...) {                                               \
    va_list words;                                                                           \
    va_start(words, flags);                                                                  \
    const mode_t mode = ModeOf(flags, words);                                                \
    va_end(words);                                                                           \
    static const auto real = Real(#NAME, static_cast<OpenCall>(nullptr));                    \
    return OpenAs(Absolute(AT_FDCWD, path), flags, [&] { return real(path, flags, mode); }); \
  }
COPPICE_SHIM_OPEN(open)
COPPICE_SHIM_OPEN(open64)

#define COPPICE_SHIM_OPENAT(NAME)                                                                  \
  int NAME(int folder, const char* path, int flags, ...) {                                         \
    va_list words;                                                                                 \
    va_start(words, flags);                                                                        \
    const mode_t mode = ModeOf(flags, words);                                                      \
    va_end(words);                                                                                 \
    static const auto real = Real(#NAME, static_cast<OpenAtCall>(nullptr));                        \
    return OpenAs(Absolute(folder, path), flags, [&] { return real(folder, path, flags, mode); }); \
  }
COPPICE_SHIM_OPENAT(openat)
COPPICE_SHIM_OPENAT(openat64)

int close(int fd) {
  static const auto real = Real("close", &::close);
  Shim& shim = Shim::Get();
  const std::lock_guard lock(shim.mutex());
  shim.Closed(fd);
  return real(fd);
}

ssize_t write(int fd, const void* data, size_t n) {
  static const auto real = Real("write", &::write);
  return WriteAs(fd, data, -1, [&] { return real(fd, data, n); });
}

ssize_t pwrite(int fd, const void* data, size_t n, off_t offset) {
  static const auto real = Real("pwrite", &::pwrite);
  return WriteAs(fd, data, offset, [&] { return real(fd, data, n, offset); });
}

ssize_t pwrite64(int fd, const void* data, size_t n, off64_t offset) {
  static const auto real = Real("pwrite64", &::pwrite64);
  return WriteAs(fd, data, offset, [&] { return real(fd, data, n, offset); });
}

int ftruncate(int fd, off_t size) noexcept {
  static const auto real = Real("ftruncate", &::ftruncate);
  return CallAs(OperationKind::kCut, PathOf(fd), "", static_cast<std::uint64_t>(size), false,
                [&] { return real(fd, size); });
}

int ftruncate64(int fd, off64_t size) noexcept {
  static const auto real = Real("ftruncate64", &::ftruncate64);
  return CallAs(OperationKind::kCut, PathOf(fd), "", static_cast<std::uint64_t>(size), false,
                [&] { return real(fd, size); });
}

int fsync(int fd) {
  static const auto real = Real("fsync", &::fsync);
  return CallAs(OperationKind::kSync, PathOf(fd), "", 0, false, [&] { return real(fd); });
}

int fdatasync(int fd) {
  static const auto real = Real("fdatasync", &::fdatasync);
  return CallAs(OperationKind::kSync, PathOf(fd), "", 0, false, [&] { return real(fd); });
}

int rename(const char* from, const char* to) noexcept {
  static const auto real = Real("rename", &::rename);
  return CallAs(OperationKind::kRename, Absolute(AT_FDCWD, from), Absolute(AT_FDCWD, to), 0, false,
                [&] { return real(from, to); });
}

int link(const char* from, const char* to) noexcept {
  static const auto real = Real("link", &::link);
  return CallAs(OperationKind::kLink, Absolute(AT_FDCWD, from), Absolute(AT_FDCWD, to), 0, true,
                [&] { return real(from, to); });
}

int unlink(const char* path) noexcept {
  static const auto real = Real("unlink", &::unlink);
  return CallAs(OperationKind::kRemove, Absolute(AT_FDCWD, path), "", 0, false,
                [&] { return real(path); });
}

int remove(const char* path) noexcept {
  static const auto real = Real("remove", &::remove);
  return CallAs(OperationKind::kRemove, Absolute(AT_FDCWD, path), "", 0, false,
                [&] { return real(path); });
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  static const auto real = Real("unlinkat", &::unlinkat);
  return CallAs(OperationKind::kRemove, Absolute(folder, path), "", 0, false,
                [&] { return real(folder, path, flags); });
}

int mkdir(const char* path, mode_t mode) noexcept {
  static const auto real = Real("mkdir", &::mkdir);
  return CallAs(OperationKind::kMakeFolder, Absolute(AT_FDCWD, path), "", 0, true,
                [&] { return real(path, mode); });
}

}  // extern "C"
