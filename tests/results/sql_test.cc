#include "results/store/sql.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "results/store/sqlite_store.h"
#include "tests/results/contains.h"
#include "tests/results/sample_study.h"
#include "tests/results/temp_folder.h"

namespace coppice::results {
namespace {

class Sql : public testing::Test {
 protected:
  Sql() {
    const auto store = SqliteStore::Create(path_, SampleRecord());
    Append(*store, {Created(0), Created(1), Started(0), Started(1), Scored(0, 0.75),
                    Finished(1, study::Failed{study::FailureKind::kCrash, "x"})});
  }

  SqlAnswer Ask(const std::string& sql) const { return AnswerSql(path_, sql); }
  // What the refusal says, with its advice.
  std::string Refusal(const std::string& sql) const {
    try {
      Ask(sql);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage) << error.what();
      EXPECT_FALSE(error.findings().front().hint.empty());
      return error.what();
    }
    ADD_FAILURE() << sql;
    return "";
  }

  TempFolder folder_;
  const std::string path_ = folder_.File("study.db");
};

TEST_F(Sql, AnswersWithTheColumnsAndTypedCells) {
  const SqlAnswer answer =
      Ask("SELECT trial, score AS auc, state, failure_kind, x'0aff' AS bytes FROM leaderboard");
  EXPECT_EQ(answer.columns,
            (std::vector<std::string>{"trial", "auc", "state", "failure_kind", "bytes"}));
  ASSERT_EQ(answer.rows.size(), 2U);
  EXPECT_EQ(answer.rows[0], (std::vector<Json>{0, 0.75, "completed", nullptr, "0aff"}));
  EXPECT_EQ(answer.rows[1], (std::vector<Json>{1, nullptr, "failed", "crash", "0aff"}));
}

TEST_F(Sql, LeavesBlanksCommentsAndAnEndAlone) {
  EXPECT_EQ(Ask(" -- how many\n SELECT count(*) FROM trials; /* so many */ ").rows,
            (std::vector<std::vector<Json>>{{2}}));
}

TEST_F(Sql, SeesWhatARunningStudyHasAppendedAndDoesNotHoldItUp) {
  const auto writer = SqliteStore::OpenForWriting(path_);
  Append(*writer, Created(2));
  EXPECT_EQ(Ask("SELECT count(*) FROM trials").rows[0][0], 3);
  Append(*writer, Created(3));
  EXPECT_EQ(Ask("SELECT count(*) FROM trials").rows[0][0], 4);
}

TEST_F(Sql, RefusesWhateverDoesMoreThanRead) {
  const std::string other = folder_.File("other.db");
  for (const std::string& sql : std::vector<std::string>{
           "DELETE FROM trials", "UPDATE trials SET score = 1", "DROP VIEW leaderboard",
           "CREATE TEMP TABLE t (a)", "PRAGMA user_version = 9", "PRAGMA journal_mode = DELETE",
           "BEGIN", "VACUUM INTO '" + other + "'", "ATTACH '" + other + "' AS other",
           "SELECT load_extension('x')"}) {
    EXPECT_TRUE(Contains(Refusal(sql), "more than read")) << sql;
  }
  EXPECT_TRUE(Contains(Refusal("UPDATE sqlite_master SET name = 1"), "may not be modified"));
  EXPECT_EQ(Ask("SELECT count(*) FROM trials").rows[0][0], 2);
}

TEST_F(Sql, SaysWhatSqliteFindsWrong) {
  EXPECT_TRUE(Contains(Refusal("SELECT depth FROM trials"), "no such column: depth"));
  EXPECT_TRUE(Contains(Refusal("SELEC 1"), "syntax error"));
  EXPECT_TRUE(Contains(Refusal("SELECT abs(-9223372036854775807 - 1)"), "integer overflow"));
}

TEST_F(Sql, WantsExactlyOneStatement) {
  EXPECT_TRUE(Contains(Refusal("SELECT 1; SELECT 2"), "more than one statement"));
  EXPECT_TRUE(Contains(Refusal(" -- nothing"), "no statement"));
}

TEST_F(Sql, ListsTablesAndViewsWithTheirColumns) {
  const SqlAnswer tables = ListTables(path_);
  ASSERT_EQ(tables.rows.size(), 8U);
  EXPECT_EQ(tables.rows[0][0], "confirmations");
  EXPECT_EQ(tables.rows[1], (std::vector<Json>{"leaderboard", "view",
                                               "rank, trial, state, score, std_error, round, "
                                               "rounds, seconds, failure_kind, reason, "
                                               "configuration"}));
  EXPECT_EQ(tables.rows[4][0], "curves");
}

TEST_F(Sql, NamesAStudyThatIsNotThere) {
  try {
    AnswerSql(folder_.File("nothing.db"), "SELECT 1");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kStore);
  }
}

}  // namespace
}  // namespace coppice::results
