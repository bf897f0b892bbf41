#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "strategies/study/search_space.h"
#include "tuner/preflight/check.h"

namespace coppice::tuner {
namespace {

constexpr int kDraws = 200;

// The space as a strategy without a memory sees it; always the same draws.
std::vector<study::Configuration> Draw(const study::SearchSpace& space) {
  std::vector<study::Configuration> draws;
  std::vector<double> point(space.size());
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    RandomStream random(i, {Purpose::kProposal});
    for (double& u : point) u = random.Uniform();
    draws.push_back(space.Decode(point));
  }
  return draws;
}

void FindScales(const Spec& spec, CheckResult* result) {
  constexpr double kTwoDecades = 100;
  for (const study::ParameterRange& range : spec.search) {
    if (range.kind() == study::RangeKind::kCategorical) continue;
    if (range.scale() != study::Scale::kLinear) continue;
    const double min = range.spec().min;
    const double max = range.spec().max;
    const bool from_zero = min == 0 && range.kind() == study::RangeKind::kFloat;
    const double ratio = min > 0 ? max / min : max;
    if (!(min > 0 || from_zero) || ratio < kTwoDecades) continue;
    result->push_back(
        {Verdict::kWarn,
         fmt::format("`{}` goes from {} to {} on a linear scale: nine draws in ten are above {} "
                     "(warns from a ratio of {:.0f})",
                     range.name(), min, max, min + (max - min) / 10, kTwoDecades),
         ratio, kTwoDecades, fmt::format("write `\"scale\": \"{}\"`", from_zero ? "log0" : "log")});
  }
}

void FindRareConditions(const Spec& spec, const std::vector<study::Configuration>& draws,
                        CheckResult* result) {
  constexpr double kFewest = 0.02;
  for (const study::ParameterRange& range : spec.search) {
    if (!range.when()) continue;
    const auto active = std::count_if(draws.begin(), draws.end(), [&](const auto& draw) {
      return draw.Find(range.name()) != nullptr;
    });
    const double share = static_cast<double>(active) / kDraws;
    if (share >= kFewest) continue;
    result->push_back(
        {Verdict::kWarn,
         fmt::format("the condition of `{}` on `{}` holds in {} of {} draws (warns below {:.0f} %)",
                     range.name(), range.when()->parameter, active, kDraws, 100 * kFewest),
         share, kFewest, "name more values in its `when`, or leave it out"});
  }
}

void FindSingleValues(const Spec& spec, CheckResult* result) {
  for (const study::ParameterRange& range : spec.search) {
    if (range.Count() != 1) continue;
    result->push_back({Verdict::kWarn,
                       fmt::format("`{}` has one value only, `{}`", range.name(),
                                   coppice::ToText(range.ValueAt(0))),
                       1, 2, "move it to `train`"});
  }
}

CheckFinding DescribeRepeats(const Spec& spec, const study::SearchSpace& space,
                             const std::vector<study::Configuration>& draws) {
  constexpr double kMostRepeats = 0.2;
  std::set<std::string> different;
  for (const study::Configuration& draw : draws) different.insert(draw.CanonicalText());
  const double repeats = 1 - static_cast<double>(different.size()) / kDraws;
  const std::optional<std::int64_t> count = space.Count();
  const std::string size = count ? fmt::format("{} configurations", *count) : "no end";
  CheckFinding finding{
      Verdict::kPass,
      fmt::format(
          "{} parameters, {}; {:.0f} % of {} draws repeat an earlier one (warns above {:.0f} "
          "%)",
          space.size(), size, 100 * repeats, kDraws, 100 * kMostRepeats),
      repeats, kMostRepeats};
  if (repeats > kMostRepeats) {
    finding.verdict = Verdict::kWarn;
    finding.hint =
        "the space is small: `\"strategy\": {\"kind\": \"grid\"}` tries each "
        "configuration once";
  }
  const int trials = spec.stop.trials.value_or(0);
  if (count && *count < trials) {
    finding.verdict = Verdict::kWarn;
    finding.text +=
        fmt::format("; `stop.trials` is {}, and the study ends when all were tried", trials);
    finding.hint = "widen ranges or make steps smaller, or lower `stop.trials`";
  }
  if (spec.strategy.kind == "grid") {
    finding.verdict = Verdict::kPass;
    finding.hint.clear();
  }
  return finding;
}

}  // namespace

CheckResult CheckSpace(const CheckContext& context) {
  const Spec& spec = context.spec;
  if (spec.search.empty()) return {{Verdict::kPass, "nothing is searched"}};
  const study::SearchSpace space(spec.search);
  const std::vector<study::Configuration> draws = Draw(space);
  CheckResult result = {DescribeRepeats(spec, space, draws)};
  FindScales(spec, &result);
  FindSingleValues(spec, &result);
  FindRareConditions(spec, draws, &result);
  return result;
}

}  // namespace coppice::tuner
