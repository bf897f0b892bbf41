// The checks of what the user gave: spec, data, label.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.h"
#include "trainer/objective/objective.h"
#include "tuner/preflight/check.h"
#include "tuner/run/plan.h"

namespace coppice::tuner {
namespace {

struct Content {
  std::size_t missing = 0;
  std::size_t categorical = 0;
};

Content Count(const trainer::Dataset& table) {
  Content content;
  for (std::size_t f = 0; f < table.n_features(); ++f) {
    for (const float value : table.values[f]) content.missing += std::isnan(value) ? 1 : 0;
    const bool texts = table.schema.features[f].kind == trainer::ColumnKind::kCategorical;
    content.categorical += texts ? 1 : 0;
  }
  return content;
}

CheckFinding DescribeClasses(const trainer::Dataset& table) {
  constexpr std::size_t kFewRows = 10;
  std::vector<std::size_t> counts(table.schema.classes.size());
  for (const float code : table.label) ++counts[static_cast<std::size_t>(code)];
  const std::size_t fewest = *std::min_element(counts.begin(), counts.end());
  CheckFinding finding{
      Verdict::kPass,
      fmt::format("{} classes ({}); the smallest has {} rows (warns below {})", counts.size(),
                  ListWords(table.schema.classes, 6), fewest, kFewRows),
      static_cast<double>(fewest), static_cast<double>(kFewRows)};
  if (fewest < kFewRows) {
    finding.verdict = Verdict::kWarn;
    finding.hint = "join rare classes to others, or leave their rows out";
  }
  return finding;
}

CheckFinding DescribeNumbers(const trainer::Dataset& table) {
  const std::set<float> values(table.label.begin(), table.label.end());
  const std::size_t different = values.size();
  CheckFinding finding{Verdict::kPass,
                       fmt::format("a number from {} to {}; {} different values (warns below 2)",
                                   values.empty() ? 0 : *values.begin(),
                                   values.empty() ? 0 : *values.rbegin(), different),
                       static_cast<double>(different), 2};
  if (different < 2) {
    finding.verdict = Verdict::kWarn;
    finding.hint = "all labels are equal: there is nothing to learn; look at `data.label`";
  }
  return finding;
}

// Classes that no row has are predicted by nobody, and cost a tree a round each.
void FindEmptyClasses(const CheckContext& context, CheckResult* result) {
  const auto given = static_cast<std::size_t>(context.spec.ParamsFor({}).num_class);
  const std::size_t found = context.data->table->schema.classes.size();
  if (given <= found) return;
  result->push_back(
      {Verdict::kWarn,
       fmt::format("`num_class` is {}, but the label has {} classes: leave it out, it is read off "
                   "the label",
                   given, found),
       static_cast<double>(given), static_cast<double>(found)});
}

// What training would refuse.
void FindIllegalLabels(const CheckContext& context, CheckResult* result) {
  const StudyData& data = *context.data;
  const trainer::TrainParams params = context.spec.ParamsFor({});
  trainer::ObjectiveSettings settings = trainer::SettingsOf(params);
  settings.num_class = data.num_class;
  const auto objective = trainer::MakeObjective(params.objective, settings);
  trainer::Labels labels(data.table->label);
  labels.upper = data.table->label_upper;
  const auto problem = objective->CheckLabels(labels);
  if (!problem) return;
  result->push_back({Verdict::kFail,
                     fmt::format("{}, as `{}` needs it", *problem, params.objective),
                     {},
                     {},
                     "mend the rows, or take another `train.objective`"});
}

}  // namespace

CheckResult CheckSpec(const CheckContext& context) {
  const Spec& spec = context.spec;
  if (spec.search.empty()) {
    return {{Verdict::kWarn,
             fmt::format("nothing is searched, {} parameters are fixed: it is a spec for `coppice "
                         "train`; `tune` needs `search`",
                         spec.train.size()),
             0, 1}};
  }
  const auto searched = static_cast<double>(spec.search.size());
  CheckResult result = {{Verdict::kPass,
                         fmt::format("{} searched parameters, {} fixed; strategy {}",
                                     spec.search.size(), spec.train.size(), spec.strategy.kind),
                         searched, 1}};
  const StrategyWords words = DescribeStrategy(spec);
  if (!words.notice.empty()) {
    result.push_back({Verdict::kWarn, words.notice, {}, {}, "change `stop.trials`"});
  }
  return result;
}

CheckResult CheckData(const CheckContext& context) {
  constexpr double kMostMissing = 0.9;
  const trainer::Dataset& table = *context.data->table;
  const Content content = Count(table);
  const double cells = static_cast<double>(table.n_rows) * static_cast<double>(table.n_features());
  const double missing = static_cast<double>(content.missing) / std::max(1.0, cells);
  CheckResult result = {{Verdict::kPass,
                         fmt::format("{} rows, {} features ({} categorical), {:.1f} % missing "
                                     "(warns above {:.0f} %)",
                                     table.n_rows, table.n_features(), content.categorical,
                                     100 * missing, 100 * kMostMissing),
                         missing, kMostMissing}};
  if (missing > kMostMissing) {
    result.front().verdict = Verdict::kWarn;
    result.front().hint = "look whether `data.missing` and the delimiter are what the file has";
  }
  for (const std::string& notice : *context.notices) {
    result.push_back({Verdict::kWarn, notice, {}, {}, ""});
  }
  return result;
}

CheckResult CheckLabel(const CheckContext& context) {
  const trainer::Dataset& table = *context.data->table;
  CheckResult result = {table.schema.classes.empty() ? DescribeNumbers(table)
                                                     : DescribeClasses(table)};
  FindEmptyClasses(context, &result);
  FindIllegalLabels(context, &result);
  return result;
}

}  // namespace coppice::tuner
