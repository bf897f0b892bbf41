#pragma once
// What the rows of a study's file say, and the checksums by which a row proves that it is what was
// written, wherever in the file it is found.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "results/store/trial_store.h"

namespace coppice::results {

// Apart from its checksum; borrows its text.
struct EventRow {
  std::int64_t sequence = 0;
  double elapsed_seconds = 0;
  std::string_view kind;
  std::optional<std::int64_t> trial;
  std::string_view body;
  std::int64_t n_curves = 0;

  std::string Sum() const;
};

// The same of a curve.
struct CurveRow {
  std::int64_t event = 0;
  std::int64_t position = 0;
  std::int64_t trial = 0;
  std::int64_t fold = 0;
  std::string_view part;
  std::string_view metric;
  std::string_view points;

  std::string Sum() const;
};

// `spec` is the record's resolved spec as it is stored.
std::string SumOf(const StudyRecord& record, std::string_view spec);

}  // namespace coppice::results
