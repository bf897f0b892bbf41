#pragma once
// The parts of a spec, each read by its own function into a draft. They report what they find and
// fill in defaults; later ones may look at what earlier ones have read, in this order.

#include <optional>

#include "trainer/objective/objective.h"
#include "tuner/spec/object_reader.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// A Spec on the way, and which parts of it can be relied on: no finding shall follow from another.
struct Draft {
  Spec spec;
  bool train_is_good = false;
  bool search_is_good = false;  // `spec.search` makes a SearchSpace
  // Nothing when the objective has a finding.
  std::optional<trainer::TargetKind> target;
  std::optional<trainer::PredictionKind> prediction;
};

void ReadTrain(ObjectReader& root, Draft& draft);
void ReadData(ObjectReader& root, Draft& draft);
void ReadSplit(ObjectReader& root, Draft& draft);
// `search`, `start` and `warm_start`, and what parameters mean together.
void ReadSearch(ObjectReader& root, Draft& draft);
// `objective` and `metrics`.
void ReadObjective(ObjectReader& root, Draft& draft);
// The same for trials that another program evaluates, with `max_rounds`.
void ReadExternalObjective(ObjectReader& root, Draft& draft);
// `strategy` and `prune`.
void ReadStrategy(ObjectReader& root, Draft& draft);
// `stop` and `limits`.
void ReadStop(ObjectReader& root, Draft& draft);
void ReadConfirm(ObjectReader& root, Draft& draft);
void ReadParallel(ObjectReader& root, Draft& draft);

}  // namespace coppice::tuner
