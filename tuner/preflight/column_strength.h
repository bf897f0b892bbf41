#pragma once
// What one column alone knows of the label.

#include <cstddef>
#include <string>
#include <vector>

#include "trainer/bins/binned_matrix.h"
#include "trainer/data/dataset.h"
#include "trainer/data/split.h"

namespace coppice::tuner {

struct ColumnStrength {
  std::string name;
  // On held-out rows: of classes the area under the ROC curve (of more than two classes its mean
  // over one class against the rest), else 1 - squared error / variance. NaN: not defined there.
  double score = 0;
};

// By features, each with a tree of depth 4 over its bins that trains on fold.train and is judged on
// fold.validation.
std::vector<ColumnStrength> ColumnStrengths(const trainer::Dataset& table,
                                            const trainer::BinnedMatrix& matrix,
                                            const trainer::Fold& fold);

// Features that are the label by another name: each class (or each of few numbers) has one value of
// its own and no row lacks it; or label = a + b * value in every row to the last digits of a float.
// In the order of the table.
std::vector<std::string> FindLabelCopies(const trainer::Dataset& table);

}  // namespace coppice::tuner
