// Specs of every use. A spec that is read resolves to one that means the same, and its search space
// yields configurations that can be trained.

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/json.h"
#include "strategies/prune/prune_registry.h"
#include "strategies/registry.h"
#include "strategies/study/search_space.h"
#include "tests/fuzz/refusal.h"
#include "tests/fuzz/target.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::fuzz {
namespace {

using tuner::Spec;
using tuner::SpecUse;

constexpr const char* kFile = "spec.json";
constexpr const char* kFolder = "/folder";

void CheckResolves(const Spec& spec, SpecUse use) {
  const std::string resolved = tuner::ToJson(spec).dump();
  const Spec again = tuner::ReadSpecText(resolved, kFile, kFolder, {}, use);
  COPPICE_CHECK(tuner::ToJson(again).dump() == resolved, "a resolved spec resolves to itself");
  tuner::WithAbsolutePaths(tuner::ToJson(spec), kFolder);
}

void CheckConfiguration(const Spec& spec, const study::SearchSpace& space,
                        const study::Configuration& configuration) {
  COPPICE_CHECK(space.Contains(configuration), "a configuration of the space lies in it");
  COPPICE_CHECK(space.Contains(space.Decode(space.Encode(configuration))),
                "a configuration survives its point");
  if (!spec.is_external) spec.ParamsFor(configuration);
}

// First trials: with events that no one knows yet, proposals cost little.
void CheckStrategy(const Spec& spec, const study::SearchSpace& space) {
  const int rounds =
      spec.is_external ? std::max(1, spec.max_rounds.value_or(0)) : spec.ParamsFor({}).num_round;
  const auto strategy = strategies::MakeStrategy(
      spec.strategy, space, spec.seed, {{spec.DefaultConfiguration(), "default"}}, rounds);
  for (int i = 0; i < 2; ++i) {
    const study::TrialId trial{i};
    const strategies::Suggestion suggestion = strategy->Ask(trial);
    const auto* proposed = std::get_if<strategies::NewTrial>(&suggestion);
    if (proposed == nullptr) return;
    CheckConfiguration(spec, space, proposed->configuration);
    strategy->TellCreated(trial, proposed->configuration);
  }
}

void CheckSearch(const Spec& spec) {
  if (spec.search.empty()) return;
  const study::SearchSpace space(spec.search);
  CheckConfiguration(spec, space, spec.DefaultConfiguration());
  for (const double u : {0.0, 0.3, 1.0}) {
    CheckConfiguration(spec, space, space.Decode(std::vector<double>(space.size(), u)));
  }
  CheckStrategy(spec, space);
  strategies::MakePruner(spec.prune.rule, space, spec.goal);
}

}  // namespace

Outcome TryInput(std::string_view bytes) {
  Outcome outcome = Outcome::kRefused;
  for (const SpecUse use : {SpecUse::kTrain, SpecUse::kAsk, SpecUse::kEither}) {
    Spec spec;
    try {
      spec = tuner::ReadSpecText(std::string(bytes), kFile, kFolder, {}, use);
    } catch (const Error& error) {
      CheckRefusal(error, ErrorKind::kSpec);
      continue;
    }
    outcome = Outcome::kRead;
    CheckResolves(spec, use);
    CheckSearch(spec);
  }
  return outcome;
}

std::vector<std::string> Words() {
  return {"{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "\"",
          "//",
          "/*",
          "*/",
          "\n",
          "null",
          "true",
          "false",
          "\\u0000",
          "\\ud800",
          "\xFF",
          "-",
          "1e308",
          "1e-320",
          "9223372036854775807",
          "18446744073709551616",
          "\"auto\"",
          "\"x\": 1,",
          "\"type\": \"int\",",
          "\"type\": \"categorical\", \"values\": [1, 2.5, \"a\"],",
          "\"scale\": \"log0\",",
          "\"scale\": \"reverse_log\",",
          "\"step\": 0.3,",
          "\"ordered\": true,",
          "\"when\": {\"eta\": 0.1},",
          "\"when\": {\"booster\": \"dart\"},",
          "\"kind\": \"hyperband\",",
          "\"kind\": \"grid\", \"levels\": 3,",
          "\"kind\": \"asha\",",
          "\"kind\": \"sobol\",",
          "\"objective\": \"rank:ndcg\",",
          "\"objective\": \"multi:softprob\",",
          "\"booster\": \"gblinear\",",
          "\"max_depth\": 0,",
          "\"monotone_constraints\": [1, 0],",
          "\"name\": \"../x\",",
          std::string(1, '\0'),
          std::string(5000, '['),
          std::string(300, '9')};
}

}  // namespace coppice::fuzz
