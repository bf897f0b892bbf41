#pragma once
// What the verbs share. Each verb is one file with one function that adds it to the command line;
// parsing chooses an action, main runs it.

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "results/report/table.h"
#include "results/store/sqlite_store.h"
#include "tuner/run/study_folder.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// What every verb may use.
struct CommandLine {
  CLI::App app;
  RealFileSystem disk;
  std::string store;            // --store
  std::function<int()> action;  // of the verb that was given; returns the exit code
};

void AddInit(CommandLine& line);
void AddCheck(CommandLine& line);
void AddTune(CommandLine& line);
void AddResume(CommandLine& line);
void AddStatus(CommandLine& line);
void AddLeaderboard(CommandLine& line);
void AddShow(CommandLine& line);
void AddBest(CommandLine& line);
void AddTrain(CommandLine& line);
void AddRetrain(CommandLine& line);
void AddEvaluate(CommandLine& line);
void AddPredict(CommandLine& line);
void AddExport(CommandLine& line);
void AddSynth(CommandLine& line);

// A verb whose help begins with an example; options live in `Options`, shared with the action.
CLI::App* AddVerb(CommandLine& line, const std::string& name, const std::string& what,
                  const std::string& example);

// Adds `--format`, checked against `allowed` ("table", "json", ...); the first is the default.
void AddFormat(CLI::App* verb, std::string* format, const std::vector<std::string>& allowed);

// A study opened for reading, with its spec.
struct OpenStudy {
  StudyFolder folder;
  std::unique_ptr<results::SqliteStore> store;
  results::StudyRecord record;
  Spec spec;
};
OpenStudy OpenForReading(CommandLine& line, const std::string& study);

// The spec that a study was made with.
Spec SpecOf(const results::StudyRecord& record, const StudyFolder& folder);

// A model by its file, by its study's name, or by its study's folder.
std::string FindModel(CommandLine& line, const std::string& model);

// To `file`, or to stdout when it is empty or "-".
void WriteOut(CommandLine& line, const std::string& file, const std::string& text);

}  // namespace coppice::tuner
