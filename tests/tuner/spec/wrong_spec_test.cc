// One wrong spec a case, with all that is said about it: the sentence, the place and the hint.

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

struct Case {
  const char* name;
  const char* fields;   // the spec's second line
  const char* message;  // of the only finding
  const char* place;    // line, column and path
  const char* hint;
};

void PrintTo(const Case& wrong, std::ostream* out) { *out << wrong.name; }

// What a spec needs besides `fields`, on the first line.
std::string TextWith(const std::string& fields) {
  std::string head = "{";
  if (!fields.starts_with("\"coppice\"")) head += "\"coppice\": 1,";
  if (!fields.starts_with("\"data\"")) head += "\"data\": {\"train\": \"a.csv\"},";
  return head + "\n" + fields + "}";
}

std::vector<Finding> FindingsOf(const std::string& text) {
  try {
    ReadSpecText(text, "s.json", "/data", {});
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSpec);
    return error.findings();
  }
  return {};
}

class WrongSpec : public testing::TestWithParam<Case> {};

TEST_P(WrongSpec, HasOneFindingWithItsPlaceAndHint) {
  const std::vector<Finding> findings = FindingsOf(TextWith(GetParam().fields));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].message, GetParam().message);
  EXPECT_EQ(findings[0].place.ToString(), "s.json:" + std::string(GetParam().place));
  EXPECT_EQ(findings[0].hint, GetParam().hint);
}

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

constexpr Case kDocumentCases[] = {
    {"UnknownTopField", R"("strateyg": {"kind": "random"})", "unknown field `strateyg`",
     "2:13 (strateyg)", "did you mean `strategy`?"},
    {"VersionIsText", R"("coppice": "1")",
     R"(`coppice` must be a whole number, not the string "1")", "2:12 (coppice)",
     "take the quotes away"},
    {"NameWithSlash", R"("name": "a/b")", "`a/b` cannot name a study", "2:9 (name)",
     "use letters, digits, `-`, `_` and `.`, at most 100, beginning with a letter, a digit or `_`"},
    {"NameLikeFlag", R"("name": "-x")", "`-x` cannot name a study", "2:9 (name)",
     "use letters, digits, `-`, `_` and `.`, at most 100, beginning with a letter, a digit or `_`"},
    {"NameNotText", R"("name": 5)", "`name` must be a string, not the number 5", "2:9 (name)", ""},
    {"SeedNegative", R"("seed": -1)", "`seed` must be at least 0, not -1", "2:9 (seed)", ""},
    {"SeedTooLarge", R"("seed": 9223372036854775808)",
     "`seed` must be at most 9223372036854774784, not 9223372036854775808", "2:9 (seed)", ""},
};
INSTANTIATE_TEST_SUITE_P(Document, WrongSpec, testing::ValuesIn(kDocumentCases), NameOf);

