#include "tuner/run/conversation_executor.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "tuner/run/simulated_executor.h"

namespace coppice::tuner {
namespace {

using study::TrialId;

// Lines that are said one after another, whatever is asked.
class Script : public LineChannel {
 public:
  explicit Script(std::vector<std::string> lines) : lines_(std::move(lines)) {}
  std::optional<std::string> Read(double) override {
    if (next_ == lines_.size()) return std::nullopt;
    return lines_[next_++];
  }
  void Write(const std::string& line) override { heard.push_back(line); }

  std::vector<std::string> heard;

 private:
  std::vector<std::string> lines_;
  std::size_t next_ = 0;
};

TrialRequest Request(int trial, int rounds = 0) {
  return {TrialId{trial}, study::Configuration({{"x", 0.5}}), nullptr, rounds};
}

struct Conversation {
  explicit Conversation(std::vector<std::string> lines, int max_rounds = 0)
      : script(std::move(lines)),
        executor(script, clock, {study::Goal::kMaximize, "points", max_rounds}) {}
  Script script;
  VirtualClock clock;
  ConversationExecutor executor;
};

TEST(ConversationExecutor, TakesTheFinalScore) {
  Conversation talk({"", R"({"trial": 3, "final": 0.75})"});
  talk.executor.Start(Request(3));
  EXPECT_EQ(talk.script.heard, (std::vector<std::string>{R"({"trial":3,"config":{"x":0.5}})"}));
  const auto result = talk.executor.Next(1);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->trial, TrialId{3});
  const auto completed = std::get<study::Completed>(result->outcome);
  EXPECT_EQ(completed.score, 0.75);
  EXPECT_EQ(completed.rounds, 0);
  EXPECT_TRUE(result->curves.empty());
  EXPECT_EQ(talk.executor.Running(), 0);
  EXPECT_FALSE(talk.executor.Next(1));
}

TEST(ConversationExecutor, TakesTheStandardErrorOfAFinalScore) {
  Conversation talk({R"({"trial": 0, "final": 0.75, "std_error": 0.125})"});
  talk.executor.Start(Request(0));
  EXPECT_EQ(std::get<study::Completed>(talk.executor.Next(1)->outcome).std_error, 0.125);
  for (const char* wrong : {R"({"trial": 0, "final": 0.75, "std_error": -1})",
                            R"({"trial": 0, "final": 0.75, "std_error": "low"})"}) {
    Conversation refused({wrong});
    refused.executor.Start(Request(0));
    EXPECT_THROW(refused.executor.Next(1), Error) << wrong;
  }
}

TEST(ConversationExecutor, KeepsTheCurveWithGapsFilled) {
  Conversation talk({R"({"trial": 0, "round": 2, "score": 1})",
                     R"({"trial": 0, "round": 4, "score": 3})", R"({"trial": 0, "final": 2})"});
  talk.executor.Start(Request(0));
  const auto result = talk.executor.Next(1);
  ASSERT_EQ(result->curves.size(), 1U);
  EXPECT_EQ(result->curves[0].metric, "points");
  EXPECT_EQ(result->curves[0].values, (std::vector<double>{1, 1, 1, 3}));
  const auto completed = std::get<study::Completed>(result->outcome);
  EXPECT_EQ(completed.score, 2);
  EXPECT_EQ(completed.best_round, 4);
}

TEST(ConversationExecutor, PausesAtTheRoundsThatWereGivenAndGoesOn) {
  Conversation talk(
      {R"({"trial": 0, "round": 1, "score": 5})", R"({"trial": 0, "round": 2, "score": 4})",
       R"({"trial": 0, "round": 3, "score": 6})", R"({"trial": 0, "round": 4, "score": 7})"},
      4);
  talk.executor.Start(Request(0, 2));
  EXPECT_EQ(talk.script.heard.back(), R"({"trial":0,"config":{"x":0.5},"rounds":2})");
  const auto first = talk.executor.Next(1);
  EXPECT_EQ(std::get<study::Paused>(first->outcome).result.best_round, 1);
  talk.executor.Start(Request(0, 4));
  const auto second = talk.executor.Next(1);
  EXPECT_EQ(std::get<study::Completed>(second->outcome).score, 7);
  EXPECT_EQ(second->curves.at(0).values, (std::vector<double>{5, 4, 6, 7}));
}

TEST(ConversationExecutor, LetsAPromotedTrialStartAnew) {
  Conversation talk(
      {R"({"trial": 0, "round": 1, "score": 5})", R"({"trial": 0, "round": 1, "score": 6})",
       R"({"trial": 0, "round": 2, "score": 7})"},
      2);
  talk.executor.Start(Request(0, 1));
  talk.executor.Next(1);
  talk.executor.Start(Request(0, 2));
  EXPECT_EQ(talk.executor.Next(1)->curves.at(0).values, (std::vector<double>{6, 7}));
}

TEST(ConversationExecutor, StopsAHopelessTrialAndPassesOverWhatItStillSays) {
  strategies::Pruner pruner(strategies::MakeMedianRule({1, 1}, study::Goal::kMaximize));
  pruner.Tell({TrialId{9}, study::TrialState::kCompleted, {}, {-1}});
  Conversation talk({R"({"trial": 0, "round": 1, "score": 0.5})",
                     R"({"trial": 0, "round": 2, "score": 2})", R"({"trial": 1, "final": 1})"});
  TrialRequest request = Request(0);
  request.stop_test = pruner.TestFor({});
  talk.executor.Start(request);
  const auto result = talk.executor.Next(1);
  EXPECT_EQ(std::get<study::Pruned>(result->outcome).result.score, 0.5);
  EXPECT_EQ(talk.script.heard.back(), R"({"trial":0,"stop":true})");
  talk.executor.Start(Request(1));
  EXPECT_EQ(talk.executor.Next(1)->trial, TrialId{1});
}

TEST(ConversationExecutor, HearsOfFailures) {
  Conversation talk({R"({"trial": 0, "failed": "out of memory"})"});
  talk.executor.Start(Request(0));
  EXPECT_EQ(std::get<study::Failed>(talk.executor.Next(1)->outcome).reason, "out of memory");
}

TEST(ConversationExecutor, FailsATrialThatTakesTooLong) {
  Script script({});
  VirtualClock clock;
  ConversationExecutor executor(script, clock, {study::Goal::kMaximize, "points", 0, 60.0});
  executor.Start(Request(0));
  clock.AdvanceTo(30);
  executor.Start(Request(1));
  clock.AdvanceTo(60);
  EXPECT_FALSE(executor.Next(60));
  clock.AdvanceTo(61);
  const auto result = executor.Next(61);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->trial, TrialId{0});
  const auto failed = std::get<study::Failed>(result->outcome);
  EXPECT_EQ(failed.kind, study::FailureKind::kTimeout);
  EXPECT_EQ(failed.reason, "over `limits.trial_seconds` (60 s)");
  EXPECT_EQ(script.heard.back(), R"({"trial":0,"stop":true})");
  EXPECT_EQ(executor.Running(), 1);
}

