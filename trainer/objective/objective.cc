#include "trainer/objective/objective.h"

#include "base/text.h"
#include "trainer/objective/kinds.h"

namespace coppice::trainer {
namespace {

struct Entry {
  std::string_view name;
  TargetKind target;
  PredictionKind prediction;
  std::unique_ptr<Objective> (*make)(const ObjectiveSettings&);
  bool trains = true;
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
    {"reg:absoluteerror", TargetKind::kNumber, PredictionKind::kNumber, MakeAbsoluteError, false},
    {"reg:quantileerror", TargetKind::kNumber, PredictionKind::kQuantiles, MakeQuantileError,
     false},
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

// The numbers of "[0.1,0.5]"; empty where the text is something else.
std::vector<double> NumbersOf(std::string_view list) {
  std::vector<double> numbers;
  if (list.size() < 2 || list.front() != '[' || list.back() != ']') return numbers;
  list = list.substr(1, list.size() - 2);
  while (true) {
    const std::size_t comma = list.find(',');
    double number = 0;
    if (!ParseDouble(list.substr(0, comma), &number)) return {};
    numbers.push_back(number);
    if (comma == std::string_view::npos) return numbers;
    list.remove_prefix(comma + 1);
  }
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

std::unique_ptr<Objective> MakeObjective(std::string_view name, const ObjectiveSettings& settings) {
  const Entry* entry = Find(name);
  return entry == nullptr ? nullptr : entry->make(settings);
}

std::vector<std::string> ObjectiveNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kObjectives) {
    if (entry.trains) names.emplace_back(entry.name);
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
  if (const auto found = parameters.find("quantile_alpha"); found != parameters.end()) {
    auto alphas = NumbersOf(found->second);
    if (!alphas.empty()) settings.quantile_alpha = std::move(alphas);
  }
  return settings;
}

}  // namespace coppice::trainer
