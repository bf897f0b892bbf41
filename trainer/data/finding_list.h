#pragma once
// Collects what is wrong with a data file. The first twenty are shown, the rest is counted, so that
// a file of the wrong shape does not answer with a million lines.

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"

namespace coppice::trainer {

// One thread at a time.
class FindingList {
 public:
  static constexpr std::size_t kMostShown = 20;
  static constexpr std::size_t kMostLines = 5;

  // Finding a place in a file costs a walk through it: ask only while there is room.
  bool HasRoom() const { return shown_.size() < kMostShown; }
  void Add(std::string message, Place place = {}, std::string hint = {}) {
    if (HasRoom()) {
      shown_.push_back({std::move(message), std::move(place), std::move(hint)});
    } else {
      ++not_shown_;
    }
  }
  // One finding for `count` > 0 places with the same fault; `place(i)` gives the first `n_known` of
  // them. The first is the finding's own, and the message names the lines of some.
  template <typename PlaceOf>
  void AddMany(std::string message, std::size_t count, std::size_t n_known, const PlaceOf& place,
               std::string hint) {
    if (!HasRoom()) return Add(std::move(message));
    if (count > 1) {
      std::string lines;
      for (std::size_t i = 0; i < std::min(n_known, kMostLines); ++i) {
        lines += fmt::format("{}{}", i == 0 ? "" : ", ", place(i).line);
      }
      message += fmt::format(" ({} such fields, in lines {}{})", count, lines,
                             count > kMostLines ? ", ..." : "");
    }
    Add(std::move(message), place(0), std::move(hint));
  }
  bool empty() const { return shown_.empty(); }

  // In the order of the lines of each file. Throws Error (kData).
  void ThrowIfAny() const {
    if (shown_.empty()) return;
    std::vector<Finding> sorted = shown_;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.place.file, a.place.line, a.place.column) <
             std::tie(b.place.file, b.place.line, b.place.column);
    });
    if (not_shown_ > 0) sorted.push_back({fmt::format("and {} more", not_shown_), {}, {}});
    throw Error(ErrorKind::kData, std::move(sorted));
  }

 private:
  std::vector<Finding> shown_;
  std::size_t not_shown_ = 0;
};

}  // namespace coppice::trainer
