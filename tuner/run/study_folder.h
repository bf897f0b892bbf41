#pragma once
// Where a study lives: STORE/NAME/ with its database, specs, best configuration, model and log.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "results/store/trial_store.h"

namespace coppice::tuner {

struct StudyFolder {
  std::string path;  // absolute

  std::string database() const { return path + "/study.db"; }
  std::string spec() const { return path + "/spec.json"; }
  std::string resolved_spec() const { return path + "/spec.resolved.json"; }
  std::string best() const { return path + "/best.json"; }
  std::string model() const { return path + "/model.json"; }
  // Of `coppice retrain` without another name.
  std::string retrained() const { return path + "/retrained.json"; }
  // States of unfinished trials, a cache.
  std::string parked() const { return path + "/parked"; }
  // Of `coppice report` without another name.
  std::string report() const { return path + "/report.html"; }
  std::string log() const { return path + "/log.jsonl"; }
};

// `flag` if given, else $COPPICE_STORE, else ./studies; absolute.
std::string StoreFolder(const std::string& flag);

// By name in the store, or by the path of its folder. Throws Error (kUsage) when there is none,
// with the nearest name.
StudyFolder FindStudy(const std::string& study, const std::string& store, FileSystem& disk);

// The same; nothing when there is none.
std::optional<StudyFolder> LookForStudy(const std::string& study, const std::string& store,
                                        FileSystem& disk);
// What to say then.
Finding NoSuchStudy(const std::string& study, const std::string& store, FileSystem& disk);

// Names of the studies in a store, sorted; empty when there is no such folder.
std::vector<std::string> ListStudies(const std::string& store, FileSystem& disk);

// Throws Error (kUsage) that names `resume` when the study is there already.
void RefuseExisting(const std::string& store, const std::string& name, FileSystem& disk);

// Removes what processes that died left half-written in the folder. The caller holds its lease.
void RemoveUnfinished(const StudyFolder& folder);

// Makes the folder with the spec as given, the resolved spec and an empty database: whole, or not
// at all, and durable when it returns. Throws Error (kUsage) when the study exists, Error (kStore)
// when it cannot be written. `fill` may add to it while it is still under another name, by durable
// writes only. `beside` makes what else belongs to the study, outside of it, when the folder is
// whole and only its name is left to give; its errors pass as they are.
StudyFolder CreateStudy(const std::string& store, const std::string& spec_text,
                        const results::StudyRecord& record, FileSystem& disk,
                        const std::function<void(const StudyFolder&)>& fill = {},
                        const std::function<void()>& beside = {});

}  // namespace coppice::tuner
