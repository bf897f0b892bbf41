#pragma once
// What unfinished trials have come to, so that they go on where they stopped: in memory as far as a
// budget goes, else on the disk, as far as another one goes, where it also outlives the process. It
// is a cache: a trial that is not there begins anew and comes to the same.

#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/files.h"
#include "strategies/study/trial.h"

namespace coppice::tuner {

struct ParkingBudget {
  std::size_t memory_bytes = 0;
  std::size_t disk_bytes = 0;
};

// What parked trials may take of the disk that `folder`, or the first of its parents that exists,
// is on: a share of what is free, and no more than some gigabytes.
std::size_t ParkingDiskBytes(const std::string& folder);

// Thread-safe.
class TrialParking {
 public:
  // What goes beyond the memory is written to `folder`, which is made for it, the trial that was
  // parked first before the others. What goes beyond the disk is dropped, the trial that costs
  // least to repeat before the others; without a folder all that does not fit into the memory is.
  // A file that cannot be written is done without. Files that an earlier process left count.
  // `disk` is borrowed.
  TrialParking(ParkingBudget budget, std::string folder, FileSystem& disk);

  // In place of what was parked of it before. `seconds`: what it takes to come to this again.
  void Park(study::TrialId trial, std::string state, double seconds);
  // Takes it out; nothing when it is not there, or its file is damaged.
  std::optional<std::string> Take(study::TrialId trial);
  // Writes what is in memory to the disk: the process is about to end.
  void SpillAll();
  // Forgets everything, on the disk too.
  void Clear();

  // In memory.
  std::size_t size();
  std::size_t bytes();
  // On the disk.
  std::size_t disk_bytes();

 private:
  struct Place {
    study::TrialId trial{};
    std::string state;
    double seconds = 0;
  };
  struct File {
    std::size_t bytes = 0;
    double seconds = 0;
  };

  std::string FileOf(study::TrialId trial) const;
  void FindFiles();
  void Spill(std::list<Place>::iterator place);
  // Whether so many bytes have room on the disk, after dropping what costs less than `seconds`.
  bool MakeRoom(std::size_t bytes, double seconds);
  void RemoveFile(study::TrialId trial);

  const ParkingBudget budget_;
  const std::string folder_;
  FileSystem& disk_;
  std::mutex mutex_;
  std::list<Place> places_;  // in the order of parking
  std::size_t bytes_ = 0;    // of places_
  std::map<study::TrialId, File> files_;
  std::size_t disk_bytes_ = 0;  // of files_
};

}  // namespace coppice::tuner
