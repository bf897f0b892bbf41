#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "base/json.h"
#include "results/views/prediction_quality.h"
#include "trainer/objective/objective.h"
#include "tuner/report/parts.h"
#include "tuner/run/final_model.h"

namespace coppice::tuner {
namespace {

using trainer::RowIndex;

constexpr std::size_t kThresholds = 160;
constexpr std::size_t kBins = 12;
constexpr std::size_t kSample = 1200;  // rows of a scatter plot
constexpr int kMostClasses = 40;       // of a confusion matrix that can be read

// Rows that the model behind a prediction was not trained on. Vectors are [rows] but for
// `prediction`, which is [rows, n_outputs].
struct HeldOut {
  std::vector<float> prediction;
  std::vector<float> label;
  std::vector<float> weight;  // empty: all 1
  int n_outputs = 1;
  std::string source;

  std::size_t size() const { return label.size(); }
};

void AddRows(const trainer::Booster& booster, const trainer::Dataset& table,
             const std::vector<RowIndex>& rows, HeldOut* held_out) {
  const std::vector<float> prediction = PredictForMetrics(booster, table, rows);
  held_out->prediction.insert(held_out->prediction.end(), prediction.begin(), prediction.end());
  for (const RowIndex row : rows) {
    held_out->label.push_back(table.label[row]);
    if (!table.weight.empty()) held_out->weight.push_back(table.weight[row]);
  }
}

HeldOut TestRows(const trainer::Booster& booster, const StudyData& data) {
  HeldOut held_out;
  AddRows(booster, *data.table, data.split.test, &held_out);
  held_out.source = fmt::format("The {} test rows, which no trial has seen.", held_out.size());
  return held_out;
}

// Each fold's validation rows by a model of its training rows, at the trial's best round. Of
// repeats the first: each row stands for itself once, or intervals would be too narrow.
HeldOut ValidationRows(const StudyData& data, const ReportFacts& facts) {
  const results::LeaderboardRow& best = *facts.board.best();
  const trainer::SplitSpec& split = facts.input.spec.split;
  const auto n_folds = data.split.folds.size() / static_cast<std::size_t>(split.repeats);
  HeldOut held_out;
  for (const trainer::Fold& fold : std::span(data.split.folds).first(n_folds)) {
    if (fold.validation.empty()) continue;
    const trainer::Booster booster =
        TrainOn(facts.input.spec, data, best.seed_trial, best.configuration, fold.train,
                std::max(1, best.round), facts.input.interrupt);
    AddRows(booster, *data.table, fold.validation, &held_out);
  }
  held_out.source = fmt::format(
      "{} validation rows, each by a model of the other folds' rows{}. The trial and its rounds "
      "were chosen on them, so that they look a little better than new rows will.",
      held_out.size(), split.repeats > 1 ? ", of the first repeat" : "");
  return held_out;
}

Json CalibrationJson(std::span<const float> prediction, const HeldOut& rows,
                     results::LabelKind kind) {
  Json bins = Json::array();
  for (const auto& bin : results::Calibrate(prediction, rows.label, rows.weight, kBins, kind)) {
    bins.push_back({{"prediction", Short(bin.prediction)},
                    {"label", Short(bin.label)},
                    {"low", Short(bin.low)},
                    {"high", Short(bin.high)},
                    {"rows", bin.rows}});
  }
  return bins;
}

Json BinaryJson(const HeldOut& rows, const trainer::Schema& schema) {
  const auto curve = results::ThresholdsOf(rows.prediction, rows.label, rows.weight);
  Json points = Json::array();
  for (const auto& point : results::ThinPoints(curve, kThresholds)) {
    points.push_back(
        {Short(point.threshold), Short(point.true_positives), Short(point.false_positives)});
  }
  Json json = {{"kind", "binary"},
               {"positives", Short(curve.positives)},
               {"negatives", Short(curve.negatives)},
               {"auc", Short(results::RocArea(curve))},
               {"average_precision", Short(results::AveragePrecision(curve))},
               {"thresholds", std::move(points)},
               {"calibration", CalibrationJson(rows.prediction, rows, results::LabelKind::kShare)}};
  if (schema.classes.size() == 2) json["classes"] = schema.classes;
  return json;
}

// Names of so many classes, their codes where the label had no texts.
Json ClassNames(const trainer::Schema& schema, int n_classes) {
  Json names = Json::array();
  for (int i = 0; i < n_classes; ++i) {
    const auto at = static_cast<std::size_t>(i);
    names.push_back(at < schema.classes.size() ? schema.classes[at] : std::to_string(i));
  }
  return names;
}

Json ClassesJson(const HeldOut& rows, const std::vector<int>& prediction, int n_classes,
                 const trainer::Schema& schema) {
  std::vector<int> label;
  label.reserve(rows.size());
  for (const float code : rows.label) label.push_back(static_cast<int>(code));
  const auto counts = results::ConfusionOf(prediction, label, rows.weight, n_classes);
  Json confusion = Json::array();
  for (const double count : counts) confusion.push_back(Short(count));
  return {{"kind", "classes"},
          {"classes", ClassNames(schema, n_classes)},
          {"confusion", std::move(confusion)}};
}

Json ProbabilitiesJson(const HeldOut& rows, const trainer::Schema& schema) {
  const std::vector<int> likeliest = results::LikeliestClasses(rows.prediction, rows.n_outputs);
  Json json = ClassesJson(rows, likeliest, rows.n_outputs, schema);
  // Of the likeliest class: how sure the model was, and how often it was right.
  HeldOut right = rows;
  std::vector<float> sure(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sure[i] = rows.prediction[i * static_cast<std::size_t>(rows.n_outputs) +
                              static_cast<std::size_t>(likeliest[i])];
    right.label[i] = static_cast<int>(rows.label[i]) == likeliest[i] ? 1.0f : 0.0f;
  }
  json["calibration"] = CalibrationJson(sure, right, results::LabelKind::kShare);
  return json;
}

Json NumberJson(const HeldOut& rows, const std::string& label) {
  Json sample = Json::array();
  const std::size_t step = std::max<std::size_t>(1, (rows.size() + kSample - 1) / kSample);
  std::vector<double> errors;
  std::vector<double> sizes;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double error =
        static_cast<double>(rows.label[i]) - static_cast<double>(rows.prediction[i]);
    errors.push_back(error);
    sizes.push_back(std::abs(error));
    if (i % step == 0) {
      sample.push_back({Short(static_cast<double>(rows.prediction[i])),
                        Short(static_cast<double>(rows.label[i]))});
    }
  }
  Json quantiles = Json::array();
  for (const double q : {0.05, 0.25, 0.5, 0.75, 0.95}) {
    quantiles.push_back(Short(results::QuantileOf(errors, q)));
  }
  return {{"kind", "number"},
          {"label", label},
          {"sample", std::move(sample)},
          {"residual_quantiles", std::move(quantiles)},
          {"median_size", Short(results::QuantileOf(sizes, 0.5))},
          {"calibration", CalibrationJson(rows.prediction, rows, results::LabelKind::kMean)}};
}

// How many labels lie at or below each predicted quantile, against how many should.
Json QuantilesJson(const HeldOut& rows, const std::vector<double>& alphas) {
  Json list = Json::array();
  const auto n = static_cast<std::size_t>(rows.n_outputs);
  for (std::size_t k = 0; k < std::min(n, alphas.size()); ++k) {
    std::vector<float> below(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      below[i] = rows.label[i] <= rows.prediction[i * n + k] ? 1.0f : 0.0f;
    }
    const std::vector<float> same(rows.size());
    const auto bins = results::Calibrate(same, below, rows.weight, 1, results::LabelKind::kShare);
    if (bins.empty()) continue;
    list.push_back({{"alpha", alphas[k]},
                    {"share", Short(bins[0].label)},
                    {"low", Short(bins[0].low)},
                    {"high", Short(bins[0].high)}});
  }
  return {{"kind", "quantiles"}, {"coverage", std::move(list)}};
}

std::vector<int> Codes(const std::vector<float>& values) {
  std::vector<int> codes;
  codes.reserve(values.size());
  for (const float value : values) codes.push_back(value > 0.5f ? 1 : 0);
  return codes;
}

Json PictureOf(const HeldOut& rows, const trainer::Booster& booster) {
  switch (*trainer::PredictionOf(booster.objective)) {
    case trainer::PredictionKind::kProbability:
      // Probabilities may be labels themselves; such rows are neither of two classes.
      if (std::any_of(rows.label.begin(), rows.label.end(),
                      [](float y) { return y != 0.0f && y != 1.0f; })) {
        return NumberJson(rows, booster.schema.label);
      }
      return BinaryJson(rows, booster.schema);
    case trainer::PredictionKind::kClass:
      return ClassesJson(rows, Codes(rows.prediction), 2, booster.schema);
    case trainer::PredictionKind::kProbabilities:
      if (rows.n_outputs > kMostClasses) return {};
      return ProbabilitiesJson(rows, booster.schema);
    case trainer::PredictionKind::kNumber:
    case trainer::PredictionKind::kPositive:
      return NumberJson(rows, booster.schema.label);
    case trainer::PredictionKind::kQuantiles: {
      const auto settings =
          trainer::SettingsFromParameters(booster.objective_params, booster.n_outputs);
      return QuantilesJson(rows, settings.quantile_alpha);
    }
    case trainer::PredictionKind::kHazardRatio:
    case trainer::PredictionKind::kSurvivalTime:
    case trainer::PredictionKind::kRank:
      return {};
  }
  return {};
}

bool HasPicture(const trainer::Booster& booster) {
  const auto kind = *trainer::PredictionOf(booster.objective);
  return kind != trainer::PredictionKind::kHazardRatio &&
         kind != trainer::PredictionKind::kSurvivalTime && kind != trainer::PredictionKind::kRank;
}

}  // namespace

void AddQuality(const trainer::Booster& booster, const StudyData& data, const ReportFacts& facts,
                Json* report) {
  if (!HasPicture(booster)) return;
  HeldOut rows = data.split.test.empty() ? ValidationRows(data, facts) : TestRows(booster, data);
  rows.n_outputs = booster.n_outputs;
  if (rows.size() == 0) return;
  Json picture = PictureOf(rows, booster);
  if (picture.is_null()) return;
  picture["source"] = rows.source;
  picture["rows"] = rows.size();
  (*report)["quality"] = std::move(picture);
}

}  // namespace coppice::tuner
