#include "trainer/data/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/random.h"

namespace coppice::trainer {
namespace {

using Rows = std::vector<RowIndex>;

// What a stream of random numbers decides; part of every split.
enum class Stage : std::uint64_t { kTest = 0, kFolds = 1 };

// How many of `n` a fraction is: at least one, and at least one is left.
std::size_t CountOf(double fraction, std::size_t n) {
  const auto rounded =
      static_cast<std::size_t>(std::floor(fraction * static_cast<double>(n) + 0.5));
  return std::clamp<std::size_t>(rounded, 1, n - 1);
}

struct TwoParts {
  Rows kept;
  Rows taken;
};

class Splitter {
 public:
  Splitter(const Dataset& data, const SplitSpec& spec, std::uint64_t seed, std::uint64_t division)
      : data_(data), spec_(spec), seed_(seed), division_(division) {}

  Split Make() {
    CheckSpec();
    Split split;
    Rows rows = RowsOf(DataPart::kTrain);
    split.test = RowsOf(DataPart::kTest);
    const bool from_files = spec_.kind == SplitKind::kFiles;
    if (split.test.empty() && spec_.test_fraction > 0 && !from_files) {
      TwoParts parts = Take(rows, spec_.test_fraction, Stage::kTest);
      split.test = std::move(parts.taken);
      rows = std::move(parts.kept);
    }
    if (from_files) {
      split.folds.push_back({std::move(rows), RowsOf(DataPart::kValidation)});
    } else if (spec_.kind == SplitKind::kHoldout) {
      TwoParts parts = Take(rows, spec_.validation_fraction, Stage::kFolds);
      split.folds.push_back({std::move(parts.kept), std::move(parts.taken)});
    } else if (spec_.by_time) {
      split.folds = ExpandingWindow(rows);
    } else {
      for (int i = 0; i < spec_.repeats; ++i, ++division_) {
        std::vector<Fold> folds = CrossValidation(rows);
        std::move(folds.begin(), folds.end(), std::back_inserter(split.folds));
      }
    }
    CheckClasses(split);
    return split;
  }

 private:
  [[noreturn]] static void FailSpec(std::string message, std::string path, std::string hint) {
    throw Error(ErrorKind::kSpec, std::move(message), {{}, 0, 0, std::move(path)}, std::move(hint));
  }
  [[noreturn]] static void FailData(std::string message, std::string hint) {
    throw Error(ErrorKind::kData, std::move(message), {}, std::move(hint));
  }

  void CheckSpec() const {
    if (spec_.folds < 2 && spec_.kind == SplitKind::kCrossValidation) {
      FailSpec(fmt::format("`{}` folds are too few", spec_.folds), "split.folds", "take 2 or more");
    }
    if (spec_.repeats < 1) {
      FailSpec(fmt::format("`{}` repeats are too few", spec_.repeats), "split.repeats",
               "take 1 or more");
    }
    if (spec_.repeats > 1 && spec_.by_time) {
      FailSpec("a split by time is not repeated", "split.repeats", "leave it out");
    }
    const auto inside = [](double fraction) { return fraction > 0 && fraction < 1; };
    if (!inside(spec_.validation_fraction) && spec_.kind == SplitKind::kHoldout) {
      FailSpec(fmt::format("`{}` is no fraction of the rows", spec_.validation_fraction),
               "split.validation_fraction", "take a number above 0 and below 1");
    }
    if (!inside(spec_.test_fraction) && spec_.test_fraction != 0) {
      FailSpec(fmt::format("`{}` is no fraction of the rows", spec_.test_fraction),
               "split.test_fraction", "take 0 or more, below 1");
    }
    if (spec_.grouped && spec_.by_time) {
      FailSpec("a split is grouped or by time, not both", "split", "leave out one of the two");
    }
    const bool has_validation =
        std::find(data_.part.begin(), data_.part.end(), DataPart::kValidation) != data_.part.end();
    if (has_validation && spec_.kind != SplitKind::kFiles) {
      FailSpec("there is a validation file, but the split makes its own validation rows",
               "split.kind", "take `files`, or leave out `data.validation`");
    }
    if (spec_.grouped && data_.group.empty()) {
      FailData("a grouped split needs groups, and the data has none",
               "name their column in `data.group`");
    }
  }

