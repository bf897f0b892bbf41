#pragma once
// Whether a training can append rounds to a model.

#include <string>

#include "results/store/trial_store.h"
#include "trainer/boost/booster.h"
#include "trainer/params.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// The part of the model that its predictions use, for SessionStart. Throws Error (kSpec) with all
// that stands against it: another booster, objective, number of classes or base score, or other
// columns, categories or label classes than `schema`, the data's.
trainer::Booster ContinuedFrom(trainer::Booster model, const trainer::TrainParams& params,
                               const trainer::Schema& schema);

// Whether rows that are held out from the spec's files (validation and test rows of the split
// `holdout`) may have trained the model. Only for the model of a single training of ours is it
// known that they have not: `origin` is its study, on the same rows in the same split (by
// `data_hash`); null for any other model.
bool MayHaveSeenHeldOutRows(const Spec& spec, const std::string& data_hash,
                            const results::StudyRecord* origin);

}  // namespace coppice::tuner
