#include "tuner/preflight/time_forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "base/cancel.h"
#include "strategies/study/enumeration.h"
#include "trainer/boost/train_session.h"
#include "tuner/loop/stop_rule.h"
#include "tuner/preflight/rehearsal.h"
#include "tuner/run/final_model.h"
#include "tuner/run/local_executor.h"
#include "tuner/run/starting_points.h"

namespace coppice::tuner {
namespace {

using Configurations = std::vector<study::Configuration>;

constexpr double kNever = std::numeric_limits<double>::infinity();

// +1: more of it costs more time; -1: less.
const std::map<std::string, int>& CostDirections() {
  static const std::map<std::string, int> directions = {{"max_depth", 1},
                                                        {"max_leaves", 1},
                                                        {"subsample", 1},
                                                        {"colsample_bytree", 1},
                                                        {"colsample_bylevel", 1},
                                                        {"colsample_bynode", 1},
                                                        {"max_bin", 1},
                                                        {"num_parallel_tree", 1},
                                                        {"eta", -1},
                                                        {"min_child_weight", -1},
                                                        {"gamma", -1},
                                                        {"lambda", -1},
                                                        {"alpha", -1},
                                                        {"rate_drop", 1},
                                                        {"skip_drop", -1}};
  return directions;
}

study::Configuration Corner(const Spec& spec, int sign) {
  if (spec.search.empty()) return {};
  const study::SearchSpace space(spec.search);
  std::vector<double> point = space.Encode(spec.DefaultConfiguration());
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto known = CostDirections().find(space.ranges()[i].name());
    if (known == CostDirections().end()) continue;
    point[i] = known->second * sign > 0 ? 1 : 0;
  }
  // No limit at all is the most there is, and is written as the least.
  study::Configuration corner = space.Decode(point);
  std::map<std::string, Value> values = corner.values();
  for (const char* name : {"max_depth", "max_leaves"}) {
    const auto found = values.find(name);
    if (found != values.end() && AsDouble(found->second) == 0) values.erase(found);
  }
  return study::Configuration(values);
}

// Rounds of folds that were trained, and the time that it took.
struct Spent {
  double fold_rounds = 0;
  double seconds = 0;
};

// All of them at once, as slots of a study are, for so many rounds.
Spent RunFor(const TrialContext& context, const Configurations& configurations, int rounds,
             int threads, FileSystem& disk) {
  TrialParking forgotten({0, 0}, "", disk);
  Spent spent;
  const double start = context.clock.Now();
  LocalExecutor executor(context, threads, forgotten);
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    TrialRequest request;
    request.trial = study::TrialId{static_cast<int>(i)};
    request.configuration = configurations[i];
    request.rounds = rounds;
    executor.Start(request);
  }
  while (const auto result = executor.Next(kNever)) {
    for (const study::Curve& curve : result->curves) {
      if (curve.metric != context.spec.metric) continue;
      spent.fold_rounds += static_cast<double>(curve.values.size());
    }
  }
  spent.seconds = context.clock.Now() - start;
  return spent;
}

// Seconds of wall time that a round of one fold costs: what more rounds take beyond the first ones.
double CostOfRound(const TrialContext& context, const Configurations& configurations, int threads,
                   double seconds, FileSystem& disk) {
  constexpr int kMostRounds = 64;
  const Spent first = RunFor(context, configurations, 2, threads, disk);
  if (first.fold_rounds == 0) return 0;
  const double all = first.seconds / 2;
  const double affordable = all > 0 ? seconds / all : kMostRounds;
  const int more = static_cast<int>(std::clamp(affordable, 3.0, static_cast<double>(kMostRounds)));
  const Spent second = RunFor(context, configurations, 2 + more, threads, disk);
  const double fold_rounds = second.fold_rounds - first.fold_rounds;
  const double took = second.seconds - first.seconds;
  // Noise may turn the two round where a round costs nothing to speak of.
  if (fold_rounds <= 0 || took <= 0) return second.seconds / std::max(1.0, second.fold_rounds);
  return took / fold_rounds;
}

// As many folds as keep the threads busy with so many trials at once.
StudyData WithFolds(const StudyData& data, std::size_t n_folds) {
  StudyData few = data;
  auto& folds = few.split.folds;
  folds.resize(std::clamp<std::size_t>(n_folds, 1, folds.size()));
  return few;
}

