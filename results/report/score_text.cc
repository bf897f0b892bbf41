#include "results/report/score_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace coppice::results {
namespace {

// Of the first digit, once rounded to `digits` of them: 2 for 123.4, -1 for 0.5.
int ExponentOf(double number, int digits) {
  const std::string text = fmt::format("{:.{}e}", number, digits - 1);
  return std::atoi(text.c_str() + text.find('e') + 1);
}

}  // namespace

std::string ScoreText(double score, std::optional<double> std_error, int digits) {
  if (!std_error) return fmt::format("{:.{}g}", score, digits);
  const bool readable = std::isfinite(score) && std::fabs(score) < 1e15 &&
                        (score == 0 || std::fabs(score) >= 1e-9) && std::isfinite(*std_error);
  if (!readable) return fmt::format("{:.{}g} +- {:.2g}", score, digits, *std_error);
  int decimals = digits - 1 - ExponentOf(score, digits);
  if (*std_error > 0) decimals = std::max(decimals, -ExponentOf(*std_error, 1));
  decimals = std::clamp(decimals, 0, 15);
  return fmt::format("{:.{}f} +- {:.{}f}", score, decimals, *std_error, decimals);
}

}  // namespace coppice::results
