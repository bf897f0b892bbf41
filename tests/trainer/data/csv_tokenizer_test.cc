#include "trainer/data/csv_tokenizer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"

namespace coppice::trainer {
namespace {

using Table = std::vector<std::vector<std::string>>;

Table TableOf(const std::string& text, char delimiter = ',') {
  Table table;
  CsvTokenizer records(text, delimiter);
  std::vector<Field> fields;
  std::string storage;
  while (records.Next(fields)) {
    EXPECT_EQ(records.fault(), CsvFault::kNone);
    auto& row = table.emplace_back();
    for (const Field& field : fields) row.emplace_back(ContentOf(field, storage));
  }
  return table;
}

TEST(CsvTokenizer, CutsAtDelimitersAndLineEnds) {
  EXPECT_EQ(TableOf("a,b\nc,d\n"), (Table{{"a", "b"}, {"c", "d"}}));
}

TEST(CsvTokenizer, NeedsNoLastLineEnd) { EXPECT_EQ(TableOf("a,b"), (Table{{"a", "b"}})); }

TEST(CsvTokenizer, TakesCarriageReturnsAsPartOfTheLineEnd) {
  EXPECT_EQ(TableOf("a,b\r\n\"c\",d\r\ne,\"f\"\r\n"), (Table{{"a", "b"}, {"c", "d"}, {"e", "f"}}));
}

TEST(CsvTokenizer, SkipsBlankLinesEverywhere) {
  EXPECT_EQ(TableOf("\n  \na,b\n\r\n\nc,d\n\n \t"), (Table{{"a", "b"}, {"c", "d"}}));
}

TEST(CsvTokenizer, DropsBlanksAroundFieldsButNotInQuotes) {
  EXPECT_EQ(TableOf(" a , b c ,\" d \" , \"e\"\n"), (Table{{"a", "b c", " d ", "e"}}));
}

TEST(CsvTokenizer, KeepsEmptyFieldsAtBothEnds) {
  EXPECT_EQ(TableOf(",a,\n,,\n"), (Table{{"", "a", ""}, {"", "", ""}}));
}

TEST(CsvTokenizer, KeepsEmptyFieldsBetweenTabs) {
  EXPECT_EQ(TableOf("\ta\t\n", '\t'), (Table{{"", "a", ""}}));
}

TEST(CsvTokenizer, TakesDelimitersAndLineEndsInQuotesAsText) {
  EXPECT_EQ(TableOf("\"a,b\",\"c\nd\"\n1,2\n"), (Table{{"a,b", "c\nd"}, {"1", "2"}}));
}

TEST(CsvTokenizer, UndoublesQuotes) {
  EXPECT_EQ(TableOf("\"say \"\"hi\"\"\",\"\"\"\"\n"), (Table{{"say \"hi\"", "\""}}));
}

TEST(CsvTokenizer, TakesAQuoteInsideAPlainFieldAsText) {
  EXPECT_EQ(TableOf("5\" pipe,x\n"), (Table{{"5\" pipe", "x"}}));
}

TEST(CsvTokenizer, TellsWhereAQuoteOpensThatNeverCloses) {
  const std::string text = "a,b\nc,\"d\n";
  CsvTokenizer records(text, ',');
  std::vector<Field> fields;
  ASSERT_TRUE(records.Next(fields));
  ASSERT_TRUE(records.Next(fields));
  EXPECT_EQ(records.fault(), CsvFault::kOpenQuote);
  EXPECT_EQ(records.fault_at() - text.data(), 6);
}

TEST(CsvTokenizer, TellsWhereTextFollowsAClosingQuote) {
  const std::string text = "\"a\" b,c\nd,e\n";
  CsvTokenizer records(text, ',');
  std::vector<Field> fields;
  ASSERT_TRUE(records.Next(fields));
  EXPECT_EQ(records.fault(), CsvFault::kTextAfterQuote);
  EXPECT_EQ(records.fault_at() - text.data(), 4);
  EXPECT_EQ(fields.size(), 2U);
  ASSERT_TRUE(records.Next(fields));
  EXPECT_EQ(records.fault(), CsvFault::kNone);
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

TEST(CsvTokenizer, ReadsBackWhateverIsWrittenInQuotes) {
  const std::string letters = "a1 ,;\t\n\r\".";
  for (std::uint64_t trial = 0; trial < 2000; ++trial) {
    RandomStream random(11, {Purpose::kSynth, trial});
    const std::size_t n_columns = 1 + random.Below(4);
    const char delimiter = ",;\t"[random.Below(3)];
    const std::string line_end = random.Below(2) == 0 ? "\n" : "\r\n";
    Table table(1 + random.Below(4), std::vector<std::string>(n_columns));
    std::string text;
    for (auto& row : table) {
      for (std::size_t i = 0; i < n_columns; ++i) {
        for (std::uint64_t n = random.Below(6); n > 0; --n) {
          row[i] += letters[random.Below(letters.size())];
        }
        text += (i > 0 ? std::string(1, delimiter) : "") + Quoted(row[i]);
      }
      text += line_end;
    }
    ASSERT_EQ(TableOf(text, delimiter), table) << text;
  }
}

}  // namespace
}  // namespace coppice::trainer
