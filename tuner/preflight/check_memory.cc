#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "tuner/preflight/check.h"
#include "tuner/run/memory_plan.h"

namespace coppice::tuner {
namespace {

std::string Bytes(std::size_t bytes) { return FormatBytes(static_cast<double>(bytes)); }

}  // namespace

CheckResult CheckMemory(const CheckContext& context) {
  const MemoryPlan plan = PlanMemory(context.spec, *context.data, context.threads, context.memory);
  const auto at_once = static_cast<std::size_t>(plan.trials_at_once());
  const std::size_t most =
      std::max(context.memory.peak_bytes, plan.used + at_once * (plan.trial + plan.more));
  std::size_t number = most;
  std::string text = fmt::format("the study takes up to {}", Bytes(most));
  if (context.forecast != nullptr && context.forecast->trials_bytes) {
    number = std::min(
        most, std::max(context.memory.peak_bytes, plan.used + *context.forecast->trials_bytes));
    text = fmt::format("the study takes about {}, and {} if all trees were as large as they may be",
                       Bytes(number), Bytes(most));
  }
  CheckFinding finding{
      Verdict::kPass, fmt::format("{}: {}", text, plan.ToText()), static_cast<double>(number),
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
