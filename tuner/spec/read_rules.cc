// `objective`, `metrics`, `strategy`, `prune`, `stop`, `limits`, `parallel`.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "strategies/registry.h"
#include "trainer/metric/metric.h"
#include "trainer/objective/objective.h"
#include "tuner/spec/foreign_words.h"
#include "tuner/spec/sections.h"

namespace coppice::tuner {
namespace {

bool Holds(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct MetricFinding {
  std::string message;
  std::string hint;
};

// What is wrong with a metric's name for this objective, or nothing.
std::optional<MetricFinding> FindingOf(const std::string& metric, const Draft& draft) {
  const std::vector<std::string> names = trainer::MetricNames();
  if (trainer::MakeMetric(metric) == nullptr) {
    const std::size_t colon = metric.rfind(':');
    if (colon != std::string::npos && Holds(names, metric.substr(colon + 1))) {
      return MetricFinding{fmt::format("unknown metric `{}`", metric),
                           fmt::format("say `{}`: which rows it is of is decided by `split`",
                                       metric.substr(colon + 1))};
    }
    std::string hint = ForeignValueHint(metric).value_or(SuggestWord(metric, names));
    if (hint.empty()) hint = "use " + ListWords(names);
    return MetricFinding{fmt::format("unknown metric `{}`", metric), std::move(hint)};
  }
  if (!draft.prediction) return std::nullopt;
  if (auto problem = trainer::MetricProblem(metric, *draft.prediction)) {
    return MetricFinding{std::move(*problem),
                         fmt::format("the objective is `{}`", draft.spec.ParamsFor({}).objective)};
  }
  return std::nullopt;
}

// The metric that goes with the objective unless the spec names one.
std::string DefaultMetric(const trainer::TrainParams& params) {
  trainer::ObjectiveSettings settings = trainer::SettingsOf(params);
  settings.num_class = std::max(2, settings.num_class);
  const auto objective = trainer::MakeObjective(params.objective, settings);
  COPPICE_CHECK(objective != nullptr, "the objective's name has been checked");
  return objective->default_metric();
}

void ReadGoal(ObjectReader& objective, Spec& spec) {
  const auto metric = trainer::MakeMetric(spec.metric);
  if (metric == nullptr) {
    objective.Has("goal");
    return;
  }
  spec.goal = metric->maximize() ? study::Goal::kMaximize : study::Goal::kMinimize;
  static const std::vector<std::string> words = {"minimize", "maximize"};
  const std::string& right = words[metric->maximize() ? 1 : 0];
  const auto goal = objective.Word("goal", words);
  if (!goal || *goal == right) return;
  objective.Report(
      "goal", fmt::format("the goal of `{}` is to `{}`, not to `{}`", spec.metric, right, *goal),
      "leave `goal` out: the metric decides it");
}

// A metric that the command line makes the objective's may stand in the file's list: it is recorded
// once either way.
void ReadMetrics(ObjectReader& root, bool metric_is_override, Draft& draft) {
  const auto metrics = root.Texts("metrics", true, false);
  if (!metrics) return;
  Spec& spec = draft.spec;
  // A single name stands for a list of one; its place is then the field's own.
  const bool is_list = root.Raw("metrics").is_array();
  auto report = [&](std::size_t i, std::string message, std::string hint) {
    if (is_list) {
      root.ReportElement("metrics", i, std::move(message), std::move(hint));
    } else {
      root.Report("metrics", std::move(message), std::move(hint));
    }
  };
  for (std::size_t i = 0; i < metrics->size(); ++i) {
    const std::string& metric = (*metrics)[i];
    if (auto finding = FindingOf(metric, draft)) {
      report(i, std::move(finding->message), std::move(finding->hint));
    } else if (metric == spec.metric && metric_is_override) {
      continue;
    } else if (metric == spec.metric) {
      report(i, fmt::format("`{}` is the objective's metric already", metric), "leave it out");
    } else if (Holds(spec.metrics, metric)) {
      report(i, fmt::format("`{}` is listed twice", metric), "keep one of them");
    } else {
      spec.metrics.push_back(metric);
    }
  }
}

// Nothing when the kind has findings.
std::optional<std::string> ReadKind(ObjectReader& strategy) {
  const std::vector<std::string> kinds = strategies::StrategyKinds();
  if (!strategy.Has("kind")) {
    strategy.Report("kind", "`strategy.kind` is missing", "use " + ListWords(kinds));
    return std::nullopt;
  }
  const auto kind = strategy.Text("kind");
  if (!kind || Holds(kinds, *kind)) return kind;
  std::string hint = ForeignValueHint(*kind).value_or(SuggestWord(*kind, kinds));
  if (hint.empty()) hint = "use " + ListWords(kinds);
  strategy.Report("kind", fmt::format("unknown strategy `{}`", *kind), std::move(hint));
  return std::nullopt;
}

// "adaptive" or "fixed"; without it, what `train` says decides.
void ReadPatience(ObjectReader& prune, Spec& spec) {
  const auto rounds = spec.train.find("early_stopping_rounds");
  spec.prune.adaptive_patience = rounds == spec.train.end() && !spec.is_external;
  if (spec.is_external) return;  // the program decides when it is done
  const std::vector<std::string> words = {"adaptive", "fixed"};
  const auto patience = prune.Word("patience", words);
  if (!patience) return;
  spec.prune.adaptive_patience = *patience == "adaptive";
  if (spec.prune.adaptive_patience && rounds != spec.train.end() && AsDouble(rounds->second) > 0) {
    prune.Report("patience",
                 "`adaptive` patience and `train.early_stopping_rounds` exclude each other",
                 "keep one of them");
  }
}

void ReadPrune(ObjectReader& root, Spec& spec) {
  ObjectReader prune = root.Object("prune");
  ReadPatience(prune, spec);
  // A strategy that stops trials itself wants to see them come to its rungs.
  if (strategies::StopsTrials(spec.strategy.kind)) spec.prune.rule.kind = "none";
  if (!prune.is_given()) return;
  if (const auto kind = prune.Text("kind")) spec.prune.rule.kind = *kind;
  bool good = true;
  for (const auto& [name, unused] : strategies::PruneDefaults(spec.prune.rule.kind)) {
    if (!prune.Has(name)) continue;
    if (auto value = prune.Scalar(name)) {
      spec.prune.rule.options[name] = std::move(*value);
    } else {
      good = false;
    }
  }
  if (!good) return;
  const auto problems = strategies::ProblemsOf(spec.prune.rule);
  for (const auto& [field, sentence] : problems) prune.Report(field, sentence);
  if (problems.empty()) prune.RefuseOthers();
}

// `strategy`.
void ReadProposals(ObjectReader& root, Draft& draft) {
  Spec& spec = draft.spec;
  ObjectReader strategy = root.Object("strategy");
  spec.strategy.options = strategies::DefaultOptions(spec.strategy.kind);
  if (!strategy.is_given()) return;
  const auto kind = ReadKind(strategy);
  if (!kind) return;
  spec.strategy.kind = *kind;
  spec.strategy.options = strategies::DefaultOptions(*kind);
  bool good = true;
  for (const std::string& name : strategies::OptionNames(*kind)) {
    if (!strategy.Has(name)) continue;
    const Json& json = strategy.Raw(name);
    if (json.is_boolean()) {
      spec.strategy.options[name] = ValueFromJson(json);
    } else if (auto value = strategy.Scalar(name)) {
      spec.strategy.options[name] = std::move(*value);
    } else {
      good = false;
    }
  }
  strategy.RefuseOthers();
  if (!good || !draft.search_is_good) return;
  const study::SearchSpace space(spec.search);
  for (const auto& [field, sentence] : strategies::ProblemsOf(spec.strategy, space)) {
    strategy.Report(field, sentence);
  }
}

// Standard errors come from folds, or from the program that evaluates the trials.
bool HasStdErrors(const Spec& spec) {
  return spec.is_external || spec.split.kind == trainer::SplitKind::kCrossValidation;
}

void ReadMinGain(ObjectReader& stop, Spec& spec) {
  spec.stop.min_gain = stop.Number("min_gain", {.min = 0, .min_open = true});
  constexpr std::array kUnits = {GainUnit::kAbsolute, GainUnit::kRelative, GainUnit::kStdErrors};
  std::vector<std::string> words;
  for (const GainUnit unit : kUnits) words.push_back(GainUnitWord(unit));
  if (const auto word = stop.Word("min_gain_unit", words)) {
    spec.stop.min_gain_unit = kUnits[static_cast<std::size_t>(
        std::find(words.begin(), words.end(), *word) - words.begin())];
  }
  if (stop.Has("min_gain") && !stop.Has("no_gain_trials")) {
    stop.Report("min_gain", "`stop.min_gain` needs `stop.no_gain_trials`",
                "say after how many trials without such a gain the study ends");
  } else if (stop.Has("min_gain_unit") && !stop.Has("min_gain")) {
    stop.Report("min_gain_unit", "`stop.min_gain_unit` needs `stop.min_gain`",
                "say how large a gain has to be");
  } else if (spec.stop.min_gain_unit == GainUnit::kStdErrors && !HasStdErrors(spec)) {
    stop.Report("min_gain_unit", "`std_errors` needs several folds", "use the split `cv`");
  }
}

void ReadConverged(ObjectReader& stop, Spec& spec) {
  spec.stop.converged = stop.Flag("converged").value_or(false);
  if (!spec.stop.converged) return;
  if (!strategies::LooksAhead(spec.strategy.kind)) {
    stop.Report(
        "converged",
        fmt::format("`stop.converged` needs the strategy `bayesian`, not `{}`", spec.strategy.kind),
        "no other strategy knows what it may still gain; `stop.no_gain_trials` goes with "
        "all of them");
  } else if (!HasStdErrors(spec)) {
    stop.Report("converged", "`stop.converged` needs several folds, for their standard error",
                "use the split `cv`, or `stop.no_gain_trials`");
  }
}

// Why a study of this spec has nothing to confirm; empty where it may.
std::string WhyNotConfirmed(const Spec& spec) {
  if (spec.search.empty()) return "there is no search whose trials could be confirmed";
  if (spec.split.kind == trainer::SplitKind::kFiles) {
    return "the split `files` has no other validation rows to confirm trials on";
  }
  if (spec.split.by_time) return "a split by time has no other folds to confirm trials on";
  return {};
}

}  // namespace

void ReadObjective(ObjectReader& root, Draft& draft) {
  Spec& spec = draft.spec;
  ObjectReader objective = root.Object("objective");
  if (auto metric = objective.Text("metric")) {
    if (auto finding = FindingOf(*metric, draft)) {
      objective.Report("metric", std::move(finding->message), std::move(finding->hint));
    }
    spec.metric = std::move(*metric);
  } else if (draft.target) {
    spec.metric = DefaultMetric(spec.ParamsFor({}));
  }
  ReadGoal(objective, spec);
  objective.RefuseOthers();
  ReadMetrics(root, objective.IsOverride("metric"), draft);
}

void ReadExternalObjective(ObjectReader& root, Draft& draft) {
  Spec& spec = draft.spec;
  ObjectReader objective = root.Object("objective");
  spec.metric = objective.Text("metric").value_or("score");
  static const std::vector<std::string> words = {"minimize", "maximize"};
  if (const auto goal = objective.Word("goal", words)) {
    spec.goal = *goal == "maximize" ? study::Goal::kMaximize : study::Goal::kMinimize;
  } else if (!objective.Has("goal")) {
    root.Report("objective", "`objective.goal` is missing", "use `minimize` or `maximize`");
  }
  spec.strategy.is_noisy = objective.Flag("noisy").value_or(false);
  objective.RefuseOthers();
  spec.max_rounds = root.Int("max_rounds", 1, 10'000'000);
}

// Rungs are parts of a number of rounds that must be known.
void CheckRounds(ObjectReader& root, const Spec& spec) {
  if (!spec.is_external || spec.max_rounds || !strategies::StopsTrials(spec.strategy.kind)) return;
  root.Report("strategy", fmt::format("`{}` needs `max_rounds`", spec.strategy.kind),
              "say how many rounds a trial of your program may have");
}

void ReadStrategy(ObjectReader& root, Draft& draft) {
  ReadProposals(root, draft);
  ReadPrune(root, draft.spec);
  CheckRounds(root, draft.spec);
}

void ReadStop(ObjectReader& root, Draft& draft) {
  Spec& spec = draft.spec;
  ObjectReader stop = root.Object("stop");
  const NumberBounds above_zero{.min = 0, .min_open = true};
  spec.stop.trials = stop.Int("trials", 1);
  spec.stop.seconds = stop.Number("seconds", above_zero);
  spec.stop.target = stop.Number("target");
  spec.stop.no_gain_trials = stop.Int("no_gain_trials", 1);
  ReadMinGain(stop, spec);
  ReadConverged(stop, spec);
  const bool has_rule = stop.Has("trials") || stop.Has("seconds") || stop.Has("target") ||
                        stop.Has("no_gain_trials") || spec.stop.converged;
  // A grid ends by itself; nothing else does.
  if (!has_rule && spec.strategy.kind != "grid") spec.stop.trials = kDefaultTrials;
  stop.RefuseOthers();

  ObjectReader limits = root.Object("limits");
  spec.limits.trial_seconds = limits.Number("trial_seconds", above_zero);
  spec.limits.failures = limits.Int("failures", 1).value_or(LimitsSpec().failures);
  spec.limits.memory_bytes = limits.Whole("memory_bytes", {.min = 1});
  if (spec.limits.memory_bytes && spec.is_external) {
    limits.Report("memory_bytes", "another program's trials take no memory of coppice",
                  "leave `limits.memory_bytes` out");
  }
  limits.RefuseOthers();
}

void ReadConfirm(ObjectReader& root, Draft& draft) {
  Spec& spec = draft.spec;
  ObjectReader confirm = root.Object("confirm");
  const auto share = confirm.Number("share", {.min = 0, .max = 1, .max_open = true});
  spec.confirm.share = share.value_or(ConfirmSpec().share);
  spec.confirm.candidates = confirm.Int("candidates", 2).value_or(ConfirmSpec().candidates);
  const std::vector<std::string> words = {ConfirmChoiceWord(ConfirmChoice::kBest),
                                          ConfirmChoiceWord(ConfirmChoice::kOneStdError)};
  if (confirm.Word("choose", words) == words[1]) spec.confirm.choose = ConfirmChoice::kOneStdError;
  confirm.RefuseOthers();
  const std::string why = WhyNotConfirmed(spec);
  if (why.empty()) return;
  // What a search with findings holds is not known.
  const bool is_known = draft.search_is_good || !root.Has("search");
  if (confirm.is_given() && spec.confirm.share > 0 && is_known) {
    root.Report("confirm", why, "leave `confirm` out");
  }
  spec.confirm.share = 0;
}

void ReadParallel(ObjectReader& root, Draft& draft) {
  Spec& spec = draft.spec;
  ObjectReader parallel = root.Object("parallel");
  constexpr int kMostSlots = 1024;
  spec.parallel.slots = parallel.Int("slots", 1, kMostSlots).value_or(ParallelSpec().slots);
  if (parallel.Has("threads") && parallel.Raw("threads").is_string()) {
    if (parallel.Raw("threads") != Json("all")) {
      parallel.ReportType("threads", "`all` or a whole number");
    }
  } else {
    spec.parallel.threads = parallel.Int("threads", 1, kMostSlots);
  }
  static const std::vector<std::string> orders = {"deterministic", "asap"};
  if (parallel.Word("order", orders) == "asap") spec.parallel.order = CommitRule::kAsap;
  parallel.RefuseOthers();
}

}  // namespace coppice::tuner
