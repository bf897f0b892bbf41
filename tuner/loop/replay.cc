#include "tuner/loop/replay.h"

#include <variant>

#include "strategies/study/event.h"

namespace coppice::tuner {

void Replay(const results::TrialStore& store, bool curves,
            const std::function<void(const results::LoggedEvent&)>& apply) {
  for (results::LoggedEvent& logged : store.EventsWithoutCurves()) {
    auto* finished = std::get_if<study::TrialFinished>(&logged.event);
    if (curves && finished != nullptr && study::ResultOf(finished->outcome) != nullptr) {
      finished->curves = store.Curves(finished->trial);
    }
    apply(logged);
  }
}

}  // namespace coppice::tuner
