// Question: how soon does a strategy find good configurations, and what does a proposal cost? Bad
// news would be: a mean normalised regret above the gates in bench/README.md, or more than 20 ms a
// proposal at 100 trials.
//
// The problems live elsewhere, in any language: this program only asks the strategy. It reads JSON
// lines and answers each question with one; bench/search/run.py is the other side.
//
//   {"space": {"eta": {"type": "float", "min": 0.01, "max": 0.3, "scale": "log"}, ...},
//    "strategy": {"kind": "bayesian"}, "seed": 7}      the first line; ranges as in a spec
//   {"ask": true}    -> {"trial": 0, "config": {...}, "origin": "...", "milliseconds": 0.1}
//   {"created": {...}}             the next trial is this configuration, whoever chose it
//   {"tell": 0, "loss": 0.25}                          null: the trial failed

#include <ctime>
#include <iostream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "strategies/registry.h"

namespace coppice::strategies {
namespace {

study::Scale ScaleFrom(const std::string& word) {
  for (const study::Scale scale : {study::Scale::kAuto, study::Scale::kLinear, study::Scale::kLog,
                                   study::Scale::kLog0, study::Scale::kReverseLog}) {
    if (study::ToText(scale) == word) return scale;
  }
  throw Error(ErrorKind::kSpec, "unknown scale `" + word + "`");
}

study::RangeSpec RangeFrom(const std::string& name, const Json& json) {
  study::RangeSpec spec;
  spec.name = name;
  const std::string type = json.at("type");
  spec.kind = type == "float" ? study::RangeKind::kFloat
              : type == "int" ? study::RangeKind::kInt
                              : study::RangeKind::kCategorical;
  spec.min = json.value("min", 0.0);
  spec.max = json.value("max", 0.0);
  spec.scale = ScaleFrom(json.value("scale", "auto"));
  if (json.contains("step")) spec.step = json.at("step").get<double>();
  for (const Json& value : json.value("values", Json::array())) {
    spec.values.push_back(ValueFromJson(value));
  }
  spec.ordered = json.value("ordered", false);
  if (!json.contains("when")) return spec;
  for (const auto& [parent, values] : json.at("when").items()) {
    study::Condition condition{parent, {}};
    for (const Json& value : values) condition.values.push_back(ValueFromJson(value));
    spec.when = std::move(condition);
  }
  return spec;
}

std::unique_ptr<Strategy> StrategyFrom(const Json& setup) {
  std::vector<study::ParameterRange> ranges;
  for (const auto& [name, json] : setup.at("space").items()) {
    study::RangeSpec spec = RangeFrom(name, json);
    for (const auto& [field, problem] : study::ParameterRange::Problems(spec)) {
      throw Error(ErrorKind::kSpec, name + ": " + problem);
    }
    ranges.emplace_back(std::move(spec));
  }
  for (const auto& [name, problem] : study::SearchSpace::Problems(ranges)) {
    throw Error(ErrorKind::kSpec, name + ": " + problem);
  }
  const study::SearchSpace space(std::move(ranges));
  StrategyOptions options;
  for (const auto& [name, value] : setup.at("strategy").items()) {
    if (name == "kind") {
      options.kind = value.get<std::string>();
    } else if (name == "noisy") {
      options.is_noisy = value.get<bool>();
    } else {
      options.options[name] = ValueFromJson(value);
    }
  }
  for (const auto& [field, problem] : ProblemsOf(options, space)) {
    throw Error(ErrorKind::kSpec, problem);
  }
  return MakeStrategy(options, space, setup.at("seed").get<std::uint64_t>(), {});
}

// One line from the other side; false when there is nothing left to ask.
class Conversation {
 public:
  explicit Conversation(const Json& setup) : strategy_(StrategyFrom(setup)) {}

  void Answer(const Json& line) {
    if (line.contains("tell")) return Tell(line);
    if (line.contains("created")) return Create(line.at("created"));
    const study::TrialId trial{n_created_};
    const std::clock_t begin = std::clock();  // of the processor: others may have it meanwhile
    const Suggestion suggestion = strategy_->Ask(trial);
    const double milliseconds = 1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    const auto* proposed = std::get_if<NewTrial>(&suggestion);
    if (proposed == nullptr) {
      std::cout << "{\"exhausted\": true}" << std::endl;
      return;
    }
    strategy_->TellCreated(trial, proposed->configuration);
    ++n_created_;
    const Json answer = {{"trial", study::ToIndex(trial)},
                         {"config", proposed->configuration.ToJson()},
                         {"origin", proposed->origin},
                         {"milliseconds", milliseconds}};
    std::cout << answer.dump() << std::endl;
  }

 private:
  void Create(const Json& configuration) {
    strategy_->TellCreated(study::TrialId{n_created_},
                           study::Configuration::FromJson(configuration));
    ++n_created_;
  }

  void Tell(const Json& line) {
    const study::TrialId trial{line.at("tell").get<std::int32_t>()};
    const Json& loss = line.at("loss");
    if (loss.is_null()) {
      constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
      strategy_->TellFinished(trial, {study::TrialState::kFailed, kNan});
    } else {
      strategy_->TellFinished(trial, {study::TrialState::kCompleted, loss.get<double>()});
    }
  }

  std::unique_ptr<Strategy> strategy_;
  std::int32_t n_created_ = 0;
};

int Main() {
  std::string line;
  std::getline(std::cin, line);
  Conversation conversation(Json::parse(line));
  while (std::getline(std::cin, line)) conversation.Answer(Json::parse(line));
  return 0;
}

}  // namespace
}  // namespace coppice::strategies

int main() {
  try {
    return coppice::strategies::Main();
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
