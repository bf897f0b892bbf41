#include "strategies/bayesian/bayesian_strategy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/exact_math.h"
#include "strategies/bayesian/subset.h"

namespace coppice::strategies {
namespace {

using study::ToIndex;
using study::TrialId;
using study::TrialState;

// A space with no more configurations is scored whole.
constexpr std::int64_t kMostScored = 2048;
// Up to so many outcomes, hyperparameters are fitted for each proposal.
constexpr std::size_t kAlwaysFitted = 20;
// The most that the model looks at: best and spread ones.
constexpr std::size_t kModelBest = 120;
constexpr std::size_t kModelSpread = 60;
constexpr std::size_t kFitBest = 75;
constexpr std::size_t kFitSpread = 75;
constexpr std::size_t kMostGood = 5;
// From this correlation on, a point is the one that was tried.
constexpr double kSame = 0.99;

std::size_t Index(TrialId trial) { return static_cast<std::size_t>(ToIndex(trial)); }

// The last of 20, 21, ..., 40, 42, ..., 60, 63, ... (each a twentieth more) up to n.
std::size_t FitTime(std::size_t n) {
  if (n <= kAlwaysFitted) return n;
  std::size_t time = kAlwaysFitted;
  while (time + time / 20 <= n) time += time / 20;
  return time;
}

// Fewer points where each costs more.
SearchEffort EffortFor(std::size_t n_observed) {
  SearchEffort effort;
  constexpr std::size_t kFull = 128;
  if (n_observed <= kFull) return effort;
  const double share = static_cast<double>(kFull) / static_cast<double>(n_observed);
  effort.n_spread = static_cast<std::size_t>(512 * share);
  effort.n_near_good = static_cast<std::size_t>(256 * share);
  effort.n_changes = std::max(6, static_cast<int>(12 * share));
  return effort;
}

std::vector<std::size_t> ByValue(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

// The loss that the value 0 stands for: the least loss is among those that keep their distances.
double ZeroOf(std::span<const Outcome> outcomes, std::span<const double> values, double unit) {
  double least = std::numeric_limits<double>::infinity();
  double value = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].kind == Outcome::Kind::kFailed || !(outcomes[i].loss < least)) continue;
    least = outcomes[i].loss;
    value = values[i];
  }
  return std::isfinite(least) ? least - unit * value : 0;
}

// What points are worth, from all that is known. Borrows what it is made of.
class Judge {
 public:
  Judge(const Encoding& encoding, const Posterior& posterior, const Acquisition& acquisition,
        const CostModel* costs)
      : encoding_(encoding), posterior_(posterior), acquisition_(acquisition), costs_(costs) {}

  void Score(const Matrix& encoded, std::span<double> worth) const {
    std::vector<double> deviations(worth.size());
    posterior_.At(encoded, worth, deviations);
    for (std::size_t k = 0; k < worth.size(); ++k) {
      worth[k] = acquisition_.At(worth[k], deviations[k], LogCost(encoded, k));
    }
  }

  double ScoreWithSlopes(std::span<const double> point, std::span<double> slopes) const {
    Matrix row(1, encoding_.columns().size());
    encoding_.Encode(point, row, 0);
    Belief belief = posterior_.Near(row);
    // Where nothing is unknown there is nothing to gain.
    if (!(belief.deviation > 0)) return -std::numeric_limits<double>::infinity();
    const Acquisition::Slopes of = acquisition_.SlopesAt(belief.mean, belief.deviation);
    const double log_cost = LogCost(row, 0);
    std::vector<double>& by_column = belief.mean_slopes;
    for (std::size_t c = 0; c < by_column.size(); ++c) {
      by_column[c] = of.by_mean * by_column[c] + of.by_deviation * belief.deviation_slopes[c];
      if (costs_ != nullptr) by_column[c] += of.by_log_cost * costs_->slopes()[c];
    }
    encoding_.PullBack(point, by_column, slopes);
    return acquisition_.At(belief.mean, belief.deviation, log_cost);
  }

 private:
  double LogCost(const Matrix& encoded, std::size_t row) const {
    return costs_ == nullptr ? 0 : costs_->At(encoded, row);
  }

  const Encoding& encoding_;
  const Posterior& posterior_;
  const Acquisition acquisition_;
  const CostModel* costs_;  // null: costs are alike
};

}  // namespace

BayesianStrategy::BayesianStrategy(study::SearchSpace space, std::uint64_t seed,
                                   const BayesianSetup& setup)
    : space_(std::move(space)),
      encoding_(space_),
      seed_(seed),
      setup_(setup),
      search_(encoding_),
      random_(space_, seed) {
  if (space_.size() <= static_cast<std::size_t>(kSobolDimensions)) sobol_.emplace(space_, seed);
  all_ = study::Enumeration::Of(space_, std::nullopt);
  if (all_ && all_->size() > kMostScored) all_.reset();
}

