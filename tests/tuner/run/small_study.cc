#include "tests/tuner/run/small_study.h"

#include <utility>

#include "tuner/spec/spec_reader.h"

namespace coppice::tuner::testing {
namespace {

constexpr const char* kTrain = R"(
  "train": {"objective": "reg:squarederror", "base_score": 0, "eta": 0.5, "lambda": 0,
            "max_depth": 1, "num_round": 10},
  "search": {"gamma": {"type": "float", "min": 0, "max": 0.1}},
  "objective": {"metric": "mae"},
  "stop": {"trials": 3},
  "seed": 7
})";

}  // namespace

SmallStudy::SmallStudy(const std::string& text, const std::map<std::string, std::string>& files,
                       const std::map<std::string, std::string>& overrides)
    : spec_text(text) {
  for (const auto& [name, content] : files) disk.WriteAtomically(folder.File(name), content);
  const Overrides over(overrides.begin(), overrides.end());
  spec = ReadSpecText(text, "small.json", folder.path(), over);
  data = LoadStudyData(spec, disk, nullptr);
}

SmallStudy ByFiles(const std::map<std::string, std::string>& overrides) {
  return SmallStudy(
      R"({"coppice": 1, "name": "small",
    "data": {"train": "train.csv", "validation": "valid.csv", "label": "y"},)" +
          std::string(kTrain),
      {{"train.csv", "y,x\n0,0\n0,0\n1,1\n1,1\n"}, {"valid.csv", "y,x\n0,0\n0.6,1\n"}}, overrides);
}

SmallStudy ByFolds(const std::map<std::string, std::string>& overrides) {
  return SmallStudy(
      R"({"coppice": 1, "name": "small",
    "data": {"train": "train.csv", "label": "y"},
    "split": {"kind": "cv", "folds": 2, "test_fraction": 0, "by_time": true},)" +
          std::string(kTrain),
      {{"train.csv", "y,x\n0,0\n0,0\n1,1\n1,1\n1,1\n1,1\n1,1\n0,0\n1,1\n0,0\n0,0\n0,0\n"}},
      overrides);
}

std::string NoisyTable() {
  std::string text = "y,a,b\n";
  unsigned walk = 5;
  for (int row = 0; row < 60; ++row) {
    walk = (walk * 1103515245U + 12345U) % 2147483648U;
    const unsigned a = walk / 65536U % 50U;
    const unsigned b = walk / 1024U % 50U;
    const unsigned noise = walk / 4194304U % 20U;
    text += std::to_string(a + 2 * b + noise) + "," + std::to_string(a) + "," + std::to_string(b) +
            "\n";
  }
  return text;
}

}  // namespace coppice::tuner::testing