// A pilot trains on whatever rows a fold has, also where trials would have none to be scored on.
StudyData Trainable(const Spec& spec, const StudyData& data) {
  return SampleOf(data, spec, data.split.folds.size(), std::numeric_limits<std::size_t>::max());
}

// Trials drawn by their share of the rounds: equal steps along the sum.
Configurations DrawByWork(const Rehearsal& rehearsal, std::size_t n) {
  double all = 0;
  for (const RehearsedTrial& trial : rehearsal.trials) all += trial.fold_rounds;
  Configurations drawn;
  double sum = 0;
  for (const RehearsedTrial& trial : rehearsal.trials) {
    sum += trial.fold_rounds;
    while (drawn.size() < n &&
           sum >= all * (static_cast<double>(drawn.size()) + 0.5) / static_cast<double>(n)) {
      drawn.push_back(trial.configuration);
    }
  }
  return drawn;
}

// How many rounds a training on the sample's first fold has until it ends by itself; 0: it did not
// in its time.
int RoundsOn(const Spec& spec, const StudyData& sample, const study::Configuration& configuration,
             int threads, double seconds, const Clock& clock, FileSystem& disk) {
  Spec limited = spec;
  limited.limits.trial_seconds = seconds;
  const StudyData one = WithFolds(sample, 1);
  TrialParking forgotten({0, 0}, "", disk);
  LocalExecutor executor({limited, one, clock}, threads, forgotten);
  TrialRequest request;
  request.configuration = configuration;
  executor.Start(request);
  const auto result = executor.Next(kNever);
  const auto* completed = result ? std::get_if<study::Completed>(&result->outcome) : nullptr;
  return completed == nullptr ? 0 : completed->rounds;
}

class Forecaster {
 public:
  Forecaster(const Spec& spec, const StudyData& data, const SampleTraining& training, int threads,
             const ForecastBudget& budget, const Clock& clock, FileSystem& disk)
      : spec_(spec),
        data_(Trainable(spec, data)),
        training_(training),
        threads_(threads),
        budget_(budget),
        clock_(clock),
        disk_(disk),
        n_folds_(static_cast<double>(data_.split.folds.size())) {}

  TimeForecast Make() {
    MeasureCorners();
    if (spec_.search.empty()) {
      ForecastOneTraining();
    } else {
      ForecastSearch();
    }
    forecast_.seconds += data_.load_seconds + data_.bin_seconds;
    ApplyLimit();
    forecast_.low = forecast_.seconds / doubt_;
    forecast_.high = forecast_.seconds * doubt_;
    if (spec_.stop.seconds) forecast_.high = std::min(forecast_.high, AtMost());
    forecast_.low = std::min(forecast_.low, forecast_.high);
    return forecast_;
  }

 private:
  double Cost(const StudyData& data, const Configurations& configurations, double seconds) {
    return CostOfRound({spec_, data, clock_}, configurations, threads_, seconds, disk_);
  }

  void MeasureCorners() {
    const double share = budget_.training_seconds / 6;
    const StudyData some = WithFolds(data_, static_cast<std::size_t>(threads_));
    forecast_.cheap_round = n_folds_ * Cost(some, {CheapCorner(spec_)}, share);
    forecast_.dear_round = n_folds_ * Cost(some, {DearCorner(spec_)}, share);
    default_round_ = n_folds_ * Cost(some, {FirstConfiguration(spec_)}, share);
  }

  void ForecastOneTraining() {
    const trainer::TrainParams params = spec_.ParamsFor({});
    const double rounds = spec_.StopsEarly(params) ? training_.rounds : params.num_round;
    // The folds, then once more on all of their rows.
    const double again = n_folds_ > 1 ? 1 + spec_.split.overlap() : 0;
    forecast_.trials = 1;
    forecast_.seconds = rounds * default_round_ * (1 + again / n_folds_);
    doubt_ = 1.4;
  }

  void ForecastSearch() {
    if (!ForecastFromAllRows()) ForecastFromSample();
  }

