#pragma once
// A small study by hand, for the tests of stores.

#include <string>
#include <utility>
#include <vector>

#include "results/store/trial_store.h"

namespace coppice::results {

inline StudyRecord SampleRecord(const std::string& goal = "maximize") {
  StudyRecord record;
  record.name = "titanic";
  record.resolved_spec = Json{{"name", "titanic"},
                              {"objective", {{"metric", "auc"}, {"goal", goal}}},
                              {"seed", 7},
                              {"tenth", 0.1}};
  record.data_hash = "00112233445566778899aabbccddeeff";
  record.spec_folder = "/home/someone/it's \"here\"";
  record.program = "coppice 0.1.0";
  record.created_at = 1760000000.125;
  return record;
}

inline study::TrialCreated Created(int trial, double eta = 0.1) {
  return {study::TrialId{trial},
          study::Configuration({{"eta", Value(eta)},
                                {"grow_policy", Value(std::string("lossguide"))},
                                {"max_depth", Value(std::int64_t{6})}}),
          trial == 0 ? "default" : "start"};
}

inline study::TrialStarted Started(int trial) { return {study::TrialId{trial}}; }

inline std::vector<study::Curve> SampleCurves() {
  return {{0, "train", "auc", {0.7, 0.8, 0.1 + 0.2}}, {0, "validation", "auc", {0.7, 0.75}}};
}

inline study::TrialFinished Finished(int trial, study::TrialOutcome outcome,
                                     std::vector<study::Curve> curves = {}, double seconds = 1.5) {
  return {study::TrialId{trial}, std::move(outcome), std::move(curves), seconds};
}

inline study::TrialFinished Scored(int trial, double score) {
  return Finished(trial, study::Completed{score, 0.01, 2, 3}, SampleCurves());
}

inline study::TrialRequeued Requeued(int trial) { return {study::TrialId{trial}, "interrupted"}; }

// Appends one event.
inline void Append(TrialStore& store, const study::StudyEvent& event, double elapsed_seconds = 1) {
  store.Append(std::span(&event, 1), elapsed_seconds);
}

inline void Append(TrialStore& store, const std::vector<study::StudyEvent>& events,
                   double elapsed_seconds = 1) {
  store.Append(events, elapsed_seconds);
}

// Kind and content of all events: equal for equal logs.
inline std::vector<std::string> Texts(const std::vector<LoggedEvent>& events) {
  std::vector<std::string> texts;
  for (const LoggedEvent& logged : events) {
    texts.push_back(std::to_string(logged.sequence) + " " + study::KindOf(logged.event) + " " +
                    study::ToJson(logged.event).dump());
  }
  return texts;
}

}  // namespace coppice::results
