#include "tuner/spec/spec_reader.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace coppice::tuner {
namespace {

Spec Read(const std::string& text, const Overrides& overrides = {}) {
  return ReadSpecText(text, "study.json", "/data", overrides);
}

// A spec with these fields besides the necessary ones.
Spec ReadFields(const std::string& fields, const Overrides& overrides = {}) {
  const std::string comma = fields.empty() ? "" : ", ";
  return Read(R"({"coppice": 1, "data": {"train": "a.csv"})" + comma + fields + "}", overrides);
}

// "message @ place", in order.
std::vector<std::string> FindingsOf(const std::string& text, const Overrides& overrides = {}) {
  std::vector<std::string> found;
  try {
    Read(text, overrides);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSpec);
    for (const Finding& finding : error.findings()) {
      found.push_back(finding.message + " @ " + finding.place.ToString());
    }
  }
  return found;
}

TEST(SpecReader, FillsInEveryDefault) {
  const Spec spec = ReadFields("");
  EXPECT_EQ(spec.name, "study");
  EXPECT_EQ(spec.folder, "/data");
  EXPECT_EQ(spec.data.train, std::vector<std::string>{"a.csv"});
  EXPECT_FALSE(spec.data.read.label);
  EXPECT_TRUE(spec.data.read.categorical_auto);
  EXPECT_EQ(spec.data.read.label_kind, trainer::LabelKind::kNumber);
  EXPECT_EQ(spec.split.kind, trainer::SplitKind::kCrossValidation);
  EXPECT_EQ(spec.split.folds, 5);
  EXPECT_EQ(spec.split.test_fraction, 0.2);
  EXPECT_FALSE(spec.split.stratified);
  EXPECT_TRUE(spec.train.empty());
  EXPECT_TRUE(spec.search.empty());
  EXPECT_EQ(spec.metric, "rmse");
  EXPECT_EQ(spec.goal, study::Goal::kMinimize);
  EXPECT_EQ(spec.strategy.kind, "bayesian");
  EXPECT_EQ(ToText(spec.strategy.options.at("acquisition")), "ucb");
  EXPECT_EQ(spec.stop.trials, 50);
  EXPECT_FALSE(spec.stop.seconds);
  EXPECT_EQ(spec.limits.failures, 10);
  EXPECT_EQ(spec.parallel.slots, 4);
  EXPECT_FALSE(spec.parallel.threads);
  EXPECT_EQ(spec.parallel.order, CommitRule::kDeterministic);
  EXPECT_EQ(spec.seed, 0u);
}

TEST(SpecReader, KeepsTheGroupsOfARankingTogether) {
  const Spec spec = Read(R"({"coppice": 1, "data": {"train": "a.csv", "group": "q"},
                             "train": {"objective": "rank:ndcg", "ndcg_exp_gain": false,
                                       "lambdarank_num_pair_per_sample": 5}})");
  EXPECT_TRUE(spec.split.grouped);
  EXPECT_FALSE(spec.split.stratified);
  EXPECT_EQ(spec.metric, "ndcg@5");
  EXPECT_EQ(spec.goal, study::Goal::kMaximize);
  EXPECT_FALSE(spec.ParamsFor({}).ndcg_exp_gain);
  // A LibSVM file has its groups in itself.
  EXPECT_TRUE(Read(R"({"coppice": 1, "data": {"train": "a.svm"},
                       "train": {"objective": "rank:map"}})")
                  .split.grouped);
}

TEST(SpecReader, ReadsTheBoundsOfALabel) {
  const Spec spec = Read(R"({"coppice": 1,
    "data": {"train": "a.csv", "label_lower_bound": "from", "label_upper_bound": 3},
    "train": {"objective": "survival:aft"}})");
  EXPECT_EQ(spec.data.read.label, Value("from"));
  EXPECT_EQ(spec.data.read.label_upper, Value(std::int64_t{3}));
  const Json resolved = ToJson(spec)["data"];
  EXPECT_EQ(resolved["label"], Json(nullptr));
  EXPECT_EQ(resolved["label_lower_bound"], Json("from"));
  EXPECT_EQ(resolved["label_upper_bound"], Json(3));
}

