#include "trainer/params.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "trainer/foreign_params.h"
#include "trainer/objective/objective.h"

namespace coppice::trainer {
namespace {

Value Whole(std::int64_t value) { return Value(value); }

ParamProblem ValueProblemOf(const std::string& name, const Value& value) {
  const ParamInfo* param = FindParam(name);
  EXPECT_NE(param, nullptr) << name;
  return ValueProblem(*param, value).value_or(ParamProblem{"legal", ""});
}

bool IsLegal(const std::string& name, const Value& value) {
  return ValueProblemOf(name, value).message == "legal";
}

TEST(ParamTable, HasEveryNameAndAliasOnce) {
  std::set<std::string> names;
  for (const ParamInfo& param : ParamTable()) {
    EXPECT_TRUE(names.insert(param.name).second) << param.name;
    for (const std::string& alias : param.aliases) {
      EXPECT_TRUE(names.insert(alias).second) << alias;
    }
  }
}

TEST(ParamTable, SaysWhatEachOneDoesAndWhyItMayNotBeSearched) {
  for (const ParamInfo& param : ParamTable()) {
    EXPECT_FALSE(param.what.empty()) << param.name;
    EXPECT_EQ(param.search_hint.empty(), param.searchable) << param.name;
    EXPECT_EQ(param.type == ParamType::kWord, !param.words.empty()) << param.name;
    EXPECT_EQ(param.type == ParamType::kList, !param.form.empty()) << param.name;
  }
}

TEST(ParamTable, HasLegalDefaults) {
  for (const ParamInfo& param : ParamTable()) {
    if (!param.default_value) continue;
    EXPECT_FALSE(ValueProblem(param, *param.default_value)) << param.name;
  }
}

TEST(ParamTable, HasTheDefaultsOfXgboost) {
  const TrainParams params;
  const auto values = ParamValues(params);
  EXPECT_EQ(values.at("eta"), Value(0.3));
  EXPECT_EQ(values.at("max_depth"), Whole(6));
  EXPECT_EQ(values.at("lambda"), Value(1.0));
  EXPECT_EQ(values.at("grow_policy"), Value("depthwise"));
  EXPECT_EQ(values.at("objective"), Value("reg:squarederror"));
  EXPECT_EQ(values.at("max_bin"), Whole(256));
  EXPECT_FALSE(values.contains("base_score"));
}

TEST(ParamTable, HasXgboostsDefaultsOfLinearModels) {
  TrainParams params;
  SetParam(params, "booster", Value("gblinear"));
  EXPECT_EQ(ParamValues(params).at("eta"), Value(0.5));
  EXPECT_EQ(ParamValues(params).at("lambda"), Value(0.0));
  SetParam(params, "lambda", Value(1.0));
  EXPECT_EQ(Lambda(params), 1.0);
}

TEST(ParamTable, LetsRoundsSeedAndWhatAllTrialsShareOutOfTheSearch) {
  std::set<std::string> fixed;
  for (const ParamInfo& param : ParamTable()) {
    if (!param.searchable) fixed.insert(param.name);
  }
  EXPECT_EQ(fixed, (std::set<std::string>{
                       "aft_loss_distribution", "aft_loss_distribution_scale", "base_score",
                       "booster", "early_stopping_rounds", "feature_weights", "huber_slope",
                       "interaction_constraints", "max_bin", "monotone_constraints",
                       "ndcg_exp_gain", "num_class", "num_round", "objective", "quantile_alpha",
                       "seed", "tree_method", "tweedie_variance_power", "updater"}));
}

TEST(FindParam, KnowsXgboostsAliases) {
  const std::pair<const char*, const char*> aliases[] = {
      {"learning_rate", "eta"}, {"min_split_loss", "gamma"}, {"reg_lambda", "lambda"},
      {"reg_alpha", "alpha"},   {"random_state", "seed"},    {"n_estimators", "num_round"}};
  for (const auto& [alias, name] : aliases) {
    const ParamInfo* param = FindParam(alias);
    ASSERT_NE(param, nullptr) << alias;
    EXPECT_EQ(param->name, name);
  }
  EXPECT_EQ(FindParam("etaa"), nullptr);
}

TEST(NameProblem, SuggestsTheNearestName) {
  const auto problem = NameProblem("max_dpeth");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->message, "unknown parameter `max_dpeth`");
  EXPECT_EQ(problem->hint, "did you mean `max_depth`?");
  EXPECT_FALSE(NameProblem("eta"));
  EXPECT_FALSE(NameProblem("learning_rate"));
}

TEST(NameProblem, SaysWhereToLookWhenNothingIsNear) {
  EXPECT_EQ(NameProblem("zzzzzz")->hint,
            "the parameters are those of XGBoost; docs/spec.md lists them");
}

TEST(NameProblem, TellsWhatXgboostHasAndCoppiceDoesNot) {
  const auto problem = NameProblem("process_type");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->message,
            "`process_type` is a parameter of XGBoost that coppice does not have");
  for (const char* name : {"device", "multi_strategy", "tolerance"}) {
    ASSERT_TRUE(NameProblem(name)) << name;
    EXPECT_NE(NameProblem(name)->message.find("of XGBoost"), std::string::npos) << name;
  }
}

