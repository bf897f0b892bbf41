#include "tuner/run/memory_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <tuple>

#include "base/text.h"

namespace coppice::tuner {
namespace {

// Paused trials may keep so much, or a share of what is left; the rest of them goes to the disk.
constexpr std::size_t kMostParked = std::size_t{1} << 30;
constexpr std::size_t kParkedShare = 8;

std::size_t Less(std::size_t all, std::size_t taken) { return all > taken ? all - taken : 0; }

std::string Bytes(std::size_t bytes) { return FormatBytes(static_cast<double>(bytes)); }

// A trial ends as paused only where the strategy says so.
bool Pauses(const Spec& spec) {
  return spec.strategy.kind == "hyperband" || spec.strategy.kind == "asha";
}

// What NeedOf depends on.
using CostlyParams =
    std::tuple<bool, trainer::SamplingMethod, int, int, int, trainer::GrowPolicy, int>;

CostlyParams CostlyParamsOf(const trainer::TrainParams& params) {
  return {params.subsample < 1, params.sampling_method, params.num_parallel_tree, params.max_depth,
          params.max_leaves,    params.grow_policy,     params.max_cat_to_onehot};
}

TrialNeed NeedOf(const Spec& spec, const StudyData& data, const study::Configuration& configuration,
                 int threads) {
  // What a trial fails by must not depend on threads.
  const std::size_t surely = TrialBytes(data, spec, configuration, 1);
  return {surely, TrialBytes(data, spec, configuration, threads) +
                      TrialTreeBytes(data, spec, configuration, Pauses(spec))};
}

}  // namespace

std::size_t MemoryPlan::left() const { return Less(limit, used + parked); }

std::size_t MemoryPlan::left_now() const {
  return available == 0 ? left() : std::min(left(), Less(available, parked));
}

int MemoryPlan::trials_at_once() const {
  if (limit == 0 || trial == 0) return slots;
  const std::size_t fitting = std::max<std::size_t>(1, left_now() / (trial + more));
  return static_cast<int>(std::min<std::size_t>(fitting, static_cast<std::size_t>(slots)));
}

std::string MemoryPlan::ToText() const {
  std::string text = fmt::format("bins {}, a trial {}", Bytes(bins), Bytes(trial));
  if (more > 0) text += fmt::format(" and up to {} more", Bytes(more));
  text += fmt::format(", {} of {} slot{} at once", trials_at_once(), slots, slots == 1 ? "" : "s");
  if (parked > 0) text += fmt::format(", paused trials up to {}", Bytes(parked));
  if (limit == 0) return text;
  return text + fmt::format("; {} left of the {} of {}", Bytes(left_now()), Bytes(limit), limit_of);
}

MemoryPlan PlanMemory(const Spec& spec, const StudyData& data, int threads,
                      const MemoryState& state) {
  MemoryPlan plan;
  plan.limit = state.limit_bytes;
  plan.limit_of = state.limit_of;
  plan.used = state.resident_bytes;
  plan.available = state.available_bytes;
  if (spec.limits.memory_bytes) {
    const auto given = static_cast<std::size_t>(*spec.limits.memory_bytes);
    if (plan.limit == 0 || given <= plan.limit) {
      plan.limit = given;
      plan.limit_of = "`limits.memory_bytes`";
    }
  }
  plan.bins = data.matrix->Bytes();
  const bool searches = !spec.search.empty();
  const TrialNeed need =
      NeedOf(spec, data, searches ? spec.DefaultConfiguration() : study::Configuration(), threads);
  plan.trial = need.surely;
  plan.more = need.at_most - need.surely;
  plan.slots = spec.parallel.slots;
  if (Pauses(spec)) {
    const std::size_t share = plan.limit > 0 ? plan.left() / kParkedShare : kMostParked;
    plan.parked = std::min(kMostParked, share);
  }
  return plan;
}

MemoryBudget BudgetOf(const MemoryPlan& plan, const Spec& spec, const StudyData& data,
                      int threads) {
  MemoryBudget budget;
  if (plan.limit == 0) return budget;
  budget.together_bytes = plan.left_now();
  budget.most_bytes = plan.left();
  // Counting looks at all rows where queries are ranked, and most trials take the same.
  budget.need_of = [&spec, &data, threads,
                    known = std::make_shared<std::map<CostlyParams, TrialNeed>>()](
                       const TrialRequest& request) {
    const CostlyParams params = CostlyParamsOf(spec.ParamsFor(request.configuration));
    const auto found = known->find(params);
    if (found != known->end()) return found->second;
    return known->emplace(params, NeedOf(spec, data, request.configuration, threads)).first->second;
  };
  budget.limit_words = fmt::format("{} are left of the {} of {}", Bytes(plan.left()),
                                   Bytes(plan.limit), plan.limit_of);
  return budget;
}

}  // namespace coppice::tuner