constexpr Case kDataCases[] = {
    {"FoldsOne", R"("split": {"kind": "cv", "folds": 1})",
     "`split.folds` must be at least 2, not 1", "2:34 (split.folds)", ""},
    {"FoldsInHoldout", R"("split": {"kind": "holdout", "folds": 5})",
     "`split.folds` does not go with the kind `holdout`", "2:39 (split.folds)",
     "leave it out, or use the kind `cv`"},
    {"ValidationFractionInCv", R"("split": {"validation_fraction": 0.3})",
     "`split.validation_fraction` does not go with the kind `cv`",
     "2:34 (split.validation_fraction)", "leave it out, or use the kind `holdout`"},
    {"ValidationFractionZero", R"("split": {"kind": "holdout", "validation_fraction": 0})",
     "`split.validation_fraction` must be above 0 and below 1, not 0",
     "2:53 (split.validation_fraction)", ""},
    {"TestFractionOne", R"("split": {"test_fraction": 1})",
     "`split.test_fraction` must be at least 0 and below 1, not 1", "2:28 (split.test_fraction)",
     ""},
    {"UnknownSplitKind", R"("split": {"kind": "holdoutt"})", "`split.kind` cannot be `holdoutt`",
     "2:19 (split.kind)", "did you mean `holdout`?"},
    {"RankingByTime", R"("train": {"objective": "rank:ndcg"}, "split": {"by_time": true})",
     "`split.by_time` would cut the groups that a ranking objective ranks", "2:59 (split.by_time)",
     "leave it out, or give `data.validation` a file of later groups"},
    {"RankingOfCutGroups", R"("train": {"objective": "rank:ndcg"}, "split": {"grouped": false})",
     "`split.grouped` is false, but a ranking objective ranks whole groups", "2:59 (split.grouped)",
     "leave it out"},
    {"BoundWithoutTheOther", R"("data": {"train": "a.csv", "label_upper_bound": "to"})",
     "`data.label_upper_bound` needs `data.label_lower_bound`", "2:49 (data.label_upper_bound)",
     "name both columns, or one with `data.label`"},
    {"BoundsForNumbers",
     R"("data": {"train": "a.csv", "label_lower_bound": "a", "label_upper_bound": "b"})",
     "`reg:squarederror` cannot learn from labels between two bounds",
     "2:49 (data.label_lower_bound)", "use `survival:aft`, or name one column with `data.label`"},
    {"QuantileIsWord", R"("train": {"objective": "reg:quantileerror", "quantile_alpha": ["half"]})",
     "`quantile_alpha` must be a number or a list of numbers, not `[\"half\"]`",
     "2:63 (train.quantile_alpha)", "write `[0.1, 0.9]`"},
    {"FlagIsTwo", R"("train": {"objective": "rank:ndcg", "ndcg_exp_gain": 2})",
     "`ndcg_exp_gain` must be from 0 to 1, not `2`", "2:54 (train.ndcg_exp_gain)", ""},
    {"FlagForADepth", R"("train": {"max_depth": true})",
     "`train.max_depth` must be a number, not `true`", "2:24 (train.max_depth)", ""},
    {"GroupedWithoutGroup", R"("split": {"grouped": true})",
     "`split.grouped` needs a column of groups, and `data.group` is absent", "2:22 (split.grouped)",
     "name the column with `data.group`"},
    {"StratifiedNumbers", R"("split": {"stratified": true})",
     "`split.stratified` needs classes, and `reg:squarederror` has none", "2:25 (split.stratified)",
     "leave it out"},
    {"StratifiedByTime",
     R"("train": {"objective": "binary:logistic"}, "split": {"stratified": true, "by_time": true})",
     "`split.by_time` and `split.stratified` contradict each other", "2:85 (split.by_time)",
     "rows in order of time cannot be shared out by class: keep one of them"},
    {"FlagAsNumber", R"("split": {"by_time": 1})",
     "`split.by_time` must be true or false, not the number 1", "2:22 (split.by_time)", ""},
    {"FilesWithoutValidation", R"("split": {"kind": "files"}, "search": "auto")",
     "a search needs validation rows, and the split `files` has none", "2:10 (split)",
     "name files with `data.validation`, or use the split `cv` or `holdout`"},
    {"FilesWithFractions", R"("split": {"kind": "files", "test_fraction": 0.1})",
     "`split.test_fraction` does not go with the kind `files`", "2:45 (split.test_fraction)",
     "leave it out, or use the kind `cv` or `holdout`"},
    {"ColumnTwice", R"("data": {"train": "a.csv", "label": "y", "weight": "y"})",
     "`data.label` and `data.weight` are the same column `y`", "2:52 (data.weight)", ""},
    {"ColumnIgnored", R"("data": {"train": "a.csv", "label": "y", "ignore": ["x", "y"]})",
     "`data.ignore` holds the label `y`", "2:58 (data.ignore.1)", ""},
    {"ColumnNegative", R"("data": {"train": "a.csv", "label": -1})",
     "`data.label` must be a column's name or its index from 0, not the number -1",
     "2:37 (data.label)", ""},
    {"WeightIsDefaultLabel", R"("data": {"train": "a.csv", "weight": 0})",
     "`data.label` and `data.weight` are the same column `0`", "2:38 (data.weight)", ""},
    {"TrainMissing", R"("data": {"label": "y"})", "`data.train` is missing", "2:9 (data.train)",
     "name the file, or a list of them"},
    {"TrainEmptyList", R"("data": {"train": []})", "`data.train` is missing", "2:19 (data.train)",
     "name the file, or a list of them"},
    {"TrainHoldsNumber", R"("data": {"train": ["a.csv", 5]})",
     "`data.train` must hold strings, not the number 5", "2:29 (data.train.1)", ""},
    {"TrainEmptyText", R"("data": {"train": ""})", "`data.train` is empty", "2:19 (data.train)",
     ""},
    {"CategoricalWord", R"("data": {"train": "a.csv", "categorical": "all"})",
     R"(`data.categorical` must be `auto` or a list of columns, not the string "all")",
     "2:43 (data.categorical)", ""},
    {"MissingIsText", R"("data": {"train": "a.csv", "missing": "NA"})",
     R"(`data.missing` must be a list of strings, not the string "NA")", "2:39 (data.missing)", ""},
    {"UnknownDataField", R"("data": {"train": "a.csv", "lable": "y"})",
     "unknown field `data.lable`", "2:37 (data.lable)", "did you mean `label`?"},
    {"ValidationWithCv",
     R"("data": {"train": "a.csv", "validation": "b.csv"}, "split": {"kind": "cv"})",
     "`split.kind` is `cv`, but `data.validation` names files", "2:70 (split.kind)",
     "use `files`, or leave `data.validation` out"},
    {"TestTwice", R"("data": {"train": "a.csv", "test": "b.csv"}, "split": {"test_fraction": 0.1})",
     "`split.test_fraction` is given, but `data.test` names files", "2:73 (split.test_fraction)",
     "keep one of them"},
    {"GroupedByTime",
     R"("data": {"train": "a.csv", "group": "g"}, "split": {"grouped": true, "by_time": true})",
     "`split.by_time` and `split.grouped` contradict each other", "2:81 (split.by_time)",
     "keep one of them"},
    {"EarlyStoppingWithoutValidation",
     R"("split": {"kind": "files"}, "train": {"early_stopping_rounds": 5})",
     "`early_stopping_rounds` needs validation rows, and the split `files` has none",
     "2:10 (split)", "name files with `data.validation`, or use the split `cv` or `holdout`"},
};
INSTANTIATE_TEST_SUITE_P(Data, WrongSpec, testing::ValuesIn(kDataCases), NameOf);

