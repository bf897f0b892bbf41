#include "tuner/report/search_importance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "base/text.h"
#include "trainer/params.h"
#include "tuner/loop/goal.h"

namespace coppice::tuner {
namespace {

constexpr std::size_t kBestTrials = 5;
constexpr std::size_t kMostOfThem = 3;
constexpr std::size_t kFewestScores = 20;
constexpr double kNearEnd = 0.05;

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

// Best first, as the leaderboard is.
std::vector<const results::LeaderboardRow*> ScoredRows(const results::Leaderboard& board) {
  std::vector<const results::LeaderboardRow*> rows;
  for (const results::LeaderboardRow& row : board.rows) {
    if (row.score) rows.push_back(&row);
  }
  return rows;
}

// What the end could move to: as far again as half of the range, on a logarithmic scale by a factor
// of three. Nothing where the parameter has no such value.
std::optional<Value> MovedEnd(const study::ParameterRange& range, bool is_upper) {
  const double low = range.spec().min;
  const double high = range.spec().max;
  const double end = is_upper ? high : low;
  const bool by_factor =
      range.scale() == study::Scale::kLog || range.scale() == study::Scale::kLog0;
  double moved = end + (is_upper ? 0.5 : -0.5) * (high - low);
  if (by_factor) moved = is_upper ? end * 3 : end / 3;
  if (range.kind() == study::RangeKind::kInt) {
    moved = is_upper ? std::ceil(moved) : std::floor(moved);
  }
  if (moved == end) return std::nullopt;
  const Value value = range.kind() == study::RangeKind::kInt
                          ? Value(static_cast<std::int64_t>(moved))
                          : Value(moved);
  const trainer::ParamInfo* param = trainer::FindParam(range.name());
  if (param != nullptr && trainer::ValueProblem(*param, value)) return std::nullopt;
  return value;
}

std::optional<RangeAdvice> AdviceOnEnd(const std::string& study, const study::ParameterRange& range,
                                       bool is_upper,
                                       const std::vector<const results::LeaderboardRow*>& best) {
  std::size_t n_near = 0;
  for (const results::LeaderboardRow* row : best) {
    const Value* value = row->configuration.Find(range.name());
    if (value == nullptr) continue;
    const double place = range.Encode(*value);
    if (is_upper ? place >= 1 - kNearEnd : place <= kNearEnd) ++n_near;
  }
  if (n_near < kMostOfThem) return std::nullopt;
  const std::optional<Value> moved = MovedEnd(range, is_upper);
  if (!moved) return std::nullopt;
  RangeAdvice advice;
  advice.parameter = range.name();
  advice.is_upper = is_upper;
  advice.text =
      fmt::format("{} of the best {} trials lie in the {} {:.0f} % of `{}` ({:.6g} to {:.6g})",
                  n_near, best.size(), is_upper ? "highest" : "lowest", 100 * kNearEnd,
                  range.name(), range.spec().min, range.spec().max);
  advice.hint =
      fmt::format("widen it, as with `coppice resume {} --set search.{}.{}={} --trials +20`", study,
                  range.name(), is_upper ? "max" : "min",
                  range.kind() == study::RangeKind::kInt ? ToText(*moved)
                                                         : fmt::format("{:.3g}", AsDouble(*moved)));
  return advice;
}

}  // namespace

std::vector<results::ParameterImportance> SearchImportance(const Spec& spec,
                                                           const results::Leaderboard& board,
                                                           double good_region) {
  std::vector<const results::LeaderboardRow*> rows = ScoredRows(board);
  // Best first.
  rows.resize(static_cast<std::size_t>(std::ceil(good_region * static_cast<double>(rows.size()))));
  std::vector<double> loss;
  for (const results::LeaderboardRow* row : rows) loss.push_back(LossOf(spec.goal, *row->score));
  std::vector<results::ParameterColumn> columns;
  for (const study::ParameterRange& range : spec.search) columns.push_back(ColumnOf(range, rows));
  return results::ImportanceOf(columns, loss);
}

std::vector<RangeAdvice> AdviceOnRanges(const Spec& spec, const results::Leaderboard& board) {
  std::vector<const results::LeaderboardRow*> best = ScoredRows(board);
  if (best.size() < kFewestScores) return {};
  best.resize(kBestTrials);
  std::vector<RangeAdvice> advice;
  for (const study::ParameterRange& range : spec.search) {
    // Of few values an end is a value like any other.
    if (range.kind() == study::RangeKind::kCategorical || range.Count().value_or(3) < 3) continue;
    for (const bool is_upper : {false, true}) {
      if (auto one = AdviceOnEnd(spec.name, range, is_upper, best))
        advice.push_back(*std::move(one));
    }
  }
  return advice;
}

}  // namespace coppice::tuner
