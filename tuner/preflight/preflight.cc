#include "tuner/preflight/preflight.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/threads.h"
#include "trainer/objective/objective.h"
#include "tuner/run/memory_plan.h"
#include "tuner/run/plan.h"
#include "tuner/run/study_data.h"

namespace coppice::tuner {
namespace {

CheckResult CheckSpec(const Spec& spec) {
  if (spec.search.empty()) {
    return {"spec", Verdict::kWarn,
            fmt::format("nothing is searched, {} parameters are fixed: it is a spec for `coppice "
                        "train`; `tune` needs `search`",
                        spec.train.size())};
  }
  return {"spec", Verdict::kPass,
          fmt::format("{} searched parameters, {} fixed; strategy {}", spec.search.size(),
                      spec.train.size(), spec.strategy.kind)};
}

CheckResult CheckData(const trainer::Dataset& table) {
  std::size_t missing = 0;
  std::size_t categorical = 0;
  for (std::size_t f = 0; f < table.n_features(); ++f) {
    for (const float value : table.values[f]) missing += std::isnan(value) ? 1 : 0;
    const bool texts = table.schema.features[f].kind == trainer::ColumnKind::kCategorical;
    categorical += texts ? 1 : 0;
  }
  const double cells = static_cast<double>(table.n_rows) * static_cast<double>(table.n_features());
  return {"data", Verdict::kPass,
          fmt::format("{} rows, {} features ({} categorical), {:.1f} % missing", table.n_rows,
                      table.n_features(), categorical,
                      100 * static_cast<double>(missing) / std::max(1.0, cells))};
}

CheckResult CheckLabel(const trainer::Dataset& table) {
  if (!table.schema.classes.empty()) {
    std::map<float, std::size_t> counts;
    for (const float code : table.label) ++counts[code];
    std::size_t fewest = table.n_rows;
    for (const auto& [code, count] : counts) fewest = std::min(fewest, count);
    constexpr std::size_t kFewRows = 10;
    return {"label", fewest < kFewRows ? Verdict::kWarn : Verdict::kPass,
            fmt::format("{} classes ({}); the smallest has {} rows (warns below {})",
                        table.schema.classes.size(), ListWords(table.schema.classes, 6), fewest,
                        kFewRows)};
  }
  const auto [low, high] = std::minmax_element(table.label.begin(), table.label.end());
  return {"label", *low < *high ? Verdict::kPass : Verdict::kWarn,
          fmt::format("a number from {} to {}", *low, *high)};
}

// Classes that no row has are predicted by nobody, and cost a tree a round each.
void CheckClasses(const trainer::Dataset& table, const Spec& spec,
                  std::vector<CheckResult>* results) {
  const auto given = static_cast<std::size_t>(spec.ParamsFor({}).num_class);
  const std::size_t found = table.schema.classes.size();
  if (given <= found) return;
  results->push_back({"label", Verdict::kWarn,
                      fmt::format("`num_class` is {}, but the label has {} classes: leave it out, "
                                  "it is read off the label",
                                  given, found)});
}

// What training would refuse.
void CheckLegalLabels(const StudyData& data, const Spec& spec, std::vector<CheckResult>* results) {
  const trainer::TrainParams params = spec.ParamsFor({});
  trainer::ObjectiveSettings settings = trainer::SettingsOf(params);
  settings.num_class = data.num_class;
  const auto objective = trainer::MakeObjective(params.objective, settings);
  trainer::Labels labels(data.table->label);
  labels.upper = data.table->label_upper;
  if (auto problem = objective->CheckLabels(labels)) {
    results->push_back(
        {"label", Verdict::kFail, fmt::format("{}, as `{}` needs it", *problem, params.objective)});
  }
}

// How many rows of one kind the folds have: "80", "from 80 to 81", or fold by fold where they grow,
// as those by time do.
std::string RowsText(const std::vector<trainer::Fold>& folds,
                     std::vector<trainer::RowIndex> trainer::Fold::*rows) {
  std::vector<std::size_t> sizes;
  for (const trainer::Fold& fold : folds) sizes.push_back((fold.*rows).size());
  const auto [low, high] = std::minmax_element(sizes.begin(), sizes.end());
  if (*low == *high) return fmt::format("{}", *low);
  constexpr std::size_t kMostListed = 10;
  const bool even = *high - *low <= std::max<std::size_t>(1, *high / 20);
  if (even || sizes.size() > kMostListed) return fmt::format("{} to {}", *low, *high);
  return fmt::format("{}", fmt::join(sizes, ", "));
}

CheckResult CheckSplit(const StudyData& data, const Spec& spec) {
  const std::vector<trainer::Fold>& folds = data.split.folds;
  const bool scored = std::none_of(folds.begin(), folds.end(), [](const trainer::Fold& fold) {
    return fold.validation.empty();
  });
  const bool searches = !spec.search.empty();
  const Verdict verdict = scored ? Verdict::kPass : searches ? Verdict::kFail : Verdict::kWarn;
  std::string finding =
      fmt::format("{} fold{} of {} training and {} validation rows; {} test rows", folds.size(),
                  folds.size() == 1 ? "" : "s", RowsText(folds, &trainer::Fold::train),
                  RowsText(folds, &trainer::Fold::validation), data.split.test.size());
  if (!scored) finding += ": trials need validation rows to be scored on";
  return {"split", verdict, finding};
}

CheckResult CheckMemory(const MemoryPlan& plan) {
  Verdict verdict = Verdict::kPass;
  if (plan.trials_at_once() < plan.slots) verdict = Verdict::kWarn;
  if (!plan.fits()) verdict = Verdict::kFail;
  return {"memory", verdict, plan.ToText()};
}

CheckResult CheckThreads(const Spec& spec, int threads) {
  const int cores = AvailableCores();
  return {"threads", threads <= cores ? Verdict::kPass : Verdict::kWarn,
          ThreadsText(threads, cores, spec.parallel.slots)};
}

}  // namespace

std::string VerdictWord(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kWarn:
      return "warn";
    case Verdict::kFail:
      return "fail";
  }
  return "fail";
}

std::vector<CheckResult> Preflight(const Spec& spec, FileSystem& disk, int threads) {
  std::vector<CheckResult> results = {CheckSpec(spec)};
  if (std::string notice = DescribeStrategy(spec).notice; !notice.empty()) {
    results.push_back({"strategy", Verdict::kWarn, std::move(notice)});
  }
  trainer::Notices notices;
  const StudyData data = LoadStudyData(spec, disk, &notices);
  results.push_back(CheckData(*data.table));
  for (const std::string& notice : notices) results.push_back({"data", Verdict::kWarn, notice});
  results.push_back(CheckLabel(*data.table));
  CheckClasses(*data.table, spec, &results);
  CheckLegalLabels(data, spec, &results);
  results.push_back(CheckSplit(data, spec));
  results.push_back(CheckMemory(PlanMemory(spec, data, threads, ReadMemoryState())));
  results.push_back(CheckThreads(spec, threads));
  return results;
}

}  // namespace coppice::tuner
