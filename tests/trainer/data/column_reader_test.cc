#include "trainer/data/column_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/random.h"

namespace coppice::trainer {
namespace {

const MissingTexts& NoText() {
  static const MissingTexts missing({""});
  return missing;
}

CsvFile FileOf(const TextSource& source, std::vector<std::string> names) {
  CsvFile file;
  file.source = &source;
  file.names = std::move(names);
  file.body = source.text;
  return file;
}

TEST(TakeNumber, GivesTheFloatThatTheGeneralReaderGives) {
  RandomStream random(5, {Purpose::kSynth});
  // 2^24 + 1 lies in the middle of two floats, as does 1 + 2^-24, here with too many digits.
  std::vector<std::string> texts = {"0",
                                    "-0",
                                    "007",
                                    "-12.5",
                                    "16777217",
                                    "16777219",
                                    "16777217.0",
                                    "1.000000059604644775",
                                    "0.1",
                                    "33554434.0",
                                    "999999999999999",
                                    "0.00000000000001"};
  for (int i = 0; i < 20000; ++i) {
    const auto digits =
        static_cast<long long>(random.Below(1000000000000000ULL) >> random.Below(50));
    const int decimals = static_cast<int>(random.Below(12));
    const long double value = static_cast<long double>(digits) / std::pow(10.0L, decimals);
    texts.push_back(fmt::format("{}{:.{}f}", i % 2 == 0 ? "" : "-", value, decimals));
  }
  std::size_t n_taken = 0;
  for (const std::string& text : texts) {
    for (const std::string ending : {"", ",1", "\n", "\r\n"}) {
      const std::string line = text + ending;
      CsvTokenizer records(line, ',');
      ASSERT_TRUE(records.StartRecord());
      float taken = 0;
      bool more = false;
      if (!records.TakeNumber(&taken, &more)) continue;
      ++n_taken;
      float expected = 0;
      ASSERT_EQ(ReadNumber(text, NoText(), &expected), FieldMeaning::kNumber);
      ASSERT_EQ(std::bit_cast<std::uint32_t>(taken), std::bit_cast<std::uint32_t>(expected))
          << text;
      ASSERT_EQ(more, ending == ",1");
      ASSERT_EQ(records.position() - line.data(), std::ssize(line) - (more ? 1 : 0));
    }
  }
  EXPECT_GT(n_taken, 60000U);
}

TEST(TakeNumber, LeavesWhatIsNoPlainDecimal) {
  for (const std::string text : {"", "-", ".5", "5.", "1e3", "+1", " 1", "1 ", "\"1\"", "1\r",
                                 "1-2", "0x1", "1234567890123456", "nan", "--1", "1.2.3"}) {
    CsvTokenizer records(text, ',');
    float value = 0;
    bool more = false;
    EXPECT_FALSE(records.TakeNumber(&value, &more)) << text;
    EXPECT_EQ(records.position(), text.data()) << text;
  }
}

TEST(ReadColumns, ReadLongTextsInPartsAsInOne) {
  // 5 MB: every third name holds a line end, and one of 2 MB looks like rows, so that parts begin
  // inside of it.
  constexpr std::size_t kRows = 60000;
  TextSource source{"long.csv", {}};
  std::string long_name = "from\n";
  while (long_name.size() < 2'000'000) long_name += "1,2,3\n";
  // Read from inside, even its last line is a row without a fault.
  long_name += "1,x";
  const auto name_of = [&](std::size_t row) {
    if (row == 20000) return long_name;
    return row % 3 == 0 ? fmt::format("line\n{}", row % 7) : fmt::format("name {}", row % 1000);
  };
  for (std::size_t row = 0; row < kRows; ++row) {
    source.text += fmt::format("{},\"{}\",{}\n{}", row, name_of(row),
                               row % 5 == 0 ? "" : "a rather long word of the third column",
                               row % 11 == 0 ? "\n" : "");
  }
  const CsvFile file = FileOf(source, {"number", "name", "word"});
  TextDictionary names;
  names.Add("known before");
  const TableContent table = ReadColumns(file, {{0, nullptr}, {1, &names}, {2, nullptr}}, NoText());
  ASSERT_EQ(table.n_rows, kRows);
  EXPECT_EQ(names.texts()[1], name_of(0));
  EXPECT_EQ(names.texts()[2], name_of(1));
  for (std::size_t row = 0; row < kRows; ++row) {
    ASSERT_EQ(table.columns[0].numbers[row], static_cast<float>(row));
    const auto code = static_cast<std::size_t>(table.columns[1].codes[row]);
    ASSERT_EQ(names.texts()[code], name_of(row));
  }
  EXPECT_EQ(table.columns[0].n_numbers, kRows);
  EXPECT_EQ(table.columns[2].missing.count, kRows / 5);
  EXPECT_EQ(table.columns[2].texts.count, kRows - kRows / 5);
  ASSERT_EQ(table.columns[2].texts.first.size(), FindingList::kMostShown);
  EXPECT_EQ(source.PlaceOf(table.columns[2].texts.first[0].text.data()).line, 4);
}

TEST(ReadColumns, NameTheLineOfAFaultFarDownALongText) {
  TextSource source{"long.csv", {}};
  for (int row = 1; row <= 300000; ++row) {
    source.text += row == 250000 ? "1,2,3\n" : "1.25,1000000\n";
  }
  const CsvFile file = FileOf(source, {"a", "b"});
  try {
    ReadColumns(file, {{0, nullptr}}, NoText());
    FAIL() << "a row of three fields was read";
  } catch (const Error& error) {
    ASSERT_EQ(error.findings().size(), 1U);
    EXPECT_EQ(error.findings()[0].place.line, 250000);
    EXPECT_NE(error.findings()[0].message.find("this row has 3 fields"), std::string::npos);
  }
}

TEST(ReadColumns, TakeNumbersThatMeanMissingAsMissing) {
  const TextSource source{"short.csv", "1\n-999\n2\n"};
  const TableContent table =
      ReadColumns(FileOf(source, {"a"}), {{0, nullptr}}, MissingTexts({"-999"}));
  EXPECT_EQ(table.columns[0].missing.count, 1U);
  EXPECT_TRUE(std::isnan(table.columns[0].numbers[1]));
}

}  // namespace
}  // namespace coppice::trainer
