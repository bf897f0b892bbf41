#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/threads.h"
#include "trainer/data/reader.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/terminal.h"
#include "tuner/preflight/id_columns.h"
#include "tuner/spec/auto_space.h"

namespace coppice::tuner {
namespace {

namespace fs = std::filesystem;

struct InitOptions {
  std::string data;
  std::string label;
  std::string output;
};

// Which column is the label and, where nobody said so, why.
struct LabelChoice {
  std::optional<trainer::ColumnRef> column;
  std::string why;  // empty: as the user says
};

struct Guess {
  std::string objective;
  std::string metric;
  std::vector<std::string> more_metrics;
  std::string why;
};

Guess GuessBinary(const std::string& why) {
  return {"binary:logistic", "auc", {"logloss", "error"}, why};
}

Guess GuessClasses(std::size_t n) {
  if (n == 2) return GuessBinary("the label has 2 classes");
  return {"multi:softprob", "mlogloss", {"merror"}, fmt::format("the label has {} classes", n)};
}

// Whole numbers with few different values are taken for classes.
Guess GuessNumber(const trainer::Dataset& table) {
  constexpr std::size_t kMostClasses = 20;
  std::set<float> values;
  bool whole = true;
  for (const float value : table.label) {
    values.insert(value);
    whole = whole && value == std::floor(value);
    if (values.size() > kMostClasses) break;
  }
  if (values.size() == 2) return GuessBinary("the label has 2 values");
  const bool repeated = table.n_rows >= 10 * values.size();
  if (whole && repeated && values.size() <= kMostClasses) return GuessClasses(values.size());
  return {"reg:squarederror", "rmse", {"mae"}, "the label is a number with many values"};
}

// A feature as a spec names it.
trainer::ColumnRef RefOf(const trainer::Schema& schema, const trainer::FeatureSchema& feature) {
  if (schema.has_header) return feature.name;
  return std::int64_t{feature.column};
}

// A column by a name that labels have, else the first one that is no id.
LabelChoice GuessLabel(const trainer::Dataset& table) {
  const trainer::Schema& schema = table.schema;
  for (const char* word : {"label", "target", "class", "y"}) {
    for (const trainer::FeatureSchema& feature : schema.features) {
      if (EditDistance(feature.name, word) != 0) continue;
      return {RefOf(schema, feature), "by its name"};
    }
  }
  std::set<std::string> ids;
  for (const IdColumn& id : FindIdColumns(table)) ids.insert(id.name);
  for (const trainer::FeatureSchema& feature : schema.features) {
    if (ids.contains(feature.name)) continue;
    return {RefOf(schema, feature),
            feature.column == 0 ? "the first column" : "the first column that is no id"};
  }
  return {RefOf(schema, schema.features.front()), "the first column"};
}

LabelChoice ChooseLabel(CommandLine& line, const InitOptions& options) {
  if (!options.label.empty()) return {ColumnOf(options.label), ""};
  trainer::ReadOptions read;
  read.label_kind = trainer::LabelKind::kNone;
  const trainer::DataFiles files{trainer::ExpandPattern(options.data, ""), {}, {}};
  const trainer::Dataset table = trainer::ReadDataset(files, read, line.disk, nullptr);
  // LibSVM: the label has a place of its own.
  if (table.schema.n_columns == 0) return {std::nullopt, "the first word of each line"};
  LabelChoice choice = GuessLabel(table);
  std::vector<std::string> others;
  for (const trainer::FeatureSchema& feature : table.schema.features) {
    const std::string name = ToText(RefOf(table.schema, feature));
    if (name != ToText(*choice.column)) others.push_back(name);
  }
  Say(fmt::format("label: `{}`, {}; `--label COLUMN` takes another: {}", ToText(*choice.column),
                  choice.why, ListWords(others, 8)));
  return choice;
}

// The table as it reads, whatever its label is, and what that label suggests.
std::pair<trainer::Dataset, Guess> ReadAndGuess(CommandLine& line, const InitOptions& options,
                                                const LabelChoice& label) {
  trainer::ReadOptions read;
  read.label = label.column;
  const trainer::DataFiles files{trainer::ExpandPattern(options.data, ""), {}, {}};
  trainer::Notices notices;
  try {
    trainer::Dataset table = trainer::ReadDataset(files, read, line.disk, &notices);
    const Guess guess = GuessNumber(table);
    for (const std::string& notice : notices) Say("notice: " + notice);
    return {std::move(table), guess};
  } catch (const Error&) {
    // A label of texts is no number; whatever else is wrong is thrown again below.
    notices.clear();
    read.label_kind = trainer::LabelKind::kMulticlass;
    trainer::Dataset table = trainer::ReadDataset(files, read, line.disk, &notices);
    const Guess guess = GuessClasses(table.schema.classes.size());
    for (const std::string& notice : notices) Say("notice: " + notice);
    return {std::move(table), guess};
  }
}

// What must not be learned from, said on the way; nothing when no other column would be left.
std::vector<std::string> ColumnsToIgnore(const trainer::Dataset& table) {
  const std::vector<IdColumn> ids = FindIdColumns(table);
  std::vector<std::string> ignored;
  if (ids.size() == table.n_features()) return ignored;
  if (ids.empty()) {
    Say("ignored: no column, as none looks like an id; add to `data.ignore` what is not known yet "
        "when you predict");
  }
  for (const IdColumn& id : ids) {
    for (const trainer::FeatureSchema& feature : table.schema.features) {
      if (feature.name != id.name) continue;
      ignored.push_back(coppice::ToJson(RefOf(table.schema, feature)).dump());
    }
    Say(fmt::format("ignored: `{}` ({}); take it off `data.ignore` to learn from it", id.name,
                    id.why));
  }
  return ignored;
}

std::string Quote(const std::string& text) { return Json(text).dump(); }

std::string SpecText(const InitOptions& options, const trainer::Dataset& table,
                     const LabelChoice& label, const Guess& guess) {
  const fs::path folder =
      options.output.empty() ? fs::current_path() : fs::absolute(options.output).parent_path();
  const std::string data =
      fs::absolute(options.data).lexically_normal().lexically_relative(folder).string();
  std::string name = fs::path(options.data).stem().stem().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_') c = '-';
  }
  std::vector<std::string> more;
  for (const std::string& metric : guess.more_metrics) more.push_back(Quote(metric));
  const std::string label_text = label.column ? coppice::ToJson(*label.column).dump() : "0";
  const std::vector<std::string> ignored = ColumnsToIgnore(table);
  return fmt::format(R"({{
  "coppice": 1,
  "name": {},
  "data": {{
    "train": {},  // {} rows, {} features
    "label": {},
    "ignore": [{}]  // columns that must not be learned from: ids, copies of the label
  }},
  "split": {{"kind": "cv", "folds": 5, "test_fraction": 0.2}},
  "train": {{
    "objective": {},  // {}
    "num_round": {}  // a cap: each trial stops by itself and keeps its best round
  }},
  "search": "auto",  // or ranges of your own: {{"eta": {{"type": "float", "min": 0.01, "max": 0.3, "scale": "log"}}}}
  "objective": {{"metric": {}}},
  "metrics": [{}],
  "strategy": {{"kind": "bayesian"}},
  "stop": {{"trials": 40}},
  "parallel": {{"slots": 4}},
  "seed": 7
}}
)",
                     Quote(name), Quote(data), table.n_rows, table.n_features(), label_text,
                     fmt::join(ignored, ", "), Quote(guess.objective), guess.why, kAutoRounds,
                     Quote(guess.metric), fmt::join(more, ", "));
}