void BayesianStrategy::TellCreated(TrialId trial, const study::Configuration& configuration) {
  COPPICE_CHECK(Index(trial) == trials_.size(), "trials are told in order");
  random_.TellCreated(trial, configuration);
  if (sobol_) sobol_->TellCreated(trial, configuration);
  Trial created;
  if (space_.Contains(configuration)) {
    created.point = encoding_.PointOf(space_, configuration);
    if (!setup_.is_noisy) tried_.Add(created.point);
  }
  trials_.push_back(std::move(created));
  ++n_running_;
}

void BayesianStrategy::TellFinished(TrialId trial, const Observation& observation) {
  COPPICE_CHECK(Index(trial) < trials_.size(), "a trial is created before it ends");
  Trial& told = trials_[Index(trial)];
  if (told.is_running) --n_running_;
  told.is_running = false;
  const auto has_loss = [&] {
    return told.outcome && told.outcome->kind != Outcome::Kind::kFailed;
  };
  if (has_loss()) --n_measured_;
  if (told.outcome) --n_known_;
  told.outcome.reset();
  told.cost = observation.cost;
  // A cancelled trial says nothing about its configuration.
  if (told.point.empty() || observation.state == TrialState::kCancelled) return;
  if (std::isfinite(observation.loss) && observation.state == TrialState::kCompleted) {
    told.outcome = Outcome{Outcome::Kind::kMeasured, observation.loss};
  } else if (std::isfinite(observation.loss) && (observation.state == TrialState::kPruned ||
                                                 observation.state == TrialState::kPaused)) {
    told.outcome = Outcome{Outcome::Kind::kStopped, observation.loss, observation.variance};
  } else {
    told.outcome = Outcome{Outcome::Kind::kFailed, 0};
  }
  if (has_loss()) ++n_measured_;
  ++n_known_;
}

// Configurations that were chosen with some knowledge tell more of where good ones are than as many
// spread ones: the model begins with the first of their outcomes.
bool BayesianStrategy::IsStart() const {
  constexpr std::size_t kFewest = 5;
  constexpr std::size_t kMost = 12;
  constexpr std::size_t kBeyondSlots = 5;
  if (n_measured_ == 0) return true;
  if (setup_.n_given >= kFewest) return n_known_ < kFewest;
  const std::size_t by_ranges = std::clamp(space_.size() + 1, kFewest, kMost);
  // Before every slot is taken this counts too few, but then the start is not over either way.
  const std::size_t n_at_once = n_running_ + 1;
  return trials_.size() <
         (n_at_once > 1 ? std::max(by_ranges, n_at_once + kBeyondSlots) : by_ranges);
}

Suggestion BayesianStrategy::Start(TrialId next) const {
  Suggestion found = sobol_ ? sobol_->Ask(next) : random_.Ask(next);
  if (!setup_.is_noisy || !std::holds_alternative<Exhausted>(found)) return found;
  const auto all = all_ ? all_ : study::Enumeration::Of(space_, std::nullopt);
  COPPICE_CHECK(all, "only a finite space is exhausted");
  return NewTrial{all->At(ToIndex(next) % all->size()), "again"};
}

std::vector<double> BayesianStrategy::LikenessTo(const std::vector<double>& point,
                                                 const Knowledge& knowledge) const {
  const Kernel kernel(encoding_.columns(), {FitTo(knowledge).lengths, 1, 0});
  Matrix encoded(1, encoding_.columns().size());
  encoding_.Encode(point, encoded, 0);
  const Matrix correlations =
      kernel.Cross(kernel.Scaled(knowledge.observations.encoded), kernel.Scaled(encoded));
  std::vector<double> likeness(knowledge.trials.size());
  for (std::size_t i = 0; i < likeness.size(); ++i) likeness[i] = correlations(i, 0);
  return likeness;
}

std::optional<std::size_t> BayesianStrategy::SameToModel(const std::vector<double>& point,
                                                         const Knowledge& knowledge) const {
  const std::vector<double> likeness = LikenessTo(point, knowledge);
  std::optional<std::size_t> nearest;
  for (std::size_t i = 0; i < knowledge.trials.size(); ++i) {
    const Outcome& outcome = *trials_[knowledge.trials[i]].outcome;
    if (outcome.kind == Outcome::Kind::kFailed || !(likeness[i] >= kSame)) continue;
    if (!nearest || likeness[i] > likeness[*nearest]) nearest = i;
  }
  return nearest;
}

