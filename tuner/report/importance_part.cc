#include <algorithm>

#include "base/json.h"
#include "results/views/parameter_importance.h"
#include "tuner/loop/goal.h"
#include "tuner/report/parts.h"

namespace coppice::tuner {
namespace {

// Places as the search sees them; a word's by its order in the range. Values that the range no
// longer has count as their nearest.
results::ParameterColumn ColumnOf(const study::ParameterRange& range,
                                  const std::vector<const results::LeaderboardRow*>& rows) {
  results::ParameterColumn column;
  column.name = range.name();
  const bool is_word = range.kind() == study::RangeKind::kCategorical;
  if (is_word) column.n_words = static_cast<int>(range.spec().values.size());
  for (const results::LeaderboardRow* row : rows) {
    const Value* value = row->configuration.Find(range.name());
    if (value == nullptr) {
      column.places.emplace_back();
    } else if (is_word) {
      const auto index = range.IndexOf(range.Nearest(*value));
      column.places.emplace_back(static_cast<double>(index.value_or(0)));
    } else {
      column.places.emplace_back(range.Encode(*value));
    }
  }
  return column;
}

}  // namespace

void AddImportance(const ReportFacts& facts, Json* report) {
  const Spec& spec = facts.input.spec;
  std::vector<const results::LeaderboardRow*> rows;
  std::vector<double> loss;
  for (const results::LeaderboardRow& row : facts.board.rows) {
    if (!row.score) continue;
    rows.push_back(&row);
    loss.push_back(LossOf(spec.goal, *row.score));
  }
  std::vector<results::ParameterColumn> columns;
  for (const study::ParameterRange& range : spec.search) columns.push_back(ColumnOf(range, rows));
  const auto importance = results::ImportanceOf(columns, loss);
  const bool all_chance = std::all_of(importance.begin(), importance.end(),
                                      [](const auto& one) { return one.is_chance; });
  if (importance.size() < 2 || all_chance) return;
  Json& list = (*report)["importance"] = Json::array();
  for (const auto& one : importance) {
    list.push_back({{"name", one.name}, {"share", Short(one.share)}, {"chance", one.is_chance}});
  }
}

}  // namespace coppice::tuner
