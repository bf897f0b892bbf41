#include "tuner/run/external_study.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/results/temp_folder.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

using study::Completed;
using study::Paused;

Spec SpecWith(const std::string& fields) {
  const std::string text = R"({"coppice": 1, "name": "mine", "objective": {"goal": "minimize"},
      "search": {"x": {"type": "float", "min": 0, "max": 1}}, )" +
                           fields + "}";
  return ReadSpecText(text, "s.json", "/", {}, SpecUse::kAsk);
}

TEST(OutcomeOfScore, CompletesATrialThatWasGivenNoRounds) {
  const auto outcome = OutcomeOfScore(SpecWith(R"("seed": 1)"), 0, {0.5, 0.25, 0, 0});
  const auto& completed = std::get<Completed>(outcome);
  EXPECT_EQ(completed.score, 0.5);
  EXPECT_EQ(completed.std_error, 0.25);
  EXPECT_EQ(completed.rounds, 0);
}

TEST(OutcomeOfScore, PausesATrialThatDidWhatItWasGivenAndMayDoMore) {
  const Spec spec = SpecWith(R"("max_rounds": 9)");
  const auto paused = OutcomeOfScore(spec, 3, {0.5, std::nullopt, 0, 0});
  ASSERT_TRUE(std::holds_alternative<Paused>(paused));
  EXPECT_EQ(std::get<Paused>(paused).result.rounds, 3);
  EXPECT_EQ(std::get<Paused>(paused).result.best_round, 3);
  EXPECT_TRUE(std::holds_alternative<Paused>(OutcomeOfScore(spec, 3, {0.5, std::nullopt, 0, 4})));
}

TEST(OutcomeOfScore, CompletesATrialThatEndedEarlierOrDidAllRounds) {
  const Spec spec = SpecWith(R"("max_rounds": 9)");
  const auto early = OutcomeOfScore(spec, 3, {0.5, std::nullopt, 0, 2});
  ASSERT_TRUE(std::holds_alternative<Completed>(early));
  EXPECT_EQ(std::get<Completed>(early).rounds, 2);
  const auto all = OutcomeOfScore(spec, 9, {0.5, std::nullopt, 0, 0});
  ASSERT_TRUE(std::holds_alternative<Completed>(all));
  EXPECT_EQ(std::get<Completed>(all).rounds, 9);
}

TEST(ExternalStudy, IsMadeOnceAndThenFound) {
  const results::TempFolder folder;
  RealFileSystem disk;
  const std::string store = folder.File("store");
  const std::string file = folder.File("s.json");
  disk.WriteAtomically(file, "{}");
  const StudyFolder made = MakeOrFindStudy(store, file, SpecWith(R"("seed": 1)"), disk).folder;
  EXPECT_TRUE(disk.Exists(made.database()));
  EXPECT_EQ(MakeOrFindStudy(store, file, SpecWith(R"("seed": 1)"), disk).folder.path, made.path);
  EXPECT_THROW(MakeOrFindStudy(store, file, SpecWith(R"("seed": 2)"), disk), Error);
}

TEST(ExternalDeciders, BorrowsThePrunerForTheLoop) {
  const ExternalDeciders with(SpecWith(R"("max_rounds": 9, "prune": {"kind": "median"})"));
  EXPECT_NE(with.pruner, nullptr);
  EXPECT_EQ(with.setup.pruner, with.pruner.get());
  const ExternalDeciders without(SpecWith(R"("prune": {"kind": "none"})"));
  EXPECT_EQ(without.setup.pruner, nullptr);
}

}  // namespace
}  // namespace coppice::tuner
