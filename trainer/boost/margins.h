#pragma once
// The margins of all rows of a matrix, output after output: a tree adds to one output of many rows.

#include <cstddef>
#include <span>

#include "base/big_vector.h"

namespace coppice::trainer {

// A value. Distinct rows may be written by several threads at once.
class Margins {
 public:
  Margins(std::size_t n_rows, std::size_t n_outputs)
      : n_rows_(n_rows), n_outputs_(n_outputs), values_(n_rows * n_outputs) {}

  std::size_t n_rows() const { return n_rows_; }
  std::size_t n_outputs() const { return n_outputs_; }
  // [n_outputs][n_rows]
  std::span<float> all() { return values_; }
  std::span<const float> all() const { return values_; }
  // [n_rows]
  std::span<float> Of(std::size_t output) { return {values_.data() + output * n_rows_, n_rows_}; }
  std::span<const float> Of(std::size_t output) const {
    return {values_.data() + output * n_rows_, n_rows_};
  }

 private:
  std::size_t n_rows_;
  std::size_t n_outputs_;
  BigVector<float> values_;
};

}  // namespace coppice::trainer