TEST(NameProblem, TellsWhereAWordOfOthersIsSaidHere) {
  EXPECT_EQ(NameProblem("eval_metric")->message,
            "`eval_metric` is no parameter of coppice, which has another word for it");
  EXPECT_EQ(NameProblem("eval_metric")->hint,
            "name the metrics with the spec's `objective.metric` and `metrics`");
  EXPECT_EQ(NameProblem("csv_weights")->hint, "name the column of weights with `data.weight`");
  EXPECT_EQ(NameProblem("nthread")->hint, "say how many threads with `parallel.threads`");
  EXPECT_EQ(NameProblem("num_leaves")->hint, "XGBoost's name for it is `max_leaves`");
}

TEST(NameProblem, HasAHintForEveryForeignNameAndNamesNothingThatIsNotThere) {
  for (const std::string& name : ForeignParamNames()) {
    ASSERT_EQ(FindParam(name), nullptr) << name;
    const std::string hint = NameProblem(name)->hint;
    EXPECT_FALSE(hint.empty()) << name;
    const std::string before = "XGBoost's name for it is `";
    if (!hint.starts_with(before)) continue;
    const std::string ours = hint.substr(before.size(), hint.size() - before.size() - 1);
    EXPECT_NE(FindParam(ours), nullptr) << name;
  }
}

TEST(ValueProblem, HoldsTheBoundsOfXgboost) {
  EXPECT_TRUE(IsLegal("eta", Value(0.0)));
  EXPECT_TRUE(IsLegal("eta", Whole(1)));
  EXPECT_FALSE(IsLegal("eta", Value(1.0000001)));
  EXPECT_FALSE(IsLegal("eta", Value(-0.1)));
  EXPECT_FALSE(IsLegal("subsample", Value(0.0)));
  EXPECT_TRUE(IsLegal("subsample", Value(1e-9)));
  EXPECT_TRUE(IsLegal("subsample", Value(1.0)));
  EXPECT_FALSE(IsLegal("scale_pos_weight", Value(0.0)));
  EXPECT_TRUE(IsLegal("lambda", Value(1e9)));
  EXPECT_FALSE(IsLegal("lambda", Value(-1e-9)));
  EXPECT_TRUE(IsLegal("max_depth", Whole(0)));
  EXPECT_FALSE(IsLegal("max_depth", Whole(-1)));
  EXPECT_FALSE(IsLegal("num_round", Whole(0)));
  EXPECT_TRUE(IsLegal("num_round", Whole(1)));
  EXPECT_TRUE(IsLegal("max_bin", Whole(256)));
  EXPECT_FALSE(IsLegal("max_bin", Whole(1)));
  EXPECT_TRUE(IsLegal("base_score", Value(-3.5)));
}

TEST(ValueProblem, NamesTheBoundsAndTheValue) {
  EXPECT_EQ(ValueProblemOf("eta", Value(1.5)).message, "`eta` must be from 0 to 1, not `1.5`");
  EXPECT_EQ(ValueProblemOf("subsample", Whole(0)).message,
            "`subsample` must be above 0 and at most 1, not `0`");
  EXPECT_EQ(ValueProblemOf("max_depth", Whole(-1)).message,
            "`max_depth` must be at least 0, not `-1`");
  EXPECT_EQ(ValueProblemOf("scale_pos_weight", Value(-2.5)).message,
            "`scale_pos_weight` must be above 0, not `-2.5`");
}

