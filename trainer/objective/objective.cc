#include "trainer/objective/objective.h"

#include <limits>

#include "base/text.h"
#include "trainer/objective/kinds.h"

namespace coppice::trainer {
namespace {

struct Entry {
  std::string_view name;
  TargetKind target;
  PredictionKind prediction;
  std::unique_ptr<Objective> (*make)(const ObjectiveSettings&);
};

constexpr Entry kObjectives[] = {
    {"reg:squarederror", TargetKind::kNumber, PredictionKind::kNumber, MakeSquaredError},
    {"reg:squaredlogerror", TargetKind::kNumber, PredictionKind::kNumber, MakeSquaredLogError},
    {"reg:pseudohubererror", TargetKind::kNumber, PredictionKind::kNumber, MakePseudoHuber},
    {"reg:logistic", TargetKind::kNumber, PredictionKind::kProbability, MakeLogisticNumber},
    {"reg:gamma", TargetKind::kNumber, PredictionKind::kPositive, MakeGamma},
    {"reg:tweedie", TargetKind::kNumber, PredictionKind::kPositive, MakeTweedie},
    {"count:poisson", TargetKind::kNumber, PredictionKind::kPositive, MakePoisson},
    {"survival:cox", TargetKind::kNumber, PredictionKind::kHazardRatio, MakeCox},
    {"survival:aft", TargetKind::kNumber, PredictionKind::kSurvivalTime, MakeAft},
    {"reg:absoluteerror", TargetKind::kNumber, PredictionKind::kNumber, MakeAbsoluteError},
    {"reg:quantileerror", TargetKind::kNumber, PredictionKind::kQuantiles, MakeQuantileError},
    {"rank:ndcg", TargetKind::kNumber, PredictionKind::kRank, MakeRankNdcg},
    {"rank:map", TargetKind::kNumber, PredictionKind::kRank, MakeRankMap},
    {"rank:pairwise", TargetKind::kNumber, PredictionKind::kRank, MakeRankPairwise},
    {"binary:logistic", TargetKind::kBinary, PredictionKind::kProbability, MakeLogistic},
    {"binary:logitraw", TargetKind::kBinary, PredictionKind::kProbability, MakeLogitRaw},
    {"binary:hinge", TargetKind::kBinary, PredictionKind::kClass, MakeHinge},
    {"multi:softmax", TargetKind::kMulticlass, PredictionKind::kProbabilities,
     [](const ObjectiveSettings& settings) { return MakeSoftmax(settings, true); }},
    {"multi:softprob", TargetKind::kMulticlass, PredictionKind::kProbabilities,
     [](const ObjectiveSettings& settings) { return MakeSoftmax(settings, false); }},
};

const Entry* Find(std::string_view name) {
  for (const Entry& entry : kObjectives) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

constexpr AftDistribution kAftDistributions[] = {
    AftDistribution::kNormal, AftDistribution::kLogistic, AftDistribution::kExtreme};

RankSettings RankFromParameters(const std::map<std::string, std::string>& parameters) {
  RankSettings rank;
  const auto text = [&](const char* name) -> std::string_view {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string_view() : found->second;
  };
  if (text("lambdarank_pair_method") == WordOf(PairMethod::kMean)) {
    rank.pair_method = PairMethod::kMean;
  }
  double pairs = 0;
  // XGBoost writes 2^32 - 1 where it was not given.
  if (ParseDouble(text("lambdarank_num_pair_per_sample"), &pairs) && pairs >= 1 &&
      pairs <= std::numeric_limits<int>::max()) {
    rank.pairs_per_sample = static_cast<int>(pairs);
  }
  rank.normalization = text("lambdarank_normalization") != "0";
  rank.score_normalization = text("lambdarank_score_normalization") != "0";
  rank.exp_gain = text("ndcg_exp_gain") != "0";
  return rank;
}

}  // namespace

std::string_view WordOf(AftDistribution distribution) {
  switch (distribution) {
    case AftDistribution::kNormal:
      return "normal";
    case AftDistribution::kLogistic:
      return "logistic";
    case AftDistribution::kExtreme:
      return "extreme";
  }
  return "";
}

std::string_view WordOf(PairMethod method) { return method == PairMethod::kTopK ? "topk" : "mean"; }

std::unique_ptr<Objective> MakeObjective(std::string_view name, const ObjectiveSettings& settings) {
  const Entry* entry = Find(name);
  return entry == nullptr ? nullptr : entry->make(settings);
}

std::vector<std::string> ObjectiveNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kObjectives) {
    names.emplace_back(entry.name);
  }
  return names;
}

std::optional<TargetKind> TargetOf(std::string_view objective) {
  const Entry* entry = Find(objective);
  if (entry == nullptr) return std::nullopt;
  return entry->target;
}

std::optional<PredictionKind> PredictionOf(std::string_view objective) {
  const Entry* entry = Find(objective);
  if (entry == nullptr) return std::nullopt;
  return entry->prediction;
}

ObjectiveSettings SettingsFromParameters(const std::map<std::string, std::string>& parameters,
                                         int n_outputs) {
  ObjectiveSettings settings;
  settings.num_class = n_outputs;
  const auto take = [&](const char* name, double* value) {
    const auto found = parameters.find(name);
    double number = 0;
    if (found != parameters.end() && ParseDouble(found->second, &number)) *value = number;
  };
  take("scale_pos_weight", &settings.scale_pos_weight);
  take("huber_slope", &settings.huber_slope);
  take("tweedie_variance_power", &settings.tweedie_variance_power);
  take("max_delta_step", &settings.max_delta_step);
  take("aft_loss_distribution_scale", &settings.aft_scale);
  if (const auto found = parameters.find("aft_loss_distribution"); found != parameters.end()) {
    for (const AftDistribution each : kAftDistributions) {
      if (WordOf(each) == found->second) settings.aft_distribution = each;
    }
  }
  settings.rank = RankFromParameters(parameters);
  if (const auto found = parameters.find("quantile_alpha"); found != parameters.end()) {
    if (auto alphas = ParseNumberList(found->second)) settings.quantile_alpha = std::move(*alphas);
  }
  return settings;
}

}  // namespace coppice::trainer