  Rows RowsOf(DataPart part) const {
    Rows rows;
    for (RowIndex row = 0; row < data_.n_rows; ++row) {
      if (data_.part[row] == part) rows.push_back(row);
    }
    return rows;
  }

  bool by_class() const { return spec_.stratified && !data_.schema.classes.empty(); }
  std::size_t n_classes() const { return by_class() ? data_.schema.classes.size() : 1; }
  std::size_t ClassOf(RowIndex row) const {
    return by_class() ? static_cast<std::size_t>(data_.label[row]) : 0;
  }

  // The test rows are those of every division.
  template <typename T>
  void Shuffle(std::vector<T>& items, Stage stage, std::uint64_t of) const {
    const std::uint64_t division = stage == Stage::kTest ? 0 : division_;
    RandomStream random(seed_, {Purpose::kSplit, static_cast<std::uint64_t>(stage), of, division});
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.Below(i)]);
  }

  // [n_classes], shuffled.
  std::vector<Rows> ShuffledClasses(const Rows& rows, Stage stage) const {
    std::vector<Rows> classes(n_classes());
    for (const RowIndex row : rows) classes[ClassOf(row)].push_back(row);
    for (std::size_t c = 0; c < classes.size(); ++c) Shuffle(classes[c], stage, c);
    return classes;
  }

  TwoParts Take(const Rows& rows, double fraction, Stage stage) const {
    if (rows.size() < 2) {
      FailData(fmt::format("{} row{} cannot be split", rows.size(), rows.size() == 1 ? "" : "s"),
               "give more rows, or take nothing off for tests");
    }
    if (spec_.by_time) {
      const auto at = static_cast<std::ptrdiff_t>(rows.size() - CountOf(fraction, rows.size()));
      return {{rows.begin(), rows.begin() + at}, {rows.begin() + at, rows.end()}};
    }
    if (spec_.grouped) {
      std::vector<Rows> bins = DealGroups(rows, {1 - fraction, fraction}, stage);
      return {std::move(bins[0]), std::move(bins[1])};
    }
    return TakeRows(rows, fraction, stage);
  }

