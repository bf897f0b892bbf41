#pragma once
// What a study's data are, part by part, so that a later run can say not only that they changed but
// what changed.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tuner/run/study_data.h"

namespace coppice::tuner {

// The text that a study's record keeps as its `data_hash`: the content hash of table and split, a
// blank, and JSON with a short hash of each column and part.
std::string FingerprintOf(const StudyData& data);

// The content hash in it; of an older record, which has no more than that, the whole text.
std::string HashIn(const std::string& fingerprint);

// The rows that it is of; nothing where an older record does not say.
std::optional<std::size_t> RowsIn(const std::string& fingerprint);

// What is different, in words: "the column `age` has other values"; the most telling first, empty
// where the fingerprints cannot tell.
std::vector<std::string> WhatChanged(const std::string& then, const std::string& now);

}  // namespace coppice::tuner