TEST(SpecReader, ReadsOneQuantileOrSeveral) {
  const auto alphas = [](const std::string& value) {
    return Read(R"({"coppice": 1, "data": {"train": "a.csv"}, "train":
                    {"objective": "reg:quantileerror", "quantile_alpha": )" +
                value + "}}");
  };
  EXPECT_EQ(alphas("[0.1, 0.9]").ParamsFor({}).quantile_alpha, (std::vector<double>{0.1, 0.9}));
  EXPECT_EQ(alphas("0.25").ParamsFor({}).quantile_alpha, std::vector<double>{0.25});
  EXPECT_EQ(alphas("\"[0.5, 1]\"").ParamsFor({}).quantile_alpha, (std::vector<double>{0.5, 1}));
  EXPECT_EQ(ToJson(alphas("0.25"))["train"]["quantile_alpha"], Json({0.25}));
}

TEST(SpecReader, ReadsTheWholeFormat) {
  const Spec spec = Read(R"({
    "coppice": 1,  // the version
    "name": "titanic",
    "data": {"train": ["a.csv", "b.csv"], "validation": null, "test": "t.csv", "label": "y",
             "weight": 3, "group": "g", "ignore": ["id", 7], "categorical": ["zip"],
             "missing": ["", "-"]},
    "split": {"kind": "holdout", "validation_fraction": 0.25, "grouped": true},
    "train": {"objective": "binary:logistic", "num_round": 500, "learning_rate": 1},
    "search": {
      "reg_lambda": {"type": "float", "min": 0, "max": 10, "scale": "log0"},
      "max_depth": {"type": "int", "min": 2, "max": 10, "step": 2},
      "grow_policy": {"type": "categorical", "values": ["depthwise", "lossguide"]},
      "max_leaves": {"type": "int", "min": 4, "max": 256, "scale": "log",
                     "when": {"grow_policy": "lossguide"}}
    },
    "start": [{"max_depth": 6, "grow_policy": "lossguide", "max_leaves": 16}],
    "objective": {"metric": "auc", "goal": "maximize"},
    "metrics": ["logloss", "error"],
    "strategy": {"kind": "grid", "levels": 3},
    "prune": {"kind": "none"},
    "stop": {"trials": 60, "seconds": 600, "target": 0.95, "no_gain_trials": 30},
    "limits": {"trial_seconds": 120, "failures": 3, "memory_bytes": null},
    "parallel": {"slots": 8, "threads": 2, "order": "asap"},
    "seed": 7
  })");
  EXPECT_EQ(spec.name, "titanic");
  EXPECT_EQ(spec.data.train, (std::vector<std::string>{"a.csv", "b.csv"}));
  EXPECT_TRUE(spec.data.validation.empty());
  EXPECT_EQ(spec.data.test, std::vector<std::string>{"t.csv"});
  EXPECT_EQ(spec.data.read.label, Value("y"));
  EXPECT_EQ(spec.data.read.weight, Value(std::int64_t{3}));
  EXPECT_EQ(spec.data.read.group, Value("g"));
  EXPECT_EQ(spec.data.read.ignore, (std::vector<Value>{Value("id"), Value(std::int64_t{7})}));
  EXPECT_EQ(spec.data.read.categorical, std::vector<Value>{Value("zip")});
  EXPECT_EQ(spec.data.read.missing, (std::vector<std::string>{"", "-"}));
  EXPECT_EQ(spec.data.read.label_kind, trainer::LabelKind::kBinary);
  EXPECT_EQ(spec.split.kind, trainer::SplitKind::kHoldout);
  EXPECT_EQ(spec.split.validation_fraction, 0.25);
  EXPECT_EQ(spec.split.test_fraction, 0);
  EXPECT_TRUE(spec.split.stratified);
  EXPECT_TRUE(spec.split.grouped);
  EXPECT_EQ(spec.train, (std::map<std::string, Value>{{"eta", Value(1.0)},
                                                      {"num_round", Value(std::int64_t{500})},
                                                      {"objective", Value("binary:logistic")}}));
  ASSERT_EQ(spec.search.size(), 4u);
  EXPECT_EQ(spec.search[0].name(), "lambda");
  EXPECT_EQ(spec.search[0].scale(), study::Scale::kLog0);
  EXPECT_EQ(spec.search[1].spec().step, 2.0);
  EXPECT_EQ(spec.search[3].when()->values, std::vector<Value>{Value("lossguide")});
  ASSERT_EQ(spec.start.size(), 1u);
  EXPECT_EQ(spec.start[0].at("max_leaves"), Value(std::int64_t{16}));
  EXPECT_EQ(spec.metric, "auc");
  EXPECT_EQ(spec.goal, study::Goal::kMaximize);
  EXPECT_EQ(spec.metrics, (std::vector<std::string>{"logloss", "error"}));
  EXPECT_EQ(spec.strategy.kind, "grid");
  EXPECT_EQ(spec.strategy.options.at("levels"), Value(std::int64_t{3}));
  EXPECT_EQ(spec.stop.trials, 60);
  EXPECT_EQ(spec.stop.seconds, 600.0);
  EXPECT_EQ(spec.stop.target, 0.95);
  EXPECT_EQ(spec.stop.no_gain_trials, 30);
  EXPECT_EQ(spec.limits.trial_seconds, 120.0);
  EXPECT_EQ(spec.limits.failures, 3);
  EXPECT_EQ(spec.parallel.slots, 8);
  EXPECT_EQ(spec.parallel.threads, 2);
  EXPECT_EQ(spec.parallel.order, CommitRule::kAsap);
  EXPECT_EQ(spec.seed, 7u);
}

