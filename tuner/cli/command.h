#pragma once
// What the verbs share. Each verb is one file with one function that adds it to the command line;
// parsing chooses an action, main runs it.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/value.h"
#include "results/report/table.h"
#include "results/store/sqlite_store.h"
#include "tuner/cli/progress_style.h"
#include "tuner/cli/verb_table.h"
#include "tuner/run/study_folder.h"
#include "tuner/spec/spec.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace coppice::trainer {
struct Booster;
}

namespace coppice::tuner {

// What every verb may use.
struct CommandLine {
  CLI::App* app = nullptr;
  RealFileSystem disk;
  std::string store;                              // --store
  std::string progress_flag;                      // --progress
  ProgressStyle progress = ProgressStyle::kNone;  // of a verb with that flag, when its action runs
  std::function<int()> action;                  // of the verb that was given; returns the exit code
  std::map<std::string, std::string> examples;  // by verb; its help begins with it
  // What the parser does not know of its arguments, for completion.
  std::map<const CLI::Option*, ArgumentKind> kinds = {};
  std::map<const CLI::Option*, std::vector<std::string>> choices = {};
};

// A verb being described: its words and flags, each bound to a variable that outlives parsing.
// The parser's own header is slow to compile, so only command.cc and main.cc include it.
class Verb {
 public:
  Verb(CommandLine& line, const std::string& name, const std::string& what,
       const std::string& example);

  // A word by position.
  Verb& Word(const std::string& name, std::string* value, const std::string& help,
             bool required = true);
  // `names` as "-o,--output"; `type` stands in the help.
  Verb& Text(const std::string& names, std::string* value, const std::string& help,
             const std::string& type = "TEXT");
  Verb& TextRequired(const std::string& names, std::string* value, const std::string& help);
  // May be given several times; with `delimiter` also as a list in one word.
  Verb& Texts(const std::string& names, std::vector<std::string>* values, const std::string& help,
              const std::string& type, char delimiter = '\0');
  // One of `allowed`.
  Verb& Choice(const std::string& names, std::string* value,
               const std::vector<std::string>& allowed, const std::string& help);
  Verb& ChoiceRequired(const std::string& name, std::string* value,
                       const std::vector<std::string>& allowed, const std::string& help);
  Verb& NumberRequired(const std::string& names, int* value, int min, int max,
                       const std::string& help);
  // Within [min, max].
  Verb& Number(const std::string& names, int* value, int min, int max, const std::string& help);
  Verb& Number(const std::string& names, std::int64_t* value, std::int64_t min, std::int64_t max,
               const std::string& help);
  Verb& Number(const std::string& names, double* value, double min, double max,
               const std::string& help);
  Verb& Seed(std::uint64_t* value);
  Verb& Flag(const std::string& names, bool* value, const std::string& help);
  // `--format`; the first of `allowed` is the default.
  Verb& Format(std::string* format, const std::vector<std::string>& allowed);
  // `--threads`, 0 when it is not given.
  Verb& Threads(int* threads);
  // `--progress`: the action finds `line.progress` chosen, and JSON talk begun where it is asked
  // for.
  Verb& Progress();
  // `--set PATH=VALUE`.
  Verb& Set(std::vector<std::string>* overrides);
  // What the argument before may be, where its word does not say it (see KindOfWord).
  Verb& Takes(ArgumentKind kind);
  Verb& Among(std::vector<std::string> choices);
  void Does(std::function<int()> action);

 private:
  CommandLine& line_;
  CLI::App* app_;
  CLI::Option* last_ = nullptr;
  bool shows_progress_ = false;
};

void AddInit(CommandLine& line);
void AddCheck(CommandLine& line);
void AddTune(CommandLine& line);
void AddAsk(CommandLine& line);
void AddSuggest(CommandLine& line);
void AddTell(CommandLine& line);
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
void AddDiff(CommandLine& line);
void AddCompare(CommandLine& line);
void AddImportance(CommandLine& line);
void AddReport(CommandLine& line);
void AddSql(CommandLine& line);
void AddRepair(CommandLine& line);
void AddSynth(CommandLine& line);
void AddCompletion(CommandLine& line);
void AddMan(CommandLine& line);

// The formats of a table; the first is the default.
std::vector<std::string> TableFormats();

// A study opened for reading, with its spec as it is now.
struct OpenStudy {
  StudyFolder folder;
  std::unique_ptr<results::SqliteStore> store;
  results::StudyRecord record;
  Spec spec;
};
OpenStudy OpenForReading(CommandLine& line, const std::string& study);

// Brings what `spec` starts from into it (TakeWarmStart), and says what was taken and left out.
void TakeAndSay(CommandLine& line, const std::string& file, Spec& spec);

// MakeOrFindStudy, which says the same.
StudyFolder MakeOrFindAndSay(CommandLine& line, const std::string& file, const Spec& spec);

// The folder of a study that another program evaluates: by its spec, which makes it where it is not
// there yet, or by the study's name or folder, which go with no `name` and no `overrides`.
StudyFolder ExternalFolderOf(CommandLine& line, const std::string& target, const std::string& name,
                             const std::vector<std::string>& overrides);

// What goes on with such a study.
std::string HintForExternal(const std::string& study);

// Throws Error (kUsage) where another program evaluates the study's trials: `verb` needs ours.
void RequireOwnTrials(const Spec& spec, const std::string& verb);
// The other way round.
void RequireExternalTrials(const Spec& spec, const std::string& verb);

// How long a command waits for another one that writes to the same study for a moment.
inline constexpr double kSecondsForLease = 10;

// A model by its file, by its study's name, or by its study's folder.
std::string FindModel(CommandLine& line, const std::string& model);

// Its model, read. A fault in the file gets a note that says what was being read.
trainer::Booster LoadModel(CommandLine& line, const std::string& model);

// A column as the command line names it: by a number from 0, or by its name; nothing for "".
std::optional<Value> ColumnOf(const std::string& word);

// To `file`, or to stdout when it is empty or "-".
void WriteOut(CommandLine& line, const std::string& file, const std::string& text);

}  // namespace coppice::tuner
