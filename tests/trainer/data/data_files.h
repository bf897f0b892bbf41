#pragma once
// Data files in memory and what reading them says, for the tests of this folder.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "tests/trainer/data/data_files_in_memory.h"
#include "trainer/data/reader.h"

namespace coppice::trainer {

// What one training file `name` with `text` becomes.
inline Dataset ReadText(const std::string& text, const ReadOptions& options = {},
                        Notices* notices = nullptr, const std::string& name = "t.csv") {
  DataFilesInMemory disk(Files{{name, text}});
  return ReadDataset({{name}, {}, {}}, options, disk, notices);
}

// Every finding of the Error that `run` throws, as "place: message [hint]"; empty without one.
inline std::vector<std::string> FindingsOf(const std::function<void()>& run,
                                           ErrorKind kind = ErrorKind::kData) {
  std::vector<std::string> texts;
  try {
    run();
  } catch (const Error& error) {
    if (error.kind() != kind) return {"an error of another kind"};
    for (const Finding& finding : error.findings()) {
      const std::string place = finding.place.ToString();
      texts.push_back((place.empty() ? "" : place + ": ") + finding.message +
                      (finding.hint.empty() ? "" : " [" + finding.hint + "]"));
    }
  }
  return texts;
}

inline std::vector<std::string> FindingsOfText(const std::string& text,
                                               const ReadOptions& options = {},
                                               const std::string& name = "t.csv") {
  return FindingsOf([&] { ReadText(text, options, nullptr, name); });
}

inline constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Equal, with NaN equal to NaN.
inline bool Same(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) != std::isnan(b[i]) || (!std::isnan(a[i]) && a[i] != b[i])) return false;
  }
  return true;
}

// `have` is the list of `want`; both are shown where it is not.
template <typename List, typename... Items>
::testing::AssertionResult Holds(const List& have, const Items&... want) {
  const List wanted = {static_cast<typename List::value_type>(want)...};
  if (have == wanted) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "have " << ::testing::PrintToString(have) << "\nwant "
                                       << ::testing::PrintToString(wanted);
}

inline std::vector<std::string> NamesOf(const Dataset& data) {
  std::vector<std::string> names;
  for (const FeatureSchema& feature : data.schema.features) names.push_back(feature.name);
  return names;
}

}  // namespace coppice::trainer
