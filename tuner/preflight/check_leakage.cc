#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "tuner/preflight/check.h"
#include "tuner/preflight/column_strength.h"
#include "tuner/preflight/id_columns.h"

namespace coppice::tuner {
namespace {

constexpr double kNearlyPerfectAuc = 0.97;
constexpr double kNearlyPerfectR2 = 0.9;

const char kIgnoreHint[] =
    "add it to `data.ignore` unless it is known before the label when you predict";

// What a column would know: of `survival:cox` the time, whose sign says that it is a bound.
trainer::Dataset WithTimes(trainer::Dataset table) {
  for (float& label : table.label) label = std::fabs(label);
  return table;
}

bool HasSigns(const Spec& spec) { return spec.ParamsFor({}).objective == "survival:cox"; }

// Descending; those without a score last.
std::vector<ColumnStrength> Strongest(const CheckContext& context) {
  const StudyData sample = SampleOf(*context.data, context.spec, 1, SampleRows(*context.data));
  const trainer::Dataset table = HasSigns(context.spec) ? WithTimes(*sample.table) : *sample.table;
  std::vector<ColumnStrength> columns =
      ColumnStrengths(table, *sample.matrix, sample.split.folds.front());
  const auto key = [](const ColumnStrength& c) { return std::isnan(c.score) ? -1e30 : c.score; };
  std::stable_sort(
      columns.begin(), columns.end(),
      [&key](const ColumnStrength& a, const ColumnStrength& b) { return key(a) > key(b); });
  return columns;
}

CheckFinding Describe(const ColumnStrength& column, const std::string& measure, double limit) {
  CheckFinding finding{
      Verdict::kPass,
      fmt::format("the best column alone, `{}`, has {} {:.3f} on held-out rows (warns from {})",
                  column.name, measure, column.score, limit),
      column.score, limit};
  if (column.score >= limit) {
    finding.verdict = Verdict::kWarn;
    finding.hint = kIgnoreHint;
  }
  return finding;
}

}  // namespace

CheckResult CheckLeakage(const CheckContext& context) {
  const trainer::Dataset& table = *context.data->table;
  const bool has_classes = !table.schema.classes.empty();
  const std::string measure = has_classes ? "AUC" : "R2";
  const double limit = has_classes ? kNearlyPerfectAuc : kNearlyPerfectR2;
  const std::vector<ColumnStrength> columns = Strongest(context);
  CheckResult result;
  if (std::isnan(columns.front().score)) {
    result.push_back({Verdict::kPass,
                      "no column can be judged alone: the held-out labels are "
                      "equal"});
  } else {
    result.push_back(Describe(columns.front(), measure, limit));
  }
  for (std::size_t i = 1; i < columns.size() && columns[i].score >= limit; ++i) {
    result.push_back({Verdict::kWarn,
                      fmt::format("`{}` alone has {} {:.3f} (warns from {})", columns[i].name,
                                  measure, columns[i].score, limit),
                      columns[i].score, limit, kIgnoreHint});
  }
  const std::vector<std::string> copies =
      HasSigns(context.spec) ? FindLabelCopies(WithTimes(table)) : FindLabelCopies(table);
  for (const std::string& name : copies) {
    result.push_back({Verdict::kFail,
                      fmt::format("`{}` is the label by another name", name),
                      {},
                      {},
                      "add it to `data.ignore`"});
  }
  for (const IdColumn& id : FindIdColumns(table)) {
    result.push_back({Verdict::kWarn,
                      fmt::format("`{}` looks like an id ({})", id.name, id.why),
                      {},
                      {},
                      "add it to `data.ignore`: a model learns rows by heart from it"});
  }
  return result;
}

}  // namespace coppice::tuner
