#include "results/store/row_content.h"

#include "results/store/row_text.h"

namespace coppice::results {
namespace {

std::string NumberText(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : std::string();
}

}  // namespace

std::string EventRow::Sum() const {
  return Checksum({std::to_string(sequence), BitsText(elapsed_seconds), kind, NumberText(trial),
                   body, std::to_string(n_curves)});
}

std::string CurveRow::Sum() const {
  return Checksum({std::to_string(event), std::to_string(position), std::to_string(trial),
                   std::to_string(fold), part, metric, points});
}

std::string SumOf(const StudyRecord& record, std::string_view spec) {
  const std::string created = BitsText(record.created_at);
  // The rows of format 1 were summed without it, and stay as they are.
  if (record.decisions == 1) {
    return Checksum(
        {record.name, spec, record.data_hash, record.spec_folder, record.program, created});
  }
  return Checksum({record.name, spec, record.data_hash, record.spec_folder, record.program, created,
                   std::to_string(record.decisions)});
}

}  // namespace coppice::results
