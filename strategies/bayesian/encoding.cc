#include "strategies/bayesian/encoding.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace coppice::strategies {
namespace {

using study::ParameterRange;
using study::RangeKind;

// More values than that are snapped by the range itself, which costs logarithms.
constexpr std::int64_t kMostListed = 4096;

// The point at `angle` in [0, 1] on the unit circle. Taylor series, since the C library's last bit
// depends on the CPU; the first term left out is below 1e-18.
struct Direction {
  double cosine;
  double sine;
};

Direction DirectionAt(double angle) {
  const double square = angle * angle;
  double cosine = 1;
  double sine = 1;
  for (int k = 18; k >= 2; k -= 2) {
    cosine = 1 - cosine * square / (k * (k - 1));
    sine = 1 - sine * square / (k * (k + 1));
  }
  return {cosine, angle * sine};
}

}  // namespace

Encoding::Encoding(const study::SearchSpace& space) : order_(space.order()) {
  for (std::size_t i = 0; i < space.size(); ++i) coordinates_.push_back(CoordinateOf(space, i));
  for (std::size_t i = 0; i < coordinates_.size(); ++i) {
    const Coordinate& coordinate = coordinates_[i];
    if (coordinate.count == 1) continue;
    shown_.push_back(i);
    columns_.push_back({n_axes_, coordinate.is_word});
    if (coordinate.parent && !coordinate.is_word) columns_.push_back({n_axes_, false});
    ++n_axes_;
  }
}

Encoding::Coordinate Encoding::CoordinateOf(const study::SearchSpace& space, std::size_t range) {
  const ParameterRange& shape = space.ranges()[range];
  Coordinate coordinate{shape, shape.Count().value_or(0), false, false, {}, {}, {}, {}};
  const bool is_categorical = shape.kind() == RangeKind::kCategorical;
  coordinate.is_word = is_categorical && !shape.spec().ordered;
  coordinate.is_even = is_categorical || shape.scale() == study::Scale::kLinear;
  if (coordinate.count > 0 && !coordinate.is_even && coordinate.count <= kMostListed) {
    for (std::int64_t i = 0; i < coordinate.count; ++i) {
      coordinate.places.push_back(shape.Encode(shape.ValueAt(i)));
      if (i == 0) continue;
      const std::size_t last = coordinate.places.size() - 1;
      coordinate.borders.push_back((coordinate.places[last - 1] + coordinate.places[last]) / 2);
    }
  }
  coordinate.parent = space.ParentOf(range);
  if (!coordinate.parent) return coordinate;
  for (const Value& value : shape.when()->values) {
    const auto index = space.ranges()[*coordinate.parent].IndexOf(value);
    COPPICE_CHECK(index, "conditions are on values that exist");
    coordinate.allowed.push_back(*index);
  }
  std::sort(coordinate.allowed.begin(), coordinate.allowed.end());
  return coordinate;
}

std::int64_t Encoding::Coordinate::IndexAt(double u) const {
  if (is_even) {
    const auto n = static_cast<double>(count);
    return static_cast<std::int64_t>(std::min(std::floor(u * n), n - 1));
  }
  if (places.empty()) return *range.IndexOf(range.Decode(u));
  return std::upper_bound(borders.begin(), borders.end(), u) - borders.begin();
}

double Encoding::Coordinate::PlaceOf(std::int64_t index) const {
  if (is_even) return (static_cast<double>(index) + 0.5) / static_cast<double>(count);
  if (places.empty()) return range.Encode(range.ValueAt(index));
  return places[static_cast<std::size_t>(index)];
}

bool Encoding::IsActive(const Coordinate& coordinate, std::span<const double> point) const {
  if (!coordinate.parent) return true;
  const double above = point[*coordinate.parent];
  if (above == kInactive) return false;
  const std::int64_t index = coordinates_[*coordinate.parent].IndexAt(above);
  return std::binary_search(coordinate.allowed.begin(), coordinate.allowed.end(), index);
}

void Encoding::Snap(std::span<double> point) const {
  for (const std::size_t i : order_) {
    const Coordinate& coordinate = coordinates_[i];
    if (!IsActive(coordinate, point)) {
      point[i] = kInactive;
      continue;
    }
    const double inside = std::clamp(point[i], 0.0, 1.0);
    point[i] = coordinate.count > 0 ? coordinate.PlaceOf(coordinate.IndexAt(inside)) : inside;
  }
}

std::vector<double> Encoding::PointOf(const study::SearchSpace& space,
                                      const study::Configuration& configuration) const {
  std::vector<double> point = space.Encode(configuration);
  Snap(point);
  return point;
}

void Encoding::Encode(std::span<const double> point, Matrix& encoded, std::size_t row) const {
  std::size_t column = 0;
  for (const std::size_t i : shown_) {
    const Coordinate& coordinate = coordinates_[i];
    const double u = point[i];
    if (coordinate.is_word) {
      const bool active = u != kInactive;
      encoded(row, column++) = active ? static_cast<double>(coordinate.IndexAt(u)) : kInactive;
    } else if (!coordinate.parent) {
      encoded(row, column++) = u;
    } else {
      const Direction at = u == kInactive ? Direction{0, 0} : DirectionAt(u);
      encoded(row, column++) = at.cosine;
      encoded(row, column++) = at.sine;
    }
  }
}

void Encoding::PullBack(std::span<const double> point, std::span<const double> by_column,
                        std::span<double> by_coordinate) const {
  std::fill(by_coordinate.begin(), by_coordinate.end(), 0.0);
  std::size_t column = 0;
  for (const std::size_t i : shown_) {
    const Coordinate& coordinate = coordinates_[i];
    const bool on_circle = coordinate.parent && !coordinate.is_word;
    const std::size_t at = column;
    column += on_circle ? 2 : 1;
    if (coordinate.count > 0 || point[i] == kInactive) continue;
    if (on_circle) {
      const Direction direction = DirectionAt(point[i]);
      by_coordinate[i] = direction.cosine * by_column[at + 1] - direction.sine * by_column[at];
    } else {
      by_coordinate[i] = by_column[at];
    }
  }
}

double Encoding::Neighbour(std::size_t coordinate, double u, std::int64_t steps) const {
  const Coordinate& axis = coordinates_[coordinate];
  const std::int64_t index = axis.IndexAt(u) + steps;
  return axis.PlaceOf(std::clamp(index, std::int64_t{0}, axis.count - 1));
}

}  // namespace coppice::strategies
