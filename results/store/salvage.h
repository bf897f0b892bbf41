#pragma once
// What is left of a damaged study. Rows prove themselves by their checksums, so they are looked for
// page by page, whatever became of the file's trees and header.
//
//   const Salvage left = SalvageStudy(path);
//   for (const study::Trial& trial : left.trials) ...      // with gaps
//   RepairStudy(path);                                     // the log up to its first gap

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/store/trial_store.h"
#include "strategies/study/trial.h"

namespace coppice::results {

struct Salvage {
  std::optional<StudyRecord> record;  // nothing: it is lost
  std::vector<LoggedEvent> events;    // sound ones in order, with those of their curves that are
  // What the sound rows show to be missing; what came after the last of them does not show.
  std::int64_t n_lost_events = 0;
  std::int64_t n_lost_curves = 0;
  // As the sound events tell: a trial whose creation is lost has no parameters and no origin, one
  // whose end is lost seems to run.
  std::vector<study::Trial> trials;

  // Of the last sound event before the first that is lost, or whose curves are.
  std::int64_t whole_until = 0;
};

// Reads the files alone, and changes none. Throws Error (kStore) when there is no file, or nothing
// of a study in it.
Salvage SalvageStudy(const std::string& path);

struct Repair {
  std::string kept_as;         // the damaged file, under its new name
  std::int64_t n_events = 0;   // of the log that was kept
  std::int64_t n_dropped = 0;  // sound ones, but after the first gap
  int n_trials = 0;            // that the kept log knows
  int n_ended = 0;             // of these, that have ended
};

// Puts a whole file in the place of the damaged one: what the study is, and its log up to the first
// gap, which is a state that the study was in. Going on from there makes what was lost again. The
// damaged files stay beside it. Throws Error (kStore) as SalvageStudy, and when the row is lost
// that says which study it is. The caller holds the folder's Lease.
Repair RepairStudy(const std::string& path);

}  // namespace coppice::results
