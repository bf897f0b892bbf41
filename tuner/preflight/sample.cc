#include "tuner/preflight/sample.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/exact_math.h"
#include "base/random.h"
#include "trainer/boost/train_session.h"
#include "trainer/metric/metric.h"
#include "tuner/run/final_model.h"
#include "tuner/run/trial_runner.h"

namespace coppice::tuner {
namespace {

using trainer::RowIndex;
using RowList = std::vector<RowIndex>;

constexpr std::size_t kFewestOfClass = 5;
constexpr double kMostTrainingSeconds = 5;

// In an order of its own, which has nothing to do with that of the file.
std::uint64_t Order(std::uint64_t item) { return Mix64(item + 0x9E3779B97F4A7C15ULL); }

bool IsRanked(const Spec& spec) {
  return trainer::PredictionOf(spec.ParamsFor({}).objective) == trainer::PredictionKind::kRank;
}

RowList PickGroups(const StudyData& data, const RowList& rows, std::size_t most) {
  RowList ordered = rows;
  const std::vector<std::int32_t>& group = data.table->group;
  const auto key = [&group](RowIndex row) { return Order(static_cast<std::uint64_t>(group[row])); };
  std::stable_sort(ordered.begin(), ordered.end(),
                   [&key](RowIndex a, RowIndex b) { return key(a) < key(b); });
  std::size_t end = std::min(most, ordered.size());
  while (end < ordered.size() && group[ordered[end]] == group[ordered[end - 1]]) ++end;
  ordered.resize(end);
  std::sort(ordered.begin(), ordered.end());
  return ordered;
}

// The `n` first ones in the order of their own.
void PickFrom(RowList& rows, std::size_t n, RowList* picked) {
  n = std::min(n, rows.size());
  const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(n);
  std::nth_element(rows.begin(), middle, rows.end(),
                   [](RowIndex a, RowIndex b) { return Order(a) < Order(b); });
  picked->insert(picked->end(), rows.begin(), middle);
}

// Of a fold that has no validation rows.
trainer::Fold HoldOut(const StudyData& data, const Spec& spec, const trainer::Fold& fold) {
  trainer::Fold held;
  held.validation =
      PickRows(data, spec, fold.train, std::max<std::size_t>(1, fold.train.size() / 5));
  std::set_difference(fold.train.begin(), fold.train.end(), held.validation.begin(),
                      held.validation.end(), std::back_inserter(held.train));
  return held;
}

// Where the session is at, by the study's own patience.
bool HasEnded(const Spec& spec, const trainer::TrainParams& params, int best, int rounds) {
  if (!spec.StopsEarly(params)) return false;
  const int patience =
      PatienceBehind(best, spec.prune.adaptive_patience, params.early_stopping_rounds);
  return rounds - best >= patience;
}

}  // namespace

RowList PickRows(const StudyData& data, const Spec& spec, const RowList& rows, std::size_t most) {
  if (rows.size() <= most) return rows;
  if (IsRanked(spec)) return PickGroups(data, rows, most);
  const std::size_t n_classes = std::max<std::size_t>(1, data.table->schema.classes.size());
  std::vector<RowList> classes(n_classes);
  for (const RowIndex row : rows) {
    const std::size_t code = n_classes > 1 ? static_cast<std::size_t>(data.table->label[row]) : 0;
    classes[code].push_back(row);
  }
  RowList picked;
  for (RowList& of_class : classes) {
    const std::size_t share = of_class.size() * most / rows.size();
    PickFrom(of_class, std::max(share, kFewestOfClass), &picked);
  }
  std::sort(picked.begin(), picked.end());
  return picked;
}

StudyData SampleOf(const StudyData& data, const Spec& spec, std::size_t n_folds,
                   std::size_t most_rows) {
  StudyData sample = data;
  sample.split.test.clear();
  std::vector<trainer::Fold>& folds = sample.split.folds;
  folds.resize(std::min(n_folds, folds.size()));
  for (trainer::Fold& fold : folds) {
    if (fold.validation.empty() && fold.train.size() > 1) fold = HoldOut(data, spec, fold);
    const double share = static_cast<double>(most_rows) / static_cast<double>(fold.train.size());
    if (share >= 1) continue;
    const double held = std::ceil(share * static_cast<double>(fold.validation.size()));
    // Fewer validation rows than some would make scores of noise.
    const std::size_t fewest = std::min<std::size_t>(500, most_rows);
    fold.train = PickRows(data, spec, fold.train, most_rows);
    fold.validation =
        PickRows(data, spec, fold.validation, std::max(fewest, static_cast<std::size_t>(held)));
  }
  return sample;
}

std::size_t SampleRows(const StudyData& data) {
  constexpr std::size_t kCells = 600000;
  const std::size_t width = std::max<std::size_t>(1, data.table->n_features());
  return std::clamp<std::size_t>(kCells / width, 2000, 20000);
}

study::Configuration FirstConfiguration(const Spec& spec) {
  return spec.search.empty() ? study::Configuration() : spec.DefaultConfiguration();
}

SampleTraining TrainOnSample(const Spec& spec, const StudyData& sample, const Clock& clock) {
  const trainer::TrainParams params =
      ParamsOn(sample, spec, study::TrialId{0}, FirstConfiguration(spec));
  const trainer::ObjectiveSettings settings = trainer::SettingsOf(params);
  const auto objective = trainer::MakeObjective(params.objective, settings);
  SampleTraining training;
  training.metric = spec.metric;
  training.loss = objective->default_metric();
  const auto score = trainer::MakeMetric(spec.metric, settings);
  const auto loss = trainer::MakeMetric(training.loss, settings);
  training.maximize = score->maximize();
  training.loss_maximize = loss->maximize();
  const trainer::Fold& fold = sample.split.folds.front();
  trainer::TrainSession session(SessionDataOf(sample, fold.train, fold.validation), params,
                                {score.get(), loss.get()}, true, {spec.seed, 0});
  const double deadline = clock.Now() + kMostTrainingSeconds;
  while (!session.finished()) {
    session.Advance(1, nullptr);
    const std::vector<double>& curve = session.curves().validation.front();
    training.best_round = BestRound(curve, spec.goal);
    training.ended = HasEnded(spec, params, training.best_round, session.rounds());
    if (training.ended || clock.Now() > deadline) break;
  }
  training.ended = training.ended || session.finished();
  training.rounds = session.rounds();
  training.train_loss = session.curves().train.back();
  training.booster = session.MakeBooster(sample.table->schema, training.best_round);
  const trainer::Booster constant = ConstantOf(training.booster, *sample.table, fold.train);
  training.score =
      EvaluateOn(training.booster, *sample.table, fold.validation, {spec.metric}).at(spec.metric);
  training.constant_score =
      EvaluateOn(constant, *sample.table, fold.validation, {spec.metric}).at(spec.metric);
  training.constant_loss =
      EvaluateOn(constant, *sample.table, fold.train, {training.loss}).at(training.loss);
  return training;
}

trainer::Booster ConstantOf(const trainer::Booster& booster, const trainer::Dataset& table,
                            const RowList& rows) {
  trainer::Booster constant = booster;
  constant.trees.clear();
  constant.tree_weights.clear();
  constant.best_round = 0;
  std::fill(constant.linear_weights.begin(), constant.linear_weights.end(), 0.0F);
  if (trainer::TargetOf(booster.objective) != trainer::TargetKind::kMulticlass) return constant;
  const auto n_classes = static_cast<std::size_t>(booster.n_outputs);
  std::vector<double> counts(n_classes, 1.0);
  for (const RowIndex row : rows) counts[static_cast<std::size_t>(table.label[row])] += 1;
  constant.base_score.resize(n_classes);
  for (std::size_t c = 0; c < n_classes; ++c) {
    constant.base_score[c] = static_cast<float>(Log(counts[c]));
  }
  return constant;
}

}  // namespace coppice::tuner
