#pragma once
// Which configurations the trials of a study have had so far.

#include <string>
#include <unordered_set>

#include "strategies/study/configuration.h"

namespace coppice::strategies {

// One thread at a time. Never iterated, so that no order of hashing reaches a result.
class CreatedSet {
 public:
  // Whether it is new.
  bool Add(const study::Configuration& configuration) {
    return texts_.insert(configuration.CanonicalText()).second;
  }
  bool Has(const study::Configuration& configuration) const {
    return texts_.contains(configuration.CanonicalText());
  }

 private:
  std::unordered_set<std::string> texts_;
};

}  // namespace coppice::strategies
