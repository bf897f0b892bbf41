#include "tuner/report/report.h"

#include <fmt/format.h>

#include <optional>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "trainer/model_io/model_file.h"
#include "tuner/report/page.h"
#include "tuner/report/parts.h"
#include "tuner/run/fold_words.h"
#include "tuner/run/run_study.h"
#include "tuner/run/version.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

Json StudyJson(const ReportFacts& facts) {
  const ReportInput& input = facts.input;
  const Spec& spec = input.spec;
  Json json = {{"name", spec.name},
               {"metric", spec.metric},
               {"goal", spec.goal == study::Goal::kMaximize ? "maximize" : "minimize"},
               {"metrics", spec.metrics},
               {"strategy", spec.strategy.kind},
               {"slots", spec.parallel.slots},
               {"external", spec.is_external},
               {"created_at", input.record.created_at},
               {"made_at", RealClock().WallTime()},
               {"program", input.record.program},
               {"program_now", fmt::format("coppice {}", kVersion)},
               {"decisions", input.record.decisions},
               {"data_hash", input.record.data_hash.substr(0, input.record.data_hash.find(' '))},
               {"seed", spec.seed}};
  if (!spec.is_external) {
    json["objective"] = ToText(spec.Defaults().at("objective"));
    json["max_rounds"] = spec.ParamsFor({}).num_round;
    if (spec.split.kind == trainer::SplitKind::kCrossValidation) {
      json["folds"] = FoldsText(spec.split);
      json["repeats"] = spec.split.repeats;
    }
  }
  return json;
}

// best.json, where it tells of the trial that is the best now: a study that was extended and
// interrupted has that of an earlier one.
Json ReadBestFile(const ReportInput& input, const results::Leaderboard& board) {
  const std::string file = input.folder.best();
  if (board.best() == nullptr) return nullptr;
  // A single training writes its model alone, and has one trial.
  if (input.spec.search.empty()) return {{"trial", study::ToIndex(board.best()->trial)}};
  if (!input.disk.Exists(file)) return nullptr;
  const Json json = ParseJson(input.disk.Read(file), file, ErrorKind::kStore).root();
  if (!json.is_object() || json.value("trial", -1) != study::ToIndex(board.best()->trial)) {
    return nullptr;
  }
  return json;
}

ReportFacts FactsOf(const ReportInput& input) {
  ReportFacts facts{input,
                    LeaderboardOf(input.store, input.spec, true),
                    input.store.Trials(),
                    {},
                    input.store.ElapsedSeconds(),
                    nullptr};
  facts.timeline = ReadTimeline(input.store.EventsWithoutCurves(), facts.seconds);
  facts.best_file = ReadBestFile(input, facts.board);
  return facts;
}

// The model of the best trial; nothing, with the reason, where there is none.
std::optional<trainer::Booster> WinnersModel(const ReportFacts& facts,
                                             std::vector<std::string>* notices) {
  const StudyFolder& folder = facts.input.folder;
  if (facts.input.spec.is_external || facts.board.best() == nullptr) return std::nullopt;
  if (facts.best_file.is_null() || !facts.input.disk.Exists(folder.model())) {
    notices->push_back(
        "There is no model of the best trial yet, so that the page has no charts of its features "
        "and predictions.");
    return std::nullopt;
  }
  return trainer::BoosterFromModelFile(facts.input.disk.Read(folder.model()), folder.model());
}

// The study's data, once more; nothing, with the reason, where they are gone or changed.
std::optional<StudyData> LoadAgain(const ReportInput& input, std::vector<std::string>* notices) {
  try {
    trainer::Notices of_reading;  // said when the study was made
    StudyData data = LoadStudyData(input.spec, input.disk, &of_reading);
    RequireSameData(input.record, data, "look at the page without them");
    return data;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kData) throw;
    notices->push_back(
        fmt::format("The page has no charts of predictions, which would need the study's data: {}.",
                    error.findings().front().message));
    return std::nullopt;
  }
}

}  // namespace

Json ReportData(const ReportInput& input, std::vector<std::string>* notices) {
  const ReportFacts facts = FactsOf(input);
  Json report = {{"schema", 1}, {"study", StudyJson(facts)}};
  AddTrials(facts, &report);
  AddImportance(facts, &report);
  std::size_t n_test_rows = 0;
  if (const auto booster = WinnersModel(facts, notices)) {
    AddModel(*booster, facts, &report);
    if (const auto data = LoadAgain(input, notices)) {
      n_test_rows = data->split.test.size();
      AddQuality(*booster, *data, facts, &report);
    }
  }
  AddVerdict(facts, n_test_rows, &report);
  report["notices"] = *notices;
  report["spec"] = WithAbsolutePaths(ToJson(input.spec), input.record.spec_folder);
  return report;
}

std::string MakeReport(const ReportInput& input, std::vector<std::string>* notices) {
  return MakePage(input.spec.name, ReportData(input, notices));
}

}  // namespace coppice::tuner
