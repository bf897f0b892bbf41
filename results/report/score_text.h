#pragma once
// A score and its error as people read them.

#include <optional>
#include <string>

namespace coppice::results {

// "48545.1 +- 710.3": the score to `digits` significant ones, never less than the part before the
// point, and the error to the same decimals; more decimals where the error would read as 0.
// Without an error "48545.1".
std::string ScoreText(double score, std::optional<double> std_error, int digits = 6);

}  // namespace coppice::results
