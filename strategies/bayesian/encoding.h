#pragma once
// Points of the unit cube as the model sees them: snapped to values that exist, with the conditions
// of the space resolved, and written as columns between which distances are taken.
//
// An axis is a range with more than one value. Its squared distance between two points is
//   (u - v)^2                       numbers and ordered values, u and v on the range's scale
//   0 or 1                          values without order: equal or not
//   4 sin^2((u - v) / 2), 1 or 0    with a condition: both active, one, none
// The last lays active values on one radian of the unit circle and an inactive one at its centre,
// which is a Euclidean distance and so makes a valid kernel; a distance that ignored parameters
// that are inactive on one side only would not (three points give a matrix that is not positive
// definite). A word with a condition has one more value, "inactive".

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "strategies/bayesian/matrix.h"
#include "strategies/study/search_space.h"

namespace coppice::strategies {

// What a snapped point has in an inactive coordinate.
inline constexpr double kInactive = -1;

// One column of an encoded point. The axis' squared distance is the sum over its columns of
// squared differences, or of 1 where words differ.
struct EncodedColumn {
  std::size_t axis = 0;
  bool is_word = false;

  bool operator==(const EncodedColumn&) const = default;
};

// Immutable. Borrows nothing.
class Encoding {
 public:
  explicit Encoding(const study::SearchSpace& space);

  std::size_t n_coordinates() const { return coordinates_.size(); }
  std::size_t n_axes() const { return n_axes_; }
  std::size_t CoordinateOfAxis(std::size_t axis) const { return shown_[axis]; }
  const std::vector<EncodedColumn>& columns() const { return columns_; }

  // Moves each coordinate of `point` [n_coordinates()] to the one that stands for its value;
  // inactive ones become kInactive. Those below 0 are taken for 0.
  void Snap(std::span<double> point) const;
  // `point`, of a configuration inside the space.
  std::vector<double> PointOf(const study::SearchSpace& space,
                              const study::Configuration& configuration) const;
  // The columns of a snapped point, written to row `row` of `encoded`, which has columns().size()
  // columns.
  void Encode(std::span<const double> point, Matrix& encoded, std::size_t row) const;

  // The derivatives by the coordinates of a snapped point, from those by the columns of its
  // encoding; 0 for coordinates without a neighbourhood: words, counted values, inactive ones.
  void PullBack(std::span<const double> point, std::span<const double> by_column,
                std::span<double> by_coordinate) const;

  // How many values a coordinate has; 0: no end of them.
  std::int64_t CountOf(std::size_t coordinate) const { return coordinates_[coordinate].count; }
  // Whether its values have no order.
  bool IsWord(std::size_t coordinate) const { return coordinates_[coordinate].is_word; }
  // The coordinate of the value `steps` further on than that of the snapped coordinate u; the end
  // of the range where it would be beyond. Of a coordinate with CountOf above 0.
  double Neighbour(std::size_t coordinate, double u, std::int64_t steps) const;

 private:
  struct Coordinate {
    study::ParameterRange range;
    std::int64_t count = 0;
    bool is_word = false;
    bool is_even = false;  // value i of n stands at (i + 1/2) / n
    // Where values stand, ascending, and the borders between them; empty where they are even, or
    // too many to list.
    std::vector<double> places;
    std::vector<double> borders;
    std::optional<std::size_t> parent;
    std::vector<std::int64_t> allowed;  // ascending indices of the parent's values

    std::int64_t IndexAt(double u) const;
    double PlaceOf(std::int64_t index) const;
  };

  static Coordinate CoordinateOf(const study::SearchSpace& space, std::size_t range);
  bool IsActive(const Coordinate& coordinate, std::span<const double> point) const;

  std::vector<Coordinate> coordinates_;
  std::vector<std::size_t> order_;  // parents first
  std::vector<std::size_t> shown_;  // the coordinates that are axes
  std::vector<EncodedColumn> columns_;
  std::size_t n_axes_ = 0;
};

}  // namespace coppice::strategies
