#pragma once
// What every trial of a study reads: the table, its split and its bins. Made once, never changed.

#include <memory>
#include <string>

#include "base/files.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/data/dataset.h"
#include "trainer/data/reader.h"
#include "trainer/data/split.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// Immutable after loading. Thread-safe.
struct StudyData {
  std::shared_ptr<const trainer::Dataset> table;
  trainer::Split split;
  std::shared_ptr<const trainer::BinnedMatrix> matrix;  // cuts from the rows that train
  int num_class = 0;                                    // 0 unless the objective has classes
  std::string hash;                                     // of table and split
  double load_seconds = 0;
  double bin_seconds = 0;
};

// Reads, splits and bins in the caller's arena. Throws Error (kData).
StudyData LoadStudyData(const Spec& spec, FileSystem& disk, trainer::Notices* notices);

// The training parameters of a configuration on this data.
trainer::TrainParams ParamsOn(const StudyData& data, const Spec& spec,
                              const study::Configuration& configuration);

}  // namespace coppice::tuner
