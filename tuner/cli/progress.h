#pragma once
// How a run looks while it goes on, on stderr and in log.jsonl.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "tuner/loop/progress.h"

namespace coppice::tuner {

// One line on a terminal, drawn over itself; elsewhere a line for each new best and one every 30 s.
class StderrProgress : public ProgressSink {
 public:
  StderrProgress(std::string metric, const Clock& clock);
  ~StderrProgress() override;

  void TrialStarted(const study::TrialCreated& trial, const RunCounts& counts) override;
  void TrialFinished(const study::TrialFinished& trial, bool is_best, std::optional<double> best,
                     const RunCounts& counts) override;
  void Stopped(const study::StudyStopped& stop, const RunCounts& counts) override;

 private:
  // The stop is said when the last trial that runs has ended.
  void SayStopIfIdle(const RunCounts& counts);
  void Draw(const RunCounts& counts);
  void Erase();

  std::string metric_;
  const Clock& clock_;
  bool smart_;
  bool drawn_ = false;
  double last_line_;
  std::optional<double> best_;
  std::optional<std::string> stop_;  // not said yet
};

// A JSON line for each event, with the time of day.
class LogProgress : public ProgressSink {
 public:
  LogProgress(std::string file, FileSystem& disk, const Clock& clock);

  void TrialStarted(const study::TrialCreated& trial, const RunCounts& counts) override;
  void TrialFinished(const study::TrialFinished& trial, bool is_best, std::optional<double> best,
                     const RunCounts& counts) override;
  void Stopped(const study::StudyStopped& stop, const RunCounts& counts) override;

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

 private:
  std::vector<std::unique_ptr<ProgressSink>> sinks_;
};

}  // namespace coppice::tuner
