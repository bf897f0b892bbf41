#pragma once
// What a study would do, before it does it.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "results/report/table.h"
#include "strategies/study/configuration.h"
#include "tuner/run/memory_plan.h"
#include "tuner/run/study_data.h"

namespace coppice::tuner {

struct StudyPlan {
  std::string study;
  std::string strategy;
  std::string limits;              // "40 trials, 600 s"
  std::vector<std::string> rungs;  // of a strategy that pauses trials; else empty
  std::string notice;              // of BracketNotice; empty when there is none
  std::string confirmation;        // of ConfirmationWords
  int slots = 0;
  int threads = 0;
  std::size_t rows = 0;
  std::size_t features = 0;
  std::size_t folds = 0;  // of all repeats
  std::size_t repeats = 1;
  std::size_t test_rows = 0;
  std::size_t bin_bytes = 0;    // shared by all trials
  std::size_t trial_bytes = 0;  // of each running trial, histograms apart
  MemoryPlan memory;
  // The trials whose proposals need no outcomes: one a slot, as far as the limit on trials goes.
  std::vector<std::pair<std::string, study::Configuration>> first_trials;
};

// What a strategy that gives trials some of their rounds will do (strategies::DescribeRungs), and
// what the limit on trials leaves undone of it (strategies::BracketNotice); both may be empty.
struct StrategyWords {
  std::vector<std::string> rungs;
  std::string notice;
};
StrategyWords DescribeStrategy(const Spec& spec);

// "the best 3 of 30 trials and the default configuration, on 5 fresh folds": what comes after the
// search; empty where nothing does.
std::string ConfirmationWords(const Spec& spec);

// "8 threads on 8 cores; 4 trials at once, whose parts share all threads".
std::string ThreadsText(int threads, int cores, int slots);

StudyPlan PlanOf(const Spec& spec, const StudyData& data, int threads, const MemoryState& memory);
Json ToJson(const StudyPlan& plan);
results::Table ToTable(const StudyPlan& plan);

}  // namespace coppice::tuner
