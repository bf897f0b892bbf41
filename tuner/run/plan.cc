#include "tuner/run/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "strategies/registry.h"
#include "tuner/loop/stop_rule.h"
#include "tuner/run/starting_points.h"

namespace coppice::tuner {
namespace {

std::string LimitsText(const StopSpec& stop) {
  std::vector<std::string> parts;
  if (stop.trials) parts.push_back(fmt::format("{} trials", *stop.trials));
  if (stop.seconds) parts.push_back(FormatSeconds(*stop.seconds));
  if (stop.target) parts.push_back(fmt::format("score {}", *stop.target));
  if (stop.no_gain_trials)
    parts.push_back(fmt::format("{} trials without gain", *stop.no_gain_trials));
  if (stop.converged) parts.emplace_back("convergence");
  return parts.empty() ? "until the grid ends" : fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

StrategyWords DescribeStrategy(const Spec& spec) {
  if (spec.search.empty()) return {};
  const study::SearchSpace space(spec.search);
  const int max_rounds =
      spec.is_external ? spec.max_rounds.value_or(1) : spec.ParamsFor({}).num_round;
  StrategyWords words;
  words.rungs = strategies::DescribeRungs(spec.strategy, space, max_rounds);
  if (spec.stop.trials) {
    words.notice =
        strategies::BracketNotice(spec.strategy, space, max_rounds, *spec.stop.trials).value_or("");
  }
  return words;
}

std::string ConfirmationWords(const Spec& spec) {
  if (spec.confirm.share == 0) return {};
  std::string which = fmt::format("up to {} of the best trials", spec.confirm.candidates);
  if (spec.stop.trials) {
    const int n = TrialsToConfirm(spec.confirm.share, spec.confirm.candidates, *spec.stop.trials);
    if (n == 0) return {};
    which = fmt::format("the best {} of {} trials", n, *spec.stop.trials);
  }
  const int folds = spec.split.kind == trainer::SplitKind::kCrossValidation ? spec.split.folds : 1;
  std::string text = fmt::format("{} and the default configuration, on {} fresh fold{}", which,
                                 folds, folds == 1 ? "" : "s");
  if (!spec.stop.seconds) return text;
  return text + fmt::format(", in the last {} of the time",
                            FormatSeconds(*spec.stop.seconds * spec.confirm.share));
}

std::string ThreadsText(int threads, int cores, int slots) {
  std::string text = fmt::format("{} thread{} on {} core{}; ", threads, threads == 1 ? "" : "s",
                                 cores, cores == 1 ? "" : "s");
  text += slots == 1 ? "1 trial at a time, whose parts share"
                     : fmt::format("up to {} trials at once, whose parts share", slots);
  text += threads == 1 ? " it" : " them all";
  if (threads > cores) {
    text += fmt::format(": more threads than cores, which take turns; {} would do", cores);
  }
  return text;
}

StudyPlan PlanOf(const Spec& spec, const StudyData& data, int threads, const MemoryState& memory) {
  StudyPlan plan;
  plan.study = spec.name;
  plan.strategy = spec.strategy.kind;
  StrategyWords words = DescribeStrategy(spec);
  plan.rungs = std::move(words.rungs);
  plan.notice = std::move(words.notice);
  plan.confirmation = ConfirmationWords(spec);
  plan.limits = LimitsText(spec.stop);
  plan.slots = spec.parallel.slots;
  plan.threads = threads;
  plan.rows = data.table->n_rows;
  plan.features = data.table->n_features();
  plan.folds = data.split.folds.size();
  plan.repeats = static_cast<std::size_t>(spec.split.repeats);
  plan.test_rows = data.split.test.size();
  plan.bin_bytes = data.matrix->Bytes();
  plan.trial_bytes = TrialBytes(data, spec);
  plan.memory = PlanMemory(spec, data, threads, memory);
  const auto strategy =
      strategies::MakeStrategy(spec.strategy, study::SearchSpace(spec.search), spec.seed,
                               StartingPoints(spec), spec.ParamsFor({}).num_round);
  const int n_first = std::min(spec.parallel.slots, spec.stop.trials.value_or(spec.parallel.slots));
  for (int i = 0; i < n_first; ++i) {
    const study::TrialId trial{i};
    const strategies::Suggestion suggestion = strategy->Ask(trial);
    const auto* proposed = std::get_if<strategies::NewTrial>(&suggestion);
    if (proposed == nullptr) break;
    strategy->TellCreated(trial, proposed->configuration);
    plan.first_trials.emplace_back(proposed->origin, proposed->configuration);
  }
  return plan;
}

Json ToJson(const StudyPlan& plan) {
  Json json = {{"study", plan.study},
               {"strategy", plan.strategy},
               {"limits", plan.limits},
               {"slots", plan.slots},
               {"threads", plan.threads},
               {"rows", plan.rows},
               {"features", plan.features},
               {"folds", plan.folds},
               {"repeats", plan.repeats},
               {"test_rows", plan.test_rows},
               {"bin_bytes", plan.bin_bytes},
               {"trial_bytes", plan.trial_bytes},
               {"memory",
                {{"limit_bytes", plan.memory.limit},
                 {"limit_of", plan.memory.limit_of},
                 {"left_bytes", plan.memory.left_now()},
                 {"trial_bytes", plan.memory.trial},
                 {"parked_bytes", plan.memory.parked},
                 {"trials_at_once", plan.memory.trials_at_once()}}}};
  if (!plan.rungs.empty()) json["rungs"] = plan.rungs;
  if (!plan.notice.empty()) json["notice"] = plan.notice;
  if (!plan.confirmation.empty()) json["confirmation"] = plan.confirmation;
  json["first_trials"] = Json::array();
  for (const auto& [origin, configuration] : plan.first_trials) {
    json["first_trials"].push_back({{"origin", origin}, {"config", configuration.ToJson()}});
  }
  return json;
}

results::Table ToTable(const StudyPlan& plan) {
  results::Table table;
  table.columns = {"what", "value"};
  table.rows = {
      {"study", plan.study},
      {"strategy", plan.strategy},
      {"limits", plan.limits},
      {"slots", plan.slots},
      {"threads", plan.threads},
      {"rows", plan.rows},
      {"features", plan.features},
      {"folds", plan.repeats > 1
                    ? Json(fmt::format("{}, {} times", plan.folds / plan.repeats, plan.repeats))
                    : Json(plan.folds)},
      {"test rows", plan.test_rows},
      {"bins, shared", FormatBytes(static_cast<double>(plan.bin_bytes))},
      {"memory", plan.memory.ToText()}};
  for (const std::string& rung : plan.rungs) table.rows.push_back({plan.strategy, rung});
  if (!plan.notice.empty()) table.rows.push_back({"notice", plan.notice});
  if (!plan.confirmation.empty()) table.rows.push_back({"confirmation", plan.confirmation});
  for (std::size_t i = 0; i < plan.first_trials.size(); ++i) {
    const auto& [origin, configuration] = plan.first_trials[i];
    table.rows.push_back({fmt::format("trial {} ({})", i, origin), configuration.CanonicalText()});
  }
  return table;
}

}  // namespace coppice::tuner