TEST(SpecReader, ReportsEveryFindingInTheOrderOfTheFile) {
  EXPECT_EQ(FindingsOf(R"({
  "seed": -1,
  "coppice": 1,
  "stop": {"trials": "40", "secnds": 5},
  "train": {"etaa": 0.1, "max_depth": 2.5},
  "data": {"label": 1.5},
  "search": {"gamma": {"type": "float", "min": -1, "max": "many"}}
})"),
            (std::vector<std::string>{
                "`seed` must be at least 0, not -1 @ study.json:2:11 (seed)",
                "`stop.trials` must be a whole number, not the string \"40\" @ "
                "study.json:4:22 (stop.trials)",
                "unknown field `stop.secnds` @ study.json:4:38 (stop.secnds)",
                "unknown parameter `etaa` @ study.json:5:21 (train.etaa)",
                "`max_depth` must be a whole number, not `2.5` @ study.json:5:39 "
                "(train.max_depth)",
                "`data.train` is missing @ study.json:6:11 (data.train)",
                "`data.label` must be a column's name or its index from 0, not the number 1.5 @ "
                "study.json:6:21 (data.label)",
                "`gamma` must be at least 0, not `-1` @ study.json:7:48 (search.gamma.min)",
                "`search.gamma.max` must be a number, not the string \"many\" @ "
                "study.json:7:59 (search.gamma.max)",
            }));
}

TEST(SpecReader, AsksForVersionAndData) {
  EXPECT_EQ(FindingsOf("{}"),
            (std::vector<std::string>{
                "`coppice`, the version of the spec's format, is missing @ study.json:1:1 "
                "(coppice)",
                "`data` is missing @ study.json:1:1 (data)"}));
}

TEST(SpecReader, SaysNothingElseAboutASpecOfANewerVersion) {
  EXPECT_EQ(FindingsOf(R"({"coppice": 2, "future": true})"),
            std::vector<std::string>{"the spec is in version 2 of the format, and this program "
                                     "knows version 1 @ study.json:1:13 (coppice)"});
}

TEST(SpecReader, RefusesWhatIsNoObject) {
  EXPECT_EQ(FindingsOf("[1]"),
            std::vector<std::string>{"the spec must be an object, not a list @ study.json:1:1"});
}

TEST(SpecReader, DrawsNoConclusionFromAnObjectiveThatIsWrong) {
  EXPECT_EQ(FindingsOf(R"({"coppice": 1, "data": {"train": "a.csv"},
"train": {"objective": "binary:logistc"},
"split": {"stratified": true}, "objective": {"metric": "auc"}, "metrics": ["logloss"]})"),
            std::vector<std::string>{
                "`objective` cannot be `binary:logistc` @ study.json:2:24 (train.objective)"});
}

TEST(SpecReader, NamesTheStudyAfterItsFile) {
  const std::string text = R"({"coppice": 1, "data": {"train": "a.csv"}})";
  auto name = [&](const std::string& file) { return ReadSpecText(text, file, "/", {}).name; };
  EXPECT_EQ(name("a/b/titanic.json"), "titanic");
  EXPECT_EQ(name("my spec.v2.json"), "my-spec.v2");
  EXPECT_EQ(name("-"), "study");
  EXPECT_EQ(name(".hidden.json"), "hidden");
}

