#pragma once
// Which rows of a leaderboard cannot be told apart, and so share a rank.

#include <cstddef>
#include <functional>
#include <map>

#include "results/views/leaderboard.h"

namespace coppice::results {

// The score of each fold at the row's best round; empty where nobody knows it.
using FoldScoresOf = std::function<std::map<int, double>(const LeaderboardRow&)>;

// Whether the scores of two rows differ by no more than one standard error of their difference:
// over the folds, where both have the same ones (at least two) and neither is a mean of replicates,
// with what training rows in common make of it (`overlap`: see ComparePaired), else from the
// standard errors of both as if they were independent. Equal scores always are; rows of different
// folds, or without an error, are not otherwise.
bool AreTied(const LeaderboardRow& a, const std::map<int, double>& folds_of_a,
             const LeaderboardRow& b, const std::map<int, double>& folds_of_b, double overlap);

// Sets rank_low, rank_high and vs_best of the rows: the best one and those right behind it that are
// tied with it are a group, the next one begins another, and so on. (To be tied is not transitive;
// this way a group has one row that all others are compared with.) Rows from `n_needed` on that are
// in no group with a needed one are left at their own rank, and their folds are not asked for.
void TieRows(const FoldScoresOf& folds_of, double overlap, std::size_t n_needed,
             Leaderboard* board);

}  // namespace coppice::results