TEST(ValueProblem, SaysThatThereAreAtMost256Bins) {
  const ParamProblem problem = ValueProblemOf("max_bin", Whole(512));
  EXPECT_EQ(problem.message, "`max_bin` must be from 2 to 256, not `512`");
  EXPECT_EQ(problem.hint, "coppice has at most 256 bins a column");
}

TEST(ValueProblem, TakesWholeRealsForWholeNumbersAndNoOthers) {
  EXPECT_TRUE(IsLegal("max_depth", Value(6.0)));
  EXPECT_EQ(ValueProblemOf("max_depth", Value(6.5)).message,
            "`max_depth` must be a whole number, not `6.5`");
}

TEST(ValueProblem, RefusesWholeNumbersThatDoNotFit) {
  const ParamProblem problem = ValueProblemOf("max_depth", Whole(3000000000));
  EXPECT_EQ(problem.message, "`max_depth` is too large: `3000000000`");
  EXPECT_EQ(problem.hint, "use at most 2147483647");
  EXPECT_FALSE(IsLegal("max_depth", Value(1e300)));
  EXPECT_FALSE(IsLegal("seed", Value(1e19)));
}

TEST(ValueProblem, RefusesWhatIsNotFinite) {
  EXPECT_FALSE(IsLegal("eta", Value(std::nan(""))));
  EXPECT_FALSE(IsLegal("lambda", Value(std::numeric_limits<double>::infinity())));
  EXPECT_FALSE(IsLegal("base_score", Value(-std::numeric_limits<double>::infinity())));
  EXPECT_FALSE(IsLegal("max_depth", Value(std::nan(""))));
}

TEST(ValueProblem, RefusesANumberInQuotes) {
  const ParamProblem problem = ValueProblemOf("eta", Value("0.1"));
  EXPECT_EQ(problem.message, "`eta` must be a number, not the word `0.1`");
  EXPECT_EQ(problem.hint, "take the quotes away");
  EXPECT_EQ(ValueProblemOf("eta", Value("fast")).hint, "");
}

TEST(ValueProblem, KnowsTheWords) {
  EXPECT_TRUE(IsLegal("grow_policy", Value("lossguide")));
  EXPECT_TRUE(IsLegal("booster", Value("gbtree")));
  EXPECT_TRUE(IsLegal("tree_method", Value("auto")));
  EXPECT_TRUE(IsLegal("tree_method", Value("hist")));
  EXPECT_TRUE(IsLegal("booster", Value("gblinear")));
  EXPECT_EQ(ValueProblemOf("booster", Value("forest")).hint, "use `gbtree`, `dart` or `gblinear`");
  EXPECT_EQ(ValueProblemOf("tree_method", Value("exact")).hint, "use `auto` or `hist`");
  EXPECT_EQ(ValueProblemOf("grow_policy", Value("lossgiude")).hint, "did you mean `lossguide`?");
  EXPECT_EQ(ValueProblemOf("grow_policy", Whole(1)).message,
            "`grow_policy` must be a word, not the number `1`");
}

TEST(ValueProblem, SaysWhyAnUpdaterIsNotHad) {
  const ParamProblem problem = ValueProblemOf("updater", Value("shotgun"));
  EXPECT_EQ(problem.message, "`shotgun` is an updater of XGBoost that coppice does not have");
  EXPECT_EQ(
      problem.hint,
      "its result depends on threads; use `coord_descent`, which is the same on any number of "
      "them");
  EXPECT_EQ(ValueProblemOf("updater", Value("newton")).message, "`updater` cannot be `newton`");
}

TEST(ValueProblem, KnowsTheObjectives) {
  for (const std::string& name : ObjectiveNames()) EXPECT_TRUE(IsLegal("objective", Value(name)));
  EXPECT_EQ(ValueProblemOf("objective", Value("binary:logistc")).hint,
            "did you mean `binary:logistic`?");
  const ParamProblem foreign = ValueProblemOf("objective", Value("reg:expectileerror"));
  EXPECT_EQ(foreign.message,
            "`reg:expectileerror` is an objective of XGBoost that coppice does not have yet");
  EXPECT_EQ(ValueProblemOf("objective", Value("reg:linear")).hint,
            "it is the old name of `reg:squarederror`");
}

