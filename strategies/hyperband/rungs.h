#pragma once
// The rungs of successive halving: which trial stands where, and how many rounds a rung means.

#include <deque>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "strategies/strategy.h"
#include "strategies/study/search_space.h"

namespace coppice::strategies {

struct RungOptions {
  int min_rounds = 0;  // that a rung has at least; 0: a ninth of max_rounds
  int max_rounds = 1;  // of the highest
  int reduction = 3;   // from one rung to the next: rounds times, trials divided by so much
};

// Downwards from max_rounds: max_rounds / reduction^k, rounded, as long as that is min_rounds or
// more. So every step up is one by `reduction`, whatever min_rounds is, as the sizes of brackets
// take for granted.
//
// Where `eta` is searched, rungs lie at equal eta * rounds instead: after equally many rounds a
// small step has come a shorter way, and would always look worse. A configuration then has
// eta_middle / eta times the rounds (eta_middle: the geometric middle of its range), at least
// 2 / eta, at least a ninth of max_rounds and at most max_rounds.
//
// Immutable.
class RungLadder {
 public:
  // 1 <= min_rounds <= max_rounds (or 0 for the default), reduction >= 2.
  RungLadder(const RungOptions& options, const study::SearchSpace& space);

  int n_rungs() const { return static_cast<int>(rounds_.size()); }
  int reduction() const { return reduction_; }
  bool corrects_eta() const { return middle_eta_.has_value(); }
  // Never falls with the rung; max_rounds at the last one.
  int Rounds(const study::Configuration& configuration, int rung) const;

 private:
  int reduction_;
  std::vector<int> rounds_;  // [n_rungs] before the correction
  std::optional<double> middle_eta_;
};

// A trial on its way up. A value.
class Climber {
 public:
  // Sent to `rung`.
  Climber(study::TrialId trial, study::Configuration configuration, int rung)
      : trial_(trial), configuration_(std::move(configuration)), goes_to_(rung) {}

  study::TrialId trial() const { return trial_; }
  const study::Configuration& configuration() const { return configuration_; }
  bool is_running() const { return is_running_; }
  // Whether it could go further: it stands at a rung and neither ended nor failed.
  bool can_go_on() const { return !is_running_ && !has_ended_; }
  // The rung that it was sent to last, or a higher one if its rounds reached that too.
  int goes_to() const { return goes_to_; }
  // Whether its loss at `rung` is known: it stood there, or ended before. Infinite for a failure.
  bool IsKnownAt(int rung) const { return has_ended_ || rung < static_cast<int>(losses_.size()); }
  double LossAt(int rung) const;

  void Send(int rung);
  void Arrive(const Observation& observation, const RungLadder& ladder);

 private:
  study::TrialId trial_;
  study::Configuration configuration_;
  int goes_to_;
  bool is_running_ = true;
  bool has_ended_ = false;
  std::vector<double> losses_;  // by rung, up to the highest where it stood
  double last_loss_ = std::numeric_limits<double>::infinity();
};

bool AnyRunning(const std::deque<Climber>& climbers);

// Both are known there; ties by trial.
bool IsBetterAt(int rung, const Climber& a, const Climber& b);

// Those of `climbers` that are known at `rung`, best first.
std::vector<const Climber*> RankedAt(const std::vector<const Climber*>& climbers, int rung);

}  // namespace coppice::strategies
