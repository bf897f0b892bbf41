#pragma once
// What the readers of all formats do to a Dataset in the same way.

#include <span>
#include <utility>
#include <vector>

#include "trainer/data/dataset.h"
#include "trainer/data/label_codes.h"

namespace coppice::trainer {

// Throws Error (kData) beyond what RowIndex counts.
void AddRows(Dataset& data, std::size_t n, DataPart part);

// Empties `source`.
template <typename T>
void AppendColumn(std::vector<T>& source, std::vector<T>& target) {
  if (target.empty()) {
    target = std::move(source);
    // A little that was never written to costs no memory, a copy does.
    if (target.capacity() - target.size() > target.size() / 8) target.shrink_to_fit();
  } else {
    target.insert(target.end(), source.begin(), source.end());
  }
  source = {};
}

// Adds a finding for each weight below 0.
void CheckWeightValues(std::span<const float> weights, const RowPlace& place,
                       FindingList& findings);

// From codes of texts to the ids that Dataset promises: one text in two parts is two groups.
void NumberGroups(Dataset& data);

// Adds a finding for each row whose upper end of the label is below its lower one.
void CheckLabelEnds(std::span<const float> lower, std::span<const float> upper,
                    const RowPlace& place, FindingList& findings);

// Throws Error (kData) when there are weights and those of the train rows are all 0.
void CheckSomeWeight(const Dataset& data);

// Columns that can tell nothing, by their train rows: constant, or without a value.
void NoteDullColumns(const Dataset& data, Notices* notices);

}  // namespace coppice::trainer
