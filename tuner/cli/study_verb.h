#pragma once
// What `tune` and `resume` have in common: threads, the run, the answer.

#include <string>

#include "tuner/cli/command.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {

// `flag` if positive, else the spec's `parallel.threads`, else every core.
int ThreadsFor(const Spec& spec, int flag);

// Reads and bins the data of a spec, and says on stderr what was read and noticed.
StudyData LoadAndSay(CommandLine& line, const Spec& spec);

// Says which rungs a strategy has, if it has any, which brackets the limit on trials leaves out,
// and what is confirmed after the search.
void SayStrategy(const Spec& spec);

// Runs the study, prints the answer in `format` and returns the exit code. The lease is held.
int RunAndAnswer(CommandLine& line, const StudyFolder& folder, const Spec& spec,
                 const StudyData& data, results::TrialStore& store, int threads,
                 const std::string& format);

}  // namespace coppice::tuner
