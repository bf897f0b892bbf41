// Model files, JSON and UBJSON: what is read can be predicted with, and written and read again.

#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "tests/fuzz/refusal.h"
#include "tests/fuzz/target.h"
#include "trainer/model_io/model_file.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/predict/importance.h"
#include "trainer/predict/predictor.h"

namespace coppice::fuzz {
namespace {

using trainer::Booster;

// Wider models are read, but not predicted: one table would take longer than all other inputs.
constexpr std::size_t kMostFeatures = 2000;
constexpr std::size_t kMostPredictions = 100000;
constexpr trainer::RowIndex kRows = 5;

std::vector<std::vector<float>> OddTable(std::size_t n_features) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kOdd[] = {
      0, -1, 2.5f, std::numeric_limits<float>::quiet_NaN(), kInfinity, -kInfinity, 254, 255, 1e30f};
  std::vector<std::vector<float>> values(n_features);
  for (std::size_t f = 0; f < n_features; ++f) {
    for (std::size_t row = 0; row < kRows; ++row) {
      values[f].push_back(kOdd[(f + row * 2) % std::size(kOdd)]);
    }
  }
  return values;
}

void CheckPredictions(const Booster& booster) {
  const std::size_t n_features = booster.schema.features.size();
  const std::size_t n_outputs = static_cast<std::size_t>(booster.n_outputs);
  if (n_features > kMostFeatures || n_outputs * (n_features + 1) > kMostPredictions) return;
  const auto values = OddTable(n_features);
  const std::vector<float> margins = PredictMargins(booster, values, kRows);
  COPPICE_CHECK(margins.size() == kRows * n_outputs, "one margin an output");
  PredictValues(booster, values, kRows);
  ImportanceOf(booster);
  if (!booster.is_linear()) {
    const std::vector<std::int32_t> leaves = PredictLeaves(booster, values, kRows);
    const std::size_t n_trees = leaves.size() / kRows;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      COPPICE_CHECK(booster.trees[i % n_trees].IsLeaf(leaves[i]), "a row ends at a leaf");
      std::vector<float> row;
      for (const auto& column : values) row.push_back(column[i / n_trees]);
      COPPICE_CHECK(booster.trees[i % n_trees].LeafOf(row) == leaves[i],
                    "the leaf of a plain walk");
    }
  }
  try {
    PredictContributions(booster, values, kRows);
  } catch (const Error&) {
    // Without covers there are none.
  }
}

}  // namespace

Outcome TryInput(std::string_view bytes) {
  Booster booster;
  try {
    booster = trainer::BoosterFromModelFile(bytes, "model");
  } catch (const Error& error) {
    CheckRefusal(error, ErrorKind::kData);
    return Outcome::kRefused;
  }
  CheckPredictions(booster);
  std::string json;
  try {
    json = trainer::ToXgboostJson(booster);
  } catch (const Error& error) {
    // A name that is not UTF-8.
    return Outcome::kRead;
  }
  // By bytes: a statistic that is no number does not equal itself.
  const Booster from_json = trainer::BoosterFromModelFile(json, "json");
  const Booster from_ubjson =
      trainer::BoosterFromModelFile(trainer::ToXgboostUbjson(booster), "ubjson");
  COPPICE_CHECK(trainer::ToXgboostJson(from_json) == json, "JSON keeps the model");
  COPPICE_CHECK(trainer::ToXgboostJson(from_ubjson) == json, "UBJSON keeps the model");
  return Outcome::kRead;
}

// Numbers alone are as good.
std::vector<std::string> Words() { return {}; }

}  // namespace coppice::fuzz
