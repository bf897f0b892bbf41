#include "trainer/metric/metric.h"

#include <fmt/format.h>

#include "base/text.h"
#include "trainer/metric/kinds.h"

namespace coppice::trainer {
namespace {

// What a metric can judge.
enum class Judges { kNumbers, kPositives, kProbabilities, kTwoClasses, kManyClasses };

// A metric as it is asked for: "error@0.7" has the number 0.7.
struct Request {
  std::string_view name;
  std::optional<double> number;
  const ObjectiveSettings& settings;
};

struct Entry {
  std::string_view name;
  Judges judges;
  std::unique_ptr<Metric> (*make)(const Request&);
  bool takes_number = false;
};

// Makers without arguments as makers of a request.
template <std::unique_ptr<Metric> (*make)()>
std::unique_ptr<Metric> Plain(const Request&) {
  return make();
}

constexpr Entry kMetrics[] = {
    {"rmse", Judges::kNumbers, Plain<MakeRmse>},
    {"mae", Judges::kNumbers, Plain<MakeMae>},
    {"mse", Judges::kNumbers, Plain<MakeMse>},
    {"mape", Judges::kNumbers, Plain<MakeMape>},
    {"rmsle", Judges::kNumbers, Plain<MakeRmsle>},
    {"mphe", Judges::kNumbers,
     [](const Request& request) { return MakeMphe(request.settings.huber_slope); }},
    {"r2", Judges::kNumbers, Plain<MakeR2>},
    {"poisson-nloglik", Judges::kPositives, Plain<MakePoissonNloglik>},
    {"gamma-nloglik", Judges::kPositives, Plain<MakeGammaNloglik>},
    {"gamma-deviance", Judges::kPositives, Plain<MakeGammaDeviance>},
    {"tweedie-nloglik", Judges::kPositives,
     [](const Request& request) {
       return MakeTweedieNloglik(request.name,
                                 request.number.value_or(request.settings.tweedie_variance_power));
     },
     true},
    {"logloss", Judges::kProbabilities, Plain<MakeLogloss>},
    {"error", Judges::kTwoClasses,
     [](const Request& request) { return MakeError(request.name, request.number.value_or(0.5)); },
     true},
    {"auc", Judges::kProbabilities, Plain<MakeAuc>},
    {"merror", Judges::kManyClasses, Plain<MakeMerror>},
    {"mlogloss", Judges::kManyClasses, Plain<MakeMlogloss>},
};

std::string_view BeforeAt(std::string_view name) { return name.substr(0, name.find('@')); }

// "error@0.7" is found as "error".
const Entry* Find(std::string_view name) {
  for (const Entry& entry : kMetrics) {
    if (entry.name == name || (entry.takes_number && entry.name == BeforeAt(name))) return &entry;
  }
  return nullptr;
}

std::string_view Describe(PredictionKind prediction) {
  switch (prediction) {
    case PredictionKind::kNumber:
      return "a number";
    case PredictionKind::kPositive:
      return "a number above 0";
    case PredictionKind::kProbability:
      return "a probability";
    case PredictionKind::kClass:
      return "one of two classes";
    case PredictionKind::kProbabilities:
      return "several classes";
  }
  return "";
}

std::string_view Describe(Judges judges) {
  switch (judges) {
    case Judges::kNumbers:
      return "one number a row";
    case Judges::kPositives:
      return "a number above 0";
    case Judges::kProbabilities:
      return "the probability of one of two classes";
    case Judges::kTwoClasses:
      return "two classes";
    case Judges::kManyClasses:
      return "several classes with a probability each";
  }
  return "";
}

bool CanJudge(Judges judges, PredictionKind prediction) {
  switch (judges) {
    case Judges::kNumbers:
      return prediction != PredictionKind::kProbabilities;
    case Judges::kPositives:
      return prediction == PredictionKind::kPositive;
    case Judges::kProbabilities:
      return prediction == PredictionKind::kProbability;
    case Judges::kTwoClasses:
      return prediction == PredictionKind::kProbability || prediction == PredictionKind::kClass;
    case Judges::kManyClasses:
      return prediction == PredictionKind::kProbabilities;
  }
  return false;
}

}  // namespace

std::unique_ptr<Metric> MakeMetric(std::string_view name, const ObjectiveSettings& settings) {
  const Entry* entry = Find(name);
  if (entry == nullptr) return nullptr;
  Request request{name, std::nullopt, settings};
  if (entry->name != name) {
    double number = 0;
    if (!ParseDouble(name.substr(entry->name.size() + 1), &number)) return nullptr;
    request.number = number;
  }
  return entry->make(request);
}

std::vector<std::string> MetricNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kMetrics) names.emplace_back(entry.name);
  return names;
}

std::optional<std::string> MetricProblem(std::string_view metric, PredictionKind prediction) {
  const Entry* entry = Find(metric);
  if (entry == nullptr) return fmt::format("`{}` is not a metric", metric);
  if (CanJudge(entry->judges, prediction)) return std::nullopt;
  return fmt::format("`{}` needs {}, and the objective predicts {}", metric,
                     Describe(entry->judges), Describe(prediction));
}

}  // namespace coppice::trainer
