#pragma once
// The right to write to a study's folder: one process at a time. It is a lock of the operating
// system on a file that names the holder, so a process that dies in any way gives it back.

#include <string>

namespace coppice::results {

// Held from construction to destruction. Movable, not copyable. A child that is forked while it is
// held shares it until the child execs or ends.
class Lease {
 public:
  // Waits so long for another process to give it back. Throws Error (kStore) that names the process
  // which still holds it then, or when the folder cannot be written to.
  explicit Lease(const std::string& study_folder, double wait_seconds = 0);
  ~Lease();
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&&) = delete;
  Lease(const Lease&) = delete;

  // Whether a live process holds the lease of this folder now; its number in `*pid`, or 0 when it
  // has not written it yet. Takes no lock itself, so it is in nobody's way.
  static bool IsHeld(const std::string& study_folder, int* pid);

 private:
  int fd_ = -1;
};

}  // namespace coppice::results
