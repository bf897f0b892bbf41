#pragma once
// What unfinished trials have come to, so that they go on where they stopped: in memory as far as a
// budget goes, else on the disk, where it also outlives the process. It is a cache: a trial that is
// not there begins anew and comes to the same.

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>

#include "base/files.h"
#include "strategies/study/trial.h"

namespace coppice::tuner {

// Thread-safe.
class TrialParking {
 public:
  // What goes beyond `budget_bytes` is written to `folder`, which is made for it, the trial that
  // was parked first before the others; without a folder it is dropped. A file that cannot be
  // written is done without. `disk` is borrowed.
  TrialParking(std::size_t budget_bytes, std::string folder, FileSystem& disk);

  // In place of what was parked of it before.
  void Park(study::TrialId trial, std::string state);
  // Takes it out; nothing when it is not there, or its file is damaged.
  std::optional<std::string> Take(study::TrialId trial);
  // Writes what is in memory to the disk: the process is about to end.
  void SpillAll();
  // Forgets everything, on the disk too.
  void Clear();

  // In memory.
  std::size_t size();
  std::size_t bytes();

 private:
  struct Place {
    study::TrialId trial{};
    std::string state;
  };

  std::string FileOf(study::TrialId trial) const;
  void Spill(std::list<Place>::iterator place);
  void RemoveFile(study::TrialId trial);

  const std::size_t budget_bytes_;
  const std::string folder_;
  FileSystem& disk_;
  std::mutex mutex_;
  std::list<Place> places_;  // in the order of parking
  std::size_t bytes_ = 0;    // of places_
};

}  // namespace coppice::tuner