constexpr Case kTrainCases[] = {
    {"UnknownParameter", R"("train": {"etaa": 0.1})", "unknown parameter `etaa`",
     "2:19 (train.etaa)", "did you mean `eta`?"},
    {"ForeignParameter", R"("train": {"process_type": "update"})",
     "`process_type` is a parameter of XGBoost that coppice does not have yet",
     "2:27 (train.process_type)",
     "coppice grows every tree on histograms and has no other plan; leave it out"},
    {"NumberForAList", R"("train": {"monotone_constraints": 1})",
     "`monotone_constraints` cannot be `1`", "2:35 (train.monotone_constraints)",
     R"(write it like `[1, 0, -1]` or `{"age": 1}`)"},
    {"IllegalNumberInAList", R"("train": {"monotone_constraints": {"age": 3}})",
     "`monotone_constraints` holds `3`: its whole numbers must be from -1 to 1",
     "2:35 (train.monotone_constraints)", ""},
    {"SearchedList", R"("search": {"monotone_constraints": {"type": "int", "min": 0, "max": 1}})",
     "`monotone_constraints` cannot be searched", "2:36 (search.monotone_constraints)",
     "it says what is known of the data; set it in `train`"},
    {"ParameterOutOfBounds", R"("train": {"eta": 1.5})", "`eta` must be from 0 to 1, not `1.5`",
     "2:18 (train.eta)", ""},
    {"ParameterTrue", R"("train": {"max_depth": true})",
     "`train.max_depth` must be a number, not `true`", "2:24 (train.max_depth)", ""},
    {"ParameterTwice", R"("train": {"eta": 0.1, "learning_rate": 0.2})",
     "`eta` and `learning_rate` are the same parameter", "2:40 (train.learning_rate)",
     "keep one of them"},
    {"ParameterInQuotes", R"("train": {"eta": "0.1"})",
     "`eta` must be a number, not the word `0.1`", "2:18 (train.eta)", "take the quotes away"},
    {"UnknownObjective",
     R"("train": {"objective": "binary:logistc"}, "objective": {"metric": "auc"})",
     "`objective` cannot be `binary:logistc`", "2:24 (train.objective)",
     "did you mean `binary:logistic`?"},
    {"ForeignObjective", R"("train": {"objective": "reg:expectileerror"})",
     "`reg:expectileerror` is an objective of XGBoost that coppice does not have yet",
     "2:24 (train.objective)", "docs/spec.md lists those that it has"},
    {"NoLimitOfTrees", R"("train": {"max_depth": 0})",
     "`max_depth` and `max_leaves` are both 0, so a tree would have no limit", "2:10 (train)",
     "set one of them above 0"},
    {"TrainIsList", R"("train": [])", "`train` must be an object, not a list", "2:10 (train)", ""},
    {"ParameterNested", R"("train": {"grow_policy": ["depthwise"]})",
     "`train.grow_policy` must be a word, not a list", "2:26 (train.grow_policy)", ""},
    {"BaseScoreOfLogistic", R"("train": {"objective": "binary:logistic", "base_score": 1})",
     "`base_score` must be a probability above 0 and below 1 for `binary:logistic`, not `1`",
     "2:10 (train)", "leave it out: it is estimated from the labels"},
};
INSTANTIATE_TEST_SUITE_P(Train, WrongSpec, testing::ValuesIn(kTrainCases), NameOf);

