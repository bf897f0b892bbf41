#include "tuner/run/final_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "trainer/boost/mean_model.h"
#include "trainer/boost/train_session.h"
#include "trainer/data/queries.h"
#include "trainer/metric/metric.h"
#include "trainer/predict/predictor.h"

namespace coppice::tuner {
namespace {

using trainer::RowIndex;

std::vector<float> Pick(const std::vector<float>& from, const std::vector<RowIndex>& rows) {
  std::vector<float> picked;
  if (from.empty()) return picked;
  picked.reserve(rows.size());
  for (RowIndex row : rows) picked.push_back(from[row]);
  return picked;
}

trainer::Booster TrainWith(trainer::TrainParams params, const Spec& spec, const StudyData& data,
                           const std::vector<RowIndex>& rows, int rounds,
                           const CancelToken& cancel) {
  params.num_round = rounds;
  // A fold number of its own: the folds have 0 upward.
  const trainer::SessionKey key{spec.seed, data.split.folds.size()};
  trainer::TrainSession session(SessionDataOf(data, rows, {}), params, {}, false, key);
  session.Advance(rounds, &cancel);
  if (!session.finished()) throw Error(ErrorKind::kCancelled, "interrupted while training");
  return session.MakeBooster(data.table->schema, 0);
}

}  // namespace

std::vector<RowIndex> RowsFor(const StudyData& data, const Spec& spec, RowChoice choice) {
  const bool files_alone =
      choice == RowChoice::kTraining && spec.split.kind == trainer::SplitKind::kFiles;
  std::vector<RowIndex> rows;
  const auto& test = data.split.test;
  for (RowIndex row = 0; row < data.table->n_rows; ++row) {
    const trainer::DataPart part = data.table->part[row];
    if (part == trainer::DataPart::kTest) continue;
    if (files_alone && part != trainer::DataPart::kTrain) continue;
    const bool held_out = std::binary_search(test.begin(), test.end(), row);
    if (choice == RowChoice::kAll || !held_out) rows.push_back(row);
  }
  return rows;
}

double FoldRows(const StudyData& data) {
  double rows = 0;
  for (const trainer::Fold& fold : data.split.folds) rows += static_cast<double>(fold.train.size());
  return rows / static_cast<double>(data.split.folds.size());
}

int CorrectedRounds(int best_round, double fold_rows, std::size_t n_rows) {
  const double corrected = std::round(best_round * static_cast<double>(n_rows) / fold_rows);
  // Bounded before it becomes an int, which it may not fit.
  constexpr double kMost = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp(corrected, 1.0, kMost));
}

int CorrectedRounds(int best_round, const StudyData& data, std::size_t n_rows, int num_round) {
  return std::min(CorrectedRounds(best_round, FoldRows(data), n_rows), std::max(1, num_round));
}

trainer::Booster TrainOn(const Spec& spec, const StudyData& data, study::TrialId trial,
                         const study::Configuration& configuration,
                         const std::vector<RowIndex>& rows, int rounds, const CancelToken& cancel) {
  return TrainWith(ParamsOn(data, spec, trial, configuration), spec, data, rows, rounds, cancel);
}

std::uint64_t SeedOfModel(std::uint64_t seed, int k) {
  if (k == 0) return seed;
  // Away from the seeds of other trials, which are near.
  return Mix64(Mix64(seed) + static_cast<std::uint64_t>(k)) % kTrainingSeeds;
}

MeanTraining TrainMeanOn(const Spec& spec, const StudyData& data, study::TrialId trial,
                         const study::Configuration& configuration,
                         const std::vector<RowIndex>& rows, int rounds, int n_models,
                         const CancelToken& cancel) {
  trainer::TrainParams params = ParamsOn(data, spec, trial, configuration);
  const std::uint64_t seed = params.seed;
  MeanTraining training;
  std::vector<trainer::Booster> models;
  for (int k = 0; k < n_models; ++k) {
    params.seed = SeedOfModel(seed, k);
    training.seeds.push_back(params.seed);
    models.push_back(TrainWith(params, spec, data, rows, rounds, cancel));
  }
  training.all_the_same =
      n_models > 1 && std::all_of(models.begin(), models.end(),
                                  [&](const auto& model) { return model == models.front(); });
  training.booster = trainer::MeanOf(std::move(models));
  return training;
}

std::vector<float> PredictForMetrics(const trainer::Booster& booster, const trainer::Dataset& table,
                                     const std::vector<RowIndex>& rows) {
  std::vector<std::vector<float>> values;
  values.reserve(table.n_features());
  for (const std::vector<float>& column : table.values) values.push_back(Pick(column, rows));
  std::vector<float> predictions =
      PredictMargins(booster, values, static_cast<RowIndex>(rows.size()));
  const auto settings =
      trainer::SettingsFromParameters(booster.objective_params, booster.n_outputs);
  trainer::MakeObjective(booster.objective, settings)->TransformForMetrics(predictions);
  return predictions;
}

std::map<std::string, double> EvaluateOn(const trainer::Booster& booster,
                                         const trainer::Dataset& table,
                                         const std::vector<RowIndex>& asked,
                                         const std::vector<std::string>& metrics) {
  const trainer::ObjectiveSettings settings =
      trainer::SettingsFromParameters(booster.objective_params, booster.n_outputs);
  const auto objective = trainer::MakeObjective(booster.objective, settings);
  std::vector<RowIndex> rows = asked;
  std::vector<std::uint32_t> query_begin;
  if (objective->coupling() == trainer::Coupling::kQueries) {
    CheckQueries(table);
    trainer::QueryOrder order = trainer::OrderByQuery(asked, table.group);
    rows = std::move(order.rows);
    query_begin = std::move(order.query_begin);
  }
  const std::vector<float> predictions = PredictForMetrics(booster, table, rows);
  const std::vector<float> label = Pick(table.label, rows);
  const std::vector<float> upper = Pick(table.label_upper, rows);
  trainer::Labels labels(label);
  labels.upper = upper;
  labels.query_begin = query_begin;
  const bool has_classes = trainer::TargetOf(booster.objective) != trainer::TargetKind::kNumber;
  if (auto problem = has_classes ? objective->CheckLabels(labels) : std::nullopt) {
    throw Error(ErrorKind::kData,
                fmt::format("{}, as the model's `{}` needs it", *problem, booster.objective));
  }
  const std::vector<float> weight = Pick(table.weight, rows);
  std::map<std::string, double> scores;
  for (const std::string& name : metrics) {
    scores[name] = trainer::MakeMetric(name, settings)
                       ->Evaluate(predictions, labels, weight, booster.n_outputs);
  }
  return scores;
}

}  // namespace coppice::tuner
