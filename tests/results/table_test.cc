#include "base/json.h"
#include "results/report/table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "tests/results/contains.h"

namespace coppice::results {
namespace {

Table Sample() {
  return {{"rank", "score", "note"},
          {{1, 0.123456789, "plain"},
           {10, nullptr, "a|b, \"q\"\nnext"},
           {200, 12.0, Json{{"eta", 0.1}}}}};
}

TEST(RenderTable, AlignsNumbersRightUnderARule) {
  EXPECT_EQ(Render(Sample(), Format::kTable),
            "rank    score  note\n"
            "----  -------  --------------\n"
            "   1  0.12346  plain\n"
            "  10           a|b, \"q\"\\nnext\n"
            " 200       12  {\"eta\":0.1}\n");
}

TEST(RenderTable, CountsCodePointsNotBytes) {
  EXPECT_EQ(Render({{"n", "x"}, {{"größe", 1}, {"abc", 22}}}, Format::kTable),
            "n       x\n"
            "-----  --\n"
            "größe   1\n"
            "abc    22\n");
}

TEST(RenderTable, AlignsAColumnOfMixedCellsLeft) {
  EXPECT_EQ(Render({{"value"}, {{1}, {"lossguide"}}}, Format::kTable),
            "value\n---------\n1\nlossguide\n");
}

TEST(RenderTable, NeverCutsALongCell) {
  const std::string lengthy(500, 'x');
  EXPECT_TRUE(Contains(Render({{"a"}, {{lengthy}}}, Format::kTable), lengthy));
}

TEST(RenderTable, ShowsControlCharactersInsteadOfSendingThem) {
  const std::string text = Render({{"a"}, {{"\x1b[2J\ttab\r\x7f"}}}, Format::kTable);
  EXPECT_TRUE(Contains(text, "\\x1b[2J\\ttab\\r\\x7f"));
}

TEST(RenderTable, KeepsThePartBeforeThePoint) {
  const auto shown = [](double number) {
    const std::string text = Render({{"a"}, {{number}}}, Format::kTable, 3);
    return text.substr(text.find_last_of(" -\n", text.size() - 2) + 1);
  };
  EXPECT_EQ(shown(1234567.8), "1234568\n");
  EXPECT_EQ(shown(999.7), "1000\n");
  EXPECT_EQ(shown(99.97), "100\n");
  EXPECT_EQ(shown(0.0123456), "0.0123\n");
  EXPECT_EQ(shown(std::nan("")), "nan\n");
  EXPECT_EQ(shown(std::numeric_limits<double>::infinity()), "inf\n");
}

TEST(RenderTable, WritesWholeNumbersWhole) {
  EXPECT_EQ(Render({{"a"}, {{123456789}}}, Format::kTable, 3), "        a\n---------\n123456789\n");
}

TEST(RenderTable, HasAHeaderWithoutRows) {
  EXPECT_EQ(Render({{"a", "bc"}, {}}, Format::kTable), "a  bc\n-  --\n");
}

TEST(RenderMarkdown, EscapesWhatWouldEndACell) {
  EXPECT_EQ(Render(Sample(), Format::kMarkdown, 3),
            "| rank | score | note |\n"
            "| ---: | ---: | --- |\n"
            "| 1 | 0.123 | plain |\n"
            "| 10 |  | a\\|b, \"q\"\\\\nnext |\n"
            "| 200 | 12 | {\"eta\":0.1} |\n");
}

TEST(RenderCsv, QuotesAndKeepsEveryDigit) {
  EXPECT_EQ(Render(Sample(), Format::kCsv),
            "rank,score,note\n"
            "1,0.123456789,plain\n"
            "10,,\"a|b, \"\"q\"\"\nnext\"\n"
            "200,12.0,\"{\"\"eta\"\":0.1}\"\n");
}

TEST(RenderCsv, WritesAnEmptyFieldAloneWithQuotes) {
  EXPECT_EQ(Render({{"a"}, {{nullptr}, {0.5}}}, Format::kCsv), "a\n\"\"\n0.5\n");
}

TEST(RenderCsv, NamesWhatIsNotFinite) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Render({{"a", "b", "c"}, {{std::nan(""), inf, -inf}}}, Format::kCsv),
            "a,b,c\nnan,inf,-inf\n");
}

TEST(CsvField, IsQuotedOnlyWhereNeeded) {
  EXPECT_EQ(CsvField("plain text"), "plain text");
  EXPECT_EQ(CsvField(""), "");
  EXPECT_EQ(CsvField("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvField("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(CsvField("a\rb"), "\"a\rb\"");
}

TEST(RenderJson, IsAnArrayWithAnObjectALine) {
  const std::string text = Render(Sample(), Format::kJson);
  const Json json = Json::parse(text);
  ASSERT_EQ(json.size(), 3u);
  EXPECT_EQ(json[0]["score"], 0.123456789);
  EXPECT_TRUE(json[1]["score"].is_null());
  EXPECT_EQ(json[1]["note"], "a|b, \"q\"\nnext");
  EXPECT_EQ(json[2]["note"]["eta"], 0.1);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5);
  EXPECT_EQ(Render({{"a"}, {}}, Format::kJson), "[]\n");
}

TEST(RenderJson, KeepsTheOrderOfColumns) {
  EXPECT_EQ(Render({{"z", "a"}, {{1, 2}}}, Format::kJson), "[\n  {\"z\":1,\"a\":2}\n]\n");
}

TEST(RenderJsonl, IsAnObjectALine) {
  EXPECT_EQ(Render({{"a"}, {{1}, {"x\ny"}}}, Format::kJsonl), "{\"a\":1}\n{\"a\":\"x\\ny\"}\n");
  EXPECT_EQ(Render({{"a"}, {}}, Format::kJsonl), "");
}

TEST(RenderJsonl, SurvivesBytesThatAreNotText) {
  EXPECT_EQ(Render({{"a"}, {{"b\xff"}}}, Format::kJsonl), "{\"a\":\"b\xEF\xBF\xBD\"}\n");
}

TEST(FormatFromText, KnowsFiveWords) {
  EXPECT_EQ(FormatFromText("table"), Format::kTable);
  EXPECT_EQ(FormatFromText("json"), Format::kJson);
  EXPECT_EQ(FormatFromText("jsonl"), Format::kJsonl);
  EXPECT_EQ(FormatFromText("csv"), Format::kCsv);
  EXPECT_EQ(FormatFromText("md"), Format::kMarkdown);
}

TEST(FormatFromText, NamesTheValidWordsForAnotherOne) {
  try {
    FormatFromText("parquet");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_TRUE(Contains(error.what(), "`parquet`"));
    EXPECT_TRUE(Contains(error.findings().front().hint, "`jsonl`"));
  }
}

}  // namespace
}  // namespace coppice::results
