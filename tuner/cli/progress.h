#pragma once
// How a run looks while it goes on: in lines that stay, and in log.jsonl. Live lines are in
// live_progress.h, events for other programs in json_progress.h.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/json_fwd.h"
#include "tuner/loop/progress.h"

namespace coppice::tuner {

// A line for each new best, for each failure, and for the end. Called by the loop thread only.
class RunLines {
 public:
  RunLines(std::string metric, std::function<void(const std::string& line)> say);

  void TrialFinished(const study::TrialFinished& trial, bool is_best, const RunCounts& counts);
  void Stopped(const study::StudyStopped& stop, const RunCounts& counts);
  void Confirming(int trials, int folds, double elapsed_seconds);

 private:
  // The stop is said when the last trial that runs has ended.
  void SayStopIfIdle(const RunCounts& counts);

  std::string metric_;
  std::function<void(const std::string& line)> say_;
  std::optional<std::string> stop_;  // not said yet
};

// Those lines on stderr, and how the study stands when 30 s went by without one.
class PlainProgress : public ProgressSink {
 public:
  // The clock is borrowed.
  PlainProgress(std::string metric, const Clock& clock);

  void TrialStarted(const study::TrialCreated&, const RunCounts&) override {}
  void TrialFinished(const study::TrialFinished& trial, bool is_best, std::optional<double> best,
                     const RunCounts& counts) override;
  void Stopped(const study::StudyStopped& stop, const RunCounts& counts) override;
  void Waiting(const RunCounts& counts) override;
  void Confirming(int trials, int folds, double elapsed_seconds) override;

 private:
  std::string metric_;
  const Clock& clock_;
  double last_line_;
  RunLines lines_;
};

// A JSON line for each event, with the time of day.
class LogProgress : public ProgressSink {
 public:
  LogProgress(std::string file, FileSystem& disk, const Clock& clock);

  void TrialStarted(const study::TrialCreated& trial, const RunCounts& counts) override;
  void TrialFinished(const study::TrialFinished& trial, bool is_best, std::optional<double> best,
                     const RunCounts& counts) override;
  void Stopped(const study::StudyStopped& stop, const RunCounts& counts) override;
  void Confirmed(const study::TrialConfirmed& trial, double elapsed_seconds) override;

 private:
  void Write(Json line);

  std::string file_;
  FileSystem& disk_;
  const Clock& clock_;
};

// Several sinks as one.
class ProgressFan : public ProgressSink {
 public:
  void Add(std::unique_ptr<ProgressSink> sink) { sinks_.push_back(std::move(sink)); }

  void TrialStarted(const study::TrialCreated& trial, const RunCounts& counts) override {
    for (auto& sink : sinks_) sink->TrialStarted(trial, counts);
  }
  void TrialFinished(const study::TrialFinished& trial, bool is_best, std::optional<double> best,
                     const RunCounts& counts) override {
    for (auto& sink : sinks_) sink->TrialFinished(trial, is_best, best, counts);
  }
  void Stopped(const study::StudyStopped& stop, const RunCounts& counts) override {
    for (auto& sink : sinks_) sink->Stopped(stop, counts);
  }
  void Confirming(int trials, int folds, double elapsed_seconds) override {
    for (auto& sink : sinks_) sink->Confirming(trials, folds, elapsed_seconds);
  }
  void Confirmed(const study::TrialConfirmed& trial, double elapsed_seconds) override {
    for (auto& sink : sinks_) sink->Confirmed(trial, elapsed_seconds);
  }
  void Waiting(const RunCounts& counts) override {
    for (auto& sink : sinks_) sink->Waiting(counts);
  }
  void Interrupted(const RunCounts& counts) override {
    for (auto& sink : sinks_) sink->Interrupted(counts);
  }

 private:
  std::vector<std::unique_ptr<ProgressSink>> sinks_;
};

}  // namespace coppice::tuner
