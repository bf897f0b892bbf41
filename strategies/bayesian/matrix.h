#pragma once
// A dense matrix.

#include <cstddef>
#include <span>
#include <vector>

namespace coppice::strategies {

// Column by column. A value type; one thread at a time.
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t n_rows, std::size_t n_columns)
      : n_rows_(n_rows), n_columns_(n_columns), values_(n_rows * n_columns) {}

  std::size_t n_rows() const { return n_rows_; }
  std::size_t n_columns() const { return n_columns_; }

  double& operator()(std::size_t row, std::size_t column) {
    return values_[column * n_rows_ + row];
  }
  double operator()(std::size_t row, std::size_t column) const {
    return values_[column * n_rows_ + row];
  }
  // [n_rows()], of the matrix.
  std::span<double> Column(std::size_t column) {
    return {values_.data() + column * n_rows_, n_rows_};
  }
  std::span<const double> Column(std::size_t column) const {
    return {values_.data() + column * n_rows_, n_rows_};
  }
  double* data() { return values_.data(); }
  const double* data() const { return values_.data(); }

  bool operator==(const Matrix&) const = default;

 private:
  std::size_t n_rows_ = 0;
  std::size_t n_columns_ = 0;
  std::vector<double> values_;
};

}  // namespace coppice::strategies
