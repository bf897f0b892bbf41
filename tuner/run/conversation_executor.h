#pragma once
// Trials that another program evaluates: a conversation in lines of JSON.
//
//   to the program    {"trial": 7, "config": {"eta": 0.1}}     begin; with "rounds": 9, pause there
//                     {"trial": 7, "stop": true}               it is hopeless, or the study ends
//   from the program  {"trial": 7, "round": 3, "score": 0.91}  on the way, if it likes
//                     {"trial": 7, "final": 0.93}              done; also with "std_error": 0.01
//                     {"trial": 7, "failed": "out of memory"}
//
// Rounds count from 1 and rise; one that is left out counts as the one before it. A trial that was
// given rounds ends its stint by reporting the last of them, or by a final score before it;
// promoted, it is begun again with more rounds, and goes on or starts anew as the program likes.
// What a program still says of a trial that was stopped is passed over.

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json_fwd.h"
#include "tuner/run/trial_executor.h"

namespace coppice::tuner {

// Called by one thread.
class LineChannel {
 public:
  virtual ~LineChannel() = default;

  // The next line, without its end; nothing when none comes until `deadline` (Clock::Now), or ever.
  virtual std::optional<std::string> Read(double deadline) = 0;
  virtual void Write(const std::string& line) = 0;
};

struct ConversationSetup {
  study::Goal goal = study::Goal::kMinimize;
  std::string metric;                        // the curve's
  int max_rounds = 0;                        // of a trial; 0: not known
  std::optional<double> trial_seconds = {};  // a trial that runs longer at a stretch has failed
};

class ConversationExecutor : public TrialExecutor {
 public:
  // Both are borrowed.
  ConversationExecutor(LineChannel& channel, const Clock& clock, ConversationSetup setup);

  void Start(const TrialRequest& request) override;
  // Throws Error (kUsage) for a line that is not part of the conversation.
  std::optional<TrialResult> Next(double deadline) override;
  void CancelAll(const std::string& reason) override;
  // CancelAll has ended them.
  void AbandonAll() override {}
  int Running() const override { return static_cast<int>(running_.size() + ended_.size()); }

 private:
  struct Talk {
    TrialRequest request;
    double started = 0;
    std::vector<double> scores;  // by round, those of earlier stints too
    bool is_heard_of = false;
  };

  void Hear(const std::string& line);
  void HearRound(Talk& talk, const Json& message, const std::string& line);
  // What the rounds so far amount to; there is at least one.
  study::Completed ResultOf(const Talk& talk) const;
  void End(study::TrialId trial, study::TrialOutcome outcome);
  void SayStop(study::TrialId trial);
  // Ends trials that have run for too long.
  void EndOverdue();

  LineChannel& channel_;
  const Clock& clock_;
  ConversationSetup setup_;
  std::map<study::TrialId, Talk> running_;
  std::set<study::TrialId> known_;  // that were ever begun here
  std::map<study::TrialId, std::vector<double>> paused_;
  std::deque<TrialResult> ended_;
};

}  // namespace coppice::tuner
