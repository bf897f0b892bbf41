#include <cstdint>
#include <memory>

#include "trainer/data/synth.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"

namespace coppice::tuner {

void AddSynth(CommandLine& line) {
  auto spec = std::make_shared<trainer::SynthSpec>();
  auto output = std::make_shared<std::string>();
  constexpr std::int64_t kMost = std::int64_t{1} << 31;
  Verb(line, "synth", "Makes up a classification table, the same for each seed.",
       "coppice synth --rows 10000 --seed 7 -o synth.csv")
      .Number("--rows", &spec->rows, 1, kMost, "default: 10000")
      .Number("--features", &spec->features, 1, 1 << 20, "default: 20")
      .Number("--informative", &spec->informative, 1, 1 << 20, "that decide the class; default: 15")
      .Number("--redundant", &spec->redundant, 0, 1 << 20,
              "combinations of informative ones; default: 3")
      .Number("--classes", &spec->classes, 2, 1000, "default: 2")
      .Number("--clusters", &spec->clusters_per_class, 1, 1000, "of each class; default: 2")
      .Number("--class-sep", &spec->class_sep, 0.0, 1e6,
              "half the distance between clusters; default: 1")
      .Number("--flip", &spec->flip, 0.0, 1.0, "share of labels drawn anew; default: 0.01")
      .Seed(&spec->seed)
      .Text("-o,--output", output.get(), "default: stdout", "FILE")
      .Does([&line, spec, output] {
        WriteOut(line, *output, trainer::SynthesizeCsv(*spec));
        return static_cast<int>(kDone);
      });
}

}  // namespace coppice::tuner
