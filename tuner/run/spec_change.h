#pragma once
// The spec of a study that has begun, and what of it may still change: limits, stop rules, slots
// and ranges. A change is an event of the log; the record keeps the spec that the study was made
// with.

#include <optional>

#include "results/store/trial_store.h"
#include "strategies/study/event.h"
#include "tuner/run/study_folder.h"
#include "tuner/spec/spec.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {

// The spec as it is now: that of the record with all changes of the log over it.
Spec SpecNow(const results::TrialStore& store, const StudyFolder& folder);

// `now` with a change over it.
Spec SpecWith(const Spec& now, const study::StudyChanged& change, const StudyFolder& folder);

// What `fields` (as `--set` has them) change of `now`, in resolved values; nothing where they leave
// it as it is. Throws Error (kSpec) with every finding: a field that a study has for good, a range
// that would leave a trial of `trials` outside, or a spec that is wrong with them.
std::optional<study::StudyChanged> ChangeOf(const Spec& now, const Overrides& fields,
                                            const StudyFolder& folder,
                                            const std::vector<study::Trial>& trials);

}  // namespace coppice::tuner
