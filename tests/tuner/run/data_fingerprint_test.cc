#include "tuner/run/data_fingerprint.h"

#include <gtest/gtest.h>

#include "tests/tuner/run/small_study.h"

namespace coppice::tuner {
namespace {

using testing::SmallStudy;
using Words = std::vector<std::string>;

// A table of twelve rows with a column of numbers and one of texts, changed before it is read.
std::string PrintOf(const std::string& from = "", const std::string& to = "",
                    const std::map<std::string, std::string>& overrides = {}) {
  std::string table = "y,size,colour\n";
  for (int i = 0; i < 12; ++i) {
    table += std::to_string(i) + "," + std::to_string(10 * i) + (i % 2 == 0 ? ",red\n" : ",blue\n");
  }
  if (!from.empty()) table.replace(table.find(from), from.size(), to);
  const SmallStudy small(R"({"coppice": 1, "data": {"train": "t.csv", "label": "y"},
                             "split": {"folds": 2, "test_fraction": 0}, "search": "auto"})",
                         {{"t.csv", table}}, overrides);
  return FingerprintOf(small.data);
}

TEST(DataFingerprint, IsTheSameForTheSameData) {
  EXPECT_EQ(PrintOf(), PrintOf());
  EXPECT_EQ(HashIn(PrintOf()).size(), 32U);
  EXPECT_EQ(HashIn("0123"), "0123") << "of an older record";
}

TEST(DataFingerprint, SaysWhatChanged) {
  const std::string then = PrintOf();
  EXPECT_EQ(WhatChanged(then, PrintOf("3,30,", "3,31,")),
            (Words{"the column `size` has other values"}));
  EXPECT_EQ(WhatChanged(then, PrintOf("\n3,30", "\n4,30")), (Words{"other labels"}));
  EXPECT_EQ(WhatChanged(then, PrintOf("11,110,blue\n", "")), (Words{"12 rows then, 11 now"}));
  EXPECT_EQ(WhatChanged(then, PrintOf("3,30,blue", "3,30,pink")),
            (Words{"the column `colour` has other categories"}));
  EXPECT_EQ(WhatChanged(then, PrintOf("size", "height")),
            (Words{"the column `size` is gone", "the column `height` is new"}));
  EXPECT_EQ(WhatChanged(then, PrintOf("", "", {{"seed", "9"}})),
            (Words{"the rows are split otherwise"}));
  EXPECT_EQ(WhatChanged(then, PrintOf("", "", {{"split.repeats", "2"}})),
            (Words{"the rows are split otherwise"}));
}

TEST(DataFingerprint, CannotTellFromAnOlderRecord) {
  EXPECT_EQ(WhatChanged("0123", PrintOf()), Words{});
}

}  // namespace
}  // namespace coppice::tuner