// Sets `name` to something else than the default and reads it back.
TEST(SetParam, ReachesItsOwnMemberAndNoOther) {
  for (const ParamInfo& param : ParamTable()) {
    Value other = param.type == ParamType::kInt ? Whole(param.max < 2 ? 1 : 2)
                                                : Value(param.min < 1 ? 0.75 : 1.25);
    if (param.type == ParamType::kWord) {
      if (param.words.size() == 1 || param.name == "tree_method") continue;
      other = Value(param.words[1]);
    }
    if (param.type == ParamType::kList) other = Value(R"({"age":1})");
    if (param.name == "interaction_constraints") other = Value(R"([["age","fare"]])");
    if (param.type == ParamType::kInt && param.max == 1) other = Whole(0);
    if (param.type == ParamType::kNumbers) other = Value("[0.25,0.75]");
    TrainParams params;
    SetParam(params, param.name, other);
    auto expected = ParamValues(TrainParams());
    expected[param.name] = other;
    EXPECT_EQ(ParamValues(params), expected) << param.name;
  }
}

TEST(ValueProblem, TakesNumbersOfFeaturesInEveryFormOfXgboost) {
  for (const char* text : {"(1,0,-1)", "( 1 , -1 )", "(1,)", "()", "[1, 0, -1]", R"({"age": 1})"}) {
    EXPECT_TRUE(IsLegal("monotone_constraints", Value(text))) << text;
  }
  for (const char* text : {"1,0", "(1", "(a)", "[[1]]", "1", "", R"({"age": "up"})"}) {
    const ParamProblem problem = ValueProblemOf("monotone_constraints", Value(text));
    EXPECT_EQ(problem.message, "`monotone_constraints` cannot be `" + std::string(text) + "`");
    EXPECT_EQ(problem.hint, R"(write it like `[1, 0, -1]` or `{"age": 1}`)");
  }
}

TEST(ValueProblem, SaysWhichNumberOfAFeatureIsNotLegal) {
  EXPECT_EQ(ValueProblemOf("monotone_constraints", Value("[1, 2]")).message,
            "`monotone_constraints` holds `2`: its whole numbers must be from -1 to 1");
  EXPECT_EQ(ValueProblemOf("monotone_constraints", Value(R"({"age": 0.5})")).message,
            "`monotone_constraints` holds `0.5`: its whole numbers must be from -1 to 1");
}

TEST(ValueProblem, TakesGroupsOfFeaturesByNameOrByPosition) {
  for (const char* text : {"[[0, 2], [1]]", R"([["age"], ["fare", "sex"]])"}) {
    EXPECT_TRUE(IsLegal("interaction_constraints", Value(text))) << text;
  }
  for (const char* text : {"[]", "[[]]", "[[0], []]", R"([["age", 1]])", "[0, 1]", "[[-1]]",
                           "[[0.5]]", R"({"age": 1})", "[[0"}) {
    EXPECT_EQ(ValueProblemOf("interaction_constraints", Value(text)).message,
              "`interaction_constraints` cannot be `" + std::string(text) + "`");
  }
}

TEST(ValueProblem, TakesWeightsOfFeaturesFromZero) {
  EXPECT_TRUE(IsLegal("feature_weights", Value("[0, 2.5]")));
  EXPECT_EQ(ValueProblemOf("feature_weights", Value(R"({"age": -1})")).message,
            "`feature_weights` holds `-1`: its numbers must be at least 0");
}

TEST(ParamValues, HasOneTextForEveryFormOfAList) {
  for (const char* text : {"(1,0,-1)", " ( 1,0,-1, ) ", "[1, 0.0, -1]"}) {
    TrainParams params;
    SetParam(params, "monotone_constraints", Value(text));
    EXPECT_EQ(params.monotone_constraints.by_position, (std::vector<double>{1, 0, -1}));
    EXPECT_EQ(ParamValues(params).at("monotone_constraints"), Value("[1,0,-1]"));
  }
}

