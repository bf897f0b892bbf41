#pragma once
// Which hyperparameters decide whether a trial is good: by how far the good trials' values differ
// from those of all trials (PED-ANOVA: Watanabe, Bansal, Hutter 2023, "PED-ANOVA: Efficiently
// quantifying hyperparameter importance in arbitrary subspaces"), less what chance alone would
// show. How far that share could be off shows a bootstrap over the trials.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coppice::results {

// One parameter over n trials.
struct ParameterColumn {
  std::string name;
  // A number's place in [0, 1] as the search sees it (on its scale), a word's index; nothing where
  // the parameter was not active.
  std::vector<std::optional<double>> places;
  int n_words = 0;  // 0: a number
};

struct ParameterImportance {
  std::string name;
  double divergence = 0;  // Pearson's, of the good trials' values from all
  double by_chance = 0;   // its mean over all sets of as many trials
  double share = 0;       // max(0, divergence - by_chance) as a part of all parameters' sum
  double share_low = 0;   // where 90 % of the shares of resampled trials lie, and the share itself
  double share_high = 0;
  // More than one of twenty random sets of trials would diverge as much.
  bool is_chance = true;
};

// sum_i (good_i - all_i)^2 / all_i over cells: 64 for numbers, whose densities are sums of normal
// kernels of a width that fits the good ones (Scott 1992), a cell a word, and one for "not active".
// `good` are indices of trials.
double DivergenceOf(const ParameterColumn& column, std::span<const std::size_t> good);

// The good trials are the fifth with the least loss, at least four. By falling share, ties in the
// order of `columns`. Empty for fewer than ten trials.
//
// Intervals: 200 times as many trials are drawn from the trials with replacement (Efron 1979), the
// good ones among them chosen anew, and all shares taken again; the 5th and the 95th of a hundred
// are the ends. The draws are named, so that equal trials have equal intervals. A resample adds
// chance of its own to that which the trials have, so chance is taken off twice. The widths of the
// kernels stay those of all trials.
std::vector<ParameterImportance> ImportanceOf(std::span<const ParameterColumn> columns,
                                              std::span<const double> loss);

}  // namespace coppice::results
