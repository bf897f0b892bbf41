#pragma once
// Tables made up for examples, tests and benchmarks: classification with informative, redundant
// and noise features.
//
// As in the usual generator (Guyon 2003, "Design of experiments for the NIPS 2003 variable
// selection benchmark"): each class has clusters on the corners of a cube of side 2 * class_sep in
// the space of informative features, each cluster a normal cloud under its own random linear map;
// redundant features are random combinations of informative ones; the rest is noise; a share of
// labels is flipped; columns are shuffled.

#include <cstdint>
#include <string>

namespace coppice::trainer {

struct SynthSpec {
  std::int64_t rows = 10000;
  int features = 20;
  int informative = 15;
  int redundant = 3;
  int classes = 2;
  int clusters_per_class = 2;
  double class_sep = 1.0;
  double flip = 0.01;  // share of labels drawn anew
  std::uint64_t seed = 7;
};

// CSV text with a header: label, f0, f1, ... Throws Error (kUsage) when the numbers do not fit
// (informative + redundant > features, classes * clusters > 2^informative).
std::string SynthesizeCsv(const SynthSpec& spec);

}  // namespace coppice::trainer