constexpr Case kSearchCases[] = {
    {"SearchIsWord", R"("search": "automatic")",
     R"(`search` must be an object of ranges or `auto`, not the string "automatic")",
     "2:11 (search)", ""},
    {"NotSearchable", R"("search": {"num_round": {"type": "int", "min": 1, "max": 10}})",
     "`num_round` cannot be searched", "2:25 (search.num_round)",
     "rounds are free: each trial keeps its whole curve and its best round is read off; set the "
     "largest number in `train`"},
    {"FixedAndSearched",
     R"("train": {"learning_rate": 0.1}, "search": {"eta": {"type": "float", "min": 0.01, "max": 0.3}})",
     "`eta` is fixed in `train` and searched too", "2:52 (search.eta)", "keep one of them"},
    {"RangeWithoutType", R"("search": {"eta": {"min": 0.01, "max": 0.3}})",
     "`search.eta.type` is missing", "2:19 (search.eta.type)",
     "use `float`, `int` or `categorical`"},
    {"RangeIsList", R"("search": {"eta": [0.1, 0.2]})",
     "`search.eta` must be an object, not a list", "2:19 (search.eta)", ""},
    {"UnknownRangeType", R"("search": {"eta": {"type": "flaot", "min": 0.01, "max": 0.3}})",
     "`search.eta.type` cannot be `flaot`", "2:28 (search.eta.type)", "did you mean `float`?"},
    {"FloatForWholeParameter", R"("search": {"max_depth": {"type": "float", "min": 2, "max": 10}})",
     "`max_depth` takes whole numbers, so its range cannot be `float`",
     "2:34 (search.max_depth.type)", "use the type `int`"},
    {"NumbersForWords", R"("search": {"grow_policy": {"type": "int", "min": 0, "max": 1}})",
     "`grow_policy` takes words, so its range cannot be `int`", "2:36 (search.grow_policy.type)",
     "use the type `categorical` with `values`"},
    {"RangeAboveBound", R"("search": {"eta": {"type": "float", "min": 0.01, "max": 3}})",
     "`eta` must be from 0 to 1, not `3`", "2:57 (search.eta.max)", ""},
    {"RangeAtOpenBound", R"("search": {"subsample": {"type": "float", "min": 0, "max": 1}})",
     "`subsample` must be above 0 and at most 1, not `0`", "2:50 (search.subsample.min)", ""},
    {"RangeWithoutMax", R"("search": {"eta": {"type": "float", "min": 0.01}})",
     "`search.eta.max` is missing", "2:19 (search.eta.max)", ""},
    {"MinAboveMax", R"("search": {"eta": {"type": "float", "min": 0.5, "max": 0.1}})",
     "`min` (0.5) is above `max` (0.1)", "2:44 (search.eta.min)", ""},
    {"LogFromZero", R"("search": {"eta": {"type": "float", "min": 0, "max": 0.1, "scale": "log"}})",
     "`min` (0) must be above 0 on the scale `log`", "2:44 (search.eta.min)", ""},
    {"UnknownScale",
     R"("search": {"eta": {"type": "float", "min": 0, "max": 0.1, "scale": "lgo"}})",
     "`search.eta.scale` cannot be `lgo`", "2:68 (search.eta.scale)", "did you mean `log`?"},
    {"StepZero", R"("search": {"eta": {"type": "float", "min": 0, "max": 0.1, "step": 0}})",
     "`search.eta.step` must be above 0, not 0", "2:67 (search.eta.step)", ""},
    {"ValuesInFloat",
     R"("search": {"eta": {"type": "float", "min": 0, "max": 0.1, "values": [0.1]}})",
     "`search.eta.values` does not go with the type `float`", "2:69 (search.eta.values)",
     "leave it out, or use `categorical`"},
    {"MinInCategorical", R"("search": {"eta": {"type": "categorical", "min": 0, "values": [0.1]}})",
     "`search.eta.min` does not go with the type `categorical`", "2:50 (search.eta.min)",
     "leave it out, or use `int` or `float`"},
    {"ValuesMissing", R"("search": {"grow_policy": {"type": "categorical"}})",
     "`search.grow_policy.values` is missing", "2:27 (search.grow_policy.values)",
     "list the values to choose from"},
    {"ValuesIllegal",
     R"("search": {"grow_policy": {"type": "categorical", "values": ["depthwise", "losguide"]}})",
     "`grow_policy` cannot be `losguide`", "2:75 (search.grow_policy.values.1)",
     "did you mean `lossguide`?"},
    {"ValuesEmpty", R"("search": {"grow_policy": {"type": "categorical", "values": []}})",
     "`values` is empty", "2:61 (search.grow_policy.values)", ""},
    {"ValueTwice",
     R"("search": {"grow_policy": {"type": "categorical", "values": ["depthwise", "depthwise"]}})",
     "`depthwise` is listed twice", "2:61 (search.grow_policy.values)", ""},
    {"UnknownRangeField",
     R"("search": {"eta": {"type": "float", "min": 0, "max": 0.1, "scael": "log"}})",
     "unknown field `search.eta.scael`", "2:68 (search.eta.scael)", "did you mean `scale`?"},
    {"ConditionOnUnsearched",
     R"("search": {"max_leaves": {"type": "int", "min": 4, "max": 64, "when": {"grow_policy": "lossguide"}}})",
     "the condition is on `grow_policy`, which is not searched", "2:71 (search.max_leaves.when)",
     ""},
    {"ConditionOfTwo",
     R"("search": {"max_leaves": {"type": "int", "min": 4, "max": 64, "when": {"grow_policy": "lossguide", "eta": 1}}})",
     "`search.max_leaves.when` must name one parameter, not 2", "2:71 (search.max_leaves.when)",
     R"(write it like `{"grow_policy": "lossguide"}`)"},
    {"ConditionValueIllegal",
     R"("search": {"max_leaves": {"type": "int", "min": 4, "max": 64, "when": {"grow_policy": "leafwise"}}})",
     "`grow_policy` cannot be `leafwise`", "2:87 (search.max_leaves.when.grow_policy)",
     "use `depthwise` or `lossguide`"},
    {"SearchWithoutLimit", R"("search": {"max_depth": {"type": "int", "min": 0, "max": 10}})",
     "`search` holds `max_depth=0`, where neither `max_depth` nor `max_leaves` limits a tree",
     "2:11 (search)", "let one of them begin above 0"},
    {"SearchOfWeightWithoutClasses",
     R"("search": {"scale_pos_weight": {"type": "float", "min": 1, "max": 10}})",
     "`scale_pos_weight` has no meaning for `reg:squarederror`, so there is nothing to search",
     "2:11 (search)", "leave it out of `search`"},
    {"StartOutside",
     R"("search": {"eta": {"type": "float", "min": 0.01, "max": 0.3}}, "start": [{"eta": 0.5}])",
     "`0.5` is outside the range of `eta`", "2:82 (start.0.eta)", "the nearest value is `0.3`"},
    {"StartUnsearched",
     R"("search": {"eta": {"type": "float", "min": 0.01, "max": 0.3}}, "start": [{"max_depth": 5}])",
     "`max_depth` is not searched, so it cannot be started with", "2:88 (start.0.max_depth)",
     "add a range for it to `search`, or set it in `train`"},
    {"StartInactive",
     R"("search": {"grow_policy": {"type": "categorical", "values": ["depthwise", "lossguide"]}, "max_leaves": {"type": "int", "min": 4, "max": 64, "when": {"grow_policy": "lossguide"}}}, "start": [{"max_leaves": 16}])",
     "`max_leaves` is not active here: its condition does not hold", "2:206 (start.0.max_leaves)",
     "leave it out, or add what its `when` asks for"},
    {"StartIsObject", R"("start": {"eta": 0.1})",
     "`start` must be a list of objects, not an object", "2:10 (start)", ""},
};
INSTANTIATE_TEST_SUITE_P(Search, WrongSpec, testing::ValuesIn(kSearchCases), NameOf);