TEST(ValueProblem, TakesOneNumberOrAListWhereSeveralMayStand) {
  EXPECT_TRUE(IsLegal("quantile_alpha", Value(0.25)));
  EXPECT_TRUE(IsLegal("quantile_alpha", Value("[0, 0.5,1]")));
  EXPECT_EQ(ValueProblemOf("quantile_alpha", Value("[0.5,1.5]")).message,
            "`quantile_alpha` must be from 0 to 1, not `1.5`");
  for (const char* text : {"[]", "0.5", "[0.5", "[0.5,]", "[half]"}) {
    EXPECT_EQ(
        ValueProblemOf("quantile_alpha", Value(text)).message,
        "`quantile_alpha` must be a number or a list of numbers, not `" + std::string(text) + "`");
  }
}

TEST(SetParam, TakesOneNumberOrAList) {
  TrainParams params;
  SetParam(params, "quantile_alpha", Value("[0.1, 0.9]"));
  EXPECT_EQ(params.quantile_alpha, (std::vector<double>{0.1, 0.9}));
  SetParam(params, "quantile_alpha", Value(0.25));
  EXPECT_EQ(params.quantile_alpha, (std::vector<double>{0.25}));
  EXPECT_EQ(ParamValues(params).at("quantile_alpha"), Value("[0.25]"));
}

TEST(SetParam, TakesAliases) {
  TrainParams params;
  SetParam(params, "learning_rate", Value(0.05));
  SetParam(params, "reg_lambda", Whole(3));
  EXPECT_EQ(params.eta, 0.05);
  EXPECT_EQ(params.lambda, 3.0);
}

TEST(SetParam, KeepsEveryBitOfASeed) {
  TrainParams params;
  SetParam(params, "seed", Whole((std::int64_t{1} << 60) + 1));
  EXPECT_EQ(params.seed, (std::uint64_t{1} << 60) + 1);
}

TEST(SetParam, SettingAllValuesOneByOneGivesEqualParameters) {
  TrainParams params;
  params.objective = "multi:softprob";
  params.num_class = 3;
  params.eta = 0.1;
  params.grow_policy = GrowPolicy::kLossguide;
  params.base_score = 0.25;
  TrainParams copy;
  for (const auto& [name, value] : ParamValues(params)) SetParam(copy, name, value);
  EXPECT_EQ(ParamValues(copy), ParamValues(params));
  EXPECT_EQ(copy.base_score, 0.25);
}

TEST(SetParamDeathTest, RefusesWhatWasNotChecked) {
  TrainParams params;
  EXPECT_DEATH(SetParam(params, "eta", Value(2.0)), "checked before it is set");
  EXPECT_DEATH(SetParam(params, "etaa", Value(0.2)), "checked before it is set");
}

std::string CombinationMessage(const TrainParams& params) {
  const auto problem = CombinationProblem(params);
  return problem ? problem->message : "";
}

TEST(CombinationProblem, FindsNoneInTheDefaults) { EXPECT_EQ(CombinationMessage({}), ""); }

TEST(CombinationProblem, RefusesTreesWithoutALimit) {
  TrainParams params;
  params.max_depth = 0;
  EXPECT_EQ(CombinationMessage(params),
            "`max_depth` and `max_leaves` are both 0, so a tree would have no limit");
  params.max_leaves = 31;
  EXPECT_EQ(CombinationMessage(params), "");
}

TEST(CombinationProblem, LetsTheLabelSayHowManyClassesThereAre) {
  TrainParams params;
  params.objective = "multi:softprob";
  EXPECT_EQ(CombinationMessage(params), "");
  params.num_class = 1;
  EXPECT_EQ(CombinationMessage(params),
            "`num_class` must be at least 2 for `multi:softprob`, not `1`");
  params.num_class = 3;
  EXPECT_EQ(CombinationMessage(params), "");
}

TEST(CombinationProblem, RefusesClassesWhereThereAreNone) {
  TrainParams params;
  params.num_class = 3;
  EXPECT_EQ(CombinationMessage(params),
            "`num_class` is `3`, but `reg:squarederror` has no classes to count");
}

TEST(CombinationProblem, RefusesAPositiveWeightWithoutPositives) {
  TrainParams params;
  params.scale_pos_weight = 2;
  EXPECT_EQ(CombinationMessage(params), "`scale_pos_weight` has no meaning for `reg:squarederror`");
  params.objective = "binary:logistic";
  EXPECT_EQ(CombinationMessage(params), "");
}

