#pragma once
// Which features may meet on the way from the root to a leaf, as XGBoost has it: below a split, a
// node may take the features that its way has taken already, and all of each group that holds every
// one of these.

#include <cstdint>
#include <span>
#include <vector>

namespace coppice::trainer {

// Immutable. Thread-safe.
class InteractionConstraints {
 public:
  // Positions of features; may be empty, which allows everything.
  explicit InteractionConstraints(const std::vector<std::vector<int>>& groups) : groups_(groups) {}

  bool empty() const { return groups_.empty(); }
  // Takes the mark of each feature [n_features] that a node may not take whose ancestors have taken
  // `path`. At the root, where the path is empty, every mark stays.
  void Restrict(std::span<const int> path, std::vector<std::uint8_t>* allowed) const;

 private:
  std::vector<std::vector<int>> groups_;
};

}  // namespace coppice::trainer
