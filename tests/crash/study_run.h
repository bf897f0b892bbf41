#pragma once
// Studies run by the finished program, reduced to what must not depend on how they were run.

#include <string>
#include <vector>

#include "tests/support/process.h"

namespace coppice::crash {

// What a study answers: equal for two runs of one study.
struct Answer {
  std::string leaderboard;  // all trials, as JSON, without the seconds
  std::string model;        // the bytes of model.json
  bool operator==(const Answer&) const = default;
};

// One study named "study" in a folder of its own, which holds its table and its spec.
class StudyRun {
 public:
  // `spec` is JSON text whose `data.train` names `table`; `table` is copied in as "table.csv".
  StudyRun(const std::string& spec, const std::string& table);

  support::Command Tune(const std::vector<std::string>& flags = {}) const;
  support::Command Resume() const;
  // Any other verb, in the study's folder.
  support::Command Program(const std::vector<std::string>& words) const;
  // The folder of studies.
  std::string store() const { return folder_.File("store"); }
  // Whether the study's folder exists: from then on a study is resumed, not begun again.
  bool Began() const;
  // Beside the spec.
  bool HasFile(const std::string& name) const;
  // Lines of the study's log; 0 before it exists.
  int LogLines() const;
  // Files that a killed run left half-written, in the store and in the study.
  std::vector<std::string> Leftovers() const;
  Answer Read() const;
  // Removes model.json and best.json.
  void RemoveModel() const;

 private:
  support::TempFolder folder_;
};

// Runs to the end and reads; a failure of the test when it does not end well.
Answer RunWhole(const StudyRun& study, const std::vector<std::string>& flags = {});

// A classification table by `coppice synth`.
std::string SynthTable(const std::vector<std::string>& flags);

}  // namespace coppice::crash