TEST(CombinationProblem, RefusesWhatMeansNothingForTheObjective) {
  TrainParams params;
  params.huber_slope = 2;
  EXPECT_EQ(CombinationMessage(params), "`huber_slope` has no meaning for `reg:squarederror`");
  params.objective = "reg:pseudohubererror";
  EXPECT_EQ(CombinationMessage(params), "");
  params.tweedie_variance_power = 1.2;
  EXPECT_EQ(CombinationMessage(params),
            "`tweedie_variance_power` has no meaning for `reg:pseudohubererror`");
}

TEST(CombinationProblem, RefusesWhatMeansNothingForTheBooster) {
  TrainParams params;
  params.rate_drop = 0.1;
  EXPECT_EQ(CombinationMessage(params), "`rate_drop` has no meaning for the booster `gbtree`");
  params.booster = BoosterKind::kDart;
  EXPECT_EQ(CombinationMessage(params), "");
  params.feature_selector = FeatureOrder::kShuffle;
  EXPECT_EQ(CombinationMessage(params), "`feature_selector` has no meaning for the booster `dart`");
  params = {};
  params.booster = BoosterKind::kGblinear;
  EXPECT_EQ(CombinationMessage(params), "");
  params.eta = 0.1;
  params.lambda = 2;
  params.alpha = 1;
  params.feature_selector = FeatureOrder::kGreedy;
  params.top_k = 3;
  EXPECT_EQ(CombinationMessage(params), "");
  for (const char* name : {"max_depth", "subsample", "num_parallel_tree", "max_delta_step"}) {
    TrainParams with_tree_param = params;
    SetParam(with_tree_param, name, std::string(name) == "subsample" ? Value(0.5) : Whole(2));
    EXPECT_EQ(CombinationMessage(with_tree_param),
              "`" + std::string(name) + "` has no meaning for the booster `gblinear`");
  }
}

TEST(CombinationProblem, LetsThePoissonLossHaveItsStepWhateverTheBooster) {
  TrainParams params;
  params.booster = BoosterKind::kGblinear;
  params.objective = "count:poisson";
  EXPECT_EQ(CombinationMessage(params), "");
  params.max_delta_step = 0.3;
  EXPECT_EQ(CombinationMessage(params), "");
}

TEST(CombinationProblem, WantsASelectorForTheFeaturesOnTop) {
  TrainParams params;
  params.booster = BoosterKind::kGblinear;
  params.top_k = 2;
  EXPECT_EQ(CombinationMessage(params),
            "`top_k` has no meaning without the `feature_selector` `greedy` or `thrifty`");
  params.feature_selector = FeatureOrder::kThrifty;
  EXPECT_EQ(CombinationMessage(params), "");
}

TEST(CombinationProblem, WantsATweediePowerBelowTwo) {
  TrainParams params;
  params.objective = "reg:tweedie";
  params.tweedie_variance_power = 2;
  EXPECT_EQ(CombinationMessage(params), "`tweedie_variance_power` must be below 2, not `2`");
  params.tweedie_variance_power = 1.9;
  EXPECT_EQ(CombinationMessage(params), "");
}

TEST(MaxDeltaStep, IsWhatTheObjectiveBeginsWithUnlessItIsGiven) {
  TrainParams params;
  EXPECT_EQ(MaxDeltaStep(params), 0.0);
  params.objective = "count:poisson";
  EXPECT_EQ(MaxDeltaStep(params), 0.7);
  EXPECT_EQ(ParamValues(params).at("max_delta_step"), Value(0.7));
  SetParam(params, "max_delta_step", Value(0.0));
  EXPECT_EQ(MaxDeltaStep(params), 0.0);
  EXPECT_EQ(SettingsOf(params).max_delta_step, 0.0);
}

TEST(CombinationProblem, WantsAProbabilityAsBaseScoreOfALogisticObjective) {
  TrainParams params;
  params.objective = "binary:logistic";
  params.base_score = 1.0;
  EXPECT_EQ(
      CombinationMessage(params),
      "`base_score` must be a probability above 0 and below 1 for `binary:logistic`, not `1`");
  params.base_score = 0.5;
  EXPECT_EQ(CombinationMessage(params), "");
  params.objective = "reg:squarederror";
  params.base_score = -10;
  EXPECT_EQ(CombinationMessage(params), "");
}

}  // namespace
}  // namespace coppice::trainer
