#pragma once
// Where a study is remembered: an append-only log of events, and what follows from it.
//
//   auto store = SqliteStore::Create(folder + "/study.db", record);
//   store->Append(events, elapsed_seconds);        // survives the death of the process
//   for (const LoggedEvent& e : store->Events()) ...
//
// Contract. Append is atomic (all of `events` or none) and ordered: whatever dies, process or
// machine, a beginning of the log is left. What was appended never changes. An event that the table
// of transitions forbids is refused (kInternal) and nothing is written. Readers in other processes
// see a consistent snapshot and never block the writer. One process at a time may write: see Lease.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "strategies/study/event.h"
#include "strategies/study/trial.h"

namespace coppice::results {

// What a study is, written once when it is made.
struct StudyRecord {
  std::string name;
  Json resolved_spec;       // all defaults written out
  std::string data_hash;    // content hash of rows, schema and split
  std::string spec_folder;  // absolute; the paths in the spec are relative to it
  std::string program;      // "coppice 0.1.0"
  double created_at = 0;    // seconds since 1970
  // The version of all that decides what a study comes to, of the program that made it; 1 where it
  // was not recorded yet.
  int decisions = 1;
};

struct LoggedEvent {
  std::int64_t sequence = 0;   // dense from 1
  double elapsed_seconds = 0;  // of the study's running time, when it was appended
  study::StudyEvent event;
};

// One thread at a time.
class TrialStore {
 public:
  virtual ~TrialStore() = default;

  virtual void Append(std::span<const study::StudyEvent> events, double elapsed_seconds) = 0;
  // Returns when all that was appended would survive the loss of power, too.
  virtual void Sync() = 0;

  virtual StudyRecord study() const = 0;
  // In order. TrialFinished events carry their curves: all that was ever learned, so the larger
  // part of a study's file is read.
  virtual std::vector<LoggedEvent> Events() const = 0;
  // The same with every `curves` empty, for who asks only what happened; no curve is read.
  virtual std::vector<LoggedEvent> EventsWithoutCurves() const = 0;
  // By id, without curves.
  virtual std::vector<study::Trial> Trials() const = 0;
  // Of the trial's last finished attempt; empty if there is none.
  virtual std::vector<study::Curve> Curves(study::TrialId trial) const = 0;
  // The running time of the last event; 0 without events.
  virtual double ElapsedSeconds() const = 0;
};

}  // namespace coppice::results
