#pragma once
// The data of a study together with the rows of further files.

#include <cstddef>
#include <string>
#include <vector>

#include "tuner/run/study_data.h"

namespace coppice::tuner {

struct JoinedData {
  // All files read as one table, so that categories which the study did not know get codes. The
  // split is the study's (the same rows at their new numbers), so that the added rows are in no
  // fold and no test part; the bins are cut from them, too.
  StudyData data;
  std::vector<std::size_t> added_rows;  // of each of the files
};

// `files` are absolute patterns; their rows stand behind the study's own training files. Throws
// Error (kData) with all findings: a file that is not there or has no rows, a column of the study
// that is absent, texts where the study has numbers or the other way round, a class or a feature
// that the study does not know.
JoinedData WithRowsOf(const std::vector<std::string>& files, const StudyData& data,
                      const Spec& spec, FileSystem& disk, trainer::Notices* notices);

}  // namespace coppice::tuner
