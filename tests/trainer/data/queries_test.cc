#include "trainer/data/queries.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace coppice::trainer {
namespace {

TEST(OrderByQuery, PutsRowsOfAGroupTogetherInTheirOrder) {
  const std::vector<std::int32_t> group = {2, 0, 2, 1, 0, 2};
  const std::vector<RowIndex> rows = {0, 1, 2, 4, 5};
  const QueryOrder order = OrderByQuery(rows, group);
  EXPECT_EQ(order.rows, (std::vector<RowIndex>{1, 4, 0, 2, 5}));
  EXPECT_EQ(order.query_begin, (std::vector<std::uint32_t>{0, 2, 5}));
  EXPECT_EQ(order.n_queries(), 2U);
}

TEST(OrderByQuery, OfNoRowsHasNoQuery) { EXPECT_EQ(OrderByQuery({}, {}).n_queries(), 0U); }

std::string MessageOf(const Dataset& data) {
  try {
    CheckQueries(data);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    return error.what();
  }
}

TEST(CheckQueries, WantsGroupsOfOneWeight) {
  Dataset data;
  data.n_rows = 4;
  EXPECT_NE(MessageOf(data).find("the rows have no groups"), std::string::npos);
  data.group = {0, 1, 0, 1};
  EXPECT_EQ(MessageOf(data), "");
  data.weight = {2, 1, 2, 1};
  EXPECT_EQ(MessageOf(data), "");
  data.weight = {2, 1, 2, 3};
  EXPECT_NE(MessageOf(data).find("rows 2 and 4 are of one group and have the weights `1` and `3`"),
            std::string::npos);
}

}  // namespace
}  // namespace coppice::trainer