study::Expectation BayesianStrategy::Explain(const std::vector<double>& point,
                                             const Knowledge& knowledge, const Found& found) const {
  study::Expectation expectation;
  expectation.n_known = static_cast<int>(knowledge.trials.size());
  expectation.n_running = static_cast<int>(n_running_);
  Matrix encoded(1, encoding_.columns().size());
  encoding_.Encode(point, encoded, 0);
  const auto loss = [&](double value) { return knowledge.loss_zero + knowledge.loss_unit * value; };
  if (knowledge.loss_unit > 0) {
    double mean = 0;
    double deviation = 0;
    found.posterior.At(encoded, {&mean, 1}, {&deviation, 1});
    expectation.score = loss(mean);
    expectation.std_error = knowledge.loss_unit * deviation;
    expectation.best = loss(found.acquisition.best_mean);
    if (found.acquisition.kind == AcquisitionKind::kConfidenceBound) {
      expectation.hoped = loss(mean - found.acquisition.kappa * deviation);
    }
  }
  const std::vector<double> likeness = LikenessTo(point, knowledge);
  const auto nearest = std::max_element(likeness.begin(), likeness.end());
  if (nearest != likeness.end()) {
    const std::size_t trial =
        knowledge.trials[static_cast<std::size_t>(nearest - likeness.begin())];
    expectation.nearest = TrialId{static_cast<std::int32_t>(trial)};
    expectation.likeness = *nearest;
  }
  if (found.costs && found.acquisition.thrift > 0) {
    expectation.cost = Exp(found.costs->At(encoded, 0));
    expectation.thrift = found.acquisition.thrift;
  }
  return expectation;
}

std::optional<NewTrial> BayesianStrategy::Propose(const std::vector<double>& point,
                                                  const Knowledge& knowledge,
                                                  const Found& found) const {
  std::string origin = fmt::format("bayesian, from {} trials", knowledge.trials.size());
  study::Configuration configuration = space_.Decode(point);
  if (setup_.is_noisy) {
    if (const std::optional<std::size_t> same = SameToModel(point, knowledge)) {
      const std::size_t trial = knowledge.trials[*same];
      return NewTrial{space_.Decode(trials_[trial].point),
                      fmt::format("{}: trial {} again", origin, trial), 0,
                      Explain(trials_[trial].point, knowledge, found)};
    }
  } else if (!random_.IsNew(configuration)) {
    return std::nullopt;
  }
  return NewTrial{std::move(configuration), std::move(origin), 0, Explain(point, knowledge, found)};
}

Suggestion BayesianStrategy::Ask(TrialId next) const {
  COPPICE_CHECK(Index(next) == trials_.size(), "the next trial is asked for");
  if (IsStart()) return Start(next);
  const Knowledge knowledge = Know(trials_.size());
  const Found found = Search(next, knowledge, {setup_.acquisition});
  for (const ScoredPoint& each : found.points) {
    if (std::optional<NewTrial> trial = Propose(each.point, knowledge, found)) {
      return *std::move(trial);
    }
  }
  return random_.Ask(next);
}

std::optional<Outlook> BayesianStrategy::LookAhead(TrialId next) const {
  if (n_measured_ == 0) return std::nullopt;
  Knowledge knowledge = Know(trials_.size());
  if (!(knowledge.loss_unit > 0)) return std::nullopt;
  knowledge.running = Matrix(0, encoding_.columns().size());
  const Found found =
      Search(next, knowledge, {AcquisitionKind::kExpectedImprovement, /*is_proposal=*/false});
  Outlook outlook{TrialId{static_cast<std::int32_t>(found.best_trial)}, 0};
  // The worth is a logarithm; of no point at all, or where nothing is unknown, nothing is expected.
  if (!found.points.empty() && std::isfinite(found.points.front().worth)) {
    outlook.expected_gain = Exp(found.points.front().worth) * knowledge.loss_unit;
  }
  return outlook;
}

BayesianStrategy::Knowledge BayesianStrategy::Know(std::size_t n_trials) const {
  Knowledge knowledge;
  std::vector<std::size_t> running;
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < trials_.size(); ++i) {
    if (trials_[i].is_running && !trials_[i].point.empty()) running.push_back(i);
    if (!trials_[i].outcome || outcomes.size() == n_trials) continue;
    knowledge.trials.push_back(i);
    outcomes.push_back(*trials_[i].outcome);
  }
  const auto encode = [&](const std::vector<std::size_t>& which) {
    Matrix encoded(which.size(), encoding_.columns().size());
    for (std::size_t k = 0; k < which.size(); ++k) {
      encoding_.Encode(trials_[which[k]].point, encoded, k);
    }
    return encoded;
  };
  WarpedOutcomes warped = Warp(outcomes);
  knowledge.observations = {encode(knowledge.trials), std::move(warped.values),
                            std::move(warped.extra_variance)};
  knowledge.running = encode(running);
  knowledge.loss_unit = warped.unit;
  knowledge.loss_zero = ZeroOf(outcomes, knowledge.observations.values, warped.unit);
  return knowledge;
}

