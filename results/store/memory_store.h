#pragma once
// TrialStore that forgets everything with its process; for tests and for `--dry-run`.

#include "results/store/trial_fold.h"
#include "results/store/trial_store.h"

namespace coppice::results {

// One thread at a time.
class MemoryStore : public TrialStore {
 public:
  explicit MemoryStore(StudyRecord record);

  void Append(std::span<const study::StudyEvent> events, double elapsed_seconds) override;
  void Sync() override {}
  StudyRecord study() const override { return record_; }
  std::vector<LoggedEvent> Events() const override { return events_; }
  std::vector<LoggedEvent> EventsWithoutCurves() const override;
  std::vector<study::Trial> Trials() const override { return fold_.trials(); }
  std::vector<study::Curve> Curves(study::TrialId trial) const override;
  double ElapsedSeconds() const override;

 private:
  StudyRecord record_;
  std::vector<LoggedEvent> events_;
  TrialFold fold_;
};

}  // namespace coppice::results
