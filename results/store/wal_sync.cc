#include "results/store/wal_sync.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "base/error.h"

namespace coppice::results {
namespace {

// Between the beginnings of two syncs that nobody waits for.
constexpr std::chrono::milliseconds kSyncPause{20};

// 0, or the system's error number.
int SyncFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  // The closing of a database moves its log into it and removes it: synced already.
  if (fd < 0) return errno == ENOENT ? 0 : errno;
  const int code = ::fdatasync(fd) == 0 ? 0 : errno;
  ::close(fd);
  return code;
}

}  // namespace

WalSync::WalSync(const std::string& path) : path_(path + "-wal"), thread_([this] { Work(); }) {}

WalSync::~WalSync() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void WalSync::Note() {
  const std::lock_guard lock(mutex_);
  ThrowIfFailed();
  ++n_noted_;
  changed_.notify_all();
}

void WalSync::Wait() {
  std::unique_lock lock(mutex_);
  hurried_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return n_synced_ == n_noted_ || error_ != 0; });
  hurried_ = false;
  ThrowIfFailed();
}

void WalSync::ThrowIfFailed() const {
  if (error_ == 0) return;
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  throw Error(
      ErrorKind::kStore,
      fmt::format("the disk failed under `{}`: {}", path_, std::strerror(error_)), {},
      fmt::format("see to the disk, then `coppice resume {}`", folder.empty() ? "." : folder));
}

void WalSync::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ends_ || n_synced_ < n_noted_; });
    if (ends_) return;
    const std::int64_t n = n_noted_;
    lock.unlock();
    const auto next = std::chrono::steady_clock::now() + kSyncPause;
    const int code = SyncFile(path_);
    lock.lock();
    error_ = code;
    if (code == 0) n_synced_ = n;
    changed_.notify_all();
    if (code != 0) return;
    changed_.wait_until(lock, next, [this] { return ends_ || hurried_; });
  }
}

}  // namespace coppice::results
