#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "trainer/objective/objective.h"
#include "tuner/preflight/check.h"
#include "tuner/preflight/equal_rows.h"
#include "tuner/run/final_model.h"
#include "tuner/run/fold_words.h"

namespace coppice::tuner {
namespace {

using trainer::Fold;
using trainer::RowIndex;

// How many rows of one kind the folds have: "80", "from 80 to 81", or fold by fold where they grow,
// as those by time do.
std::string RowsText(const std::vector<Fold>& folds, std::vector<RowIndex> Fold::*rows) {
  std::vector<std::size_t> sizes;
  for (const Fold& fold : folds) sizes.push_back((fold.*rows).size());
  const auto [low, high] = std::minmax_element(sizes.begin(), sizes.end());
  if (*low == *high) return fmt::format("{}", *low);
  constexpr std::size_t kMostListed = 10;
  const bool even = *high - *low <= std::max<std::size_t>(1, *high / 20);
  if (even || sizes.size() > kMostListed) return fmt::format("{} to {}", *low, *high);
  return fmt::format("{}", fmt::join(sizes, ", "));
}

CheckFinding DescribeFolds(const CheckContext& context) {
  const std::vector<Fold>& folds = context.data->split.folds;
  std::size_t fewest = folds.front().validation.size();
  for (const Fold& fold : folds) fewest = std::min(fewest, fold.validation.size());
  CheckFinding finding{
      Verdict::kPass,
      fmt::format("{} of {} training and {} validation rows; {} test rows",
                  FoldsText(context.spec.split, static_cast<int>(folds.size())),
                  RowsText(folds, &Fold::train), RowsText(folds, &Fold::validation),
                  context.data->split.test.size()),
      static_cast<double>(fewest), 1};
  if (fewest == 0) {
    finding.verdict = context.spec.search.empty() ? Verdict::kWarn : Verdict::kFail;
    finding.text += ": trials need validation rows to be scored on";
    finding.hint = "give `data.validation`, or a `split` of kind cv or holdout";
  }
  return finding;
}

std::size_t RepeatsOf(const CheckContext& context) {
  return static_cast<std::size_t>(context.spec.split.repeats);
}

// Scores of a fold's validation rows need every class, or at least two.
void FindAbsentClasses(const CheckContext& context, CheckResult* result) {
  const std::vector<std::string>& classes = context.data->table->schema.classes;
  if (classes.size() < 2) return;
  const std::vector<float>& label = context.data->table->label;
  for (std::size_t f = 0; f < context.data->split.folds.size(); ++f) {
    const Fold& fold = context.data->split.folds[f];
    if (fold.validation.empty()) continue;
    std::set<std::size_t> seen;
    for (const RowIndex row : fold.validation) seen.insert(static_cast<std::size_t>(label[row]));
    if (seen.size() == classes.size()) continue;
    std::vector<std::string> absent;
    for (std::size_t c = 0; c < classes.size(); ++c) {
      if (!seen.contains(c)) absent.push_back(classes[c]);
    }
    result->push_back({seen.size() < 2 ? Verdict::kFail : Verdict::kWarn,
                       fmt::format("the validation rows of {} have {} of {} classes, none of {}",
                                   trainer::FoldName(context.spec.split, f), seen.size(),
                                   classes.size(), ListWords(absent, 4)),
                       static_cast<double>(seen.size()), static_cast<double>(classes.size()),
                       "take fewer folds, set `split.stratified`, or leave rare classes out"});
    return;  // the others are alike
  }
}

void FindCutGroups(const CheckContext& context, CheckResult* result) {
  const std::vector<std::int32_t>& group = context.data->table->group;
  if (group.empty()) return;
  std::set<std::int32_t> cut;
  std::set<std::int32_t> held;
  for (const Fold& fold : context.data->split.folds) {
    std::set<std::int32_t> trains;
    for (const RowIndex row : fold.train) trains.insert(group[row]);
    for (const RowIndex row : fold.validation) {
      held.insert(group[row]);
      if (trains.contains(group[row])) cut.insert(group[row]);
    }
  }
  if (cut.empty()) return;
  result->push_back({Verdict::kWarn,
                     fmt::format("{} of {} groups have rows to train on and rows to be scored on "
                                 "(warns above 0)",
                                 cut.size(), held.size()),
                     static_cast<double>(cut.size()), 0,
                     "set `split.grouped`, unless new rows will be of known groups"});
}

void FindBrokenTime(const CheckContext& context, CheckResult* result) {
  if (!context.spec.split.by_time) return;
  for (const Fold& fold : context.data->split.folds) {
    if (fold.train.empty() || fold.validation.empty()) continue;
    if (fold.train.back() < fold.validation.front()) continue;
    result->push_back({Verdict::kFail,
                       "a fold trains on rows behind those that it is scored on",
                       {},
                       {},
                       "order the rows of the file by time"});
    return;
  }
}

// Of each repeat the validation rows of its folds, in an order that does not tell which is which.
std::vector<std::set<std::vector<RowIndex>>> DivisionsOf(const CheckContext& context) {
  const std::vector<Fold>& folds = context.data->split.folds;
  const std::size_t repeats = RepeatsOf(context);
  std::vector<std::set<std::vector<RowIndex>>> divisions(repeats);
  for (std::size_t f = 0; f < folds.size(); ++f) {
    divisions[f * repeats / folds.size()].insert(folds[f].validation);
  }
  return divisions;
}

// Where few groups leave little choice, or each row is a fold, a repeat may be an earlier one over
// again.
void FindSameRepeats(const CheckContext& context, CheckResult* result) {
  if (RepeatsOf(context) == 1) return;
  const auto divisions = DivisionsOf(context);
  const std::set<std::set<std::vector<RowIndex>>> different(divisions.begin(), divisions.end());
  if (different.size() == divisions.size()) return;
  result->push_back(
      {Verdict::kWarn,
       fmt::format("{} of {} repeats divide the rows as another one does (warns above 0)",
                   divisions.size() - different.size(), divisions.size()),
       static_cast<double>(divisions.size() - different.size()), 0,
       "take fewer `split.repeats`: these tell nothing new, and make errors look small"});
}

// Few columns of few values have equal rows by nature, all the more where they depend on each
// other: that is what the factor leaves room for. `part` for people.
void FindEqualRows(const trainer::Dataset& table, const std::vector<std::uint64_t>& hashes,
                   const std::vector<RowIndex>& rows, const std::vector<RowIndex>& train,
                   const std::string& part, CheckResult* result) {
  constexpr double kMostEqual = 0.01;
  constexpr double kTimesChance = 10;
  if (rows.empty()) return;
  const std::size_t equal = CountEqual(hashes, rows, train);
  const double share = static_cast<double>(equal) / static_cast<double>(rows.size());
  const double by_chance = kTimesChance * EqualByChance(table, train.size());
  const double most = std::clamp(by_chance, kMostEqual, 1.0);
  const bool many = share > most;
  result->push_back(
      {many ? Verdict::kWarn : Verdict::kPass,
       fmt::format("{} of {} {} rows ({:.1f} %) are equal to a training row, label included (warns "
                   "above {:.0f} %{})",
                   equal, rows.size(), part, 100 * share, 100 * most,
                   most > kMostEqual ? ", as columns of few values make equal rows by chance" : ""),
       share, most,
       many ? "scores on them are too good: leave repeats out, or keep them together with "
              "`data.group` and `split.grouped`"
            : ""});
}

// Of the first folds of all repeats that with the largest share of validation rows that are equal
// to a training row.
const Fold& FoldOfMostEqual(const CheckContext& context, const std::vector<std::uint64_t>& hashes) {
  const std::vector<Fold>& folds = context.data->split.folds;
  const Fold* most = &folds.front();
  if (RepeatsOf(context) == 1) return *most;
  double largest = -1;
  for (std::size_t f = 0; f < folds.size(); f += folds.size() / RepeatsOf(context)) {
    const auto equal = static_cast<double>(CountEqual(hashes, folds[f].validation, folds[f].train));
    const double share = equal / static_cast<double>(folds[f].validation.size());
    if (share > largest) {
      largest = share;
      most = &folds[f];
    }
  }
  return *most;
}

}  // namespace

CheckResult CheckSplit(const CheckContext& context) {
  CheckResult result = {DescribeFolds(context)};
  FindAbsentClasses(context, &result);
  FindCutGroups(context, &result);
  FindBrokenTime(context, &result);
  FindSameRepeats(context, &result);
  const std::vector<std::uint64_t> hashes = HashRows(*context.data->table);
  const trainer::Split& split = context.data->split;
  const trainer::Dataset& table = *context.data->table;
  const Fold& fold = FoldOfMostEqual(context, hashes);
  FindEqualRows(table, hashes, fold.validation, fold.train, "validation", &result);
  FindEqualRows(table, hashes, split.test, split.TrainingRows(), "test", &result);
  return result;
}

}  // namespace coppice::tuner
