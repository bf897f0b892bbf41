#pragma once
// Tables and specs for the checks: one that is sound, and ways to spoil it.

#include <fmt/format.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/results/temp_folder.h"
#include "tests/tuner/run/small_study.h"
#include "tuner/preflight/check.h"
#include "tuner/preflight/preflight.h"

namespace coppice::tuner::testing {

// Columns a and b in [0, 1), y = 1 where a + b / 2 is above 0.75, with a tenth of the labels
// turned round: learnable, and not from one column alone.
struct Row {
  double a = 0;
  double b = 0;
  int y = 0;
};
inline std::vector<Row> SoundRows(int n = 300) {
  RandomStream random(3, {Purpose::kSynth});
  std::vector<Row> rows;
  for (int i = 0; i < n; ++i) {
    Row row{random.Uniform(), random.Uniform(), 0};
    row.y = row.a + row.b / 2 > 0.75 ? 1 : 0;
    if (random.Uniform() < 0.1) row.y = 1 - row.y;
    rows.push_back(row);
  }
  return rows;
}

// "y,a,b" and what `more` adds to a row (with the header for row -1).
inline std::string TableText(const std::vector<Row>& rows,
                             const std::function<std::string(int)>& more = {}) {
  std::string text = "y,a,b" + (more ? more(-1) : "") + "\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += fmt::format("{},{:.6f},{:.6f}{}\n", rows[i].y, rows[i].a, rows[i].b,
                        more ? more(static_cast<int>(i)) : "");
  }
  return text;
}

inline constexpr char kSoundSpec[] = R"({
  "coppice": 1, "name": "sound",
  "data": {"train": "train.csv", "label": "y"},
  "split": {"kind": "cv", "folds": 3, "test_fraction": 0.2},
  "train": {"objective": "binary:logistic", "num_round": 50},
  "search": {"eta": {"type": "float", "min": 0.05, "max": 0.5, "scale": "log"},
             "max_depth": {"type": "int", "min": 2, "max": 5}},
  "objective": {"metric": "auc"},
  "strategy": {"kind": "random"},
  "stop": {"trials": 4},
  "seed": 7
})";

// One check of a spec and a table.
inline CheckResult Ask(const std::string& check, const std::string& table,
                       const std::map<std::string, std::string>& overrides = {},
                       const std::string& store = "") {
  const SmallStudy study(kSoundSpec, {{"train.csv", table}}, overrides);
  RealFileSystem disk;
  RealClock clock;
  const PreflightReport report =
      Preflight(study.spec, disk, clock,
                {false, {check}, 2, store.empty() ? study.folder.File("store") : store});
  return report.answers.front().result;
}

inline std::string Texts(const CheckResult& result) {
  std::string text;
  for (const CheckFinding& finding : result) {
    text += VerdictWord(finding.verdict) + ": " + finding.text + "\n";
  }
  return text;
}

}  // namespace coppice::tuner::testing
