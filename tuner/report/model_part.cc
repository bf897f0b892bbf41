#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "trainer/predict/importance.h"
#include "tuner/report/parts.h"

namespace coppice::tuner {
namespace {

// A picture of more bars is not read.
constexpr std::size_t kMostFeatures = 30;

}  // namespace

void AddModel(const trainer::Booster& booster, const ReportFacts& facts, Json* report) {
  const auto importance = trainer::ImportanceOf(booster);
  Json features = Json::array();
  for (std::size_t i = 0; i < std::min(importance.size(), kMostFeatures); ++i) {
    const trainer::FeatureImportance& one = importance[i];
    Json json = {{"name", booster.schema.features[one.feature].name},
                 {"weight", Short(one.weight)}};
    if (!booster.is_linear()) {
      json["total_gain"] = Short(one.total_gain);
      json["gain"] = Short(one.gain);
      json["cover"] = Short(one.cover);
    }
    features.push_back(std::move(json));
  }
  double all = 0;
  for (const auto& one : importance) {
    all += booster.is_linear() ? std::abs(one.weight) : one.total_gain;
  }
  (*report)["model"] = {{"trial", facts.best_file.value("trial", 0)},
                        {"is_linear", booster.is_linear()},
                        {"rounds", booster.rounds_used()},
                        {"n_features", booster.schema.features.size()},
                        {"n_used", importance.size()},
                        {"sum", Short(all)},
                        {"features", std::move(features)}};
}

}  // namespace coppice::tuner