const Hyperparameters& BayesianStrategy::FitTo(const Knowledge& knowledge) const {
  const std::size_t n = knowledge.trials.size();
  const std::size_t n_fitted = FitTime(n);
  Observations all = n_fitted == n ? knowledge.observations : Know(n_fitted).observations;
  Observations chosen = Subset(all, ChooseSubset(all, kFitBest, kFitSpread));
  if (!fitted_ || !(fitted_->observations == chosen)) {
    Hyperparameters hyper = Fit(encoding_.columns(), encoding_.n_axes(), chosen);
    fitted_ = Fitted{std::move(chosen), std::move(hyper)};
  }
  return fitted_->hyper;
}

std::optional<CostModel> BayesianStrategy::CostsOf(const Knowledge& knowledge) const {
  constexpr std::size_t kMost = 100;
  std::vector<std::size_t> rows;
  std::vector<double> costs;
  for (std::size_t i = knowledge.trials.size(); i-- > 0 && rows.size() < kMost;) {
    const std::optional<double>& cost = trials_[knowledge.trials[i]].cost;
    if (!cost || !(*cost > 0)) continue;
    rows.push_back(i);
    costs.push_back(*cost);
  }
  return CostModel::Fit(Subset(knowledge.observations, rows).encoded, costs);
}

BayesianStrategy::Found BayesianStrategy::Search(TrialId next, const Knowledge& knowledge,
                                                 const Aim& aim) const {
  const Hyperparameters& hyper = FitTo(knowledge);
  const std::vector<std::size_t> chosen =
      ChooseSubset(knowledge.observations, kModelBest, kModelSpread);
  const Observations observations = Subset(knowledge.observations, chosen);
  Posterior posterior(encoding_.columns(), hyper, observations, knowledge.running);
  const std::vector<double> means = posterior.MeansAtObserved();
  const auto best = std::min_element(means.begin(), means.end());
  const std::size_t best_trial =
      knowledge.trials[chosen[static_cast<std::size_t>(best - means.begin())]];
  const double kappa = KappaOf(n_running_ + 1, knowledge.trials.size());
  std::optional<CostModel> costs =
      aim.is_proposal ? CostsOf(knowledge) : std::optional<CostModel>();
  const double thrift = costs ? ThriftOf(knowledge.trials.size()) : 0;
  const Acquisition acquisition{aim.acquisition, kappa, *best, thrift};
  const Judge judge(encoding_, posterior, acquisition, costs ? &*costs : nullptr);
  const Scorer scorer = [&](const Matrix& encoded, std::span<double> worth) {
    judge.Score(encoded, worth);
  };
  // The points come first: what judged them is moved behind.
  const auto found = [&](std::vector<ScoredPoint> points) {
    return Found{std::move(points), best_trial, std::move(posterior), acquisition,
                 std::move(costs)};
  };
  if (all_) return found(ScoreAll(scorer));
  const SmoothScorer smooth_scorer = [&](std::span<const double> point, std::span<double> slopes) {
    return judge.ScoreWithSlopes(point, slopes);
  };
  SearchTask task;
  task.scorer = &scorer;
  task.smooth_scorer = &smooth_scorer;
  task.tried = &tried_;
  const std::vector<std::size_t> order = ByValue(observations.values);
  for (std::size_t k = 0; k < std::min(order.size(), kMostGood); ++k) {
    task.good.push_back(trials_[knowledge.trials[chosen[order[k]]]].point);
  }
  task.seed = seed_;
  task.trial = static_cast<std::uint64_t>(ToIndex(next));
  return found(search_.Run(task, EffortFor(observations.size() + knowledge.running.n_rows())));
}

// All configurations that may be tried, the best first.
std::vector<ScoredPoint> BayesianStrategy::ScoreAll(const Scorer& scorer) const {
  std::vector<ScoredPoint> points;
  for (std::int64_t i = 0; i < all_->size(); ++i) {
    const study::Configuration configuration = all_->At(i);
    if (!setup_.is_noisy && !random_.IsNew(configuration)) continue;
    points.push_back({encoding_.PointOf(space_, configuration), 0});
  }
  Matrix encoded(points.size(), encoding_.columns().size());
  for (std::size_t k = 0; k < points.size(); ++k) encoding_.Encode(points[k].point, encoded, k);
  std::vector<double> worth(points.size());
  if (!points.empty()) scorer(encoded, worth);
  for (std::size_t k = 0; k < points.size(); ++k) points[k].worth = worth[k];
  std::stable_sort(points.begin(), points.end(),
                   [](const ScoredPoint& a, const ScoredPoint& b) { return a.worth > b.worth; });
  return points;
}

}  // namespace coppice::strategies