TEST(SpecReader, TakesNullForNotGiven) {
  const Spec spec = ReadFields(
      R"("name": null, "split": null, "search": null, "start": null, "stop": {"trials": null},
         "train": {"eta": null}, "parallel": {"threads": null})");
  EXPECT_EQ(spec.name, "study");
  EXPECT_EQ(spec.stop.trials, 50);
  EXPECT_TRUE(spec.train.empty());
}

TEST(SpecReader, TakesAWholeRealForAWholeNumber) {
  EXPECT_EQ(ReadFields(R"("stop": {"trials": 1e3})").stop.trials, 1000);
  EXPECT_EQ(ReadFields(R"("train": {"max_depth": 4.0})").train.at("max_depth"),
            Value(std::int64_t{4}));
}

TEST(SpecReader, JudgesByTheObjectivesOwnMetric) {
  const Spec binary = ReadFields(R"("train": {"objective": "binary:logistic"})");
  EXPECT_EQ(binary.metric, "logloss");
  EXPECT_TRUE(binary.split.stratified);
  const Spec multi = ReadFields(R"("train": {"objective": "multi:softprob"})");
  EXPECT_EQ(multi.metric, "mlogloss");
  EXPECT_EQ(multi.data.read.label_kind, trainer::LabelKind::kMulticlass);
}

TEST(SpecReader, TakesTheGoalFromTheMetric) {
  const Spec spec =
      ReadFields(R"("train": {"objective": "binary:logistic"}, "objective": {"metric": "auc"})");
  EXPECT_EQ(spec.goal, study::Goal::kMaximize);
}

TEST(SpecReader, TakesTheFilesAsTheyAreWhenValidationIsGiven) {
  const Spec spec = Read(
      R"({"coppice": 1, "data": {"train": "a.csv", "validation": "b.csv"}, "search": "auto"})");
  EXPECT_EQ(spec.split.kind, trainer::SplitKind::kFiles);
  EXPECT_EQ(spec.split.test_fraction, 0);
}

TEST(SpecReader, LeavesOutTheTestShareWhenThereAreTestFiles) {
  EXPECT_EQ(Read(R"({"coppice": 1, "data": {"train": "a", "test": "b"}})").split.test_fraction, 0);
}

TEST(SpecReader, DoesNotMixClassesThatAreInOrderOfTime) {
  const Spec spec =
      ReadFields(R"("train": {"objective": "binary:logistic"}, "split": {"by_time": true})");
  EXPECT_TRUE(spec.split.by_time);
  EXPECT_FALSE(spec.split.stratified);
}

TEST(SpecReader, ConfirmsWhereThereIsASearchAndOtherFoldsAndIsSilentlyOffElsewhere) {
  const Spec usual = ReadFields(R"("search": "auto")");
  EXPECT_EQ(usual.confirm.share, 0.1);
  EXPECT_EQ(usual.confirm.candidates, 5);
  EXPECT_EQ(usual.confirm.choose, ConfirmChoice::kBest);
  EXPECT_EQ(ReadFields("").confirm.share, 0);
  EXPECT_EQ(ReadFields(R"("search": "auto", "split": {"by_time": true})").confirm.share, 0);
  EXPECT_EQ(Read(R"({"coppice": 1, "data": {"train": "a", "validation": "v"}, "search": "auto"})")
                .confirm.share,
            0);
  const Spec given = ReadFields(
      R"("search": "auto", "split": {"kind": "holdout"},
         "confirm": {"share": 0.5, "candidates": 3, "choose": "one_std_error"})");
  EXPECT_EQ(given.confirm.share, 0.5);
  EXPECT_EQ(given.confirm.candidates, 3);
  EXPECT_EQ(given.confirm.choose, ConfirmChoice::kOneStdError);
  EXPECT_EQ(ReadFields(R"("search": "auto", "split": {"by_time": true}, "confirm": {"share": 0})")
                .confirm.share,
            0);
}

TEST(SpecReader, LetsAGridEndByItself) {
  const Spec spec = ReadFields(
      R"("search": {"max_depth": {"type": "int", "min": 2, "max": 6}},
         "strategy": {"kind": "grid"})");
  EXPECT_FALSE(spec.stop.trials);
}

