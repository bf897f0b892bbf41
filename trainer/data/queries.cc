#include "trainer/data/queries.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace coppice::trainer {

QueryOrder OrderByQuery(std::span<const RowIndex> rows, std::span<const std::int32_t> group) {
  std::int32_t most = -1;
  for (const RowIndex row : rows) most = std::max(most, group[row]);
  std::vector<std::uint32_t> next(static_cast<std::size_t>(most + 1));  // first counts, then places
  for (const RowIndex row : rows) ++next[static_cast<std::size_t>(group[row])];
  QueryOrder order;
  const auto n_queries =
      next.size() - static_cast<std::size_t>(std::count(next.begin(), next.end(), 0U));
  order.query_begin.reserve(n_queries + 1);
  order.query_begin.push_back(0);
  std::uint32_t begin = 0;
  for (std::uint32_t& count : next) {
    const std::uint32_t end = begin + count;
    // Groups may have all their rows elsewhere.
    if (count > 0) order.query_begin.push_back(end);
    count = begin;
    begin = end;
  }
  order.rows.resize(rows.size());
  for (const RowIndex row : rows) {
    order.rows[next[static_cast<std::size_t>(group[row])]++] = row;
  }
  return order;
}

void CheckQueries(const Dataset& data) {
  if (data.group.empty()) {
    throw Error(
        ErrorKind::kData, "the rows have no groups, and a ranking objective ranks groups", {},
        "name the column that tells queries apart with `data.group`, or give each line of a "
        "LibSVM file its `qid:`");
  }
  if (data.weight.empty()) return;
  std::vector<std::int64_t> first;  // row of each group, or -1
  for (RowIndex row = 0; row < data.n_rows; ++row) {
    const auto id = static_cast<std::size_t>(data.group[row]);
    if (id >= first.size()) first.resize(id + 1, -1);
    if (first[id] < 0) first[id] = row;
    const float weight = data.weight[static_cast<std::size_t>(first[id])];
    if (data.weight[row] == weight) continue;
    throw Error(ErrorKind::kData,
                fmt::format("rows {} and {} are of one group and have the weights `{}` and `{}`",
                            first[id] + 1, row + 1, weight, data.weight[row]),
                {}, "a ranking objective weighs groups: give all rows of a group one weight");
  }
}

}  // namespace coppice::trainer
