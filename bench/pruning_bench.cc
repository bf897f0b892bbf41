// What pruning costs and what it saves, on recorded curves: how many rounds a rule lets trials
// have, and how far the best score found with it is behind the best one of the same trials.
//
//   coppice tune SPEC --set prune.kind=none --set prune.patience=fixed ...   # random, no stopping
//   coppice export STUDY --what curves --format csv -o adult.curves.csv
//   coppice export STUDY --what trials --format csv -o adult.trials.csv
//   coppice_bench_pruning SLOTS adult.curves.csv adult.trials.csv maximize|minimize ...
//
// Each draw takes 50 of the recorded trials in a random order. Regret is in units of the spread:
// the median of the draw's scores, less its best one.
//
// And whether trials that were stopped should be taken up again: the best score that is found
// within so many rounds, drawing from all recorded trials, by the learned rule as it is, and by a
// freeze-thaw scheduler (Swersky et al. 2014, "Freeze-thaw Bayesian optimization") with the same
// forecasts, which after each checkpoint goes on with whatever is the most promising: one of the
// paused trials, or a new one.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/random.h"
#include "strategies/prune/prune_registry.h"

namespace coppice::strategies {
namespace {

constexpr std::size_t kTrialsPerDraw = 50;
constexpr int kDraws = 60;
constexpr int kThawDraws = 20;

struct Recorded {
  study::Configuration configuration;
  std::vector<double> loss;
};

std::vector<std::vector<std::string>> ReadCsv(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) throw std::runtime_error("cannot read " + path);
  std::string text;
  char buffer[65536];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
  std::fclose(file);
  std::vector<std::string> row(1);
  for (char c : text) {
    if (c == '\n') {
      rows.push_back(std::move(row));
      row.assign(1, {});
    } else if (c == ',') {
      row.emplace_back();
    } else {
      row.back() += c;
    }
  }
  return rows;
}

// trial,state,...,param.eta,... and trial,fold,part,metric,round,value. The first metric counts.
std::vector<Recorded> ReadStudy(const std::string& curves, const std::string& trials, double sign) {
  std::map<int, Recorded> recorded;
  const auto rows = ReadCsv(trials);
  for (std::size_t r = 1; r < rows.size(); ++r) {
    std::map<std::string, Value> values;
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      const std::string& name = rows[0][c];
      if (!name.starts_with("param.") || rows[r][c].empty()) continue;
      char* end = nullptr;
      const double number = std::strtod(rows[r][c].c_str(), &end);
      if (*end == 0) values[name.substr(6)] = number;
    }
    recorded[std::atoi(rows[r][0].c_str())].configuration = study::Configuration(values);
  }
  const auto points = ReadCsv(curves);
  for (std::size_t r = 1; r < points.size(); ++r) {
    if (points[r][3] != points[1][3]) continue;
    recorded.at(std::atoi(points[r][0].c_str()))
        .loss.push_back(sign * std::atof(points[r][5].c_str()));
  }
  std::vector<Recorded> all;
  for (auto& [id, trial] : recorded) {
    if (!trial.loss.empty()) all.push_back(std::move(trial));
  }
  return all;
}

// Ranges as wide as the recorded values.
study::SearchSpace SpaceOf(const std::vector<Recorded>& trials) {
  std::map<std::string, study::RangeSpec> specs;
  for (const Recorded& trial : trials) {
    for (const auto& [name, value] : trial.configuration.values()) {
      const double x = AsDouble(value);
      auto [spec, is_new] = specs.try_emplace(name);
      spec->second.name = name;
      spec->second.min = is_new ? x : std::min(spec->second.min, x);
      spec->second.max = is_new ? x : std::max(spec->second.max, x);
    }
  }
  std::vector<study::ParameterRange> ranges;
  for (auto& [name, spec] : specs) {
    if (name == "eta" || name == "min_child_weight") spec.scale = study::Scale::kLog;
    if (name == "lambda" || name == "alpha") spec.scale = study::Scale::kLog0;
    ranges.emplace_back(spec);
  }
  return study::SearchSpace(std::move(ranges));
}

struct Cost {
  double rounds = 0;  // of all that the trials have
  double regret = 0;  // in units of the spread
  double kept = 0;    // draws whose best trial ran to its end
};

// The round where patience ends the curve, or its length.
std::size_t PatienceEnd(const std::vector<double>& loss, bool patience) {
  std::size_t best = 0;
  for (std::size_t r = 0; r < loss.size(); ++r) {
    if (loss[r] < loss[best] || r == 0) best = r;
    if (patience && r + 1 - (best + 1) >= 10 + 3 * (best + 1) / 10) return r + 1;
  }
  return loss.size();
}

