#include "strategies/study/enumeration.h"

#include <algorithm>

#include "base/error.h"

namespace coppice::study {
namespace {

// False when the result passes Enumeration::kMost; both are at most that.
bool Multiply(std::int64_t factor, std::int64_t* product) {
  return !__builtin_mul_overflow(*product, factor, product) && *product <= Enumeration::kMost;
}

bool Allows(const ParameterRange& child, const Value& value) {
  const std::vector<Value>& allowed = child.when()->values;
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const Value& listed) { return SameValue(listed, value); });
}

std::vector<Value> Thin(const ParameterRange& range, int levels) {
  const double first = range.Encode(range.spec().min);
  const double last = range.Encode(range.spec().max);
  std::vector<Value> values;
  for (int i = 0; i < levels; ++i) {
    const double u = i + 1 == levels ? last : first + i * (last - first) / (levels - 1);
    Value value = range.Decode(u);
    if (values.empty() || !SameValue(values.back(), value)) values.push_back(std::move(value));
  }
  return values;
}

}  // namespace

Value Enumeration::Axis::ValueAt(std::int64_t i) const {
  return thinned ? (*thinned)[static_cast<std::size_t>(i)] : range.ValueAt(i);
}

std::optional<std::int64_t> Enumeration::Axis::IndexOf(const Value& value) const {
  if (!thinned) return range.IndexOf(value);
  for (std::size_t i = 0; i < thinned->size(); ++i) {
    if (SameValue((*thinned)[i], value)) return static_cast<std::int64_t>(i);
  }
  return std::nullopt;
}

std::pair<std::int64_t, std::int64_t> Enumeration::Axis::Locate(std::int64_t rank) const {
  std::int64_t next = 0;  // the first value that is not yet passed
  for (const auto& [index, weight] : weights) {
    const std::int64_t plain = index - next;  // values of weight 1 before this one
    if (rank < plain) break;
    rank -= plain;
    if (rank < weight) return {index, rank};
    rank -= weight;
    next = index + 1;
  }
  return {next + rank, 0};
}

std::optional<Enumeration::Axis> Enumeration::AxisOf(const ParameterRange& range,
                                                     std::optional<int> levels) {
  Axis axis{range, {}, 0, {}, 0, {}};
  const std::optional<std::int64_t> count = range.Count();
  const bool thin = levels && (!count || (range.kind() == RangeKind::kInt && *count > *levels));
  if (thin) {
    axis.thinned = Thin(range, *levels);
    axis.count = static_cast<std::int64_t>(axis.thinned->size());
  } else if (count) {
    axis.count = *count;
  } else {
    return std::nullopt;
  }
  return axis;
}

bool Enumeration::Weigh(Axis& axis) const {
  for (std::size_t position : axis.children) {
    const Axis& child = axes_[position];
    for (const Value& value : child.range.when()->values) {
      if (const auto index = axis.IndexOf(value)) axis.weights[*index] = 1;
    }
  }
  axis.total = axis.count - static_cast<std::int64_t>(axis.weights.size());
  for (auto& [index, weight] : axis.weights) {
    const Value value = axis.ValueAt(index);
    for (std::size_t position : axis.children) {
      const Axis& child = axes_[position];
      if (Allows(child.range, value) && !Multiply(child.total, &weight)) return false;
    }
    axis.total += weight;
    if (axis.total > kMost) return false;
  }
  return true;
}

std::optional<Enumeration> Enumeration::Of(const SearchSpace& space, std::optional<int> levels) {
  Enumeration all;
  std::vector<std::size_t> position_of(space.size());
  for (std::size_t range : space.order()) {
    std::optional<Axis> axis = AxisOf(space.ranges()[range], levels);
    if (!axis) return std::nullopt;
    const std::size_t position = all.axes_.size();
    position_of[range] = position;
    all.axes_.push_back(std::move(*axis));
    const std::optional<std::size_t> parent = space.ParentOf(range);
    auto& siblings = parent ? all.axes_[position_of[*parent]].children : all.roots_;
    siblings.push_back(position);
  }
  for (auto axis = all.axes_.rbegin(); axis != all.axes_.rend(); ++axis) {
    if (!all.Weigh(*axis)) return std::nullopt;
  }
  for (std::size_t root : all.roots_) {
    if (!Multiply(all.axes_[root].total, &all.size_)) return std::nullopt;
  }
  return all;
}

void Enumeration::Fill(const Axis& axis, std::int64_t rank,
                       std::map<std::string, Value>& values) const {
  const auto [index, rest] = axis.Locate(rank);
  const Value value = axis.ValueAt(index);
  values[axis.range.name()] = value;
  std::int64_t digits = rest;
  for (auto position = axis.children.rbegin(); position != axis.children.rend(); ++position) {
    const Axis& child = axes_[*position];
    if (!Allows(child.range, value)) continue;
    Fill(child, digits % child.total, values);
    digits /= child.total;
  }
}

Configuration Enumeration::At(std::int64_t i) const {
  COPPICE_CHECK(i >= 0 && i < size_, "the space has so many configurations");
  std::map<std::string, Value> values;
  std::int64_t digits = i;
  for (auto position = roots_.rbegin(); position != roots_.rend(); ++position) {
    const Axis& root = axes_[*position];
    Fill(root, digits % root.total, values);
    digits /= root.total;
  }
  return Configuration(std::move(values));
}

}  // namespace coppice::study
