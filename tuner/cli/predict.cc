#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>

#include "base/error.h"
#include "base/json.h"
#include "base/threads.h"
#include "trainer/data/reader.h"
#include "trainer/objective/objective.h"
#include "trainer/predict/predictor.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/study_verb.h"
#include "tuner/cli/terminal.h"
#include "tuner/preflight/input_guard.h"

namespace coppice::tuner {
namespace {

struct Options {
  std::string model;
  std::string data;
  std::string kind = "value";
  std::string output;
  std::string format;
};

// Columns of numbers [n_rows, names.size()] and, for classes, one of words.
struct Predictions {
  std::vector<std::string> names;
  std::vector<float> numbers;
  std::string word_name;           // "" when there are no words
  std::vector<std::string> words;  // [n_rows]
  std::size_t n_rows = 0;
};

std::string ClassText(const trainer::Booster& booster, std::size_t code) {
  const auto& classes = booster.schema.classes;
  return code < classes.size() ? classes[code] : fmt::format("{}", code);
}

// The likeliest class of each row, as its text.
void AddClasses(const trainer::Booster& booster, Predictions* predictions) {
  const std::size_t width = predictions->names.size();
  for (std::size_t row = 0; row < predictions->n_rows; ++row) {
    const float* values = predictions->numbers.data() + row * width;
    const std::size_t code =
        width == 1 ? (values[0] > 0.5F ? 1 : 0)
                   : static_cast<std::size_t>(std::max_element(values, values + width) - values);
    predictions->words.push_back(ClassText(booster, code));
  }
}

Predictions Values(const trainer::Booster& booster, const trainer::Dataset& table) {
  Predictions result;
  result.n_rows = table.n_rows;
  result.numbers = PredictValues(booster, table.values, table.n_rows);
  const trainer::TargetKind target = *trainer::TargetOf(booster.objective);
  const auto objective =
      trainer::MakeObjective(booster.objective, {.num_class = booster.n_outputs});
  if (objective->predicts_class()) {
    result.word_name = "prediction";
    for (const float code : result.numbers) {
      result.words.push_back(ClassText(booster, static_cast<std::size_t>(code)));
    }
    result.numbers.clear();
  } else if (target == trainer::TargetKind::kMulticlass) {
    for (int k = 0; k < booster.n_outputs; ++k) {
      result.names.push_back("p_" + ClassText(booster, static_cast<std::size_t>(k)));
    }
    result.word_name = "class";
    AddClasses(booster, &result);
  } else {
    result.names = {"prediction"};
    if (!booster.schema.classes.empty()) {
      result.word_name = "class";
      AddClasses(booster, &result);
    }
  }
  return result;
}

Predictions Margins(const trainer::Booster& booster, const trainer::Dataset& table) {
  Predictions result;
  result.n_rows = table.n_rows;
  result.numbers = PredictMargins(booster, table.values, table.n_rows);
  for (int k = 0; k < booster.n_outputs; ++k) {
    result.names.push_back(booster.n_outputs == 1
                               ? "margin"
                               : "margin_" + ClassText(booster, static_cast<std::size_t>(k)));
  }
  return result;
}

Predictions Leaves(const trainer::Booster& booster, const trainer::Dataset& table) {
  Predictions result;
  result.n_rows = table.n_rows;
  const std::vector<std::int32_t> leaves = PredictLeaves(booster, table.values, table.n_rows);
  // Leaf numbers are far below 2^24, where a float still holds every whole number.
  result.numbers.assign(leaves.begin(), leaves.end());
  const std::size_t n_trees = table.n_rows == 0 ? 0 : leaves.size() / table.n_rows;
  for (std::size_t t = 0; t < n_trees; ++t) result.names.push_back(fmt::format("tree_{}", t));
  return result;
}

std::string ToCsv(const Predictions& predictions) {
  fmt::memory_buffer text;
  auto out = std::back_inserter(text);
  std::vector<std::string> header;
  for (const std::string& name : predictions.names) header.push_back(results::CsvField(name));
  if (!predictions.word_name.empty()) header.push_back(predictions.word_name);
  fmt::format_to(out, "{}\n", fmt::join(header, ","));
  const std::size_t width = predictions.names.size();
  for (std::size_t row = 0; row < predictions.n_rows; ++row) {
    for (std::size_t i = 0; i < width; ++i) {
      if (i > 0) text.push_back(',');
      fmt::format_to(out, "{}", predictions.numbers[row * width + i]);
    }
    if (!predictions.words.empty()) {
      if (width > 0) text.push_back(',');
      fmt::format_to(out, "{}", results::CsvField(predictions.words[row]));
    }
    text.push_back('\n');
  }
  return fmt::to_string(text);
}

std::string ToJsonText(const Predictions& predictions, bool lines) {
  std::string text = lines ? "" : "[\n";
  const std::size_t width = predictions.names.size();
  for (std::size_t row = 0; row < predictions.n_rows; ++row) {
    Json entry = Json::object();
    for (std::size_t i = 0; i < width; ++i) {
      // The shortest text of the float, not of the double that it converts to.
      const std::string shortest = fmt::format("{}", predictions.numbers[row * width + i]);
      entry[predictions.names[i]] = Json::parse(shortest, nullptr, false);
    }
    if (!predictions.words.empty()) entry[predictions.word_name] = predictions.words[row];
    text += (lines ? "" : "  ") + entry.dump();
    text += lines || row + 1 == predictions.n_rows ? "\n" : ",\n";
  }
  return lines ? text : text + "]\n";
}

int Predict(CommandLine& line, const Options& options) {
  RefuseToOverwrite(options.output, {options.data, FindModel(line, options.model)});
  const trainer::Booster booster = LoadModel(line, options.model);
  Predictions predictions;
  RunWithThreads(AvailableCores(), [&] {
    trainer::Notices notices;
    const trainer::Dataset table =
        trainer::ReadWithSchema(options.data, booster.schema, false, line.disk, &notices);
    for (const std::string& notice : notices) Say("notice: " + notice);
    predictions = options.kind == "margin" ? Margins(booster, table)
                  : options.kind == "leaf" ? Leaves(booster, table)
                                           : Values(booster, table);
  });
  const std::string text = options.format == "csv"
                               ? ToCsv(predictions)
                               : ToJsonText(predictions, options.format == "jsonl");
  WriteOut(line, options.output, text);
  return kDone;
}

}  // namespace

void AddPredict(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Verb(line, "predict", "Predicts every row of a file, in order.",
       "coppice predict model.json new.csv -o predictions.csv")
      .Word("MODEL", &options->model, "a model file, or a study's name or folder")
      .Word("DATA", &options->data, "a file with the columns of the training data")
      .Choice("--kind", &options->kind, {"value", "margin", "leaf"},
              "value: a number or probabilities; margin: before the link")
      .Text("-o,--output", &options->output, "default: stdout", "FILE")
      .Format(&options->format, {"csv", "json", "jsonl"})
      .Does([&line, options] { return Predict(line, *options); });
}

}  // namespace coppice::tuner
