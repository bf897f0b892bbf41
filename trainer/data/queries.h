#pragma once
// Rows of a data set as lists to rank: those of one group together.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "trainer/data/dataset.h"

namespace coppice::trainer {

// Query q has rows[query_begin[q], query_begin[q + 1]).
struct QueryOrder {
  std::vector<RowIndex> rows;
  std::vector<std::uint32_t> query_begin;  // [n_queries + 1]

  std::size_t n_queries() const { return query_begin.size() - 1; }
};

// `rows` by their group, groups in the order of their ids; rows of a group keep their order.
// `group` is [n_rows of the data set].
QueryOrder OrderByQuery(std::span<const RowIndex> rows, std::span<const std::int32_t> group);

// Throws Error (kData) when the data cannot be ranked: there are no groups, or rows of one group
// differ in weight.
void CheckQueries(const Dataset& data);

}  // namespace coppice::trainer
