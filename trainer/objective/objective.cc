#include "trainer/objective/objective.h"

#include "trainer/objective/kinds.h"

namespace coppice::trainer {
namespace {

struct Entry {
  std::string_view name;
  TargetKind target;
  std::unique_ptr<Objective> (*make)(const ObjectiveSettings&);
};

constexpr Entry kObjectives[] = {
    {"reg:squarederror", TargetKind::kNumber, MakeSquaredError},
    {"binary:logistic", TargetKind::kBinary, MakeLogistic},
    {"multi:softmax", TargetKind::kMulticlass,
     [](const ObjectiveSettings& settings) { return MakeSoftmax(settings, true); }},
    {"multi:softprob", TargetKind::kMulticlass,
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

}  // namespace coppice::trainer
