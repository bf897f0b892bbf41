#include "results/views/row_query.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace coppice::results {
namespace {

using study::Goal;

LeaderboardRow Row(int trial, std::optional<double> score, std::map<std::string, Value> values) {
  LeaderboardRow row;
  row.trial = study::TrialId{trial};
  row.state = score ? study::TrialState::kCompleted : study::TrialState::kFailed;
  row.score = score;
  row.round = score ? 10 * trial : 0;
  row.configuration = study::Configuration(std::move(values));
  return row;
}

// Trial 3 failed; only trials 1 and 2 have a number of leaves.
std::vector<LeaderboardRow> Rows() {
  return {Row(2, 0.9, {{"eta", 0.1}, {"grow_policy", "lossguide"}, {"max_leaves", 8}}),
          Row(1, 0.8, {{"eta", 0.3}, {"grow_policy", "lossguide"}, {"max_leaves", 64}}),
          Row(0, 0.7, {{"eta", 0.2}, {"grow_policy", "depthwise"}}),
          Row(3, {}, {{"eta", 0.05}, {"grow_policy", "depthwise"}})};
}

// Maximizes auc and records logloss, which is a tenth of the trial's number.
RowColumns Columns() {
  RowColumns columns;
  columns.metric = "auc";
  columns.goal = Goal::kMaximize;
  columns.parameters = {"eta", "grow_policy", "max_leaves"};
  columns.aliases = {{"learning_rate", "eta"}, {"reg_lambda", "lambda"}};
  columns.recorded = {{"logloss", Goal::kMinimize}};
  columns.value_of = [](const LeaderboardRow& row, const std::string&) {
    return row.score ? std::optional<double>(study::ToIndex(row.trial) / 10.0) : std::nullopt;
  };
  return columns;
}

std::vector<int> TrialsOf(const std::vector<LeaderboardRow>& rows) {
  std::vector<int> trials;
  for (const LeaderboardRow& row : rows) trials.push_back(study::ToIndex(row.trial));
  return trials;
}

std::vector<int> Kept(const std::vector<std::string>& conditions) {
  auto rows = Rows();
  KeepRows(conditions, Columns(), &rows);
  return TrialsOf(rows);
}

std::vector<int> Sorted(const std::string& column, bool reverse = false) {
  auto rows = Rows();
  SortRows(column, reverse, Columns(), &rows);
  return TrialsOf(rows);
}

// "message [hint]", joined by lines.
std::string Refusal(const std::vector<std::string>& conditions) {
  try {
    Kept(conditions);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    std::string text;
    for (const Finding& finding : error.findings()) {
      text += (text.empty() ? "" : "\n") + finding.message + " [" + finding.hint + "]";
    }
    return text;
  }
  return {};
}

using Trials = std::vector<int>;

TEST(RowQuery, KeepsWhatEveryConditionFits) {
  EXPECT_EQ(Kept({"eta<0.2"}), (Trials{2, 3}));
  EXPECT_EQ(Kept({"eta <= 0.2", "state=completed"}), (Trials{2, 0}));
  EXPECT_EQ(Kept({"grow_policy = lossguide"}), (Trials{2, 1}));
  EXPECT_EQ(Kept({"score>=0.8"}), (Trials{2, 1}));
  EXPECT_EQ(Kept({}), (Trials{2, 1, 0, 3}));
}

TEST(RowQuery, JoinsConditionsByAnd) {
  EXPECT_EQ(Kept({"eta<0.3 and grow_policy=lossguide"}), (Trials{2}));
  EXPECT_EQ(Kept({"eta<0.3 AND eta>0.1"}), (Trials{0}));
  EXPECT_EQ(Kept({"eta<0.3&&eta>0.1"}), (Trials{0}));
}

TEST(RowQuery, KeepsNoRowWithoutAValue) {
  EXPECT_EQ(Kept({"max_leaves!=8"}), (Trials{1}));
  EXPECT_EQ(Kept({"auc!=0.9"}), (Trials{1, 0}));
  EXPECT_EQ(Kept({"round<5"}), (Trials{0}));
}

TEST(RowQuery, KnowsAliasesAndRecordedMetrics) {
  EXPECT_EQ(Kept({"learning_rate<0.1"}), (Trials{3}));
  EXPECT_EQ(Kept({"logloss<=0.1"}), (Trials{1, 0}));
}

TEST(RowQuery, OrdersByValueWhereTheWayIsSaid) {
  EXPECT_EQ(Sorted("eta:desc"), (Trials{1, 0, 2, 3}));
  EXPECT_EQ(Sorted("auc:asc"), (Trials{0, 1, 2, 3}));
  EXPECT_EQ(Sorted("auc:desc"), (Trials{2, 1, 0, 3}));
  EXPECT_EQ(Sorted("logloss:desc"), (Trials{2, 1, 0, 3}));
}

TEST(RowQuery, AsksALaterConditionThoughNoRowIsLeft) {
  EXPECT_EQ(Kept({"eta<0", "max_leaves>1"}), Trials());
}

TEST(RowQuery, RefusesToCompareNumbersWithWords) {
  EXPECT_EQ(Refusal({"eta<abc"}),
            "`--where eta<abc` compares the numbers of `eta` with `abc` [compare with a number; a "
            "row without a value fits no condition]");
  EXPECT_EQ(Refusal({"grow_policy=3"}),
            "`--where grow_policy=3` compares the words of `grow_policy` with the number 3 "
            "[compare with a word: `depthwise` or `lossguide`]");
}

TEST(RowQuery, FindsEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(Refusal({"etta<1 and state=complete", "1<eta<2", "eta<"}),
            "there is no column `etta` [did you mean `eta`?]\n"
            "`complete` is no state of a trial [did you mean `completed`?]\n"
            "`--where 1<eta<2` holds more than one comparison [join them with `and` or `or`, "
            "or give `--where` several times]\n"
            "`--where eta<` is not COLUMN, comparison, VALUE [for example `--where 'eta<0.1'` or "
            "`--where state=completed`]");
}

TEST(RowQuery, SuggestsAnAliasButNotThatOfAParameterThatIsNotSearched) {
  EXPECT_EQ(Refusal({"learning_rat<1"}),
            "there is no column `learning_rat` [did you mean `learning_rate`?]");
  EXPECT_NE(Refusal({"reg_lambda<1"}).find("there is no column `reg_lambda`"), std::string::npos);
}

TEST(RowQuery, PutsTheBestFirstByAMetricsDirection) {
  EXPECT_EQ(Sorted("auc"), (Trials{2, 1, 0, 3}));
  EXPECT_EQ(Sorted("score"), (Trials{2, 1, 0, 3}));
  EXPECT_EQ(Sorted("logloss"), (Trials{0, 1, 2, 3}));
}

TEST(RowQuery, SortsAllElseAscending) {
  EXPECT_EQ(Sorted("eta"), (Trials{3, 2, 0, 1}));
  EXPECT_EQ(Sorted("learning_rate"), (Trials{3, 2, 0, 1}));
  EXPECT_EQ(Sorted("grow_policy"), (Trials{0, 3, 2, 1}));
}

TEST(RowQuery, TurnsTheOrderRoundAndKeepsRowsWithoutAValueLast) {
  EXPECT_EQ(Sorted("-auc"), (Trials{0, 1, 2, 3}));
  EXPECT_EQ(Sorted("auc", true), (Trials{0, 1, 2, 3}));
  EXPECT_EQ(Sorted("-auc", true), (Trials{2, 1, 0, 3}));
  EXPECT_EQ(Sorted("max_leaves", true), (Trials{1, 2, 0, 3}));
}

TEST(RowQuery, NamesTheRecordedMetricsThatWereAskedFor) {
  EXPECT_EQ(RecordedIn({"eta<1 and logloss<1"}, "auc", Columns()),
            std::vector<std::string>{"logloss"});
  EXPECT_EQ(RecordedIn({}, "-logloss", Columns()), std::vector<std::string>{"logloss"});
  EXPECT_EQ(RecordedIn({"eta<1"}, "", Columns()), std::vector<std::string>());
}

TEST(RowQuery, KeepsRowsThatOneOfSeveralConditionsFits) {
  EXPECT_EQ(Kept({"eta>0.25 or trial=0"}), (Trials{1, 0}));
  EXPECT_EQ(Kept({"eta>0.25||trial=0"}), (Trials{1, 0}));
  // `and` binds first, and what is given apart must hold besides.
  EXPECT_EQ(Kept({"trial=0 or grow_policy=lossguide AND eta<0.2"}), (Trials{2, 0}));
  EXPECT_EQ(Kept({"trial=0 OR trial=1", "eta<0.25"}), (Trials{0}));
}

}  // namespace
}  // namespace coppice::results
