#pragma once
// What a study needs of memory and may have, before it runs.

#include <cstddef>
#include <string>

#include "base/memory.h"
#include "tuner/run/local_executor.h"
#include "tuner/run/study_data.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// All in bytes.
struct MemoryPlan {
  std::size_t limit = 0;      // 0: not known
  std::string limit_of;       // "`limits.memory_bytes`", "the container", "this machine"
  std::size_t used = 0;       // by the program with the table and its bins
  std::size_t available = 0;  // that the machine has left; 0: not known
  std::size_t bins = 0;       // of `used`
  std::size_t parked = 0;     // the most that is kept of paused trials
  std::size_t trial = 0;      // of the default configuration: rows and histograms of all folds
  // The most on top of that: trees, what parking them takes, histograms of further threads.
  std::size_t more = 0;
  int slots = 0;

  // What is left for trials, of the limit, and of what the machine has at the moment.
  std::size_t left() const;
  std::size_t left_now() const;
  // Trials like the default one that run at once: what memory allows of the slots, at least one.
  int trials_at_once() const;
  // Without trees, which seldom become as large as they may, and on one thread.
  bool fits() const { return limit == 0 || trial <= left(); }
  // "bins 12 MB, a trial 45 MB and up to 9 MB more, 4 of 4 slots at once; 15.2 GB left of the
  // 16 GB of this machine".
  std::string ToText() const;
};

// With `state` as it is when the data are loaded.
MemoryPlan PlanMemory(const Spec& spec, const StudyData& data, int threads,
                      const MemoryState& state);

// What the executor is to keep to. Borrows the spec and the data.
MemoryBudget BudgetOf(const MemoryPlan& plan, const Spec& spec, const StudyData& data, int threads);

}  // namespace coppice::tuner