  // Where the study, or nearly all of it, fits into a rehearsal. False: it does not.
  bool ForecastFromAllRows() {
    constexpr double kRoundsForALook = 100;
    constexpr double kUnderrated = 1.5;  // the first trials are the cheaper ones
    if (kRoundsForALook * default_round_ > budget_.look_seconds) return false;
    Rehearsal rehearsal = Rehearse(spec_, data_, threads_, budget_.look_seconds, clock_, disk_);
    if (!rehearsal.is_whole) {
      const double share = Ended(rehearsal) / std::max(1.0, TrialsOf(spec_));
      projected_ = kUnderrated * rehearsal.seconds / std::max(share, 1e-6);
      if (TrialsOf(spec_) == 0 || projected_ > budget_.rehearsal_seconds) return false;
      rehearsal = Rehearse(spec_, data_, threads_, budget_.rehearsal_seconds, clock_, disk_);
    }
    Note(rehearsal, data_);
    const auto as_it_is = [](const RehearsedTrial& trial) {
      return static_cast<double>(trial.fold_rounds);
    };
    double seen = 0;
    for (const RehearsedTrial& trial : rehearsal.trials) seen += as_it_is(trial);
    const double all = RoundsOfStudy(rehearsal, as_it_is);
    forecast_.seconds = rehearsal.seconds * (seen > 0 ? all / seen : 1);
    doubt_ = rehearsal.is_whole ? 1.2 : 1.4;
    forecast_.trials_bytes = rehearsal.bytes;
    forecast_.seconds += SecondsOfConfirmation(rehearsal) + SecondsOfModel(rehearsal);
    return true;
  }

  void ForecastFromSample() {
    const std::size_t n_folds = std::min<std::size_t>(2, data_.split.folds.size());
    const StudyData pilot = SampleOf(data_, spec_, n_folds, RowsToRehearse(n_folds));
    const Rehearsal rehearsal =
        Rehearse(spec_, pilot, threads_, budget_.rehearsal_seconds, clock_, disk_);
    Note(rehearsal, pilot);
    const double growth = GrowthOfRounds(rehearsal, pilot, RowsOfFolds(data_));
    const double cap = spec_.ParamsFor({}).num_round;
    const double more_folds = n_folds_ / static_cast<double>(n_folds);
    // A trial that its first fold ended has none of the others.
    const auto enlarged = [&](const RehearsedTrial& trial) {
      const double limit = trial.rounds > 0 ? std::max(1.0, cap / trial.rounds) : growth;
      const bool first_only = n_folds > 1 && trial.fold_rounds == trial.rounds;
      return trial.fold_rounds * std::min(growth, limit) * (first_only ? 1 : more_folds);
    };
    round_cost_ = CostIn(rehearsal) * GrowthOfCost(rehearsal, pilot);
    forecast_.seconds = RoundsOfStudy(rehearsal, enlarged) * round_cost_;
    doubt_ = 2;
    forecast_.seconds += SecondsOfConfirmation(rehearsal) + SecondsOfModel(rehearsal);
    if (rehearsal.bytes) {
      forecast_.trials_bytes = BytesOnAllRows(*rehearsal.bytes, pilot, growth * more_folds);
    }
  }

  // Rows and histograms are counted for both; what the rehearsal took beyond them are trees, of
  // which there are as many more as there are rounds, with more leaves as far as the tables allow.
  std::size_t BytesOnAllRows(std::size_t bytes, const StudyData& pilot, double more_rounds) const {
    const study::Configuration first = FirstConfiguration(spec_);
    const auto slots = static_cast<std::size_t>(std::max(1, spec_.parallel.slots));
    const std::size_t counted = slots * TrialBytes(pilot, spec_, first, threads_);
    const double trees = bytes > counted ? static_cast<double>(bytes - counted) : 0;
    return slots * TrialBytes(data_, spec_, first, threads_) +
           static_cast<std::size_t>(trees * more_rounds);
  }

  // So few that all trials fit into the budget, as far as a look or the default configuration
  // tells.
  std::size_t RowsToRehearse(std::size_t n_folds) const {
    constexpr double kFewestRows = 400;
    const double trials = std::max(1.0, TrialsOf(spec_));
    // Smaller learning rates take more rounds than the default.
    const double by_default = 2 * trials * training_.rounds * default_round_;
    const double all =
        (projected_ > 0 ? projected_ : by_default) * static_cast<double>(n_folds) / n_folds_;
    const auto rows = static_cast<double>(RowsOfFolds(data_));
    const double share = std::min(1.0, budget_.rehearsal_seconds / all);
    return static_cast<std::size_t>(std::min(rows, std::max(kFewestRows, rows * share)));
  }

