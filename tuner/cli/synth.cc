#include <cstdint>
#include <memory>

#include "trainer/data/synth.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"

namespace coppice::tuner {

void AddSynth(CommandLine& line) {
  auto spec = std::make_shared<trainer::SynthSpec>();
  auto output = std::make_shared<std::string>();
  CLI::App* verb =
      AddVerb(line, "synth", "Makes up a classification table, the same for each seed.",
              "coppice synth --rows 10000 --seed 7 -o synth.csv");
  verb->add_option("--rows", spec->rows, "rows")->check(CLI::PositiveNumber);
  verb->add_option("--features", spec->features, "features")->check(CLI::PositiveNumber);
  verb->add_option("--informative", spec->informative, "of them, those that decide the class")
      ->check(CLI::PositiveNumber);
  verb->add_option("--redundant", spec->redundant, "of them, combinations of informative ones")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--classes", spec->classes, "classes")->check(CLI::Range(2, 1000));
  verb->add_option("--clusters", spec->clusters_per_class, "clusters of each class")
      ->check(CLI::PositiveNumber);
  verb->add_option("--class-sep", spec->class_sep, "half the distance between clusters");
  verb->add_option("--flip", spec->flip, "share of labels drawn anew")->check(CLI::Range(0.0, 1.0));
  verb->add_option("--seed", spec->seed, "the same seed, the same bytes");
  verb->add_option("-o,--output", *output, "a file; default: stdout");
  verb->callback([&line, spec, output] {
    line.action = [&line, spec, output] {
      WriteOut(line, *output, trainer::SynthesizeCsv(*spec));
      return static_cast<int>(kDone);
    };
  });
}

}  // namespace coppice::tuner
