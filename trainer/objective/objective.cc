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
};

constexpr Entry kObjectives[] = {
    {"reg:squarederror", TargetKind::kNumber, PredictionKind::kNumber, MakeSquaredError},
    {"reg:squaredlogerror", TargetKind::kNumber, PredictionKind::kNumber, MakeSquaredLogError},
    {"reg:pseudohubererror", TargetKind::kNumber, PredictionKind::kNumber, MakePseudoHuber},
    {"reg:logistic", TargetKind::kNumber, PredictionKind::kProbability, MakeLogisticNumber},
    {"reg:gamma", TargetKind::kNumber, PredictionKind::kPositive, MakeGamma},
    {"reg:tweedie", TargetKind::kNumber, PredictionKind::kPositive, MakeTweedie},
    {"count:poisson", TargetKind::kNumber, PredictionKind::kPositive, MakePoisson},
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

}  // namespace

std::unique_ptr<Objective> MakeObjective(std::string_view name, const ObjectiveSettings& settings) {
  const Entry* entry = Find(name);
  return entry == nullptr ? nullptr : entry->make(settings);
}

std::vector<std::string> ObjectiveNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kObjectives) names.emplace_back(entry.name);
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
  return settings;
}

}  // namespace coppice::trainer
