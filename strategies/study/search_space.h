#pragma once
// The ordered ranges of a study, with their conditions. Strategies see only points of the unit
// cube, one coordinate a range, in the order of the spec; Decode resolves scales, steps and
// conditions.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "strategies/study/configuration.h"
#include "strategies/study/parameter_range.h"

namespace coppice::study {

// Immutable.
class SearchSpace {
 public:
  // What is wrong between the ranges, as (range name, sentence) pairs: a condition on an unknown
  // parameter, on itself, in a circle, on a float without step, on a value that its parameter
  // cannot take, a name twice.
  static std::vector<std::pair<std::string, std::string>> Problems(
      const std::vector<ParameterRange>& ranges);

  // Problems(ranges) is empty.
  explicit SearchSpace(std::vector<ParameterRange> ranges);

  const std::vector<ParameterRange>& ranges() const { return ranges_; }
  std::size_t size() const { return ranges_.size(); }
  // Indices of ranges(), each after the one that it depends on, else in the order of the spec.
  const std::vector<std::size_t>& order() const { return order_; }
  // Index of the range that a range's condition is on; nullopt without condition.
  std::optional<std::size_t> ParentOf(std::size_t range) const { return parents_[range]; }

  // The configuration at a point [size()] of the unit cube; inactive parameters are left out.
  Configuration Decode(std::span<const double> point) const;
  // A point that decodes to `configuration`; inactive coordinates are 0.5.
  std::vector<double> Encode(const Configuration& configuration) const;
  bool Contains(const Configuration& configuration) const;
  // The configuration of the space nearest to given values: a parameter given outside takes the
  // nearest value, one not given its Middle; inactive ones are left out.
  Configuration Project(const std::map<std::string, Value>& values) const;
  // How many different configurations there are; nullopt when there is no end (a float without
  // step) or more than 2^53.
  std::optional<std::int64_t> Count() const;

 private:
  // Whether a range's condition holds, given the values of all ranges before it in order().
  bool IsActive(std::size_t range, const std::map<std::string, Value>& values) const;

  std::vector<ParameterRange> ranges_;
  std::vector<std::size_t> order_;
  std::vector<std::optional<std::size_t>> parents_;
};

}  // namespace coppice::study
