#include <gtest/gtest.h>

#include <string>

#include "base/json.h"
#include "base/random.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

Spec Read(const std::string& text) { return ReadSpecText(text, "study.json", "/data", {}); }

const char* const kSpecs[] = {
    R"({"coppice": 1, "data": {"train": "a.csv"}})",
    R"({"coppice": 1, "name": "x", "data": {"train": ["a", "b"], "validation": "v", "test": "t",
        "label": "y", "weight": "w", "group": 4, "ignore": [1, "z"], "categorical": [2],
        "missing": []}, "train": {"objective": "multi:softprob", "num_class": 3}})",
    R"({"coppice": 1, "data": {"train": "a"}, "search": "auto",
        "train": {"objective": "binary:logistic", "base_score": 0.25, "tree_method": "auto"},
        "split": {"kind": "holdout", "validation_fraction": 0.3, "by_time": true}})",
    R"({"coppice": 1, "data": {"train": "a"}, "search": "auto", "train": {"booster": "gblinear"}})",
    R"({"coppice": 1, "data": {"train": "a"}, "search": "auto",
        "train": {"booster": "dart", "one_drop": 1, "objective": "count:poisson"}})",
    R"({"coppice": 1, "data": {"train": "a", "group": "g"}, "split": {"grouped": true, "folds": 3, "repeats": 4},
        "search": {"eta": {"type": "float", "min": 0.001, "max": 0.3},
                   "max_depth": {"type": "int", "min": 2, "max": 10, "step": 2},
                   "grow_policy": {"type": "categorical", "values": ["lossguide", "depthwise"]},
                   "colsample_bytree": {"type": "categorical", "values": [0.5, 0.75, 1],
                                        "ordered": true},
                   "max_leaves": {"type": "int", "min": 4, "max": 256, "scale": "log",
                                  "when": {"grow_policy": ["lossguide"]}}},
        "start": [{"eta": 0.1}, {"learning_rate": 0.01, "max_depth": 4}],
        "warm_start": [{"study": "before", "best": 2}, {"study": "long/before"}],
        "metrics": ["mae"], "strategy": {"kind": "grid", "levels": 4},
        "limits": {"trial_seconds": 1.5, "failures": 2},
        "parallel": {"slots": 2, "threads": 3, "order": "asap"}, "seed": 9007199254740993})",
    R"({"coppice": 1, "data": {"train": "a"}, "split": {"kind": "files"},
        "train": {"seed": 5, "max_depth": 0, "max_leaves": 7},
        "stop": {"seconds": 0.1, "target": -1e-9, "no_gain_trials": 2, "min_gain": 0.1,
                 "min_gain_unit": "relative"}})",
    R"({"coppice": 1, "data": {"train": "a"},
        "stop": {"no_gain_trials": 2, "min_gain": 1, "min_gain_unit": "std_errors",
                 "converged": true}})",
    R"x({"coppice": 1, "data": {"train": "a"},
        "train": {"monotone_constraints": "(1,-1,)", "feature_weights": {"b": 0.5, "a": 2},
                  "interaction_constraints": [["b", "a"], ["c"]]}})x",
};

TEST(ResolvedSpec, ReadAgainResolvesToTheSameText) {
  for (const char* text : kSpecs) {
    const std::string once = ToJson(Read(text)).dump(2);
    EXPECT_EQ(ToJson(Read(once)).dump(2), once);
  }
}

TEST(ResolvedSpec, WithAbsolutePathsBeginsAtTheRootAndChangesNothingElse) {
  const Json resolved = ToJson(
      Read(R"({"coppice": 1, "data": {"train": ["a.csv", "/b/c.csv"], "test": "../t-*.csv"}})"));
  Json expected = resolved;
  expected["data"]["train"] = {"/data/a.csv", "/b/c.csv"};
  expected["data"]["test"] = {"/data/../t-*.csv"};
  EXPECT_EQ(WithAbsolutePaths(resolved, "/data"), expected);
}

TEST(ResolvedSpec, MeansTheSame) {
  for (const char* text : kSpecs) {
    const Spec spec = Read(text);
    const Spec again = Read(ToJson(spec).dump());
    EXPECT_EQ(trainer::ParamValues(again.ParamsFor(again.DefaultConfiguration())),
              trainer::ParamValues(spec.ParamsFor(spec.DefaultConfiguration())));
    EXPECT_EQ(again.start, spec.start);
    EXPECT_EQ(again.warm_start, spec.warm_start);
    EXPECT_EQ(again.seed, spec.seed);
    EXPECT_EQ(again.stop.trials, spec.stop.trials);
    EXPECT_EQ(again.stop.min_gain, spec.stop.min_gain);
    EXPECT_EQ(again.stop.min_gain_unit, spec.stop.min_gain_unit);
    EXPECT_EQ(again.stop.converged, spec.stop.converged);
    EXPECT_EQ(again.data.read.missing, spec.data.read.missing);
    EXPECT_EQ(again.split.stratified, spec.split.stratified);
    ASSERT_EQ(again.search.size(), spec.search.size());
    if (spec.search.empty()) continue;
    const study::SearchSpace before(spec.search);
    const study::SearchSpace after(again.search);
    RandomStream random(1, {Purpose::kProposal});
    for (int i = 0; i < 50; ++i) {
      std::vector<double> point(before.size());
      for (double& u : point) u = random.Uniform();
      EXPECT_EQ(after.Decode(point), before.Decode(point));
    }
  }
}

TEST(ResolvedSpec, WritesEveryDefaultOut) {
  const Json json = ToJson(Read(kSpecs[0]));
  EXPECT_EQ(json["train"]["eta"], 0.3);
  EXPECT_EQ(json["data"]["label"], 0);
  EXPECT_EQ(
      json["split"].dump(),
      R"({"kind":"cv","folds":5,"repeats":1,"test_fraction":0.2,"stratified":false,"grouped":false,)"
      R"("by_time":false})");
  EXPECT_EQ(json["stop"].dump(),
            R"({"trials":50,"seconds":null,"target":null,"no_gain_trials":null,"min_gain":null,)"
            R"("min_gain_unit":null,"converged":false})");
  EXPECT_EQ(json["objective"].dump(), R"({"metric":"rmse","goal":"minimize"})");
}

TEST(ResolvedSpec, FixesNoParameterThatIsSearched) {
  const Json json = ToJson(Read(kSpecs[2]));
  EXPECT_FALSE(json["train"].contains("eta"));
  EXPECT_FALSE(json["train"].contains("max_leaves"));
  EXPECT_EQ(json["search"]["eta"].dump(),
            R"({"type":"float","min":0.005,"max":0.2,"scale":"log"})");
}

TEST(ResolvedSpec, KeepsTheOrderOfTheDocumentation) {
  std::string keys;
  const Json json = ToJson(Read(kSpecs[0]));
  for (const auto& [key, value] : json.items()) keys += key + " ";
  EXPECT_EQ(
      keys,
      "coppice name data split train search start warm_start objective metrics strategy prune stop "
      "limits confirm parallel seed ");
}

}  // namespace
}  // namespace coppice::tuner
