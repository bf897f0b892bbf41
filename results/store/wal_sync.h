#pragma once
// Forces SQLite's log onto the disk in the background. Commits that come while a sync is under way
// share the next one, so that their number costs nothing.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace coppice::results {

// Note and Wait: one thread at a time.
class WalSync {
 public:
  // Of the database at `path`; its log is opened when there is something in it.
  explicit WalSync(const std::string& path);
  // What was noted and not waited for may not be on the disk.
  ~WalSync();
  WalSync(const WalSync&) = delete;
  WalSync& operator=(const WalSync&) = delete;

  // A commit was written. Throws Error (kStore) when an earlier one could not be synced.
  void Note();
  // Until all that was noted is on the disk. Throws the same.
  void Wait();

 private:
  void Work();
  void ThrowIfFailed() const;

  const std::string path_;  // of the log
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t n_noted_ = 0;
  std::int64_t n_synced_ = 0;
  bool hurried_ = false;  // somebody waits
  bool ends_ = false;
  int error_ = 0;  // of the system
  std::thread thread_;
};

}  // namespace coppice::results
