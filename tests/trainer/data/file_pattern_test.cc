#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/trainer/data/data_files.h"

namespace coppice::trainer {
namespace {

// A folder of its own whose name has all the letters that patterns give a meaning to.
class ExpandPatternTest : public ::testing::Test {
 protected:
  ExpandPatternTest() {
    folder_ = ::testing::TempDir() + "coppice_[a]*?_" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_ + "/part-9.csv");
    for (const char* name : {"part-2.csv", "part-10.csv", "part-1.csv", "other.csv"}) {
      std::ofstream(folder_ + "/" + name) << "y,a\n";
    }
  }
  ~ExpandPatternTest() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(ExpandPatternTest, GivesMatchingFilesByNameAndNoFolders) {
  EXPECT_TRUE(Holds(ExpandPattern("part-*.csv", folder_), folder_ + "/part-1.csv",
                    folder_ + "/part-10.csv", folder_ + "/part-2.csv"));
  EXPECT_TRUE(Holds(ExpandPattern("part-?.csv", folder_), folder_ + "/part-1.csv",
                    folder_ + "/part-2.csv"));
}

TEST_F(ExpandPatternTest, LeavesANameAloneWhetherItExistsOrNot) {
  EXPECT_TRUE(Holds(ExpandPattern("a[1].csv", folder_), folder_ + "/a[1].csv"));
  EXPECT_TRUE(Holds(ExpandPattern("/x/y.csv", folder_), "/x/y.csv"));
}

TEST_F(ExpandPatternTest, SaysWhereItLookedWhenNothingMatches) {
  EXPECT_TRUE(Holds(FindingsOf([&] { ExpandPattern("none-*.csv", folder_); }),
                    "no file matches `none-*.csv` [it was looked for in `" + folder_ + "`]"));
}

TEST_F(ExpandPatternTest, AnAbsolutePatternNamesTheSameFilesFromAnyFolder) {
  std::ofstream(folder_ + "/a[1].csv") << "y,a\n";
  for (const char* pattern : {"part-*.csv", "other.csv", "a[1].csv"}) {
    EXPECT_EQ(ExpandPattern(AbsolutePattern(pattern, folder_), "/elsewhere"),
              ExpandPattern(pattern, folder_));
  }
  EXPECT_EQ(AbsolutePattern("/x/y.csv", folder_), "/x/y.csv");
  EXPECT_EQ(AbsolutePattern("./a/b.csv", "/x"), "/x/a/b.csv");
}

}  // namespace
}  // namespace coppice::trainer
