// What every TrialStore keeps to; each test runs against each of them, and reads back through a
// store opened anew where there is something to open.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <variant>

#include "base/error.h"
#include "base/json.h"
#include "results/store/memory_store.h"
#include "results/store/sqlite_store.h"
#include "tests/results/sample_study.h"
#include "tests/results/temp_folder.h"

namespace coppice::results {
namespace {

using study::TrialId;
using study::TrialState;

enum class Kind { kMemory, kSqlite, kSqliteReopened };

class AnyStore : public testing::TestWithParam<Kind> {
 protected:
  AnyStore() {
    if (GetParam() == Kind::kMemory) {
      store_ = std::make_unique<MemoryStore>(SampleRecord());
    } else {
      store_ = SqliteStore::Create(folder_.File("study.db"), SampleRecord());
    }
  }

  TrialStore& store() { return *store_; }

  // What a later process sees.
  TrialStore& Later() {
    if (GetParam() == Kind::kSqliteReopened) {
      store_.reset();
      store_ = SqliteStore::OpenForWriting(folder_.File("study.db"));
    }
    return *store_;
  }

  void ExpectRefused(const std::vector<study::StudyEvent>& events) {
    const auto before = Texts(store().Events());
    try {
      Append(store(), events);
      ADD_FAILURE() << "the events were accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInternal);
    }
    EXPECT_EQ(Texts(Later().Events()), before);
  }

