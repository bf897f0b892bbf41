#include "tuner/spec/foreign_words.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

std::vector<Finding> FindingsOf(const std::string& fields) {
  try {
    ReadSpecText("{\"coppice\": 1, \"data\": {\"train\": \"a.csv\"}, " + fields + "}", "s.json",
                 "/data", {});
  } catch (const Error& error) {
    return error.findings();
  }
  return {};
}

TEST(ForeignWords, OfFieldsGetTheirHintWhereTheyAreUnknown) {
  for (const ForeignWord& foreign : ForeignFields()) {
    const std::string field(foreign.word);
    const auto findings = FindingsOf("\"" + field + "\": 1");
    ASSERT_EQ(findings.size(), 1U) << field;
    EXPECT_EQ(findings.front().message, "unknown field `" + field + "`");
    EXPECT_EQ(findings.front().hint, foreign.hint) << field;
  }
}

TEST(ForeignWords, StandOnceEach) {
  for (const auto& table : {ForeignFields(), ForeignValues()}) {
    std::set<std::string_view> words;
    for (const ForeignWord& foreign : table) {
      EXPECT_TRUE(words.insert(foreign.word).second) << foreign.word;
      EXPECT_FALSE(foreign.hint.empty()) << foreign.word;
    }
  }
}

// What a hint names as ours ("it is `stop.trials` here") must be there.
TEST(ForeignWords, LeadToFieldsThatAreDocumented) {
  const std::string docs = RealFileSystem().Read(COPPICE_SOURCE_DIR "/docs/spec.md");
  const std::regex path("`((?:stop|parallel|split|data|strategy|objective|limits)\\.[a-z_]+)`");
  int n_paths = 0;
  for (const ForeignWord& foreign : ForeignFields()) {
    const std::string hint(foreign.hint);
    for (std::sregex_iterator it(hint.begin(), hint.end(), path), end; it != end; ++it) {
      ++n_paths;
      EXPECT_NE(docs.find("| `" + (*it)[1].str() + "` |"), std::string::npos) << foreign.word;
    }
  }
  EXPECT_GT(n_paths, 30);
}

}  // namespace
}  // namespace coppice::tuner