TEST(SpecReader, AddsNoTrialLimitToAnotherRule) {
  EXPECT_FALSE(ReadFields(R"("stop": {"seconds": 10})").stop.trials);
  EXPECT_FALSE(ReadFields(R"("stop": {"converged": true})").stop.trials);
  EXPECT_EQ(ReadFields(R"("stop": {"converged": false})").stop.trials, 50);
}

TEST(SpecReader, AllowsARangeOfOneValue) {
  const Spec spec = ReadFields(R"("search": {"eta": {"type": "float", "min": 0.1, "max": 0.1}})");
  EXPECT_EQ(spec.DefaultConfiguration().values().at("eta"), Value(0.1));
}

TEST(SpecReader, AllowsTreesWithoutDepthWhereLeavesLimitThem) {
  const Spec spec = ReadFields(
      R"("train": {"max_depth": 0, "grow_policy": "lossguide"},
         "search": {"max_leaves": {"type": "int", "min": 4, "max": 64}})");
  EXPECT_EQ(spec.ParamsFor(spec.DefaultConfiguration()).max_leaves, 4);
}

TEST(SpecReader, FindsATreeWithoutLimitBehindACondition) {
  EXPECT_EQ(FindingsOf(R"({"coppice": 1, "data": {"train": "a.csv"}, "train": {"max_depth": 0},
"search": {"grow_policy": {"type": "categorical", "values": ["lossguide", "depthwise"]},
"max_leaves": {"type": "int", "min": 4, "max": 64, "when": {"grow_policy": "lossguide"}}}})"),
            std::vector<std::string>{
                "`search` holds `grow_policy=depthwise`, where neither `max_depth` nor "
                "`max_leaves` limits a tree @ study.json:2:11 (search)"});
}

TEST(SpecReader, FindsATreeWithoutLimitFarFromTheDefaultConfiguration) {
  EXPECT_EQ(FindingsOf(R"({"coppice": 1, "data": {"train": "a.csv"},
"search": {"grow_policy": {"type": "categorical", "values": ["depthwise", "lossguide"]},
"max_depth": {"type": "int", "min": 0, "max": 9, "when": {"grow_policy": "lossguide"}}}})"),
            std::vector<std::string>{
                "`search` holds `grow_policy=lossguide max_depth=0`, where neither `max_depth` "
                "nor `max_leaves` limits a tree @ study.json:2:11 (search)"});
}

TEST(AutoSearch, HasTheShippedRanges) {
  const Spec spec = ReadFields(R"("search": "auto")");
  EXPECT_TRUE(spec.auto_search);
  std::vector<std::string> names;
  for (const auto& range : spec.search) names.push_back(range.name());
  EXPECT_EQ(names, (std::vector<std::string>{"eta", "max_depth", "min_child_weight", "subsample",
                                             "colsample_bylevel", "colsample_bynode", "alpha",
                                             "lambda", "grow_policy", "max_leaves"}));
  EXPECT_TRUE(study::SearchSpace::Problems(spec.search).empty());
}

TEST(AutoSearch, HasOtherRangesForOtherBoostersAndForLinearModelsNoTreesToStartFrom) {
  const Spec linear = ReadFields(R"("search": "auto", "train": {"booster": "gblinear"})");
  std::vector<std::string> names;
  for (const auto& range : linear.search) names.push_back(range.name());
  EXPECT_EQ(names, (std::vector<std::string>{"eta", "alpha", "lambda"}));
  EXPECT_TRUE(linear.start.empty());
  const Spec dart = ReadFields(R"("search": "auto", "train": {"booster": "dart"})");
  EXPECT_EQ(dart.search.size(), 12u);
  EXPECT_EQ(dart.search.back().name(), "skip_drop");
  EXPECT_FALSE(dart.start.empty());
}

TEST(AutoSearch, RaisesTheCapOfRoundsUnlessTrainHasOne) {
  EXPECT_EQ(ReadFields(R"("search": "auto")").ParamsFor({}).num_round, 2000);
  const auto with = [](const std::string& train) {
    return ReadFields(R"("search": "auto", "train": {)" + train + "}").ParamsFor({}).num_round;
  };
  EXPECT_EQ(with(R"("n_estimators": 70)"), 70);
  EXPECT_EQ(with(R"("booster": "dart")"), 100);
  EXPECT_EQ(with(R"("booster": "gblinear")"), 100);
  EXPECT_EQ(ReadFields(R"("search": {"max_depth": {"type": "int", "min": 2, "max": 4}})")
                .ParamsFor({})
                .num_round,
            100);
}

