// The reference page and the program say the same.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
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

// What stands between two headings, or behind the first.
std::string Part(const std::string& page, const std::string& begin, const std::string& end) {
  const std::size_t at = page.find("\n" + begin + "\n");
  EXPECT_NE(at, std::string::npos) << begin;
  const std::size_t stop = page.find("\n" + end + "\n", at);
  EXPECT_NE(stop, std::string::npos) << end;
  return page.substr(at, stop - at);
}

// All names in backticks in the first cells of the rows of a part of the page.
std::vector<std::string> FirstCells(const std::string& part) {
  std::vector<std::string> names;
  for (std::size_t at = part.find("\n| `"); at != std::string::npos;
       at = part.find("\n| `", at + 1)) {
    const std::size_t end = part.find(" |", at + 3);
    const std::string cell = part.substr(at + 3, end - at - 3);
    for (std::size_t quote = cell.find('`'); quote != std::string::npos;) {
      const std::size_t close = cell.find('`', quote + 1);
      names.push_back(cell.substr(quote + 1, close - quote - 1));
      quote = cell.find('`', close + 1);
    }
  }
  EXPECT_FALSE(names.empty());
  return names;
}

bool Holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Whether a spec may have the field, with one at least of the kinds of strategies and of pruning.
// Its value here fits nothing, which is a finding too, but another one.
bool IsField(const std::string& path) {
  for (const std::string& strategy : strategies::StrategyKinds()) {
    for (const std::string prune : {"none", "median", "asha", "learned"}) {
      try {
        const std::string text = R"({"coppice": 1, "data": {"train": "a"},
            "search": {"eta": {"type": "float", "min": 0.1, "max": 0.2}},
            "warm_start": [{"study": "a"}],
            "strategy": {"kind": ")" +
                                 strategy + R"("}, "prune": {"kind": ")" + prune + "\"}}";
        ReadSpecText(text, "s.json", "/", {{path, "[[1]]"}});
        return true;
      } catch (const Error& error) {
        const auto is_unknown = [&](const Finding& finding) {
          return finding.message == "unknown field `" + path + "`";
        };
        if (std::none_of(error.findings().begin(), error.findings().end(), is_unknown)) return true;
      }
    }
  }
  return false;
}

TEST(SpecPage, NamesNoFieldThatASpecCannotHave) {
  const std::string page = Page();
  ASSERT_FALSE(IsField("stop.trails"));
  for (const std::string& path : FirstCells(Part(page, "## Fields", "## Search"))) {
    EXPECT_TRUE(IsField(path)) << path;
  }
  const std::string ranges = Part(page, "## Search", "### Warm start");
  for (const std::string& field : FirstCells(ranges.substr(0, ranges.find("\n`\"search\": ")))) {
    EXPECT_TRUE(IsField("search.eta." + field)) << field;
  }
  const std::string earlier = Part(page, "### Warm start", "### Changing a study that has begun");
  for (const std::string& field : FirstCells(earlier)) {
    EXPECT_TRUE(IsField("warm_start.0." + field)) << field;
  }
}

TEST(SpecPage, NamesNoParameterObjectiveOrMetricThatIsNotThere) {
  const std::string page = Page();
  std::vector<std::string> params;
  for (const trainer::ParamInfo& param : trainer::ParamTable()) params.push_back(param.name);
  for (const std::string& name : FirstCells(Part(page, "## Parameters", "### Boosters"))) {
    EXPECT_TRUE(Holds(params, name)) << name;
  }
  for (const std::string& name : FirstCells(Part(page, "## Objectives", "### Ranking"))) {
    EXPECT_TRUE(Holds(trainer::ObjectiveNames(), name)) << name;
  }
  for (const std::string& name : FirstCells(page.substr(page.find("\n## Metrics\n")))) {
    EXPECT_TRUE(Holds(trainer::MetricNames(), name.substr(0, name.find('@')))) << name;
  }
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
