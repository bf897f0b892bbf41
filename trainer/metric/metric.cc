#include "trainer/metric/metric.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"
#include "trainer/metric/kinds.h"

namespace coppice::trainer {
namespace {

// What a metric can judge.
enum class Judges {
  kNumbers,
  kPositives,
  kProbabilities,
  kTwoClasses,
  kManyClasses,
  kProbabilitiesOfAny,  // of two classes or more
  kAnyClasses,
  kQuantiles,
  kHazardRatios,
  kSurvivalTimes,
  kRanks,
  kOrders,  // kProbabilitiesOfAny or kRanks
};

// What may follow a metric's name.
enum class Suffix {
  kNone,
  kNumber,  // "@0.7"
  kCut,     // "@5", "-" or "@5-"
};

// A metric as it is asked for: "error@0.7" has the number 0.7.
struct Request {
  std::string_view name;
  std::optional<double> number;
  RankCut cut;
  const ObjectiveSettings& settings;
};

struct Entry {
  std::string_view name;
  Judges judges;
  std::unique_ptr<Metric> (*make)(const Request&);
  Suffix suffix = Suffix::kNone;
};

// Makers without arguments as makers of a request.
template <std::unique_ptr<Metric> (*make)()>
std::unique_ptr<Metric> Plain(const Request&) {
  return make();
}

std::unique_ptr<Metric> OfClasses(const Request& request) { return MakeConfusion(request.name); }

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
     Suffix::kNumber},
    {"logloss", Judges::kProbabilities, Plain<MakeLogloss>},
    {"error", Judges::kTwoClasses,
     [](const Request& request) { return MakeError(request.name, request.number.value_or(0.5)); },
     Suffix::kNumber},
    {"auc", Judges::kOrders, Plain<MakeAuc>},
    {"aucpr", Judges::kProbabilitiesOfAny, Plain<MakePrAuc>},
    {"accuracy", Judges::kAnyClasses, OfClasses},
    {"balanced_accuracy", Judges::kAnyClasses, OfClasses},
    {"precision", Judges::kTwoClasses, OfClasses},
    {"recall", Judges::kTwoClasses, OfClasses},
    {"f1", Judges::kTwoClasses, OfClasses},
    {"precision_macro", Judges::kAnyClasses, OfClasses},
    {"recall_macro", Judges::kAnyClasses, OfClasses},
    {"f1_macro", Judges::kAnyClasses, OfClasses},
    {"merror", Judges::kManyClasses, Plain<MakeMerror>},
    {"mlogloss", Judges::kManyClasses, Plain<MakeMlogloss>},
    {"quantile", Judges::kQuantiles,
     [](const Request& request) { return MakeQuantileLoss(request.settings); }},
    {"ndcg", Judges::kRanks,
     [](const Request& request) { return MakeNdcg(request.cut, request.settings.rank.exp_gain); },
     Suffix::kCut},
    {"map", Judges::kRanks, [](const Request& request) { return MakeMap(request.cut); },
     Suffix::kCut},
    {"pre", Judges::kRanks, [](const Request& request) { return MakePrecisionAt(request.cut); },
     Suffix::kCut},
    {"cox-nloglik", Judges::kHazardRatios, Plain<MakeCoxNloglik>},
    {"aft-nloglik", Judges::kSurvivalTimes,
     [](const Request& request) { return MakeAftNloglik(request.settings); }},
};

// "error@0.7" is found as "error", "ndcg-" as "ndcg".
const Entry* Find(std::string_view name) {
  for (const Entry& entry : kMetrics) {
    if (entry.name == name) return &entry;
    if (!name.starts_with(entry.name)) continue;
    const char next = name[entry.name.size()];
    const bool cut = entry.suffix == Suffix::kCut;
    if ((next == '@' && entry.suffix != Suffix::kNone) || (next == '-' && cut)) return &entry;
  }
  return nullptr;
}

