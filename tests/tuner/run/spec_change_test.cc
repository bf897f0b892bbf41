#include "tuner/run/spec_change.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "results/store/memory_store.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {
namespace {

using study::TrialId;
using Fields = std::vector<std::pair<std::string, std::string>>;

Spec TheSpec() {
  return ReadSpecText(
      R"({"coppice": 1, "name": "s", "data": {"train": "a.csv"}, "stop": {"trials": 5},
          "search": {"eta": {"type": "float", "min": 0.1, "max": 0.3},
                     "max_depth": {"type": "int", "min": 2, "max": 6}}})",
      "s.json", "/", {});
}

study::Trial TrialWith(double eta) {
  study::Trial trial;
  trial.id = TrialId{3};
  trial.configuration = study::Configuration({{"eta", Value(eta)}, {"max_depth", std::int64_t{4}}});
  return trial;
}

Fields Changes(const Overrides& fields, const std::vector<study::Trial>& trials = {}) {
  const auto change = ChangeOf(TheSpec(), fields, {"/studies/s"}, trials);
  return change ? change->fields : Fields{};
}

std::vector<Finding> Refusals(const Overrides& fields,
                              const std::vector<study::Trial>& trials = {}) {
  try {
    Changes(fields, trials);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSpec);
    return error.findings();
  }
  return {};
}

TEST(SpecChange, HasTheFieldsThatDifferInResolvedValues) {
  EXPECT_EQ(Changes({{"stop.target", "0.25"}, {"stop.trials", "5"}, {"parallel.slots", "2"}}),
            (Fields{{"stop.target", "0.25"}, {"parallel.slots", "2"}}));
  EXPECT_EQ(Changes({{"stop.trials", "5"}}), Fields{});
  EXPECT_EQ(Changes({{"limits.trial_seconds", "9"}}), (Fields{{"limits.trial_seconds", "9.0"}}));
}

TEST(SpecChange, WidensARange) {
  const Fields changes = Changes({{"search.eta.max", "0.5"}}, {TrialWith(0.3)});
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].first, "search.eta");
  EXPECT_NE(changes[0].second.find("0.5"), std::string::npos) << changes[0].second;
}

TEST(SpecChange, RefusesARangeThatLeavesATrialOutside) {
  const auto findings = Refusals({{"search.eta.max", "0.2"}}, {TrialWith(0.15), TrialWith(0.25)});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].message,
            "trial 3 has tried `eta` = `0.25`, which the new range does not have");
  EXPECT_TRUE(Refusals({{"search.eta.max", "0.2"}}, {TrialWith(0.15)}).empty());
}

TEST(SpecChange, RefusesWhatAStudyHasForGood) {
  const auto findings = Refusals({{"seed", "8"}, {"train.num_round", "9"}, {"stop.trials", "9"}});
  ASSERT_GE(findings.size(), 2U);
  EXPECT_EQ(findings.front().message, "`train.num_round` cannot change in a study that has begun");
  EXPECT_EQ(findings.back().message, "`seed` cannot change in a study that has begun");
  EXPECT_EQ(Refusals({{"parallel.order", "asap"}}).size(), 1U);
  EXPECT_EQ(Refusals({{"search.gamma", R"({"type": "float", "min": 0, "max": 1})"}}).size(), 1U);
}

TEST(SpecChange, IsReadOffTheLog) {
  results::MemoryStore store(RecordOf(TheSpec(), "hash"));
  const StudyFolder folder{"/studies/s"};
  EXPECT_EQ(SpecNow(store, folder).parallel.first_slots, std::nullopt);
  const auto change = [&](const Overrides& fields) {
    store.Append(
        std::vector<study::StudyEvent>{*ChangeOf(SpecNow(store, folder), fields, folder, {})}, 0);
  };
  change({{"parallel.slots", "2"}, {"stop.target", "0.25"}});
  change({{"search.eta.max", "0.5"}, {"parallel.slots", "7"}});
  const Spec now = SpecNow(store, folder);
  EXPECT_EQ(now.parallel.slots, 7);
  EXPECT_EQ(now.parallel.first_slots, 4);
  EXPECT_EQ(now.stop.target, 0.25);
  EXPECT_EQ(now.search[0].spec().max, 0.5);
}

TEST(SpecChange, GivesTheSameSpecBeforeItIsInTheLog) {
  results::MemoryStore store(RecordOf(TheSpec(), "hash"));
  const StudyFolder folder{"/studies/s"};
  const Spec before = SpecNow(store, folder);
  const auto change = ChangeOf(before, {{"parallel.slots", "2"}}, folder, {});
  const Spec with = SpecWith(before, *change, folder);
  store.Append(std::vector<study::StudyEvent>{*change}, 0);
  EXPECT_EQ(with.parallel.slots, SpecNow(store, folder).parallel.slots);
  EXPECT_EQ(with.parallel.first_slots, SpecNow(store, folder).parallel.first_slots);
}

}  // namespace
}  // namespace coppice::tuner