int Init(CommandLine& line, const InitOptions& options) {
  if (!options.output.empty() && line.disk.Exists(options.output)) {
    throw Error(ErrorKind::kUsage, fmt::format("`{}` exists already", options.output), {},
                "give another name with -o, or remove it");
  }
  std::string text;
  RunWithThreads(AvailableCores(), [&] {
    const LabelChoice label = ChooseLabel(line, options);
    const auto [table, guess] = ReadAndGuess(line, options, label);
    text = SpecText(options, table, label, guess);
    Say(fmt::format("objective {}, metric {}: {}", guess.objective, guess.metric, guess.why));
  });
  WriteOut(line, options.output, text);
  if (!options.output.empty()) Say(fmt::format("next: `coppice tune {}`", options.output));
  return kDone;
}

}  // namespace

void AddInit(CommandLine& line) {
  auto options = std::make_shared<InitOptions>();
  Verb(line, "init", "Writes a commented spec from a data file.",
       "coppice init --data titanic.csv --label survived -o spec.json")
      .TextRequired("--data", &options->data, "the table: .csv, .tsv or .libsvm, also .gz")
      .Text("--label", &options->label, "the label's column, by name or 0-based index", "COLUMN")
      .Text("-o,--output", &options->output, "default: stdout", "FILE")
      .Does([&line, options] { return Init(line, *options); });
}

}  // namespace coppice::tuner
