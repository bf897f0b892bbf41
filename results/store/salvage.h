#pragma once
// What is left of a damaged study. Rows prove themselves by their checksums, so they are looked for
// page by page, whatever became of the file's trees and header.
//
//   const Salvage left = SalvageStudy(path);
//   for (const study::Trial& trial : left.trials) ...      // with gaps

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

}  // namespace coppice::results
