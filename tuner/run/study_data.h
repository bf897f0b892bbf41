#pragma once
// What every trial of a study reads: the table, its split and its bins. Made once, never changed.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/files.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/boost/train_session.h"
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
  int n_outputs = 1;                                    // of the objective: classes or quantiles
  std::string hash;                                     // of table and split
  double load_seconds = 0;
  double bin_seconds = 0;
};

// The files that a spec names, patterns resolved from its folder. Throws Error (kData) for one that
// is not there.
trainer::DataFiles FilesOf(const Spec& spec, FileSystem& disk);

// Of the values and of which row stands in which fold.
std::string HashOfTable(const trainer::Dataset& table, const trainer::Split& split);

// Reads, splits and bins in the caller's arena. Throws Error (kData; kSpec where parameters speak
// of features that the data do not have).
StudyData LoadStudyData(const Spec& spec, FileSystem& disk, trainer::Notices* notices);

// What a training on some of its rows reads. Both outlive the session.
trainer::SessionData SessionDataOf(const StudyData& data, std::span<const trainer::RowIndex> train,
                                   std::span<const trainer::RowIndex> validation,
                                   trainer::SessionStart start = {});

// Each trial draws its samples of rows and columns from streams of its own: its training seed is
// that of the spec plus its number; after the largest legal seed comes 0. So trial 0 has the spec's
// own, and a spec whose `train.seed` is another trial's seed trains exactly as that trial did.
inline constexpr std::uint64_t kTrainingSeeds =
    9223372036854774785;  // 0 .. the largest double below 2^63
std::uint64_t TrialSeed(std::uint64_t seed, study::TrialId trial);

// The training parameters of a trial on this data, its seed among them.
trainer::TrainParams ParamsOn(const StudyData& data, const Spec& spec, study::TrialId trial,
                              const study::Configuration& configuration);

// The most that the sessions of a trial hold (trainer/boost/session_bytes.h), whatever its
// configuration.
std::size_t TrialBytes(const StudyData& data, const Spec& spec);
// The same of one configuration, with its histograms on so many threads.
std::size_t TrialBytes(const StudyData& data, const Spec& spec,
                       const study::Configuration& configuration, int threads);
// The most that its trees come to on top, with those of all folds; and, where the trial `is_paused`
// on its way, what putting together the state of one fold after the other takes.
std::size_t TrialTreeBytes(const StudyData& data, const Spec& spec,
                           const study::Configuration& configuration, bool is_paused);

}  // namespace coppice::tuner
