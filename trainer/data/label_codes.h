#pragma once
// From what a label column says to what the trainer learns: numbers, or classes 0 .. k-1.

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/data/finding_list.h"
#include "trainer/data/reader.h"

namespace coppice::trainer {

// Of a row of a file, 0-based; may be slow.
using RowPlace = std::function<Place(std::size_t row)>;

// Immutable.
class LabelCodes {
 public:
  // From all labels of the train files; none is NaN or infinite. Numbers stay numbers with
  // kNumber, and with kBinary when all lie in [0, 1] and one lies between. Throws Error (kData):
  // one class only, more than two with kBinary, too many.
  static LabelCodes FromNumbers(LabelKind kind, std::vector<float> labels, const Place& place);
  // The same from the distinct texts.
  static LabelCodes FromTexts(LabelKind kind, std::vector<std::string> texts, const Place& place);
  // As a schema has them.
  static LabelCodes FromClasses(std::vector<std::string> classes);

  // The text of each class; empty: labels are numbers.
  const std::vector<std::string>& classes() const { return classes_; }
  // Classes are told apart by text, not by value.
  bool by_text() const { return by_text_; }

  // Replaces labels by codes. Adds a finding for each number that is no class of ours.
  void Encode(std::span<float> labels, const RowPlace& place, FindingList& findings) const;
  // [texts.size()]: the code of each, or -1.
  std::vector<int> CodesOf(const std::vector<std::string>& texts) const;
  // `place` is of the first of the `n_rows` that have it.
  void AddUnknownClass(std::string_view text, std::size_t n_rows, const Place& place,
                       FindingList& findings) const;

 private:
  std::vector<std::string> classes_;
  std::vector<float> numbers_;  // [classes], ascending, unless by_text_
  bool by_text_ = false;
};

}  // namespace coppice::trainer
