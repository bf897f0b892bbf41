#include "tuner/loop/round_board.h"

#include <algorithm>

namespace coppice::tuner {

void RoundBoard::Report(const RoundReport& report) {
  const std::lock_guard lock(mutex_);
  for (RoundReport& known : reports_) {
    if (known.trial != report.trial) continue;
    known = report;
    return;
  }
  reports_.push_back(report);
}

void RoundBoard::Remove(study::TrialId trial) {
  const std::lock_guard lock(mutex_);
  std::erase_if(reports_, [&](const RoundReport& report) { return report.trial == trial; });
}

std::vector<RoundReport> RoundBoard::Read() const {
  const std::lock_guard lock(mutex_);
  return reports_;
}

}  // namespace coppice::tuner
