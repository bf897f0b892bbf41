#include "results/store/memory_store.h"

#include <utility>
#include <variant>

namespace coppice::results {

MemoryStore::MemoryStore(StudyRecord record) : record_(std::move(record)) {}

void MemoryStore::Append(std::span<const study::StudyEvent> events, double elapsed_seconds) {
  std::vector<study::Trial> changed = fold_.After(events);
  std::vector<LoggedEvent> logged;
  logged.reserve(events.size());
  auto sequence = static_cast<std::int64_t>(events_.size());
  for (const study::StudyEvent& event : events) {
    logged.push_back({++sequence, elapsed_seconds, event});
  }
  events_.insert(events_.end(), std::make_move_iterator(logged.begin()),
                 std::make_move_iterator(logged.end()));
  fold_.Apply(std::move(changed));
}

std::vector<LoggedEvent> MemoryStore::EventsWithoutCurves() const {
  std::vector<LoggedEvent> events;
  events.reserve(events_.size());
  for (const LoggedEvent& logged : events_) {
    const auto* finished = std::get_if<study::TrialFinished>(&logged.event);
    if (finished == nullptr) {
      events.push_back(logged);
    } else {
      events.push_back(
          {logged.sequence, logged.elapsed_seconds,
           study::TrialFinished{finished->trial, finished->outcome, {}, finished->seconds}});
    }
  }
  return events;
}

std::vector<study::Curve> MemoryStore::Curves(study::TrialId trial) const {
  for (auto logged = events_.rbegin(); logged != events_.rend(); ++logged) {
    const auto* finished = std::get_if<study::TrialFinished>(&logged->event);
    if (finished != nullptr && finished->trial == trial) return finished->curves;
  }
  return {};
}

double MemoryStore::ElapsedSeconds() const {
  return events_.empty() ? 0 : events_.back().elapsed_seconds;
}

}  // namespace coppice::results
