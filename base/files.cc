#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace coppice {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Fail(ErrorKind kind, const char* doing, const std::string& path, int code) {
  std::string hint;
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) {
    hint = "the disk is full: make room, then run the command again";
  } else if (code == EACCES || code == EPERM || code == EROFS) {
    hint = "choose a folder that you may write to, with --store or -o";
    if (kind == ErrorKind::kData) hint = "check the file's permissions";
  } else if (code == EISDIR) {
    hint = "this is a folder: name a file";
  } else if (code == ENOTDIR) {
    hint = "a part of the path is a file, not a folder";
  } else if (code == ENOENT) {
    hint = kind == ErrorKind::kData
               ? "check the path; a relative one begins at the folder that you are in"
               : "make the folder first, or choose another";
  }
  throw Error(kind, fmt::format("cannot {} `{}`: {}", doing, path, std::strerror(code)), {}, hint);
}

// Closes on every way out.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  // Some file systems report a failed write only here.
  int Close() {
    const int result = ::close(fd_);
    fd_ = -1;
    return result;
  }

 private:
  int fd_;
};

// 0, or the system's error number.
int WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

class FileInMemory : public InputFile {
 public:
  explicit FileInMemory(std::string text) : text_(std::move(text)) {}

  std::uint64_t size() const override { return text_.size(); }
  std::size_t ReadAt(std::uint64_t offset, char* to, std::size_t most) override {
    if (offset >= text_.size()) return 0;
    return text_.copy(to, most, static_cast<std::size_t>(offset));
  }

 private:
  const std::string text_;
};

class FileOnDisk : public InputFile {
 public:
  FileOnDisk(std::string path, std::unique_ptr<Descriptor> file, std::uint64_t size)
      : path_(std::move(path)), file_(std::move(file)), size_(size) {}

  std::uint64_t size() const override { return size_; }
  std::size_t ReadAt(std::uint64_t offset, char* to, std::size_t most) override {
    std::size_t used = 0;
    while (used < most) {
      const ssize_t got =
          ::pread(file_->get(), to + used, most - used, static_cast<off_t>(offset + used));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) Fail(ErrorKind::kData, "read", path_, errno);
      if (got == 0) break;
      used += static_cast<std::size_t>(got);
    }
    return used;
  }

 private:
  const std::string path_;
  const std::unique_ptr<Descriptor> file_;
  const std::uint64_t size_;
};

void SyncFolder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync a folder; the rename itself has happened.
  if (folder.get() >= 0) ::fsync(folder.get());
}

std::string ParentOf(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

void WriteInPlace(const std::string& path, std::string_view text, int flags) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0644));
  if (file.get() < 0) Fail(ErrorKind::kStore, "write", path, errno);
  if (const int code = WriteAll(file.get(), text)) Fail(ErrorKind::kStore, "write", path, code);
  if (file.Close() != 0) Fail(ErrorKind::kStore, "write", path, errno);
}

}  // namespace

std::unique_ptr<InputFile> FileSystem::Open(const std::string& path) {
  return std::make_unique<FileInMemory>(Read(path));
}

bool RealFileSystem::Exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::string RealFileSystem::Read(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) Fail(ErrorKind::kData, "read", path, errno);
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) Fail(ErrorKind::kData, "read", path, errno);
  if (S_ISDIR(about.st_mode)) Fail(ErrorKind::kData, "read", path, EISDIR);
  std::string text;
  text.resize(static_cast<std::size_t>(std::max<off_t>(about.st_size, 0)) + 1);
  std::size_t used = 0;
  for (;;) {
    if (used == text.size()) text.resize(text.size() * 2);
    const ssize_t got = ::read(file.get(), text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) Fail(ErrorKind::kData, "read", path, errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  text.resize(used);
  return text;
}

std::unique_ptr<InputFile> RealFileSystem::Open(const std::string& path) {
  struct stat about {};
  // Asked before it is opened: opening a pipe for a moment ends it for its writer.
  if (::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode)) return FileSystem::Open(path);
  auto file = std::make_unique<Descriptor>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file->get() < 0) Fail(ErrorKind::kData, "read", path, errno);
  if (::fstat(file->get(), &about) != 0) Fail(ErrorKind::kData, "read", path, errno);
  return std::make_unique<FileOnDisk>(path, std::move(file),
                                      static_cast<std::uint64_t>(about.st_size));
}

void RealFileSystem::WriteAtomically(const std::string& path, std::string_view text) {
  struct stat about {};
  const bool exists = ::stat(path.c_str(), &about) == 0;
  if (exists && !S_ISREG(about.st_mode)) {
    WriteInPlace(path, text, 0);
    return;
  }
  // The process's number keeps two writers' unfinished files apart.
  const std::string unfinished = fmt::format("{}.{}.tmp", path, ::getpid());
  int code = 0;
  {
    Descriptor file(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.get() < 0) Fail(ErrorKind::kStore, "write", path, errno);
    code = WriteAll(file.get(), text);
    if (code == 0 && ::fsync(file.get()) != 0) code = errno;
    if (file.Close() != 0 && code == 0) code = errno;
  }
  if (code == 0 && ::rename(unfinished.c_str(), path.c_str()) != 0) code = errno;
  if (code != 0) {
    ::unlink(unfinished.c_str());
    Fail(ErrorKind::kStore, "write", path, code);
  }
  SyncFolder(ParentOf(path));
}

void RealFileSystem::Append(const std::string& path, std::string_view text) {
  WriteInPlace(path, text, O_CREAT | O_APPEND);
}

void RealFileSystem::MakeFolder(const std::string& path) {
  // From the outermost one that is missing to the innermost.
  std::vector<fs::path> missing;
  std::error_code code;
  for (fs::path folder = fs::absolute(path).lexically_normal(); !fs::exists(folder, code) && !code;
       folder = folder.parent_path()) {
    missing.push_back(folder);
  }
  fs::create_directories(path, code);
  if (code) Fail(ErrorKind::kStore, "make the folder", path, code.value());
  for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
    SyncFolder(ParentOf(folder->string()));
  }
}

bool RealFileSystem::MoveFolder(const std::string& from, const std::string& to) {
  struct stat about {};
  // Renaming would replace an empty folder.
  if (::lstat(to.c_str(), &about) == 0) return false;
  if (::rename(from.c_str(), to.c_str()) != 0) {
    if (errno == EEXIST || errno == ENOTEMPTY) return false;
    Fail(ErrorKind::kStore, "make the folder", to, errno);
  }
  SyncFolder(ParentOf(to));
  return true;
}

std::vector<std::string> RealFileSystem::List(const std::string& path) {
  std::error_code code;
  std::vector<std::string> names;
  fs::directory_iterator entries(path, code);
  if (code) Fail(ErrorKind::kData, "list the folder", path, code.value());
  for (const auto& entry : entries) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace coppice
