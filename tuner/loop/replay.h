#pragma once
// The log of a study, one event after another, for who goes on where it ends.

#include <functional>

#include "results/store/trial_store.h"

namespace coppice::tuner {

// With `curves`, those of a trial with a result are in the event of its end, read one trial at a
// time. Such a trial stays as it is, so the curves of its last attempt are those of the event.
void Replay(const results::TrialStore& store, bool curves,
            const std::function<void(const results::LoggedEvent&)>& apply);

}  // namespace coppice::tuner
