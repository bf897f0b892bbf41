#include "trainer/metric/metric.h"

#include <fmt/format.h>

#include "trainer/metric/kinds.h"

namespace coppice::trainer {
namespace {

// What a metric can judge.
enum class Judges { kOneNumber, kTwoClasses, kManyClasses };

struct Entry {
  std::string_view name;
  Judges judges;
  std::unique_ptr<Metric> (*make)();
};

constexpr Entry kMetrics[] = {
    {"rmse", Judges::kOneNumber, MakeRmse},
    {"mae", Judges::kOneNumber, MakeMae},
    {"logloss", Judges::kTwoClasses, MakeLogloss},
    {"error", Judges::kTwoClasses, [] { return MakeError("error"); }},
    {"auc", Judges::kTwoClasses, MakeAuc},
    {"merror", Judges::kManyClasses, MakeMerror},
    {"mlogloss", Judges::kManyClasses, MakeMlogloss},
};

// "error@0.7" is found as "error".
const Entry* Find(std::string_view name) {
  const bool has_threshold = name.starts_with("error@");
  for (const Entry& entry : kMetrics) {
    if (entry.name == (has_threshold ? "error" : name)) return &entry;
  }
  return nullptr;
}

std::string_view Describe(TargetKind target) {
  switch (target) {
    case TargetKind::kNumber:
      return "a number";
    case TargetKind::kBinary:
      return "two classes";
    case TargetKind::kMulticlass:
      return "several classes";
  }
  return "";
}

}  // namespace

std::unique_ptr<Metric> MakeMetric(std::string_view name) {
  if (name.starts_with("error@")) return MakeError(name);
  const Entry* entry = Find(name);
  return entry == nullptr ? nullptr : entry->make();
}

std::vector<std::string> MetricNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kMetrics) names.emplace_back(entry.name);
  return names;
}

std::optional<std::string> MetricProblem(std::string_view metric, TargetKind target) {
  const Entry* entry = Find(metric);
  if (entry == nullptr) return fmt::format("`{}` is not a metric", metric);
  std::string_view needs;
  switch (entry->judges) {
    case Judges::kOneNumber:
      if (target != TargetKind::kMulticlass) return std::nullopt;
      needs = "one number a row";
      break;
    case Judges::kTwoClasses:
      if (target == TargetKind::kBinary) return std::nullopt;
      needs = "two classes";
      break;
    case Judges::kManyClasses:
      if (target == TargetKind::kMulticlass) return std::nullopt;
      needs = "several classes with a probability each";
      break;
  }
  return fmt::format("`{}` needs {}, and the objective predicts {}", metric, needs,
                     Describe(target));
}

}  // namespace coppice::trainer
