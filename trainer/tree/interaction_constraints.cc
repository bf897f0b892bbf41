#include "trainer/tree/interaction_constraints.h"

#include <algorithm>
#include <cstddef>

namespace coppice::trainer {

void InteractionConstraints::Restrict(std::span<const int> path,
                                      std::vector<std::uint8_t>* allowed) const {
  if (groups_.empty() || path.empty()) return;
  std::vector<std::uint8_t> may_meet(allowed->size());
  for (const int feature : path) may_meet[static_cast<std::size_t>(feature)] = 1;
  for (const std::vector<int>& group : groups_) {
    const bool holds_path = std::all_of(path.begin(), path.end(), [&](int feature) {
      return std::find(group.begin(), group.end(), feature) != group.end();
    });
    if (!holds_path) continue;
    for (const int feature : group) may_meet[static_cast<std::size_t>(feature)] = 1;
  }
  for (std::size_t i = 0; i < allowed->size(); ++i) (*allowed)[i] &= may_meet[i];
}

}  // namespace coppice::trainer