// Of "@5-" or "-"; nothing when it is no such suffix. "@0" would look at no row.
std::optional<RankCut> CutOf(std::string_view suffix) {
  RankCut cut;
  if (suffix.ends_with('-')) {
    cut.empty_is_zero = true;
    suffix.remove_suffix(1);
  }
  if (suffix.empty()) return cut;
  std::uint32_t places = 0;
  const char* end = suffix.data() + suffix.size();
  const auto [stop, error] = std::from_chars(suffix.data() + 1, end, places);
  if (suffix.front() != '@' || stop != end || error != std::errc() || places == 0) {
    return std::nullopt;
  }
  cut.places = places;
  return cut;
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
    case PredictionKind::kQuantiles:
      return "quantiles";
    case PredictionKind::kHazardRatio:
      return "a hazard ratio";
    case PredictionKind::kSurvivalTime:
      return "a survival time";
    case PredictionKind::kRank:
      return "the order of a group's rows";
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
    case Judges::kProbabilitiesOfAny:
      return "probabilities of classes";
    case Judges::kAnyClasses:
      return "classes";
    case Judges::kQuantiles:
      return "quantiles";
    case Judges::kHazardRatios:
      return "a hazard ratio";
    case Judges::kSurvivalTimes:
      return "a survival time";
    case Judges::kRanks:
      return "the order of a group's rows";
    case Judges::kOrders:
      return "probabilities of classes or an order of rows";
  }
  return "";
}

bool CanJudge(Judges judges, PredictionKind prediction) {
  using enum PredictionKind;
  switch (judges) {
    case Judges::kNumbers:
      return prediction == kNumber || prediction == kPositive || prediction == kProbability ||
             prediction == kClass;
    case Judges::kPositives:
      return prediction == kPositive;
    case Judges::kProbabilities:
      return prediction == kProbability;
    case Judges::kTwoClasses:
      return prediction == kProbability || prediction == kClass;
    case Judges::kManyClasses:
      return prediction == kProbabilities;
    case Judges::kProbabilitiesOfAny:
      return prediction == kProbability || prediction == kProbabilities;
    case Judges::kAnyClasses:
      return prediction == kProbability || prediction == kClass || prediction == kProbabilities;
    case Judges::kQuantiles:
      return prediction == kQuantiles;
    case Judges::kHazardRatios:
      return prediction == kHazardRatio;
    case Judges::kSurvivalTimes:
      return prediction == kSurvivalTime;
    case Judges::kRanks:
      return prediction == kRank;
    case Judges::kOrders:
      return prediction == kProbability || prediction == kProbabilities || prediction == kRank;
  }
  return false;
}

// Numbers have many measures, of which few are looked at without a reason; two classes need no
// means over classes, and a probability is not judged by its distance from the label.
bool IsUsual(const Entry& entry, PredictionKind prediction) {
  using enum PredictionKind;
  if (!CanJudge(entry.judges, prediction)) return false;
  if (entry.judges == Judges::kNumbers) {
    const bool is_number = prediction == kNumber || prediction == kPositive;
    return is_number && (entry.name == "rmse" || entry.name == "mae" || entry.name == "r2");
  }
  if (entry.judges == Judges::kPositives) return false;
  return prediction == kProbabilities || !entry.name.ends_with("_macro");
}

}  // namespace

std::unique_ptr<Metric> MakeMetric(std::string_view name, const ObjectiveSettings& settings) {
  const Entry* entry = Find(name);
  if (entry == nullptr) return nullptr;
  Request request{name, std::nullopt, {}, settings};
  const std::string_view suffix = name.substr(entry->name.size());
  if (entry->suffix == Suffix::kCut) {
    const auto cut = CutOf(suffix);
    if (!cut) return nullptr;
    request.cut = *cut;
  } else if (!suffix.empty()) {
    double number = 0;
    if (!ParseDouble(suffix.substr(1), &number)) return nullptr;
    request.number = number;
  }
  return entry->make(request);
}

std::vector<std::string> MetricNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kMetrics) names.emplace_back(entry.name);
  return names;
}

std::vector<std::string> UsualMetrics(PredictionKind prediction) {
  std::vector<std::string> names;
  for (const Entry& entry : kMetrics) {
    if (IsUsual(entry, prediction)) names.emplace_back(entry.name);
  }
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
