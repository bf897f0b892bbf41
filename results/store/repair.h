#pragma once
// A damaged study made whole again: its log up to the first gap, which is a state that it was in.
//
//   const Repair repair = RepairStudy(path);   // what is left of it: results/store/salvage.h

#include <cstdint>
#include <string>

namespace coppice::results {

struct Repair {
  std::string kept_as;         // the damaged file, under its new name
  std::int64_t n_events = 0;   // of the log that was kept
  std::int64_t n_dropped = 0;  // sound ones, but after the first gap
  int n_trials = 0;            // that the kept log knows
  int n_ended = 0;             // of these, that have ended
};

// Puts a whole file in the place of the damaged one: what the study is, and its log up to the first
// gap. Going on from there makes what was lost again. The damaged files stay beside it. Killed at
// any moment, it leaves the study as it was, or one that says so and that the next call finishes.
// Throws Error (kStore) as SalvageStudy, and when the row is lost that says which study it is. The
// caller holds the folder's Lease.
Repair RepairStudy(const std::string& path);

}  // namespace coppice::results