  static std::size_t RowsOfFolds(const StudyData& data) {
    std::size_t most = 0;
    for (const trainer::Fold& fold : data.split.folds) most = std::max(most, fold.train.size());
    return most;
  }

  // Trials as far as they came: one that was cut short is half done on average.
  static double Ended(const Rehearsal& rehearsal, std::size_t begin = 0) {
    double ended = 0;
    for (std::size_t i = begin; i < rehearsal.trials.size(); ++i) {
      ended += rehearsal.trials[i].has_ended ? 1 : 0.5;
    }
    return ended;
  }

  void Note(const Rehearsal& rehearsal, const StudyData& pilot) {
    for (const RehearsedTrial& trial : rehearsal.trials) {
      forecast_.pilot_trials += trial.has_ended ? 1 : 0;
    }
    forecast_.pilot_rows = RowsOfFolds(pilot);
    const double limit = TrialsOf(spec_);
    forecast_.trials = rehearsal.is_whole || limit == 0 ? forecast_.pilot_trials : limit;
  }

  // Of all folds and trials. Those to come are taken to be as the ones that the strategy proposed
  // by itself; where there are too few of these, as all.
  template <typename Rounds>
  double RoundsOfStudy(const Rehearsal& rehearsal, Rounds rounds) const {
    constexpr double kEnough = 4;
    const std::size_t given = std::min(StartingPoints(spec_).size(), rehearsal.trials.size());
    double first = 0;
    double later = 0;
    for (std::size_t i = 0; i < rehearsal.trials.size(); ++i) {
      (i < given ? first : later) += rounds(rehearsal.trials[i]);
    }
    if (rehearsal.is_whole) return first + later;
    const double n_later = Ended(rehearsal, given);
    if (n_later < kEnough) {
      return (first + later) * forecast_.trials / std::max(1.0, Ended(rehearsal));
    }
    return first + later / n_later * (forecast_.trials - static_cast<double>(given));
  }

  // Seconds of a round of one fold, as they were in the rehearsal.
  static double CostIn(const Rehearsal& rehearsal) {
    double rounds = 0;
    for (const RehearsedTrial& trial : rehearsal.trials) rounds += trial.fold_rounds;
    return rounds > 0 ? rehearsal.seconds / rounds : 0;
  }

  // From the sample to all rows: the same trainings on both, since late rounds do not cost what the
  // first ones do.
  double GrowthOfCost(const Rehearsal& rehearsal, const StudyData& pilot) {
    if (RowsOfFolds(pilot) == RowsOfFolds(data_)) return 1;
    const auto at_once = static_cast<std::size_t>(std::max(1, spec_.parallel.slots));
    const std::size_t busy = (static_cast<std::size_t>(threads_) + at_once - 1) / at_once;
    const Configurations drawn = DrawByWork(rehearsal, at_once);
    const double seconds = budget_.training_seconds / 4;
    const double on_few = Cost(WithFolds(pilot, busy), drawn, seconds);
    const double on_all = Cost(WithFolds(data_, busy), drawn, seconds);
    return on_few > 0 ? on_all / on_few : 1;
  }

  // From the sample to all rows.
  double GrowthOfRounds(const Rehearsal& rehearsal, const StudyData& pilot, std::size_t all_rows) {
    constexpr double kUsualExponent = 0.25;
    constexpr double kLargestExponent = 0.5;
    const std::size_t few = RowsOfFolds(pilot);
    const double ratio = static_cast<double>(all_rows) / static_cast<double>(few);
    const std::size_t more = std::min(all_rows, 4 * few);
    double exponent = kUsualExponent;
    if (rehearsal.best >= 0 && more > few + few / 2) {
      const study::Configuration& best =
          rehearsal.trials[static_cast<std::size_t>(rehearsal.best)].configuration;
      const double seconds = budget_.training_seconds / 4;
      const StudyData larger = SampleOf(data_, spec_, 1, more);
      const int on_few = RoundsOn(spec_, pilot, best, threads_, seconds, clock_, disk_);
      const int on_more = RoundsOn(spec_, larger, best, threads_, seconds, clock_, disk_);
      const double step = static_cast<double>(more) / static_cast<double>(few);
      if (on_few > 0 && on_more > 0) {
        const double seen = std::log(static_cast<double>(on_more) / on_few) / std::log(step);
        // One training is a doubtful witness: half of what is usual goes with it.
        exponent = std::clamp((seen + kUsualExponent) / 2, 0.0, kLargestExponent);
      }
    }
    return std::pow(ratio, exponent);
  }

