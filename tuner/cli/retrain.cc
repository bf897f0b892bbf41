#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/threads.h"
#include "trainer/model_io/xgboost_json.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/signals.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/terminal.h"
#include "tuner/run/final_model.h"

namespace coppice::tuner {
namespace {

struct Options {
  std::string study;
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

int Retrain(CommandLine& line, const Options& options) {
  const OpenStudy open = OpenForReading(line, options.study);
  const results::LeaderboardRow chosen = Choose(open, options.trial);
  const std::string output =
      options.output.empty() ? open.folder.path + "/retrained.json" : options.output;
  RunWithThreads(ThreadsFor(open.spec, options.threads), [&] {
    const StudyData data = LoadAndSay(line, open.spec);
    const RowChoice choice = options.rows == "all" ? RowChoice::kAll : RowChoice::kTraining;
    const std::vector<trainer::RowIndex> rows = RowsFor(data, open.spec, choice);
    const int cap = open.spec.ParamsFor(chosen.configuration).num_round;
    const int rounds =
        options.rounds > 0 ? options.rounds : CorrectedRounds(chosen.round, data, rows.size(), cap);
    const SignalGuard signals;
    const trainer::Booster booster =
        TrainOn(open.spec, data, chosen.trial, chosen.configuration, rows, rounds, signals.token());
    line.disk.WriteAtomically(output, trainer::ToXgboostJson(booster));
    const std::string rule =
        options.rounds > 0 ? "as given"
                           : fmt::format("{} in the folds, in proportion to the rows, at most {}",
                                         chosen.round, cap);
    Say(fmt::format("trial {} on {} rows, {} rounds ({})", study::ToIndex(chosen.trial),
                    rows.size(), rounds, rule));
    if (options.format == "json") {
      const Json json = {{"trial", study::ToIndex(chosen.trial)},
                         {"rows", rows.size()},
                         {"rounds", rounds},
                         {"config", chosen.configuration.ToJson()},
                         {"model", std::filesystem::absolute(output).lexically_normal().string()}};
      Print(json.dump(2) + "\n");
    } else {
      Print(output + "\n");
    }
  });
  return kDone;
}

}  // namespace

void AddRetrain(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Verb(line, "retrain", "Trains the winner (or another trial) on all rows, for use.",
       "coppice retrain titanic -o titanic.json")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Number("--trial", &options->trial, 0, 1 << 30, "this trial instead of the best")
      .Number("--rounds", &options->rounds, 1, 1 << 30,
              "so many, instead of the folds' best round in proportion to the rows")
      .Choice("--rows", &options->rows, {"all", "train"},
              "all: also the rows held out for test and validation; default: all")
      .Text("-o,--output", &options->output, "default: retrained.json in the study's folder",
            "FILE")
      .Threads(&options->threads)
      .Format(&options->format, {"text", "json"})
      .Does([&line, options] { return Retrain(line, *options); });
}

}  // namespace coppice::tuner
