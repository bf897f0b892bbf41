#pragma once
// The report of a study: what it came to, as one page of HTML that needs nothing else.
//
//   const ReportInput input{folder, store, record, spec, disk, token};
//   std::vector<std::string> notices;
//   disk.WriteAtomically(folder.report(), MakeReport(input, &notices));
//
// ReportData says everything that the page shows, as JSON; the page (tuner/report/page/) draws it.
// What cannot be had (no model yet, data that are gone) is absent, with a sentence in the notices
// and on the page.

#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/files.h"
#include "base/json_fwd.h"
#include "results/store/trial_store.h"
#include "tuner/run/study_folder.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// Borrowed.
struct ReportInput {
  const StudyFolder& folder;
  const results::TrialStore& store;
  const results::StudyRecord& record;
  const Spec& spec;  // as it is now
  FileSystem& disk;
  const CancelToken& interrupt;
};

// Runs in the caller's arena: the winner's predictions of held-out rows are made anew. Throws Error
// (kCancelled) when interrupted meanwhile, Error (kStore) for a store that is damaged.
Json ReportData(const ReportInput& input, std::vector<std::string>* notices);

// The page around ReportData.
std::string MakeReport(const ReportInput& input, std::vector<std::string>* notices);

}  // namespace coppice::tuner
