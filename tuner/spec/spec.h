#pragma once
// A study's spec as a value: what the user wrote, checked, with every default filled in.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/value.h"
#include "strategies/prune/prune_registry.h"
#include "strategies/registry.h"
#include "strategies/study/search_space.h"
#include "strategies/study/trial.h"
#include "trainer/data/reader.h"
#include "trainer/data/split.h"
#include "trainer/params.h"

namespace coppice::tuner {

struct DataSpec {
  // As written: paths or patterns, relative to the spec's folder.
  std::vector<std::string> train;
  std::vector<std::string> validation;
  std::vector<std::string> test;
  trainer::ReadOptions read;  // label_kind follows from the objective
};

// Of a study whose spec has no stop rule and whose strategy does not end by itself.
inline constexpr int kDefaultTrials = 50;

// What a gain of the score is measured in: the score itself, the size of the score that is to be
// beaten, or its standard error.
enum class GainUnit { kAbsolute, kRelative, kStdErrors };
std::string GainUnitWord(GainUnit unit);

struct StopSpec {
  std::optional<int> trials;
  std::optional<double> seconds;
  std::optional<double> target;       // of the score: reached or passed
  std::optional<int> no_gain_trials;  // so many trials in a row without a gain of the score
  std::optional<double> min_gain;     // less is no gain; nothing: any better score is one
  GainUnit min_gain_unit = GainUnit::kAbsolute;
  bool converged = false;  // when the strategy expects hardly any gain
};

// When a trial ends before `num_round`.
struct PruneSpec {
  strategies::PruneOptions rule;  // against other trials
  // By its own curve: after 10 + 0.3 x best round rounds without a better score. Else
  // `early_stopping_rounds` says it.
  bool adaptive_patience = true;
};

struct LimitsSpec {
  std::optional<double> trial_seconds;
  int failures = 10;                         // so many failed trials end the study
  std::optional<std::int64_t> memory_bytes;  // of the process; nothing: what the system allows
};

// Who of the confirmed trials wins: the best by all evidence, or the one with the fewest rounds
// within one standard error of it.
enum class ConfirmChoice { kBest, kOneStdError };
std::string ConfirmChoiceWord(ConfirmChoice choice);

// After the search its best trials are scored again, on folds and random streams that it never saw.
struct ConfirmSpec {
  double share = 0.1;  // of the study's work, and of `stop.seconds`; in [0, 1), 0: off
  int candidates = 5;  // at most, without the default configuration, which is always among them
  ConfirmChoice choose = ConfirmChoice::kBest;
};

enum class CommitRule { kDeterministic, kAsap };

struct ParallelSpec {
  int slots = 4;
  // Those that a study began with, where they were changed since; not part of a written spec.
  std::optional<int> first_slots;
  std::optional<int> threads;  // nothing: all
  CommitRule order = CommitRule::kDeterministic;
};

// A parameter whose default lies outside of its range.
struct MovedDefault {
  std::string parameter;
  Value wanted;  // XGBoost's default, or that of `train`
  Value used;    // the nearest that the range has
  // The range reaches that far, but its steps or values pass it over.
  bool is_between_steps = false;
};

// SageMaker's TransferLearning: the best configurations of an earlier study are tried first, and
// its data may be others. IdenticalDataAndAlgorithm: its trials are taken over with their scores.
enum class WarmStartKind { kTransfer, kIdentical };

// Where to begin: at an earlier study, by its name or folder.
struct WarmStart {
  std::string study;
  WarmStartKind kind = WarmStartKind::kTransfer;
  int best = 3;  // so many configurations to transfer

  bool operator==(const WarmStart&) const = default;
};

struct Spec {
  std::string name;
  std::string folder;  // absolute; of the spec file
  DataSpec data;
  trainer::SplitSpec split;
  std::map<std::string, Value> train;  // as given, by canonical name
  bool auto_search = false;            // `"search": "auto"`; ranges are filled in by the reader
  std::vector<study::ParameterRange> search;  // empty: nothing is searched (`train` only)
  std::vector<std::map<std::string, Value>> start;
  // Without those of the kind `transfer` once their configurations stand in `start`.
  std::vector<WarmStart> warm_start;
  std::string metric;  // the objective metric
  study::Goal goal = study::Goal::kMinimize;
  std::vector<std::string> metrics;  // recorded beside it
  strategies::StrategyOptions strategy;
  PruneSpec prune;
  StopSpec stop;
  LimitsSpec limits;
  ConfirmSpec confirm;  // off where a split has no other division, and without a search
  ParallelSpec parallel;
  std::uint64_t seed = 0;
  // Another program evaluates the trials (`coppice ask`): there are no data and no `train`, and the
  // names in `search` mean what they mean to that program.
  bool is_external = false;
  std::optional<int> max_rounds;  // external: what a trial may have, if it has rounds at all

  // XGBoost's defaults with `train` and `configuration` set over them; the configuration wins. The
  // study's seed is the training seed too unless `train` has its own.
  trainer::TrainParams ParamsFor(const study::Configuration& configuration) const;
  // All parameters with XGBoost's defaults and `train` over them; none of another program's.
  std::map<std::string, Value> Defaults() const;
  // The defaults, projected into the search space (what has none takes the middle of its range):
  // trial 0.
  study::Configuration DefaultConfiguration() const;
  // Whether a trial with these parameters ends when its curve gets no better.
  bool StopsEarly(const trainer::TrainParams& params) const {
    return prune.adaptive_patience || params.early_stopping_rounds > 0;
  }
  // Where trial 0 differs from the defaults, by name.
  std::vector<MovedDefault> MovedDefaults() const;
};

}  // namespace coppice::tuner
