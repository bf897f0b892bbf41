// The reference page and the program say the same.

#include <gtest/gtest.h>

#include <string>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "strategies/registry.h"
#include "trainer/metric/metric.h"
#include "trainer/params.h"
#include "tuner/spec/auto_space.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

std::string Page() { return RealFileSystem().Read(COPPICE_SOURCE_DIR "/docs/spec.md"); }

// The row of the table whose first cell is `name`, or empty.
std::string RowOf(const std::string& page, const std::string& name) {
  const std::string begin = "\n| `" + name + "` |";
  const std::size_t at = page.find(begin);
  return at == std::string::npos ? "" : page.substr(at + 1, page.find('\n', at + 1) - at - 1);
}

TEST(SpecPage, HasARowForEveryParameterWithAliasesDefaultAndMeaning) {
  const std::string page = Page();
  const std::string table = page.substr(page.find("## Parameters"));
  for (const trainer::ParamInfo& param : trainer::ParamTable()) {
    const std::string row = RowOf(table, param.name);
    ASSERT_FALSE(row.empty()) << param.name;
    for (const std::string& alias : param.aliases) {
      EXPECT_NE(row.find("`" + alias + "`"), std::string::npos) << row;
    }
    for (const std::string& word : param.words) {
      EXPECT_NE(row.find("`" + word + "`"), std::string::npos) << row;
    }
    if (param.default_value) {
      EXPECT_NE(row.find(ToText(*param.default_value)), std::string::npos) << row;
    }
    EXPECT_NE(row.find(param.searchable ? "| yes |" : "| no |"), std::string::npos) << row;
    EXPECT_NE(row.find(param.what), std::string::npos) << row;
  }
}

TEST(SpecPage, NamesEveryFieldOfTheResolvedSpec) {
  const std::string page = Page();
  const Spec spec = ReadSpecText(R"({"coppice": 1, "data": {"train": "a"}})", "s.json", "/", {});
  const Json json = ToJson(spec);
  for (const auto& [key, value] : json.items()) {
    EXPECT_NE(RowOf(page, key), "") << key;
    if (!value.is_object() || key == "train" || key == "search") continue;
    for (const auto& [inner, ignored] : value.items()) {
      EXPECT_NE(RowOf(page, key + "." + inner), "") << key << "." << inner;
    }
  }
}

TEST(SpecPage, NamesEveryStrategyAndItsOptions) {
  const std::string page = Page();
  const std::string kinds = RowOf(page, "strategy.kind");
  for (const std::string& kind : strategies::StrategyKinds()) {
    EXPECT_NE(kinds.find("`" + kind + "`"), std::string::npos) << kind;
    for (const std::string& option : strategies::OptionNames(kind)) {
      EXPECT_NE(RowOf(page, "strategy." + option), "") << option;
    }
  }
}

TEST(SpecPage, HasARowForEveryObjectiveWithItsMetric) {
  const std::string page = Page();
  const std::string table = page.substr(page.find("## Objectives"));
  for (const std::string& name : trainer::ObjectiveNames()) {
    const std::string row = RowOf(table, name);
    ASSERT_FALSE(row.empty()) << name;
    const auto objective = trainer::MakeObjective(name, {.num_class = 2});
    EXPECT_NE(row.find("`" + objective->default_metric() + "`"), std::string::npos) << row;
  }
}

TEST(SpecPage, HasARowForEveryMetricWithItsGoal) {
  const std::string page = Page();
  const std::string table = page.substr(page.find("## Metrics"));
  for (const std::string& name : trainer::MetricNames()) {
    const std::size_t at = table.find("\n| `" + name + "`");
    ASSERT_NE(at, std::string::npos) << name;
    const std::string row = table.substr(at + 1, table.find('\n', at + 1) - at - 1);
    const bool more = trainer::MakeMetric(name)->maximize();
    EXPECT_NE(row.find(more ? "| more |" : "| less |"), std::string::npos) << row;
  }
}

TEST(SpecPage, ShowsTheRangesOfAuto) {
  const std::string page = Page();
  const std::string table =
      page.substr(page.find("stands for these ranges"), page.find("## Parameters"));
  for (const study::ParameterRange& range : AutoSpace({})) {
    const std::string row = RowOf(table, range.name());
    ASSERT_FALSE(row.empty()) << range.name();
    if (range.kind() == study::RangeKind::kCategorical) continue;
    const std::string bounds =
        ToText(Value(range.spec().min)) + " .. " + ToText(Value(range.spec().max));
    EXPECT_NE(row.find(bounds), std::string::npos) << row;
    EXPECT_NE(row.find("| " + ToText(range.scale()) + " |"), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace coppice::tuner