TEST(ConversationExecutor, CancelsWhatRuns) {
  Conversation talk({});
  talk.executor.Start(Request(0));
  talk.executor.Start(Request(1));
  EXPECT_FALSE(talk.executor.Next(1)) << "nobody said anything";
  talk.executor.CancelAll("enough");
  EXPECT_EQ(talk.script.heard.back(), R"({"trial":1,"stop":true})");
  EXPECT_TRUE(std::holds_alternative<study::Cancelled>(talk.executor.Next(1)->outcome));
  EXPECT_TRUE(std::holds_alternative<study::Cancelled>(talk.executor.Next(1)->outcome));
}

TEST(ConversationExecutor, RefusesWhatIsNoPartOfTheConversation) {
  for (const std::string line :
       {"0.5", "[1]", "{}", R"({"trial": 7, "final": 1})", R"({"trial": 0, "final": "x"})",
        R"({"trial": 0})", R"({"trial": 0, "round": 1})", R"({"trial": 0, "round": 0, "score": 1})",
        R"({"trial": 0, "round": 1.5, "score": 1})", R"({"trial": 0, "round": 1e9, "score": 1})",
        R"({"trial": 99999999999, "final": 1})"}) {
    Conversation talk({line});
    talk.executor.Start(Request(0));
    EXPECT_THROW(talk.executor.Next(1), Error) << line;
  }
}

}  // namespace
}  // namespace coppice::tuner
