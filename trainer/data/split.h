#pragma once
// Which rows train, which validate, which nobody touches: folds as lists of rows over one Dataset.

#include <cstdint>
#include <string>
#include <vector>

#include "trainer/data/dataset.h"

namespace coppice::trainer {

enum class SplitKind { kCrossValidation, kHoldout, kFiles };

struct SplitSpec {
  SplitKind kind = SplitKind::kCrossValidation;
  int folds = 5;                     // kCrossValidation, >= 2
  int repeats = 1;                   // kCrossValidation, >= 1: so many divisions of the same rows
  double validation_fraction = 0.2;  // kHoldout, of the rows that are not test; in (0, 1)
  double test_fraction = 0.2;        // in [0, 1); not with kFiles or where there are test files
  // Classes keep their shares as far as groups let them; by_time and number labels: no effect.
  bool stratified = true;
  bool grouped = false;  // rows of a group stay together
  bool by_time = false;  // file order is time: train before validation before test; not grouped

  // Of all repeats; 1 without cross-validation.
  int total_folds() const { return kind == SplitKind::kCrossValidation ? repeats * folds : 1; }
  // Validation rows of a fold of cross-validation for each of its training rows; 0 for others.
  double overlap() const { return kind == SplitKind::kCrossValidation ? 1.0 / (folds - 1) : 0; }
};

struct Fold {
  std::vector<RowIndex> train;       // ascending
  std::vector<RowIndex> validation;  // ascending; may be empty only with kFiles
};

struct Split {
  std::vector<Fold> folds;     // [repeats * folds]; one for kHoldout and kFiles
  std::vector<RowIndex> test;  // ascending; maybe empty

  // Rows that some fold trains on, ascending.
  std::vector<RowIndex> TrainingRows() const;
};

// The same for equal (data, spec, seed) on every machine. Folds differ by at most one row, and so
// do their rows of each class; with groups both are only near. With by_time, cross-validation has
// an expanding window: fold i trains on the first i + 1 of folds + 1 blocks and validates on the
// next. Throws Error (kSpec): numbers out of range, by_time along with grouped or repeats,
// validation files without kFiles. Throws Error (kData): too few rows or groups, no groups, a fold
// whose training rows would lack a class.
//
// Each division > 0 draws other folds, or another validation part, from the same rows; the test
// rows are those of division 0. Only where HasOtherDivisions(spec). Repeats have the divisions from
// `division` on, so that `spec.repeats` is the first that they leave.
Split MakeSplit(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                std::uint64_t division = 0);

// By time and from files, nothing of a split is left to chance.
bool HasOtherDivisions(const SplitSpec& spec);

// Of a place in Split::folds, counted from 1: "fold 2", "fold 2 of repeat 3".
std::string FoldName(const SplitSpec& spec, std::size_t fold);

}  // namespace coppice::trainer