  // From each class its share; the rest that rounding leaves goes to the classes that are owed
  // most. A class keeps a row as long as others can give.
  TwoParts TakeRows(const Rows& rows, double fraction, Stage stage) const {
    const std::vector<Rows> classes = ShuffledClasses(rows, stage);
    std::vector<std::size_t> quota(classes.size());
    std::vector<double> owed(classes.size());
    std::size_t left = CountOf(fraction, rows.size());
    for (std::size_t c = 0; c < classes.size(); ++c) {
      const double share = fraction * static_cast<double>(classes[c].size());
      quota[c] = std::min(left, static_cast<std::size_t>(std::floor(share)));
      owed[c] = share - static_cast<double>(quota[c]);
      left -= quota[c];
    }
    std::vector<std::size_t> order(classes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return owed[a] > owed[b]; });
    for (const std::size_t c : order) {
      if (left == 0) break;
      if (quota[c] + 1 >= classes[c].size()) continue;
      ++quota[c];
      --left;
    }
    TwoParts parts;
    for (std::size_t c = 0; c < classes.size(); ++c) {
      for (std::size_t i = 0; i < classes[c].size(); ++i) {
        (i < quota[c] ? parts.taken : parts.kept).push_back(classes[c][i]);
      }
    }
    if (parts.taken.empty()) {
      FailData("every class has one row, none can be taken off", "give more rows of each class");
    }
    std::sort(parts.kept.begin(), parts.kept.end());
    std::sort(parts.taken.begin(), parts.taken.end());
    return parts;
  }

  std::vector<Fold> CrossValidation(const Rows& rows) const {
    const auto n_folds = static_cast<std::size_t>(spec_.folds);
    if (rows.size() < n_folds) {
      FailData(fmt::format("{} rows are too few for {} folds", rows.size(), n_folds),
               "take fewer folds");
    }
    std::vector<Rows> validation(n_folds);
    if (spec_.grouped) {
      validation = DealGroups(
          rows, std::vector<double>(n_folds, 1.0 / static_cast<double>(n_folds)), Stage::kFolds);
    } else {
      // Each class goes on with the fold at which the one before stopped, so that folds differ by
      // one row at most, and so do their rows of a class.
      std::size_t next = 0;
      for (const Rows& one_class : ShuffledClasses(rows, Stage::kFolds)) {
        for (const RowIndex row : one_class) validation[next++ % n_folds].push_back(row);
      }
    }
    std::vector<Fold> folds;
    for (Rows& part : validation) {
      std::sort(part.begin(), part.end());
      Fold fold;
      std::set_difference(rows.begin(), rows.end(), part.begin(), part.end(),
                          std::back_inserter(fold.train));
      fold.validation = std::move(part);
      folds.push_back(std::move(fold));
    }
    return folds;
  }

  std::vector<Fold> ExpandingWindow(const Rows& rows) const {
    const auto n_blocks = static_cast<std::size_t>(spec_.folds) + 1;
    if (rows.size() < n_blocks) {
      FailData(fmt::format("{} rows are too few for {} folds by time, which need {}", rows.size(),
                           spec_.folds, n_blocks),
               "take fewer folds");
    }
    const auto end_of = [&](std::size_t block) {
      return rows.begin() + static_cast<std::ptrdiff_t>(rows.size() * (block + 1) / n_blocks);
    };
    std::vector<Fold> folds;
    for (std::size_t i = 0; i + 1 < n_blocks; ++i) {
      folds.push_back({{rows.begin(), end_of(i)}, {end_of(i), end_of(i + 1)}});
    }
    return folds;
  }

  struct Group {
    Rows rows;
    std::vector<std::size_t> class_counts;
  };

  // Every row in one bin, groups together; `shares` sum to 1. Large groups first, each to the bin
  // that keeps sum over bins b and classes c of count(b, c)^2 / (share(b) * count(c)^2) smallest:
  // that sum is least when every bin has its share of every class.
  std::vector<Rows> DealGroups(const Rows& rows, const std::vector<double>& shares,
                               Stage stage) const {
    const std::vector<Group> groups = SortedGroups(rows, shares.size(), stage);
    std::vector<double> class_size(n_classes());
    for (const RowIndex row : rows) class_size[ClassOf(row)] += 1;
    std::vector<std::vector<double>> held(shares.size(), std::vector<double>(n_classes()));
    std::vector<Rows> bins(shares.size());
    for (std::size_t g = 0; g < groups.size(); ++g) {
      // The last groups go to bins that are still empty, so that none stays so.
      const auto n_empty = static_cast<std::size_t>(
          std::count_if(bins.begin(), bins.end(), [](const Rows& bin) { return bin.empty(); }));
      const bool only_empty = groups.size() - g <= n_empty;
      std::size_t best = shares.size();
      double best_cost = 0;
      for (std::size_t b = 0; b < shares.size(); ++b) {
        if (only_empty && !bins[b].empty()) continue;
        const double cost = CostOf(groups[g], held[b], class_size) / shares[b];
        if (best < shares.size() && cost >= best_cost) continue;
        best = b;
        best_cost = cost;
      }
      for (std::size_t c = 0; c < n_classes(); ++c) {
        held[best][c] += static_cast<double>(groups[g].class_counts[c]);
      }
      bins[best].insert(bins[best].end(), groups[g].rows.begin(), groups[g].rows.end());
    }
    for (Rows& bin : bins) std::sort(bin.begin(), bin.end());
    return bins;
  }

  // What the sum above gains when `group` joins what a bin holds.
  static double CostOf(const Group& group, const std::vector<double>& held,
                       const std::vector<double>& class_size) {
    double cost = 0;
    for (std::size_t c = 0; c < held.size(); ++c) {
      if (group.class_counts[c] == 0) continue;
      const auto added = static_cast<double>(group.class_counts[c]);
      cost += added * (2 * held[c] + added) / (class_size[c] * class_size[c]);
    }
    return cost;
  }

  // Large ones first, equal ones in random order; in further divisions those of about one size, or
  // groups of different sizes would always come to lie in the same folds.
  std::vector<Group> SortedGroups(const Rows& rows, std::size_t at_least, Stage stage) const {
    std::vector<std::size_t> place_of;  // by group id; 0: not seen
    std::vector<Group> groups;
    for (const RowIndex row : rows) {
      const auto id = static_cast<std::size_t>(data_.group[row]);
      if (id >= place_of.size()) place_of.resize(id + 1);
      if (place_of[id] == 0) {
        groups.push_back({{}, std::vector<std::size_t>(n_classes())});
        place_of[id] = groups.size();
      }
      Group& group = groups[place_of[id] - 1];
      group.rows.push_back(row);
      ++group.class_counts[ClassOf(row)];
    }
    if (groups.size() < at_least) {
      FailData(fmt::format("{} group{} cannot be split {} ways", groups.size(),
                           groups.size() == 1 ? "" : "s", at_least),
               "take fewer folds, or give more groups");
    }
    Shuffle(groups, stage, 0);
    const bool is_rough = stage == Stage::kFolds && division_ > 0;
    const auto size_of = [is_rough](const Group& group) {
      return is_rough ? static_cast<std::size_t>(std::bit_width(group.rows.size()))
                      : group.rows.size();
    };
    std::stable_sort(groups.begin(), groups.end(),
                     [&](const Group& a, const Group& b) { return size_of(a) > size_of(b); });
    return groups;
  }

  // Every fold trains on every class.
  void CheckClasses(const Split& split) const {
    const std::vector<std::string>& classes = data_.schema.classes;
    if (data_.label.empty()) return;
    for (std::size_t f = 0; f < split.folds.size() && !classes.empty(); ++f) {
      std::vector<bool> seen(classes.size());
      for (const RowIndex row : split.folds[f].train) {
        seen[static_cast<std::size_t>(data_.label[row])] = true;
      }
      const auto lacks = std::find(seen.begin(), seen.end(), false);
      if (lacks == seen.end()) continue;
      FailData(fmt::format("the training rows of {} have none of class `{}`", FoldName(spec_, f),
                           classes[static_cast<std::size_t>(lacks - seen.begin())]),
               spec_.by_time ? "the class appears only later: take fewer folds, or no `by_time`"
               : spec_.grouped || spec_.stratified
                   ? "the class has too few rows or groups: leave it out or join it to another"
                   : "set `split.stratified`, or take fewer folds");
    }
  }

  const Dataset& data_;
  const SplitSpec& spec_;
  const std::uint64_t seed_;
  std::uint64_t division_;  // that is being made
};

}  // namespace

std::vector<RowIndex> Split::TrainingRows() const {
  Rows all;
  for (const Fold& fold : folds) {
    Rows merged;
    std::set_union(all.begin(), all.end(), fold.train.begin(), fold.train.end(),
                   std::back_inserter(merged));
    all = std::move(merged);
  }
  return all;
}

bool HasOtherDivisions(const SplitSpec& spec) {
  return spec.kind != SplitKind::kFiles && !spec.by_time;
}

std::string FoldName(const SplitSpec& spec, std::size_t fold) {
  if (spec.repeats == 1) return fmt::format("fold {}", fold + 1);
  const auto folds = static_cast<std::size_t>(spec.folds);
  return fmt::format("fold {} of repeat {}", fold % folds + 1, fold / folds + 1);
}

Split MakeSplit(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                std::uint64_t division) {
  COPPICE_CHECK(division == 0 || HasOtherDivisions(spec),
                "a split without chance has one division");
  return Splitter(data, spec, seed, division).Make();
}

}  // namespace coppice::trainer
