#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

#include "base/text.h"
#include "tuner/preflight/check.h"
#include "tuner/run/memory_plan.h"

namespace coppice::tuner {
namespace {

// Of this process so far: reading a table may take more than having it.
std::size_t PeakSoFar() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
}

}  // namespace

CheckResult CheckMemory(const CheckContext& context) {
  const MemoryPlan plan = PlanMemory(context.spec, *context.data, context.threads, context.memory);
  const auto at_once = static_cast<std::size_t>(plan.trials_at_once());
  const std::size_t peak = std::max(PeakSoFar(), plan.used + at_once * (plan.trial + plan.more));
  CheckFinding finding{
      Verdict::kPass,
      fmt::format("the study takes up to {}: {}", FormatBytes(static_cast<double>(peak)),
                  plan.ToText()),
      static_cast<double>(peak),
      plan.limit > 0 ? std::optional(static_cast<double>(plan.limit)) : std::nullopt};
  if (plan.trials_at_once() < plan.slots) {
    finding.verdict = Verdict::kWarn;
    finding.hint = "trials will wait for each other: give more memory, or fewer `parallel.slots`";
  }
  if (!plan.fits()) {
    finding.verdict = Verdict::kFail;
    finding.hint = "not even one trial has room: give more memory, or fewer rows or folds";
  }
  return {finding};
}

}  // namespace coppice::tuner
