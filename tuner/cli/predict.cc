#include <fmt/format.h>

#include <algorithm>
#include <charconv>
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
#include "tuner/cli/targets.h"
#include "tuner/cli/terminal.h"
#include "tuner/preflight/input_guard.h"

namespace coppice::tuner {
namespace {

struct PredictOptions {
  std::string model;
  std::string data;
  std::string kind = "value";
  std::string rounds;
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

// Of one of several outputs: its class, or "q0.9" for a quantile.
std::string OutputName(const trainer::Booster& booster, int output) {
  const auto k = static_cast<std::size_t>(output);
  if (trainer::PredictionOf(booster.objective) != trainer::PredictionKind::kQuantiles) {
    return ClassText(booster, k);
  }
  const auto settings =
      trainer::SettingsFromParameters(booster.objective_params, booster.n_outputs);
  return fmt::format("q{}", static_cast<float>(settings.quantile_alpha.at(k)));
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

// "10:20" is [10, 20); "10:" and ":20" leave an end open.
trainer::RoundRange ParseRounds(const std::string& text) {
  trainer::RoundRange rounds;
  if (text.empty()) return rounds;
  const std::size_t colon = text.find(':');
  const auto number = [&](std::string_view part, int* value) {
    if (part.empty()) return true;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), *value);
    return error == std::errc() && end == part.data() + part.size() && *value >= 0;
  };
  const std::string_view whole = text;
  const bool good = colon != std::string::npos && number(whole.substr(0, colon), &rounds.begin) &&
                    number(whole.substr(colon + 1), &rounds.end) &&
                    (rounds.end > rounds.begin || colon + 1 == text.size());
  if (!good) {
    throw Error(ErrorKind::kUsage, fmt::format("`--rounds {}` is no range of rounds", text), {},
                "10:20 takes rounds 10 to 19, counted from 0; 10: all from there on");
  }
  return rounds;
}

Predictions Values(const trainer::Booster& booster, const trainer::Dataset& table,
                   trainer::RoundRange rounds) {
  Predictions result;
  result.n_rows = table.n_rows;
  result.numbers = PredictValues(booster, table.values, table.n_rows, rounds);
  const trainer::TargetKind target = *trainer::TargetOf(booster.objective);
  const trainer::ObjectiveSettings settings =
      trainer::SettingsFromParameters(booster.objective_params, booster.n_outputs);
  const auto objective = trainer::MakeObjective(booster.objective, settings);
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
  } else if (booster.n_outputs > 1) {
    for (int k = 0; k < booster.n_outputs; ++k) result.names.push_back(OutputName(booster, k));
  } else {
    result.names = {"prediction"};
    if (!booster.schema.classes.empty()) {
      result.word_name = "class";
      AddClasses(booster, &result);
    }
  }
  return result;
}

Predictions Margins(const trainer::Booster& booster, const trainer::Dataset& table,
                    trainer::RoundRange rounds) {
  Predictions result;
  result.n_rows = table.n_rows;
  result.numbers = PredictMargins(booster, table.values, table.n_rows, rounds);
  for (int k = 0; k < booster.n_outputs; ++k) {
    result.names.push_back(booster.n_outputs == 1 ? "margin" : "margin_" + OutputName(booster, k));
  }
  return result;
}

Predictions Leaves(const trainer::Booster& booster, const trainer::Dataset& table,
                   trainer::RoundRange rounds) {
  Predictions result;
  result.n_rows = table.n_rows;
  const std::vector<std::int32_t> leaves =
      PredictLeaves(booster, table.values, table.n_rows, rounds);
  // Leaf numbers are far below 2^24, where a float still holds every whole number.
  result.numbers.assign(leaves.begin(), leaves.end());
  const std::size_t n_trees = table.n_rows == 0 ? 0 : leaves.size() / table.n_rows;
  for (std::size_t t = 0; t < n_trees; ++t) result.names.push_back(fmt::format("tree_{}", t));
  return result;
}

// A block of features and the bias for each output.
Predictions Contributions(const trainer::Booster& booster, const trainer::Dataset& table,
                          trainer::RoundRange rounds) {
  Predictions result;
  result.n_rows = table.n_rows;
  result.numbers = PredictContributions(booster, table.values, table.n_rows, rounds);
  for (int k = 0; k < booster.n_outputs; ++k) {
    const std::string suffix = booster.n_outputs == 1 ? "" : "_" + OutputName(booster, k);
    for (const auto& feature : booster.schema.features) {
      result.names.push_back(feature.name + suffix);
    }
    result.names.push_back("bias" + suffix);
  }
  return result;
}

Predictions PredictionsOf(const std::string& kind, const trainer::Booster& booster,
                          const trainer::Dataset& table, trainer::RoundRange rounds) {
  if (kind == "margin") return Margins(booster, table, rounds);
  if (kind == "leaf") return Leaves(booster, table, rounds);
  if (kind == "contributions") return Contributions(booster, table, rounds);
  return Values(booster, table, rounds);
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

int Predict(CommandLine& line, const PredictOptions& options) {
  RefuseSwapped(line, "predict", options.model, options.data);
  RefuseToOverwrite(options.output, {options.data, FindModel(line, options.model)});
  const trainer::RoundRange rounds = ParseRounds(options.rounds);
  const trainer::Booster booster = LoadModel(line, options.model);
  Predictions predictions;
  RunWithThreads(AvailableCores(), [&] {
    trainer::Notices notices;
    const trainer::Dataset table =
        trainer::ReadWithSchema(options.data, booster.schema, false, line.disk, &notices);
    for (const std::string& notice : notices) Say("notice: " + notice);
    predictions = PredictionsOf(options.kind, booster, table, rounds);
  });
  const std::string text = options.format == "csv"
                               ? ToCsv(predictions)
                               : ToJsonText(predictions, options.format == "jsonl");
  WriteOut(line, options.output, text);
  return kDone;
}

}  // namespace

void AddPredict(CommandLine& line) {
  auto options = std::make_shared<PredictOptions>();
  Verb(line, "predict", "Predicts every row of a file, in order.",
       "coppice predict model.json new.csv -o predictions.csv")
      .Word("MODEL", &options->model, "a model file, or a study's name or folder")
      .Word("DATA", &options->data, "a file with the columns of the training data")
      .Choice("--kind", &options->kind, {"value", "margin", "leaf", "contributions"},
              "value: a number or probabilities; margin: before the link; contributions: what each "
              "feature adds to the margin (Shapley values)")
      .Text("--rounds", &options->rounds, "rounds to use, from 0; default: to the best",
            "BEGIN:END")
      .Text("-o,--output", &options->output, "default: stdout", "FILE")
      .Format(&options->format, {"csv", "json", "jsonl"})
      .Does([&line, options] { return Predict(line, *options); });
}

}  // namespace coppice::tuner