  // The best trials and the default configuration once more, on as many folds.
  double SecondsOfConfirmation(const Rehearsal& rehearsal) const {
    const int n = TrialsToConfirm(spec_.confirm.share, spec_.confirm.candidates,
                                  static_cast<int>(forecast_.trials));
    if (rehearsal.best < 0 || n == 0) return 0;
    const int rounds = rehearsal.trials[static_cast<std::size_t>(rehearsal.best)].best_round;
    const double round = round_cost_ > 0 ? round_cost_ : default_round_ / n_folds_;
    return (n + 1) * rounds * (n_folds_ / spec_.split.repeats) * round;
  }

  // The winner once more on all rows but the test rows, alone.
  double SecondsOfModel(const Rehearsal& rehearsal) const {
    if (rehearsal.best < 0) return 0;
    const RehearsedTrial& best = rehearsal.trials[static_cast<std::size_t>(rehearsal.best)];
    const double more_rows = 1 + spec_.split.overlap();
    const double round = round_cost_ > 0 ? round_cost_ : default_round_ / n_folds_;
    return best.best_round * more_rows * more_rows * round;
  }

  double AtMost() const { return *spec_.stop.seconds + data_.load_seconds + data_.bin_seconds; }
  void ApplyLimit() {
    if (forecast_.trials > 0) forecast_.trial_seconds = forecast_.seconds / forecast_.trials;
    const bool no_end = TrialsOf(spec_) == 0 && spec_.stop.seconds;
    if (spec_.stop.seconds && (no_end || forecast_.seconds > AtMost())) {
      forecast_.seconds = AtMost();
    }
    // Only the time ends such a study: it takes all of it, for as many trials as fit.
    if (no_end) {
      doubt_ = 1;
      if (forecast_.trial_seconds > 0) {
        forecast_.trials = TrialsInTime(spec_, forecast_.trial_seconds);
      }
    }
  }

  const Spec& spec_;
  const StudyData data_;
  const SampleTraining& training_;
  const int threads_;
  const ForecastBudget budget_;
  const Clock& clock_;
  FileSystem& disk_;
  const double n_folds_;
  TimeForecast forecast_;
  double default_round_ = 0;  // of all folds
  double round_cost_ = 0;     // of one fold, as trials are on average; 0: not measured
  double projected_ = 0;      // seconds of the study by a first look; 0: there was none
  double doubt_ = 1;          // the interval reaches from 1 / doubt_ to doubt_ of the forecast
};

}  // namespace

study::Configuration CheapCorner(const Spec& spec) { return Corner(spec, -1); }
study::Configuration DearCorner(const Spec& spec) { return Corner(spec, 1); }

double TrialsInTime(const Spec& spec, double trial_seconds) {
  constexpr double kMost = 1e6;  // of them, a share is confirmed all the same
  StopLimits limits;
  limits.seconds = spec.stop.seconds;
  limits.confirm_share = spec.confirm.share;
  const double in_all = std::floor(*limits.seconds / trial_seconds);
  const auto n = static_cast<int>(std::min(in_all, kMost));
  return std::floor(SearchSeconds(limits, n) / trial_seconds);
}

double TrialsOf(const Spec& spec) {
  double trials = spec.stop.trials.value_or(0);
  if (spec.strategy.kind != "grid") return trials;
  std::optional<int> levels;
  const auto given = spec.strategy.options.find("levels");
  if (given != spec.strategy.options.end()) levels = static_cast<int>(AsDouble(given->second));
  const auto all = study::Enumeration::Of(study::SearchSpace(spec.search), levels);
  if (!all) return trials;
  const auto size = static_cast<double>(all->size());
  return trials > 0 ? std::min(trials, size) : size;
}

TimeForecast ForecastTime(const Spec& spec, const StudyData& data, const SampleTraining& training,
                          int threads, const ForecastBudget& budget, const Clock& clock,
                          FileSystem& disk) {
  return Forecaster(spec, data, training, threads, budget, clock, disk).Make();
}

}  // namespace coppice::tuner
