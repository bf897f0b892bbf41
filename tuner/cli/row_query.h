#pragma once
// Picking and ordering leaderboard rows by a word of the command line.

#include <string>
#include <vector>

#include "results/views/leaderboard.h"

namespace coppice::tuner {

// `condition` is COLUMN OP VALUE with OP one of < <= > >= = !=; COLUMN is rank, trial, state, score
// (or the metric's name), std_error, round, rounds, seconds or a parameter. A row without a value
// there does not fit. Throws Error (kUsage).
void KeepRows(const std::string& condition, const std::string& metric,
              std::vector<results::LeaderboardRow>* rows);

// Ascending, or descending with a leading '-'; rows without a value come last; ties stay in order.
void SortRows(const std::string& column, const std::string& metric,
              std::vector<results::LeaderboardRow>* rows);

}  // namespace coppice::tuner
