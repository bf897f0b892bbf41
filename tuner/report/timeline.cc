#include "tuner/report/timeline.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "strategies/study/event.h"

namespace coppice::tuner {
namespace {

class Reader {
 public:
  void Read(const results::LoggedEvent& logged) {
    const double now = logged.elapsed_seconds;
    if (const auto* created = std::get_if<study::TrialCreated>(&logged.event)) {
      rungs_[created->trial] = created->rounds;
    } else if (const auto* promoted = std::get_if<study::TrialPromoted>(&logged.event)) {
      rungs_[promoted->trial] = promoted->rounds;
    } else if (const auto* started = std::get_if<study::TrialStarted>(&logged.event)) {
      Begin(started->trial, now);
    } else if (const auto* requeued = std::get_if<study::TrialRequeued>(&logged.event)) {
      End(requeued->trial, now, "requeued", nullptr);
    } else if (const auto* finished = std::get_if<study::TrialFinished>(&logged.event)) {
      End(finished->trial, now, study::ToText(study::StateOf(finished->outcome)),
          study::ResultOf(finished->outcome));
    } else if (const auto* stop = std::get_if<study::StudyStopped>(&logged.event)) {
      timeline_.stopped = stop->text;
    } else if (std::holds_alternative<study::StudyExtended>(logged.event) ||
               std::holds_alternative<study::StudyChanged>(logged.event)) {
      timeline_.stopped.clear();
    }
  }

  Timeline Finish(double elapsed_seconds) {
    while (!running_.empty()) End(running_.begin()->first, elapsed_seconds, "running", nullptr);
    timeline_.n_lanes = static_cast<int>(is_taken_.size());
    return std::move(timeline_);
  }

 private:
  void Begin(study::TrialId trial, double now) {
    if (running_.contains(trial)) return;
    const auto free = std::find(is_taken_.begin(), is_taken_.end(), false);
    const auto lane = static_cast<std::size_t>(free - is_taken_.begin());
    if (free == is_taken_.end()) is_taken_.push_back(false);
    is_taken_[lane] = true;
    running_[trial] = timeline_.stints.size();
    Stint stint;
    stint.trial = trial;
    stint.lane = static_cast<int>(lane);
    stint.rung = rungs_[trial];
    stint.from = now;
    timeline_.stints.push_back(std::move(stint));
  }

  void End(study::TrialId trial, double now, std::string how, const study::Completed* result) {
    const auto found = running_.find(trial);
    if (found == running_.end()) return;  // cancelled before it began, or taken over
    Stint& stint = timeline_.stints[found->second];
    stint.to = std::max(now, stint.from);
    stint.end = std::move(how);
    if (result != nullptr) {
      stint.rounds = result->rounds;
      stint.score = result->score;
    }
    is_taken_[static_cast<std::size_t>(stint.lane)] = false;
    running_.erase(found);
  }

  Timeline timeline_;
  std::map<study::TrialId, int> rungs_;
  std::vector<bool> is_taken_;                     // by lane
  std::map<study::TrialId, std::size_t> running_;  // to its stint
};

}  // namespace

Timeline ReadTimeline(const std::vector<results::LoggedEvent>& events, double elapsed_seconds) {
  Reader reader;
  for (const results::LoggedEvent& logged : events) reader.Read(logged);
  return reader.Finish(elapsed_seconds);
}

}  // namespace coppice::tuner
