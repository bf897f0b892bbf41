#include "tests/crash/study_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/json.h"

namespace coppice::crash {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Seconds are the one thing that may differ between two runs.
std::string WithoutSeconds(const std::string& leaderboard) {
  Json json = Json::parse(leaderboard);
  for (Json& row : json.at("rows")) row.erase("seconds");
  return json.dump(1);
}

}  // namespace

StudyRun::StudyRun(const std::string& spec, const std::string& table) {
  support::WriteText(folder_.File("spec.json"), spec);
  support::WriteText(folder_.File("table.csv"), table);
}

support::Command StudyRun::Program(const std::vector<std::string>& words) const {
  support::Command command;
  command.words = {support::ProgramPath()};
  command.words.insert(command.words.end(), words.begin(), words.end());
  command.folder = folder_.path();
  command.environment = {"COPPICE_STORE=" + store()};
  return command;
}

support::Command StudyRun::Tune(const std::vector<std::string>& flags) const {
  std::vector<std::string> words = {"tune", "spec.json", "--name", "study"};
  words.insert(words.end(), flags.begin(), flags.end());
  return Program(words);
}

support::Command StudyRun::Resume() const { return Program({"resume", "study"}); }

bool StudyRun::Began() const { return fs::exists(folder_.File("store/study")); }

bool StudyRun::HasFile(const std::string& name) const { return fs::exists(folder_.File(name)); }

int StudyRun::LogLines() const {
  std::ifstream log(folder_.File("store/study/log.jsonl"));
  return static_cast<int>(
      std::count(std::istreambuf_iterator<char>(log), std::istreambuf_iterator<char>(), '\n'));
}

std::vector<std::string> StudyRun::Leftovers() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
    const std::string name = entry.path().filename().string();
    if (name.find(".tmp") != std::string::npos) names.push_back(name);
  }
  return names;
}

Answer StudyRun::Read() const {
  const support::Ended ended =
      support::Run(Program({"leaderboard", "study", "-n", "0", "--all", "--format", "json"}));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  if (ended.exit_code != 0) return {};
  return {WithoutSeconds(ended.out), support::ReadText(folder_.File("store/study/model.json"))};
}

void StudyRun::RemoveModel() const {
  EXPECT_TRUE(fs::remove(folder_.File("store/study/model.json")));
  EXPECT_TRUE(fs::remove(folder_.File("store/study/best.json")));
}

Answer RunWhole(const StudyRun& study, const std::vector<std::string>& flags) {
  const support::Ended ended = support::Run(study.Tune(flags));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return ended.exit_code == 0 ? study.Read() : Answer{};
}

std::string SynthTable(const std::vector<std::string>& flags) {
  support::Command command;
  command.words = {support::ProgramPath(), "synth"};
  command.words.insert(command.words.end(), flags.begin(), flags.end());
  command.folder = "/";
  const support::Ended ended = support::Run(command);
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return ended.out;
}

}  // namespace coppice::crash
