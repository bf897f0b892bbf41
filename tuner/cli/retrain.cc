#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/threads.h"
#include "trainer/model_io/model_file.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/signals.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/terminal.h"
#include "tuner/preflight/input_guard.h"
#include "tuner/run/final_model.h"

namespace coppice::tuner {
namespace {

struct RetrainOptions {
  std::string study;
  std::vector<std::string> data;  // empty: that of the study
  std::string output;
  std::string rows = "all";
  std::string format;
  int trial = -1;
  int rounds = 0;
  int threads = 0;
};

results::LeaderboardRow Choose(const OpenStudy& open, int trial) {
  const results::Leaderboard board = LeaderboardOf(*open.store, open.spec, false);
  if (trial < 0) {
    if (board.best() == nullptr) {
      throw Error(ErrorKind::kUsage, "no trial has completed, so there is nothing to retrain", {},
                  fmt::format("`coppice leaderboard {}` lists the reasons", open.folder.path));
    }
    return *board.best();
  }
  for (const results::LeaderboardRow& row : board.rows) {
    if (study::ToIndex(row.trial) == trial && row.score) return row;
  }
  throw Error(ErrorKind::kUsage, fmt::format("trial {} has not completed in this study", trial), {},
              fmt::format("`coppice leaderboard {} --all` lists them", open.folder.path));
}

// The data that the study was made with, or the one that the user named instead.
StudyData LoadFor(CommandLine& line, const OpenStudy& open, const RetrainOptions& options) {
  if (options.data.empty()) {
    StudyData data = LoadAndSay(line, open.spec);
    RequireSameData(open.record, data, "name the new ones with `--data FILE`");
    return data;
  }
  Spec spec = open.spec;
  spec.data.train.clear();
  // Relative to where the user stands, not to the spec.
  for (const std::string& file : options.data) {
    spec.data.train.push_back(std::filesystem::absolute(file).lexically_normal().string());
  }
  return LoadAndSay(line, spec);
}

void Answer(const RetrainOptions& options, const results::LeaderboardRow& chosen,
            std::size_t n_rows, int rounds, const std::string& output) {
  if (options.format != "json") return Print(output + "\n");
  const Json json = {{"trial", study::ToIndex(chosen.trial)},
                     {"rows", n_rows},
                     {"rounds", rounds},
                     {"config", chosen.configuration.ToJson()},
                     {"model", std::filesystem::absolute(output).lexically_normal().string()}};
  Print(json.dump(2) + "\n");
}

// Loads, trains and writes, all on the threads that the caller has set.
void TrainChosen(CommandLine& line, const OpenStudy& open, const RetrainOptions& options,
                 const results::LeaderboardRow& chosen, const CancelToken& interrupt) {
  const StudyData data = LoadFor(line, open, options);
  const RowChoice choice = options.rows == "all" ? RowChoice::kAll : RowChoice::kTraining;
  const std::vector<trainer::RowIndex> rows = RowsFor(data, open.spec, choice);
  const int cap = open.spec.ParamsFor(chosen.configuration).num_round;
  const bool given = options.rounds > 0;
  const int rounds = given ? options.rounds : CorrectedRounds(chosen.round, data, rows.size(), cap);
  const std::string rule =
      given ? "as given"
            : fmt::format("{} in the folds, in proportion to the rows, at most {}", chosen.round,
                          cap);
  if (!given && chosen.state != study::TrialState::kCompleted) {
    Say(fmt::format(
        "notice: trial {} is {}, so that its best round is that of what it had reached; "
        "`--rounds N` says another",
        study::ToIndex(chosen.trial), study::ToText(chosen.state)));
  }
  Say(fmt::format("trial {} on {} rows, {} rounds ({})", study::ToIndex(chosen.trial), rows.size(),
                  rounds, rule));
  const trainer::Booster booster =
      TrainOn(open.spec, data, chosen.seed_trial, chosen.configuration, rows, rounds, interrupt);
  const std::string output = options.output.empty() ? open.folder.retrained() : options.output;
  line.disk.WriteAtomically(output, trainer::ToModelFile(booster, output));
  Answer(options, chosen, rows.size(), rounds, output);
}

// The study's own records are what the model is made from, too.
std::vector<std::string> InputsOf(const OpenStudy& open, const RetrainOptions& options) {
  std::vector<std::string> inputs = DataFilesOf(open.spec);
  inputs.insert(inputs.end(), options.data.begin(), options.data.end());
  for (const std::string& file : {open.folder.database(), open.folder.spec(),
                                  open.folder.resolved_spec(), open.folder.log()}) {
    inputs.push_back(file);
  }
  return inputs;
}

int Retrain(CommandLine& line, const RetrainOptions& options) {
  const OpenStudy open = OpenForReading(line, options.study);
  RequireOwnTrials(open.spec, "retrain");
  const results::LeaderboardRow chosen = Choose(open, options.trial);
  RefuseToOverwrite(options.output, InputsOf(open, options));
  // From before the loading on, so that every signal has the same answer.
  const SignalGuard signals;
  try {
    RunWithThreads(ThreadsFor(open.spec, options.threads),
                   [&] { TrainChosen(line, open, options, chosen, signals.token()); });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kCancelled) throw;
    Say("interrupted; nothing was written");
    return signals.exit_code();
  }
  return kDone;
}

}  // namespace

void AddRetrain(CommandLine& line) {
  auto options = std::make_shared<RetrainOptions>();
  Verb(line, "retrain", "Trains the winner (or another trial) on all rows, for use.",
       "coppice retrain titanic -o titanic.json")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Number("--trial", &options->trial, 0, 1 << 30, "this trial instead of the best")
      .Number("--rounds", &options->rounds, 1, 1 << 30,
              "so many, instead of the folds' best round in proportion to the rows")
      .Texts("--data", &options->data,
             "train on these rows instead of the study's own `data.train`; may be repeated", "FILE")
      .Choice("--rows", &options->rows, {"all", "train"},
              "all: also the rows held out for test and validation; default: all")
      .Text("-o,--output", &options->output, "default: retrained.json in the study's folder",
            "FILE")
      .Threads(&options->threads)
      .Format(&options->format, {"text", "json"})
      .Does([&line, options] { return Retrain(line, *options); });
}

}  // namespace coppice::tuner