TEST(AutoSearch, BeginsLeafByLeafOnlyWhereTreesMayGrowSo) {
  const auto n_leafwise = [](const Spec& spec) {
    return std::count_if(spec.start.begin(), spec.start.end(),
                         [](const auto& values) { return values.contains("max_leaves"); });
  };
  const Spec free = ReadFields(R"("search": "auto")");
  EXPECT_EQ(free.start.size(), 6U);
  EXPECT_EQ(n_leafwise(free), 1);
  const Spec depthwise = ReadFields(R"("search": "auto", "train": {"grow_policy": "depthwise"})");
  EXPECT_EQ(depthwise.start.size(), 5U);
  EXPECT_EQ(n_leafwise(depthwise), 0);
  const Spec lossguide = ReadFields(R"("search": "auto", "train": {"grow_policy": "lossguide"})");
  EXPECT_EQ(lossguide.start.size(), 6U);
  EXPECT_EQ(n_leafwise(lossguide), 1);
}

TEST(AutoSearch, LeavesOutWhatTrainFixes) {
  const Spec spec = ReadFields(R"("search": "auto", "train": {"eta": 0.1, "reg_alpha": 0})");
  EXPECT_EQ(spec.search.size(), 8u);
  for (const auto& range : spec.search) {
    EXPECT_NE(range.name(), "eta");
    EXPECT_NE(range.name(), "alpha");
  }
}

TEST(AutoSearch, DecidesAboutLeavesWhenThePolicyIsFixed) {
  const Spec lossguide = ReadFields(R"("search": "auto", "train": {"grow_policy": "lossguide"})");
  EXPECT_EQ(lossguide.search.back().name(), "max_leaves");
  EXPECT_FALSE(lossguide.search.back().when());
  const Spec depthwise = ReadFields(R"("search": "auto", "train": {"grow_policy": "depthwise"})");
  EXPECT_EQ(depthwise.search.back().name(), "lambda");
}

TEST(Spec, DefaultConfigurationIsXgboostsAsNearAsTheRangesHaveIt) {
  const Spec spec = ReadFields(
      R"("search": {"eta": {"type": "float", "min": 0.01, "max": 0.2},
                    "max_depth": {"type": "int", "min": 2, "max": 10},
                    "grow_policy": {"type": "categorical", "values": ["depthwise", "lossguide"]},
                    "max_leaves": {"type": "int", "min": 4, "max": 64,
                                   "when": {"grow_policy": "lossguide"}}})");
  EXPECT_EQ(spec.DefaultConfiguration().CanonicalText(),
            "eta=0.2 grow_policy=depthwise max_depth=6");
}

TEST(Spec, ConfigurationWinsOverTrainAndTrainOverDefaults) {
  const Spec spec = ReadFields(
      R"("seed": 9, "train": {"gamma": 2}, "search": {"eta": {"type": "float", "min": 0, "max": 1}})");
  const trainer::TrainParams params = spec.ParamsFor(study::Configuration({{"eta", Value(0.05)}}));
  EXPECT_EQ(params.eta, 0.05);
  EXPECT_EQ(params.gamma, 2.0);
  EXPECT_EQ(params.max_depth, 6);
}

TEST(Spec, TrainsWithTheStudysSeedUnlessItHasItsOwn) {
  EXPECT_EQ(ReadFields(R"("seed": 9)").ParamsFor({}).seed, 9u);
  EXPECT_EQ(ReadFields(R"("seed": 9, "train": {"seed": 3})").ParamsFor({}).seed, 3u);
}

TEST(Override, ReplacesAValueOfTheFile) {
  const Spec spec = ReadFields(R"("stop": {"trials": 5, "seconds": 9})", {{"stop.trials", "40"}});
  EXPECT_EQ(spec.stop.trials, 40);
  EXPECT_EQ(spec.stop.seconds, 9.0);
}

TEST(Override, MakesAPathThatIsNotThere) {
  const Spec spec = ReadFields(
      "", {{"stop.seconds", "2.5"}, {"search.eta", R"({"type": "float", "min": 0, "max": 1})"}});
  EXPECT_EQ(spec.stop.seconds, 2.5);
  EXPECT_EQ(spec.search.size(), 1u);
}

