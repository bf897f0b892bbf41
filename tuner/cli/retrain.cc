#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/threads.h"
#include "trainer/boost/booster.h"
#include "trainer/data/reader.h"
#include "trainer/model_io/model_file.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/signals.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/terminal.h"
#include "tuner/preflight/input_guard.h"
#include "tuner/run/data_fingerprint.h"
#include "tuner/run/final_model.h"
#include "tuner/run/model_origin.h"
#include "tuner/run/more_rows.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {
namespace {

struct RetrainOptions {
  std::string study;
  std::vector<std::string> data;  // more rows
  std::string output;
  std::string rows = "all";
  std::string format;
  int trial = -1;
  int rounds = 0;
  int seeds = 1;
  int threads = 0;
};

std::string OutputOf(const OpenStudy& open, const RetrainOptions& options) {
  return options.output.empty() ? open.folder.retrained() : options.output;
}

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

// Relative to where the user stands, not to the spec.
std::vector<std::string> FilesOf(const RetrainOptions& options) {
  std::vector<std::string> files;
  for (const std::string& pattern : options.data) {
    const std::string from_root = std::filesystem::absolute(pattern).lexically_normal().string();
    for (std::string& file : trainer::ExpandPattern(from_root, {}))
      files.push_back(std::move(file));
  }
  return files;
}

// What the model is trained on, and where its rows came from.
struct RetrainRows {
  StudyData data;
  std::vector<trainer::RowIndex> rows;
};

// Of the study's own folds, whose rows may be gone: the same split of as many rows.
double FoldRowsThen(const OpenStudy& open, const StudyData& data) {
  const double now = FoldRows(data);
  const auto rows = RowsIn(open.record.data_hash);
  if (!rows) return now;
  const auto then = static_cast<double>(*rows);
  const auto n_rows = static_cast<double>(data.table->n_rows);
  // Of files, those that are not trained on are the study's still.
  if (open.spec.split.kind == trainer::SplitKind::kFiles) {
    return std::max(1.0, then - (n_rows - now));
  }
  return now * then / n_rows;
}

// The rows of `--data` alone: the study's own may be gone.
RetrainRows OtherRows(CommandLine& line, const OpenStudy& open,
                      const std::vector<std::string>& files, ModelOrigin* origin) {
  Spec spec = open.spec;
  spec.data.train = files;
  RetrainRows chosen{LoadAndSay(line, spec), {}};
  // Of files, those to validate on are the study's own.
  const bool is_of_files = spec.split.kind == trainer::SplitKind::kFiles;
  chosen.rows = RowsFor(chosen.data, spec, is_of_files ? RowChoice::kTraining : RowChoice::kAll);
  origin->fold_rows = FoldRowsThen(open, chosen.data);
  std::string names;
  for (const std::string& file : files) names += (names.empty() ? "" : ", ") + file;
  origin->added.push_back({names, chosen.rows.size()});
  return chosen;
}

RetrainRows RowsOfStudy(CommandLine& line, const OpenStudy& open, const RetrainOptions& options,
                        const std::vector<std::string>& files, ModelOrigin* origin) {
  RetrainRows chosen{LoadAndSay(line, open.spec), {}};
  RequireSameData(open.record, chosen.data, "train on others with `--data FILE --rows data`");
  std::size_t n_added = 0;
  if (!files.empty()) {
    trainer::Notices notices;
    JoinedData joined = WithRowsOf(files, chosen.data, open.spec, line.disk, &notices);
    for (const std::string& notice : notices) Say(fmt::format("notice: {}", notice));
    for (std::size_t i = 0; i < files.size(); ++i) {
      origin->added.push_back({files[i], joined.added_rows[i]});
      n_added += joined.added_rows[i];
    }
    chosen.data = std::move(joined.data);
  }
  const RowChoice choice = options.rows == "all" ? RowChoice::kAll : RowChoice::kTraining;
  chosen.rows = RowsFor(chosen.data, open.spec, choice);
  origin->fold_rows = FoldRows(chosen.data);
  const trainer::DataFiles own = FilesOf(open.spec, line.disk);
  origin->study_files = own.train;
  if (choice == RowChoice::kAll) {
    origin->study_files.insert(origin->study_files.end(), own.validation.begin(),
                               own.validation.end());
  }
  origin->n_study_rows = chosen.rows.size() - n_added;
  return chosen;
}

// Fills in what the rows decide about the model.
RetrainRows LoadRows(CommandLine& line, const OpenStudy& open, const RetrainOptions& options,
                     ModelOrigin* origin) {
  const std::vector<std::string> files = FilesOf(options);
  RetrainRows chosen = options.rows == "data" ? OtherRows(line, open, files, origin)
                                              : RowsOfStudy(line, open, options, files, origin);
  origin->row_choice = options.rows;
  origin->n_rows = chosen.rows.size();
  origin->data_hash = chosen.data.hash;
  origin->num_round = open.spec.ParamsFor(origin->chosen.configuration).num_round;
  origin->rounds_given = options.rounds > 0;
  origin->rounds = origin->rounds_given
                       ? options.rounds
                       : CorrectedRounds(origin->chosen.round, origin->fold_rows, origin->n_rows);
  return chosen;
}

// What is trained, and what in it is a guess.
void SayOrigin(const ModelOrigin& origin) {
  const results::LeaderboardRow& chosen = origin.chosen;
  if (!origin.rounds_given && chosen.state != study::TrialState::kCompleted) {
    Say(fmt::format(
        "notice: trial {} is {}, so that its best round is that of what it had reached; "
        "`--rounds N` says another",
        study::ToIndex(chosen.trial), study::ToText(chosen.state)));
  }
  if (!origin.added.empty()) Say("rows: " + SourcesText(origin));
  Say(fmt::format("trial {} on {} rows, {} rounds ({})", study::ToIndex(chosen.trial),
                  origin.n_rows, origin.rounds, RuleText(origin)));
  if (!origin.rounds_given && !origin.study_files.empty() &&
      origin.n_rows > 2 * origin.n_study_rows) {
    Say(
        fmt::format("notice: there are {:.1f} times as many rows as in the study, and how many "
                    "rounds so many bear is a guess; `--rounds N` says another",
                    static_cast<double>(origin.n_rows) /
                        static_cast<double>(std::max<std::size_t>(1, origin.n_study_rows))));
  }
}

void SaySeeds(const MeanTraining& training) {
  if (training.seeds.size() < 2) return;
  Say(fmt::format("the mean of {} models, of the seeds {}", training.seeds.size(),
                  fmt::join(training.seeds, ", ")));
  if (training.all_the_same) {
    Say("notice: the seed changes nothing with this configuration, so that one model would "
        "predict the same");
  }
}

// Loads, trains and writes, all on the threads that the caller has set.
void TrainChosen(CommandLine& line, const OpenStudy& open, const RetrainOptions& options,
                 const results::LeaderboardRow& row, const CancelToken& interrupt) {
  ModelOrigin origin;
  origin.study = open.spec.name;
  origin.chosen = row;
  const RetrainRows chosen = LoadRows(line, open, options, &origin);
  SayOrigin(origin);
  const MeanTraining training =
      TrainMeanOn(open.spec, chosen.data, row.seed_trial, row.configuration, chosen.rows,
                  origin.rounds, options.seeds, interrupt);
  origin.seeds = training.seeds;
  SaySeeds(training);
  const std::string output = OutputOf(open, options);
  Json json = ToJson(origin);
  // Names of files may be in any encoding; JSON is in UTF-8.
  const auto text = [&json] {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  };
  // Before the model, so that no new model stands beside an old origin.
  line.disk.WriteAtomically(OriginFileOf(output), text());
  line.disk.WriteAtomically(output, trainer::ToModelFile(training.booster, output));
  if (options.format != "json") return Print(output + "\n");
  json["model"] = std::filesystem::absolute(output).lexically_normal().string();
  Print(text());
}

// The study's own records are what the model is made from, too.
std::vector<std::string> InputsOf(const OpenStudy& open, const RetrainOptions& options) {
  std::vector<std::string> inputs = DataFilesOf(open.spec);
  for (std::string& file : FilesOf(options)) inputs.push_back(std::move(file));
  for (const std::string& file : {open.folder.database(), open.folder.spec(),
                                  open.folder.resolved_spec(), open.folder.log()}) {
    inputs.push_back(file);
  }
  return inputs;
}

// What words mean together, before anything is read.
void CheckWords(const OpenStudy& open, const RetrainOptions& options,
                const results::LeaderboardRow& chosen) {
  Findings findings;
  if (options.rows == "data" && options.data.empty()) {
    findings.Add("`--rows data` takes the rows of `--data` alone, and there is none", {},
                 "name the files with `--data FILE`");
  }
  const std::int64_t parallel = open.spec.ParamsFor(chosen.configuration).num_parallel_tree;
  if (parallel * options.seeds > trainer::kMostParallelTrees) {
    findings.Add(fmt::format("`--seeds {}` times `num_parallel_tree` {} is more than the {} trees "
                             "side by side that a model may have",
                             options.seeds, parallel, trainer::kMostParallelTrees),
                 {}, fmt::format("at most {}", trainer::kMostParallelTrees / parallel));
  }
  findings.ThrowIfAny(ErrorKind::kUsage);
}

int Retrain(CommandLine& line, const RetrainOptions& options) {
  const OpenStudy open = OpenForReading(line, options.study);
  RequireOwnTrials(open.spec, "retrain");
  const results::LeaderboardRow chosen = Choose(open, options.trial);
  CheckWords(open, options, chosen);
  const std::vector<std::string> inputs = InputsOf(open, options);
  RefuseToOverwrite(options.output, inputs);
  RefuseToOverwrite(OriginFileOf(OutputOf(open, options)), inputs);
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
             "train on the rows of this file, too; the columns are the study's; may be repeated",
             "FILE")
      .Choice("--rows", &options->rows, {"all", "train", "data"},
              "all: also the rows held out for test and validation; train: without them; data: "
              "only those of --data; default: all")
      .Number("--seeds", &options->seeds, 1, trainer::kMostParallelTrees,
              "the mean of so many models that differ in their training seed; default: 1")
      .Text("-o,--output", &options->output, "default: retrained.json in the study's folder",
            "FILE")
      .Threads(&options->threads)
      .Format(&options->format, {"text", "json"})
      .Does([&line, options] { return Retrain(line, *options); });
}

}  // namespace coppice::tuner
