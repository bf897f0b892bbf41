#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "base/cancel.h"
#include "base/work_limit.h"
#include "trainer/boost/train_session.h"
#include "trainer/metric/metric.h"
#include "tuner/preflight/check.h"
#include "tuner/run/final_model.h"

namespace coppice::tuner {
namespace {

using trainer::RowIndex;

constexpr std::size_t kOverfitRows = 256;
constexpr int kOverfitRounds = 300;
constexpr double kMostLeft = 0.05;
constexpr double kMostOverfitSeconds = 5;

// The measure that is 0 for a model which knows every label.
std::string MeasureOf(trainer::PredictionKind prediction) {
  using enum trainer::PredictionKind;
  switch (prediction) {
    case kProbability:
      return "logloss";
    case kProbabilities:
      return "mlogloss";
    case kClass:
      return "error";
    case kNumber:
    case kPositive:
      return "rmse";
    case kQuantiles:
    case kHazardRatio:
    case kSurvivalTime:
    case kRank:
      return "";
  }
  return "";
}

// Large enough to learn few rows by heart, whatever the spec's own model is.
trainer::TrainParams LargeModel(const CheckContext& context) {
  const trainer::TrainParams own =
      ParamsOn(*context.sample, context.spec, study::TrialId{0}, FirstConfiguration(context.spec));
  trainer::TrainParams params;
  params.objective = own.objective;
  params.num_class = own.num_class;
  params.seed = own.seed;
  params.scale_pos_weight = own.scale_pos_weight;
  params.huber_slope = own.huber_slope;
  params.tweedie_variance_power = own.tweedie_variance_power;
  params.num_round = kOverfitRounds;
  params.max_depth = 10;
  params.min_child_weight = 0;
  params.lambda = 0.01;
  params.max_delta_step = 0;
  params.max_bin = own.max_bin;
  return params;
}

// Rows that no model can tell apart: all their bins are equal.
std::vector<std::vector<RowIndex>> EqualRows(const trainer::BinnedMatrix& matrix,
                                             const std::vector<RowIndex>& rows) {
  std::map<std::vector<std::uint8_t>, std::vector<RowIndex>> by_bins;
  for (const RowIndex row : rows) {
    std::vector<std::uint8_t> bins;
    for (int f = 0; f < matrix.n_features(); ++f) bins.push_back(matrix.Bin(row, f));
    by_bins[std::move(bins)].push_back(row);
  }
  std::vector<std::vector<RowIndex>> equal;
  for (auto& [bins, group] : by_bins) equal.push_back(std::move(group));
  return equal;
}

// How many rows are equal to one with another label.
std::size_t CountContradicted(const trainer::BinnedMatrix& matrix, const std::vector<float>& label,
                              const std::vector<RowIndex>& rows) {
  std::size_t n = 0;
  for (const std::vector<RowIndex>& group : EqualRows(matrix, rows)) {
    const std::set<float> labels = [&] {
      std::set<float> all;
      for (const RowIndex row : group) all.insert(label[row]);
      return all;
    }();
    if (labels.size() > 1) n += group.size();
  }
  return n;
}

CheckFinding NotFinished() {
  return {Verdict::kSkip,
          fmt::format("a large model did not learn a few rows within {:.0f} s: nothing is known",
                      kMostOverfitSeconds)};
}

}  // namespace

CheckResult CheckOverfit(const CheckContext& context) {
  const trainer::TrainParams params = LargeModel(context);
  const std::string measure = MeasureOf(*trainer::PredictionOf(params.objective));
  if (measure.empty()) {
    return {{Verdict::kPass,
             fmt::format("not asked: no measure of `{}` is 0 for a model that knows every label",
                         params.objective)}};
  }
  const StudyData& sample = *context.sample;
  const std::vector<RowIndex> rows =
      PickRows(sample, context.spec, sample.split.folds.front().train, kOverfitRows);
  const CancelToken never;
  const WorkLimit limit(never, context.clock, context.clock.Now() + kMostOverfitSeconds);
  trainer::SessionData data = SessionDataOf(sample, rows, {});
  data.limit = &limit;
  trainer::TrainSession session(std::move(data), params, {}, false, {context.spec.seed, 0});
  const bool is_whole = session.Advance(kOverfitRounds, nullptr) == kOverfitRounds;
  if (session.rounds() == 0) return {NotFinished()};
  const trainer::Booster booster = session.MakeBooster(sample.table->schema, session.rounds());
  const trainer::Booster constant = ConstantOf(booster, *sample.table, rows);
  const double reached = EvaluateOn(booster, *sample.table, rows, {measure}).at(measure);
  const double begun = EvaluateOn(constant, *sample.table, rows, {measure}).at(measure);
  if (!std::isfinite(begun) || begun <= 0) {
    return {
        {Verdict::kPass, fmt::format("not asked: the labels of {} rows are equal", rows.size())}};
  }
  const double left = reached / begun;
  CheckFinding finding{
      Verdict::kPass,
      fmt::format("a large model learns {} rows by heart: {} {:.2g}, {:.1f} % of a constant's "
                  "(warns above {:.0f} %)",
                  rows.size(), measure, reached, 100 * left, 100 * kMostLeft),
      left, kMostLeft};
  if (left <= kMostLeft) return {finding};
  if (!is_whole) return {NotFinished()};
  const std::size_t contradicted = CountContradicted(*sample.matrix, sample.table->label, rows);
  finding.verdict = Verdict::kWarn;
  finding.text = fmt::format(
      "a large model cannot learn {} rows by heart: {} {:.2g}, {:.1f} % of a constant's, is left "
      "(warns above {:.0f} %); {} of them equal a row with another label",
      rows.size(), measure, reached, 100 * left, 100 * kMostLeft, contradicted);
  finding.hint = contradicted > 0
                     ? "no model does better there: more columns may tell such rows apart"
                     : "columns may have too few bins for their values, or labels and rows do not "
                       "belong together";
  return {finding};
}

}  // namespace coppice::tuner