TEST(Override, IsJsonOrElseAWord) {
  const Spec spec = ReadFields("", {{"name", "other"},
                                    {"train.objective", "binary:logistic"},
                                    {"metrics", "[\"auc\"]"},
                                    {"split.stratified", "false"}});
  EXPECT_EQ(spec.name, "other");
  EXPECT_EQ(spec.train.at("objective"), Value("binary:logistic"));
  EXPECT_EQ(spec.metrics, std::vector<std::string>{"auc"});
  EXPECT_FALSE(spec.split.stratified);
}

TEST(Override, TheLastOneWins) {
  EXPECT_EQ(ReadFields("", {{"seed", "1"}, {"seed", "2"}}).seed, 2u);
}

TEST(Override, ReachesIntoAList) {
  const Spec spec = ReadFields(
      R"("search": {"eta": {"type": "float", "min": 0, "max": 1}}, "start": [{"eta": 0.5}])",
      {{"start.0.eta", "0.25"}});
  EXPECT_EQ(spec.start[0].at("eta"), Value(0.25));
}

const char* const kSmall = R"({"coppice": 1, "data": {"train": "a.csv"}, "seed": 1})";

TEST(Override, IsThePlaceOfItsFindings) {
  EXPECT_EQ(
      FindingsOf(kSmall, {{"stop.trials", "many"}}),
      std::vector<std::string>{"`stop.trials` must be a whole number, not the string \"many\" @ "
                               "--set stop.trials"});
  EXPECT_EQ(FindingsOf(kSmall, {{"stop", R"({"trials": 0})"}}),
            std::vector<std::string>{
                "`stop.trials` must be at least 1, not 0 @ --set stop (stop.trials)"});
}

TEST(Override, ThatLeadsNowhereIsAFinding) {
  EXPECT_EQ(FindingsOf(kSmall, {{"seed.a", "1"}}),
            std::vector<std::string>{"`seed.a` leads nowhere: `seed` has no `a` @ --set seed.a"});
  EXPECT_EQ(
      FindingsOf(kSmall, {{"stop..trials", "1"}}),
      std::vector<std::string>{"`stop..trials` is not a path into the spec @ --set stop..trials"});
  EXPECT_EQ(FindingsOf(kSmall, {{"metrics", "[]"}, {"metrics.0", "mae"}}),
            std::vector<std::string>{
                "`metrics.0` leads nowhere: `metrics` has no `0` @ --set metrics.0"});
}

TEST(Override, MayNotBeOtherThanUtf8) {
  EXPECT_EQ(FindingsOf(kSmall, {{"name", "\xff"}}),
            std::vector<std::string>{"a value of `--set` is not UTF-8 text @ --set"});
}

TEST(Override, FindingsComeAfterThoseOfTheFile) {
  EXPECT_EQ(FindingsOf(R"({"coppice": 1, "data": {"train": 5}})", {{"seed", "-1"}}),
            (std::vector<std::string>{
                "`data.train` must be a string or a list of strings, not the number 5 @ "
                "study.json:1:34 (data.train)",
                "`seed` must be at least 0, not -1 @ --set seed"}));
}

// A disk with one file.
class OneFile : public FileSystem {
 public:
  OneFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}
  bool Exists(const std::string& path) override { return path == path_; }
  std::string Read(const std::string&) override { return text_; }
  void WriteAtomically(const std::string&, std::string_view) override {}
  void Append(const std::string&, std::string_view) override {}
  void MakeFolder(const std::string&) override {}
  bool MoveFolder(const std::string&, const std::string&) override { return true; }
  std::vector<std::string> List(const std::string&) override { return {}; }

 private:
  std::string path_;
  std::string text_;
};

TEST(ReadSpec, KnowsItsFolderAndName) {
  OneFile disk("/home/me/../you/tree.json", kSmall);
  const Spec spec = ReadSpec("/home/me/../you/tree.json", {}, disk);
  EXPECT_EQ(spec.folder, "/home/you");
  EXPECT_EQ(spec.name, "tree");
}

TEST(ReadSpec, SaysWhenThereIsNoSuchFile) {
  OneFile disk("a.json", kSmall);
  try {
    ReadSpec("b.json", {}, disk);
    FAIL() << "there is no b.json";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_EQ(error.findings()[0].message, "there is no spec `b.json`");
  }
}

}  // namespace
}  // namespace coppice::tuner