Cost Replay(const std::vector<Recorded>& trials, const std::vector<std::size_t>& order,
            const PruneOptions& options, bool patience, std::size_t slots) {
  const auto pruner = MakePruner(options, SpaceOf(trials), study::Goal::kMinimize);
  double best = 1e300;
  double all_best = 1e300;
  double rounds = 0;
  double all_rounds = 0;
  bool kept = false;
  std::vector<double> finals;
  std::vector<EndedCurve> ended;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const Recorded& trial = trials[order[k]];
    if (pruner && k >= slots) pruner->Tell(ended[k - slots]);
    const auto test = pruner ? pruner->TestFor(trial.configuration) : nullptr;
    const std::size_t end = PatienceEnd(trial.loss, patience);
    std::size_t n = 1;
    study::TrialState state = study::TrialState::kCompleted;
    for (; n < end; ++n) {
      if (test == nullptr || !test->Stop(std::span(trial.loss).first(n))) continue;
      state = study::TrialState::kPruned;
      break;
    }
    const double reached = *std::min_element(trial.loss.begin(), trial.loss.begin() + n);
    const double final = *std::min_element(trial.loss.begin(), trial.loss.end());
    best = std::min(best, reached);
    if (final < all_best) {
      all_best = final;
      kept = reached == final;
    }
    finals.push_back(final);
    rounds += static_cast<double>(n);
    all_rounds += static_cast<double>(trial.loss.size());
    ended.push_back({study::TrialId{static_cast<int>(k)},
                     state,
                     trial.configuration,
                     {trial.loss.begin(), trial.loss.begin() + static_cast<std::ptrdiff_t>(n)}});
  }
  std::sort(finals.begin(), finals.end());
  const double spread = finals[finals.size() / 2] - all_best;
  return {rounds / all_rounds, (best - all_best) / spread, kept ? 1.0 : 0.0};
}

// A trial that has had some of its rounds.
struct Arm {
  const Recorded* trial = nullptr;
  std::size_t rounds = 0;
  std::size_t end = 0;
  std::optional<StoppedForecast> forecast = {};
  std::optional<std::size_t> forecast_from = {};  // so many ended trials; nothing: after new rounds

  std::span<const double> loss() const { return std::span(trial->loss).first(rounds); }
  double best() const { return *std::min_element(loss().begin(), loss().end()); }
};

// What is known of all trials, and the rounds that were spent on it.
struct Budget {
  double rounds = 0;
  double spent = 0;
  double best = 1e300;

  bool has_ended() const { return spent >= rounds; }
};

// Gives an arm rounds up to where the rule looks again, or its end, or that of the budget.
void Advance(const PruneRule& rule, Arm* arm, Budget* budget) {
  do {
    ++arm->rounds;
    ++budget->spent;
  } while (arm->rounds < arm->end && !rule.LooksAt(arm->rounds) && !budget->has_ended());
  budget->best = std::min(budget->best, arm->best());
  arm->forecast_from.reset();
}

EndedCurve Ended(const Arm& arm, int number, study::TrialState state) {
  return {study::TrialId{number},
          state,
          arm.trial->configuration,
          {arm.loss().begin(), arm.loss().end()}};
}

double LearnedWithin(const std::vector<Recorded>& trials, const std::vector<std::size_t>& order,
                     double rounds) {
  const auto rule = MakeLearnedRule({}, SpaceOf(trials), study::Goal::kMinimize);
  Pruner pruner(MakeLearnedRule({}, SpaceOf(trials), study::Goal::kMinimize));
  Budget budget{rounds};
  for (std::size_t k = 0; k < order.size() && !budget.has_ended(); ++k) {
    const Recorded& trial = trials[order[k]];
    const auto test = pruner.TestFor(trial.configuration);
    Arm arm{&trial, 0, PatienceEnd(trial.loss, true)};
    auto state = study::TrialState::kCompleted;
    while (arm.rounds < arm.end && !budget.has_ended()) {
      Advance(*rule, &arm, &budget);
      if (arm.rounds == arm.end || !test->Stop(arm.loss())) continue;
      state = study::TrialState::kPruned;
      break;
    }
    pruner.Tell(Ended(arm, static_cast<int>(k), state));
  }
  return budget.best;
}

// What a new trial may come to, less `optimism` deviations; first of all while little is known.
double HopeOfNew(const std::vector<double>& ends, double optimism) {
  constexpr std::size_t kFew = 8;
  if (ends.size() < kFew) return -1e300;
  const double n = static_cast<double>(ends.size());
  const double mean = std::accumulate(ends.begin(), ends.end(), 0.0) / n;
  double squares = 0;
  for (const double end : ends) squares += (end - mean) * (end - mean);
  return mean - optimism * std::sqrt(squares / n);
}

