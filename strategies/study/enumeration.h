#pragma once
// The configurations of a finite space by number: mixed radix over the active parameters only, so
// that no configuration has two numbers. The last parameter of the spec runs fastest; one with a
// condition runs inside the value of its parent that allows it.
//
//   std::optional<Enumeration> all = Enumeration::Of(space, std::nullopt);
//   for (std::int64_t i = 0; i < all->size(); ++i) ... all->At(i) ...

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "strategies/study/search_space.h"

namespace coppice::study {

// Immutable. Borrows nothing.
class Enumeration {
 public:
  static constexpr std::int64_t kMost = std::int64_t{1} << 53;

  // With `levels` (at least 2), a float without step, and an int with more values than that, is
  // thinned to `levels` points spread evenly on its scale, ends included (fewer where two would be
  // one int). nullopt when a range without end remains, or with more than kMost configurations.
  static std::optional<Enumeration> Of(const SearchSpace& space, std::optional<int> levels);

  std::int64_t size() const { return size_; }
  // 0 <= i < size(). Costs O(parameters), however many values they have.
  Configuration At(std::int64_t i) const;

 private:
  // One range with the ranges that depend on it. A value's weight is how many configurations of
  // those it allows: 1 unless a condition names the value.
  struct Axis {
    ParameterRange range;
    std::optional<std::vector<Value>> thinned;     // else the range's own values
    std::int64_t count = 0;                        // of values
    std::map<std::int64_t, std::int64_t> weights;  // of the values that conditions name, by index
    std::int64_t total = 0;                        // sum of the weights of all values
    std::vector<std::size_t> children;             // positions in axes_

    Value ValueAt(std::int64_t i) const;
    std::optional<std::int64_t> IndexOf(const Value& value) const;
    // The value that the `rank`-th of `total` configurations has, and the rank among those.
    std::pair<std::int64_t, std::int64_t> Locate(std::int64_t rank) const;
  };

  Enumeration() = default;
  static std::optional<Axis> AxisOf(const ParameterRange& range, std::optional<int> levels);
  // Fills in weights and total of an axis whose children have theirs; false above kMost.
  bool Weigh(Axis& axis) const;
  void Fill(const Axis& axis, std::int64_t rank, std::map<std::string, Value>& values) const;

  std::vector<Axis> axes_;  // in the space's order()
  std::vector<std::size_t> roots_;
  std::int64_t size_ = 1;
};

}  // namespace coppice::study