 private:
  TempFolder folder_;
  std::unique_ptr<TrialStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Stores, AnyStore,
                         testing::Values(Kind::kMemory, Kind::kSqlite, Kind::kSqliteReopened),
                         [](const auto& tested) -> std::string {
                           if (tested.param == Kind::kMemory) return "Memory";
                           return tested.param == Kind::kSqlite ? "Sqlite" : "SqliteReopened";
                         });

TEST_P(AnyStore, RemembersTheStudy) {
  const StudyRecord study = Later().study();
  EXPECT_EQ(study.name, "titanic");
  EXPECT_EQ(study.resolved_spec, SampleRecord().resolved_spec);
  EXPECT_EQ(study.data_hash, "00112233445566778899aabbccddeeff");
  EXPECT_EQ(study.spec_folder, "/home/someone/it's \"here\"");
  EXPECT_EQ(study.program, "coppice 0.1.0");
  EXPECT_EQ(study.created_at, 1760000000.125);
}

TEST_P(AnyStore, IsEmptyAtFirst) {
  EXPECT_TRUE(Later().Events().empty());
  EXPECT_TRUE(Later().Trials().empty());
  EXPECT_TRUE(Later().Curves(TrialId{0}).empty());
  EXPECT_EQ(Later().ElapsedSeconds(), 0);
}

TEST_P(AnyStore, RemembersWhatWasConfirmedAndWithWhat) {
  const study::Confirmation result = study::ConfirmationOf({0.75, 0.1 + 0.2}, 2.5);
  Append(store(), {Created(0), Created(1), Started(0), Started(1), Scored(0, 0.5), Scored(1, 0.7)});
  Append(store(), study::TrialConfirmed{TrialId{1}, result});
  EXPECT_FALSE(Later().Trials()[0].fresh);
  EXPECT_EQ(Later().Trials()[1].fresh, result);
  EXPECT_EQ(std::get<study::TrialConfirmed>(Later().Events().back().event).result, result);
}

TEST_P(AnyStore, RefusesToConfirmWhatHasNotCompleted) {
  const study::Confirmation result = study::ConfirmationOf({0.75}, 1);
  Append(store(), {Created(0), Started(0), Created(1), Started(1), Scored(1, 0.7)});
  ExpectRefused({study::TrialConfirmed{TrialId{0}, result}});
  ExpectRefused({study::TrialConfirmed{TrialId{7}, result}});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  ExpectRefused({study::TrialConfirmed{TrialId{1}, study::ConfirmationOf({nan}, 1)}});
}

TEST_P(AnyStore, GivesBackEveryKindOfEventInOrderAndWhole) {
  const std::vector<study::StudyEvent> events = {
      Created(0, 0.3),
      Created(1),
      Started(0),
      Started(1),
      Finished(0, study::Failed{study::FailureKind::kTimeout, "took `120` s\nand more"}),
      Scored(1, 0.875),
      Requeued(0),
      Started(0),
      Finished(0, study::Cancelled{"asked"}),
      study::StudyStopped{study::StopReason::kTarget, "target 0.87 reached"},
      study::StudyExtended{40, 600.5}};
  Append(store(), {events.begin(), events.begin() + 3}, 0.25);
  Append(store(), {events.begin() + 3, events.end()}, 7.5);

  const std::vector<LoggedEvent> logged = Later().Events();
  ASSERT_EQ(logged.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(logged[i].sequence, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(logged[i].elapsed_seconds, i < 3 ? 0.25 : 7.5);
    EXPECT_EQ(study::KindOf(logged[i].event), study::KindOf(events[i]));
    EXPECT_EQ(study::ToJson(logged[i].event), study::ToJson(events[i]));
  }
  EXPECT_EQ(std::get<study::TrialFinished>(logged[5].event).curves, SampleCurves());
  EXPECT_EQ(Later().ElapsedSeconds(), 7.5);
}

TEST_P(AnyStore, GivesTheSameEventsWithoutTheirCurvesWhenAsked) {
  Append(store(), {Created(0), Started(0), Scored(0, 0.875), Created(1), Started(1), Scored(1, 0.5),
                   study::StudyStopped{study::StopReason::kTrials, "done"}});
  std::vector<LoggedEvent> expected = Later().Events();
  for (LoggedEvent& logged : expected) {
    auto* finished = std::get_if<study::TrialFinished>(&logged.event);
    if (finished != nullptr) finished->curves.clear();
  }
  const std::vector<LoggedEvent> events = Later().EventsWithoutCurves();
  EXPECT_EQ(Texts(events), Texts(expected));
  EXPECT_TRUE(std::get<study::TrialFinished>(events.at(2).event).curves.empty());
  EXPECT_EQ(Later().Curves(TrialId{0}), SampleCurves()) << "they are still there";
}

TEST_P(AnyStore, KeepsEveryBitOfACurve) {
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<double> values = {-0.0, 1.0, 1e22, 5e-324, 0.1 + 0.2, inf, -inf, 1.7e308};
  Append(store(), {Created(0), Started(0),
                   Finished(0, study::Completed{0.5, std::nullopt, 1, 8},
                            {{3, "validation", "rmse", values},
                             {4, "validation", "rmse", {std::nan(""), 2}},
                             {5, "train", "rmse", {}}})});
  const std::vector<study::Curve> curves = Later().Curves(TrialId{0});
  ASSERT_EQ(curves.size(), 3u);
  EXPECT_EQ(curves[0], (study::Curve{3, "validation", "rmse", values}));
  EXPECT_TRUE(std::signbit(curves[0].values[0]));
  ASSERT_EQ(curves[1].values.size(), 2u);
  EXPECT_TRUE(std::isnan(curves[1].values[0]));
  EXPECT_EQ(curves[1].values[1], 2);
  EXPECT_TRUE(curves[2].values.empty());
}

TEST_P(AnyStore, AddsUpATrialFromItsEvents) {
  Append(store(), {Created(0), Created(1, 0.25), Started(1)});
  Append(store(), Scored(1, 0.9), 2);

  const std::vector<study::Trial> trials = Later().Trials();
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].state, TrialState::kWaiting);
  EXPECT_EQ(trials[0].origin, "default");
  EXPECT_EQ(trials[0].attempts, 0);
  EXPECT_FALSE(trials[0].outcome.has_value());
  EXPECT_EQ(trials[1].id, TrialId{1});
  EXPECT_EQ(trials[1].state, TrialState::kCompleted);
  EXPECT_EQ(trials[1].configuration, Created(1, 0.25).configuration);
  EXPECT_EQ(trials[1].attempts, 1);
  EXPECT_EQ(trials[1].seconds, 1.5);
  ASSERT_TRUE(trials[1].outcome.has_value());
  const auto& completed = std::get<study::Completed>(*trials[1].outcome);
  EXPECT_EQ(completed.score, 0.9);
  EXPECT_EQ(completed.std_error, 0.01);
  EXPECT_EQ(completed.best_round, 2);
  EXPECT_EQ(completed.rounds, 3);
}

TEST_P(AnyStore, ForgetsTheOutcomeOfATrialThatRunsAgain) {
  Append(store(), {Created(0), Started(0),
                   Finished(0, study::Failed{study::FailureKind::kMemory, "8 GB"}), Requeued(0)});
  study::Trial trial = Later().Trials().at(0);
  EXPECT_EQ(trial.state, TrialState::kWaiting);
  EXPECT_FALSE(trial.outcome.has_value());
  EXPECT_EQ(trial.seconds, 0);
  EXPECT_EQ(trial.attempts, 1);

  Append(store(), {Started(0), Scored(0, 0.5)});
  trial = Later().Trials().at(0);
  EXPECT_EQ(trial.state, TrialState::kCompleted);
  EXPECT_EQ(trial.attempts, 2);
}

TEST_P(AnyStore, GivesTheCurvesOfTheLastFinishedAttempt) {
  Append(store(), {Created(0), Started(0),
                   Finished(0, study::Failed{study::FailureKind::kCrash, "x"},
                            {{0, "train", "auc", {0.5}}, {1, "train", "auc", {0.25}}})});
  EXPECT_EQ(Later().Curves(TrialId{0}).size(), 2u);
  Append(store(), {Requeued(0), Started(0)});
  EXPECT_EQ(Later().Curves(TrialId{0}).size(), 2u);
  Append(store(), Finished(0, study::Failed{study::FailureKind::kTimeout, "y"},
                           {{0, "train", "auc", {0.75}}}));
  EXPECT_EQ(Later().Curves(TrialId{0}),
            (std::vector<study::Curve>{study::Curve{0, "train", "auc", {0.75}}}));
  Append(store(), {Requeued(0), Started(0), Finished(0, study::Cancelled{"asked"})});
  EXPECT_TRUE(Later().Curves(TrialId{0}).empty());
}

TEST_P(AnyStore, AppendsNothingWhenThereIsNothing) {
  Append(store(), Created(0), 3);
  Append(store(), std::vector<study::StudyEvent>{}, 9);
  EXPECT_EQ(Later().Events().size(), 1u);
  EXPECT_EQ(Later().ElapsedSeconds(), 3);
}

TEST_P(AnyStore, RefusesATrialWhoseNumberIsNotTheNext) {
  Append(store(), Created(0));
  ExpectRefused({Created(2)});
  ExpectRefused({Created(0)});
  ExpectRefused({Created(1), Created(1)});
}

TEST_P(AnyStore, RefusesWhatHappensToATrialThatWasNeverCreated) {
  Append(store(), Created(0));
  ExpectRefused({Started(1)});
  ExpectRefused({Started(-1)});
}

TEST_P(AnyStore, RefusesToFinishATrialThatDoesNotRun) {
  Append(store(), Created(0));
  ExpectRefused({Scored(0, 0.5)});
}

TEST_P(AnyStore, RefusesToFinishATrialTwice) {
  Append(store(), {Created(0), Started(0), Scored(0, 0.5)});
  ExpectRefused({Scored(0, 0.75)});
  ExpectRefused({Started(0)});
}

TEST_P(AnyStore, WritesNoneOfABatchWhoseLastEventIsRefused) {
  Append(store(), Created(0));
  ExpectRefused({Started(0), Created(1), Scored(0, 0.5), Started(0)});
  EXPECT_EQ(Later().Trials().at(0).state, TrialState::kWaiting);
  EXPECT_EQ(Later().Trials().size(), 1u);
}

TEST_P(AnyStore, RefusesACompletedTrialWithoutANumberAsScore) {
  Append(store(), {Created(0), Started(0)});
  ExpectRefused({Scored(0, std::nan(""))});
}

TEST_P(AnyStore, GoesOnAfterARefusal) {
  Append(store(), Created(0));
  ExpectRefused({Started(3)});
  Append(store(), {Started(0), Scored(0, 0.5)});
  EXPECT_EQ(Later().Trials().at(0).state, TrialState::kCompleted);
  EXPECT_EQ(Later().Events().back().sequence, 3);
}

TEST_P(AnyStore, ReturnsRecordsThatLaterEventsDoNotChange) {
  Append(store(), {Created(0), Started(0)});
  const std::vector<study::Trial> trials = store().Trials();
  const std::vector<LoggedEvent> events = store().Events();
  Append(store(), Scored(0, 0.5));
  EXPECT_EQ(trials.at(0).state, TrialState::kRunning);
  EXPECT_EQ(events.size(), 2u);
}

}  // namespace
}  // namespace coppice::results