double FreezeThawWithin(const std::vector<Recorded>& trials, const std::vector<std::size_t>& order,
                        double rounds, double optimism) {
  const auto rule = MakeLearnedRule({}, SpaceOf(trials), study::Goal::kMinimize);
  Pruner pruner(MakeLearnedRule({}, SpaceOf(trials), study::Goal::kMinimize));
  Budget budget{rounds};
  std::vector<Arm> paused;
  std::vector<double> ended;
  std::size_t n_begun = 0;
  while (!budget.has_ended() && (n_begun < order.size() || !paused.empty())) {
    std::vector<double> ends = ended;
    double most = 1e300;  // the least loss that is hoped for
    std::size_t chosen = paused.size();
    for (std::size_t i = 0; i < paused.size(); ++i) {
      Arm& arm = paused[i];
      if (arm.forecast_from != ended.size()) {
        arm.forecast = pruner.TestFor(arm.trial->configuration)->ForecastOf(arm.loss());
        arm.forecast_from = ended.size();
      }
      const auto& end = arm.forecast;
      if (end) ends.push_back(end->loss);
      const double hope = end ? end->loss - optimism * std::sqrt(end->variance) : -1e300;
      if (hope < most) {
        most = hope;
        chosen = i;
      }
    }
    if (n_begun < order.size() && (paused.empty() || HopeOfNew(ends, optimism) < most)) {
      const Recorded& trial = trials[order[n_begun++]];
      chosen = paused.size();
      paused.push_back({&trial, 0, PatienceEnd(trial.loss, true)});
    }
    Arm& arm = paused[chosen];
    Advance(*rule, &arm, &budget);
    if (arm.rounds < arm.end) continue;
    pruner.Tell(Ended(arm, static_cast<int>(ended.size()), study::TrialState::kCompleted));
    ended.push_back(arm.best());
    paused.erase(paused.begin() + static_cast<std::ptrdiff_t>(chosen));
  }
  return budget.best;
}

std::vector<std::size_t> OrderOf(std::size_t n, int draw) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) {
    const std::uint64_t bits = Mix64(Mix64(static_cast<std::uint64_t>(draw)) + i);
    std::swap(order[i - 1], order[bits % i]);
  }
  return order;
}

void CompareThawing(const std::vector<Recorded>& trials) {
  std::vector<double> finals;
  double all_rounds = 0;
  for (const Recorded& trial : trials) {
    finals.push_back(*std::min_element(trial.loss.begin(), trial.loss.end()));
    all_rounds += static_cast<double>(trial.loss.size());
  }
  std::sort(finals.begin(), finals.end());
  const double spread = finals[finals.size() / 2] - finals.front();
  for (const double share : {0.05, 0.1, 0.2, 0.3}) {
    double learned = 0;
    double thawed[2] = {0, 0};
    for (int draw = 0; draw < kThawDraws; ++draw) {
      const std::vector<std::size_t> order = OrderOf(trials.size(), draw);
      const auto regret = [&](double best) {
        return (best - finals.front()) / spread / kThawDraws;
      };
      learned += regret(LearnedWithin(trials, order, share * all_rounds));
      thawed[0] += regret(FreezeThawWithin(trials, order, share * all_rounds, 0.5));
      thawed[1] += regret(FreezeThawWithin(trials, order, share * all_rounds, 1.5));
    }
    fmt::print("  within {:.2f} of all rounds: learned {:.4f}, freeze-thaw {:.4f} and {:.4f}\n",
               share, learned, thawed[0], thawed[1]);
  }
}

void Compare(const std::string& name, const std::vector<Recorded>& trials, std::size_t slots) {
  const std::vector<std::pair<std::string, PruneOptions>> rules = {
      {"none", {"none", {}}},
      {"median", {"median", {}}},
      {"asha", {"asha", {}}},
      {"learned", {"learned", {}}},
      {"learned, caution 1", {"learned", {{"caution", 1.0}}}},
      {"learned, caution 1.5", {"learned", {{"caution", 1.5}}}},
      {"learned, caution 2", {"learned", {{"caution", 2.0}}}},
  };
  fmt::print("{}: {} trials\n", name, trials.size());
  for (const auto& [label, options] : rules) {
    Cost mean;
    for (int draw = 0; draw < kDraws; ++draw) {
      std::vector<std::size_t> order = OrderOf(trials.size(), draw);
      order.resize(std::min(order.size(), kTrialsPerDraw));
      const Cost cost = Replay(trials, order, options, true, slots);
      mean.rounds += cost.rounds / kDraws;
      mean.regret += cost.regret / kDraws;
      mean.kept += cost.kept / kDraws;
    }
    fmt::print("  {:22} rounds {:.2f}  regret {:.4f}  best kept {:.0f} %\n", label, mean.rounds,
               mean.regret, 100 * mean.kept);
  }
  CompareThawing(trials);
}

}  // namespace
}  // namespace coppice::strategies

int main(int argc, char** argv) {
  using namespace coppice::strategies;
  if (argc < 5 || (argc - 2) % 3 != 0) {
    fmt::print(stderr, "usage: {} SLOTS (CURVES.csv TRIALS.csv minimize|maximize)...\n", argv[0]);
    return 2;
  }
  for (int i = 2; i + 2 < argc; i += 3) {
    const double sign = std::string(argv[i + 2]) == "maximize" ? -1 : 1;
    Compare(argv[i], ReadStudy(argv[i], argv[i + 1], sign),
            static_cast<std::size_t>(std::atoi(argv[1])));
  }
}
