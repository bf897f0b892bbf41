#pragma once
// Picking and ordering the rows of a leaderboard by what people write:
//
//   KeepRows({"eta<0.1 and max_depth>=4", "state=completed"}, columns, &rows);
//   SortRows("auc", false, columns, &rows);   // best first

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/views/leaderboard.h"

namespace coppice::results {

// What a study's rows can be asked for besides rank, trial, state, std_error, vs_best, round,
// rounds and seconds.
struct RowColumns {
  std::string metric;  // the score; also called so
  study::Goal goal = study::Goal::kMinimize;
  std::vector<std::string> parameters;          // that are searched
  std::map<std::string, std::string> aliases;   // to a parameter's name
  std::map<std::string, study::Goal> recorded;  // metrics beside the score
  // A recorded metric at the row's best round; nothing where there is none. Asked at most once a
  // row and condition.
  std::function<std::optional<double>(const LeaderboardRow&, const std::string&)> value_of;

  // The column that a word of the user's means. Throws Error (kUsage) with the nearest name.
  std::string Resolve(const std::string& word) const;
};

// Keeps the rows that every condition fits. A condition is COLUMN OP VALUE, or several of them
// joined by `and` and `or` (`and` binds first), with OP one of < <= > >= = !=. A row without a
// value there fits none, not even
// !=. Numbers compare with numbers, words with words. Throws Error (kUsage) with every finding.
void KeepRows(const std::vector<std::string>& conditions, const RowColumns& columns,
              std::vector<LeaderboardRow>* rows);

// Metrics with the best first, all else ascending; `COLUMN:asc` and `COLUMN:desc` say it by value;
// the other way round with a leading '-' or `reverse`. Rows without a value come last either way;
// ties stay in order.
void SortRows(const std::string& column, bool reverse, const RowColumns& columns,
              std::vector<LeaderboardRow>* rows);

// The recorded metrics that conditions and an order name, each once, by name: what is worth a
// column. The words are good.
std::vector<std::string> RecordedIn(const std::vector<std::string>& conditions,
                                    const std::string& order, const RowColumns& columns);

}  // namespace coppice::results