constexpr Case kRuleCases[] = {
    {"TrialsInQuotes", R"("stop": {"trials": "40"})",
     R"(`stop.trials` must be a whole number, not the string "40")", "2:20 (stop.trials)",
     "take the quotes away"},
    {"TrialsZero", R"("stop": {"trials": 0})", "`stop.trials` must be at least 1, not 0",
     "2:20 (stop.trials)", ""},
    {"TrialsFraction", R"("stop": {"trials": 2.5})",
     "`stop.trials` must be a whole number, not the number 2.5", "2:20 (stop.trials)", ""},
    {"SecondsZero", R"("stop": {"seconds": 0})", "`stop.seconds` must be above 0, not 0",
     "2:21 (stop.seconds)", ""},
    {"TargetWord", R"("stop": {"target": "high"})",
     R"(`stop.target` must be a number, not the string "high")", "2:20 (stop.target)", ""},
    {"UnknownStopField", R"("stop": {"trails": 40})", "unknown field `stop.trails`",
     "2:20 (stop.trails)", "did you mean `trials`?"},
    {"StopIsNumber", R"("stop": 40)", "`stop` must be an object, not the number 40", "2:9 (stop)",
     ""},
    {"UnknownMetric", R"("objective": {"metric": "rsme"})", "unknown metric `rsme`",
     "2:25 (objective.metric)", "did you mean `rmse`?"},
    {"MetricOfSageMaker", R"("objective": {"metric": "validation:rmse"})",
     "unknown metric `validation:rmse`", "2:25 (objective.metric)",
     "say `rmse`: which rows it is of is decided by `split`"},
    {"MetricNeedsClasses", R"("objective": {"metric": "auc"})",
     "`auc` needs probabilities of classes or an order of rows, and the objective predicts a "
     "number",
     "2:25 (objective.metric)", "the objective is `reg:squarederror`"},
    {"WrongGoal", R"("objective": {"metric": "rmse", "goal": "maximize"})",
     "the goal of `rmse` is to `minimize`, not to `maximize`", "2:41 (objective.goal)",
     "leave `goal` out: the metric decides it"},
    {"UnknownGoal", R"("objective": {"goal": "max"})", "`objective.goal` cannot be `max`",
     "2:23 (objective.goal)", "use `minimize` or `maximize`"},
    {"MetricsTwice", R"("metrics": ["mae", "mae"])", "`mae` is listed twice", "2:20 (metrics.1)",
     "keep one of them"},
    {"MetricsHoldObjective", R"("metrics": ["rmse"])", "`rmse` is the objective's metric already",
     "2:13 (metrics.0)", "leave it out"},
    {"UnknownInMetrics", R"("metrics": ["mae", "mea"])", "unknown metric `mea`", "2:20 (metrics.1)",
     "did you mean `mae`?"},
    {"UnknownStrategy", R"("strategy": {"kind": "rnadom"})", "unknown strategy `rnadom`",
     "2:22 (strategy.kind)", "did you mean `random`?"},
    {"StrategyWithoutKind", R"("strategy": {})", "`strategy.kind` is missing",
     "2:13 (strategy.kind)", "use `bayesian`, `grid`, `hyperband`, `asha`, `random` or `sobol`"},
    {"UnknownAcquisition", R"("strategy": {"kind": "bayesian", "acquisition": "pi"})",
     "`acquisition` (`pi`) is not `ucb` or `ei`", "2:49 (strategy.acquisition)", ""},
    {"UnknownStrategyOption", R"("strategy": {"kind": "grid", "level": 3})",
     "unknown field `strategy.level`", "2:39 (strategy.level)", "did you mean `levels`?"},
    {"GridNeedsLevels",
     R"("search": {"eta": {"type": "float", "min": 0.01, "max": 0.3}}, "strategy": {"kind": "grid"})",
     "a grid over `eta`, a float without `step`, needs the option `levels`",
     "2:76 (strategy.levels)", ""},
    {"UnknownPruning", R"("prune": {"kind": "medain"})",
     "`medain` is not a way of pruning: did you mean `median`?", "2:19 (prune.kind)", ""},
    {"PruningOptionOutOfRange", R"("prune": {"kind": "asha", "reduction": 1})",
     "`reduction` (`1`) is not a whole number from 2 to 100", "2:40 (prune.reduction)", ""},
    {"PatienceTwice", R"("train": {"early_stopping_rounds": 5}, "prune": {"patience": "adaptive"})",
     "`adaptive` patience and `train.early_stopping_rounds` exclude each other",
     "2:62 (prune.patience)", "keep one of them"},
    {"MemoryLimit", R"("limits": {"memory_bytes": 1000000})",
     "a limit in bytes is not in this version", "2:28 (limits.memory_bytes)",
     "leave `limits.memory_bytes` out, or set it to null"},
    {"FailuresZero", R"("limits": {"failures": 0})", "`limits.failures` must be at least 1, not 0",
     "2:24 (limits.failures)", ""},
    {"SlotsZero", R"("parallel": {"slots": 0})", "`parallel.slots` must be at least 1, not 0",
     "2:23 (parallel.slots)", ""},
    {"ThreadsWord", R"("parallel": {"threads": "many"})",
     R"(`parallel.threads` must be `all` or a whole number, not the string "many")",
     "2:25 (parallel.threads)", ""},
    {"UnknownOrder", R"("parallel": {"order": "deterministc"})",
     "`parallel.order` cannot be `deterministc`", "2:23 (parallel.order)",
     "did you mean `deterministic`?"},
    {"ThreadsZero", R"("parallel": {"threads": 0})", "`parallel.threads` must be at least 1, not 0",
     "2:25 (parallel.threads)", ""},
    {"ObjectiveIsText", R"("objective": "auc")",
     R"(`objective` must be an object, not the string "auc")", "2:14 (objective)", ""},
};
INSTANTIATE_TEST_SUITE_P(Rules, WrongSpec, testing::ValuesIn(kRuleCases), NameOf);

}  // namespace
}  // namespace coppice::tuner
