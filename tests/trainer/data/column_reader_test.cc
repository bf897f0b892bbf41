#include "trainer/data/column_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "base/threads.h"
#include "tests/trainer/data/data_files.h"

namespace coppice::trainer {
namespace {

const MissingTexts& NoText() {
  static const MissingTexts missing({""});
  return missing;
}

// A text as a file without a header, with columns of these names.
struct Table {
  Table(const std::string& text, std::vector<std::string> names)
      : disk(Files{{"t.csv", text}}), source("t.csv", disk) {
    file.source = &source;
    file.names = std::move(names);
  }
  // On so many threads.
  TableContent Read(const std::vector<ColumnRequest>& requests,
                    const MissingTexts& missing = NoText(), int threads = 2) const {
    TableContent content;
    RunWithThreads(threads, [&] { content = ReadColumns(file, requests, missing); });
    return content;
  }

  DataFilesInMemory disk;
  TextFile source;
  CsvFile file;
};

std::vector<std::string> FaultsOf(const Table& table) {
  return FindingsOf([&] { table.Read({{0, nullptr}}); });
}

// What the general reader makes of it; nothing when it is no finite number.
std::optional<float> GeneralNumber(const std::string& text) {
  float value = 0;
  if (ReadNumber(text, NoText(), &value) != FieldMeaning::kNumber) return std::nullopt;
  return value;
}

// What is taken of `text` in front of `rest`.
std::optional<float> TakenNumber(const std::string& text, const std::string& rest) {
  const std::string line = text + rest;
  CsvTokenizer records(line, ',');
  EXPECT_TRUE(records.StartRecord());
  float value = 0;
  bool more = false;
  if (!records.TakeNumber(&value, &more)) {
    EXPECT_EQ(records.position(), line.data());
    return std::nullopt;
  }
  EXPECT_EQ(more, rest.starts_with(','));
  const std::size_t end = rest.starts_with("\r\n") ? 2 : rest.empty() ? 0 : 1;
  EXPECT_EQ(records.position() - line.data(), std::ssize(text) + static_cast<long>(end));
  return value;
}

// Endings with room behind for the way that reads eight bytes at once, and without.
const std::vector<std::string>& Rests() {
  static const std::string more = "1,2,3\n4,5,6\n7,8,9\n0123456789,0123456789";
  static const std::vector<std::string> rests = {"",         ",1",        "\n",         "\r\n",
                                                 "," + more, "\n" + more, "\r\n" + more};
  return rests;
}

void ExpectTakenAsRead(const std::string& text) {
  const std::optional<float> expected = GeneralNumber(text);
  ASSERT_TRUE(expected) << text;
  for (const std::string& rest : Rests()) {
    const std::optional<float> taken = TakenNumber(text, rest);
    ASSERT_TRUE(taken) << text;
    ASSERT_EQ(std::bit_cast<std::uint32_t>(*taken), std::bit_cast<std::uint32_t>(*expected))
        << text;
  }
}

TEST(TakeNumber, GivesTheFloatThatTheGeneralReaderGives) {
  // 2^24 + 1 lies in the middle of two floats, as does 1 + 2^-24.
  for (const std::string text : {"0",
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
                                 "0.00000000000001",
                                 "12345678",
                                 "123456789",
                                 "12345678.87654321",
                                 "1234567.87654321",
                                 "12345678.8765432",
                                 "0.12345678",
                                 "0.123456789",
                                 "1e3",
                                 "-2.5E-3",
                                 "5.",
                                 "1234567890123456",
                                 "3.4028234e38",
                                 "1e-45",
                                 "0.4967141530112327",
                                 "16777217.00000000000000000001"}) {
    ExpectTakenAsRead(text);
  }
  RandomStream random(5, {Purpose::kSynth});
  for (int i = 0; i < 20000; ++i) {
    const auto digits =
        static_cast<long long>(random.Below(1000000000000000ULL) >> random.Below(50));
    const int decimals = static_cast<int>(random.Below(12));
    const long double value = static_cast<long double>(digits) / std::pow(10.0L, decimals);
    ExpectTakenAsRead(fmt::format("{}{:.{}f}", i % 2 == 0 ? "" : "-", value, decimals));
  }
}

TEST(TakeNumber, GivesTheNearestFloatOfEveryFloatInFullAndInTheMiddleOfTwo) {
  RandomStream random(6, {Purpose::kSynth});
  for (int i = 0; i < 20000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random.Below(0x7F7FFFFFULL));
    const auto value = static_cast<double>(std::bit_cast<float>(bits));
    const auto next = static_cast<double>(std::bit_cast<float>(bits + 1));
    const std::string text = fmt::format("{:.{}g}", value, 1 + random.Below(17));
    if (GeneralNumber(text)) ExpectTakenAsRead(text);
    ExpectTakenAsRead(fmt::format("{:.60g}", value + (next - value) / 2));
  }
}

TEST(TakeNumber, LeavesWhatIsNoNumberThatBeginsWithADigitOrAMinus) {
  for (const std::string text : {"-", ".5", "+1", " 1", "1 ", "\"1\"", "1-2", "0x1", "nan", "--1",
                                 "1.2.3", "-inf", "1e400", "1e", "1.5x", "12345678x"}) {
    for (const std::string& rest : Rests()) {
      EXPECT_FALSE(TakenNumber(text, rest)) << text << rest;
    }
  }
  EXPECT_FALSE(TakenNumber("1\r", ""));
}

// 5 MB: every third name holds a line end, one of 2 MB looks like rows, so that blocks begin inside
// of it, and some quotes stand alone.
constexpr std::size_t kLongRows = 60000;

std::string NameOf(std::size_t row) {
  static const std::string long_name = [] {
    std::string name = "from\n";
    while (name.size() < 2'000'000) name += "1,2,3\n";
    // Read from inside, even its last line is a row without a fault.
    return name + "1,x";
  }();
  if (row == 20000) return long_name;
  if (row % 5000 == 7) return fmt::format("{} inches", row);
  return row % 3 == 0 ? fmt::format("line\n{}", row % 7) : fmt::format("name {}", row % 1000);
}

std::string LongText() {
  std::string text;
  for (std::size_t row = 0; row < kLongRows; ++row) {
    const char* const word = row % 5 == 0      ? ""
                             : row % 5000 == 7 ? "5\" pipe"
                                               : "a rather long word of the third column";
    text += fmt::format("{},\"{}\",{}\n{}", row, NameOf(row), word, row % 11 == 0 ? "\n" : "");
  }
  return text;
}

TEST(ReadColumns, ReadLongTextsInBlocksAsInOne) {
  const Table long_table(LongText(), {"number", "name", "word"});
  for (const int threads : {1, 2, 8}) {
    TextDictionary names;
    names.Add("known before");
    const TableContent table =
        long_table.Read({{0, nullptr}, {1, &names}, {2, nullptr}}, NoText(), threads);
    ASSERT_EQ(table.n_rows, kLongRows);
    EXPECT_EQ(names.texts()[1], NameOf(0));
    EXPECT_EQ(names.texts()[2], NameOf(1));
    std::vector<std::size_t> counts(names.texts().size());
    counts[0] = 1;
    for (std::size_t row = 0; row < kLongRows; ++row) {
      ASSERT_EQ(table.columns[0].numbers[row], static_cast<float>(row));
      const auto code = static_cast<std::size_t>(table.columns[1].codes[row]);
      ASSERT_EQ(names.texts()[code], NameOf(row));
      ++counts[code];
    }
    EXPECT_EQ(names.counts(), counts);
    EXPECT_EQ(table.columns[0].n_numbers, kLongRows);
    EXPECT_EQ(table.columns[2].missing.count, kLongRows / 5);
    EXPECT_EQ(table.columns[2].texts.count, kLongRows - kLongRows / 5);
    ASSERT_EQ(table.columns[2].texts.first.size(), FindingList::kMostShown);
    EXPECT_EQ(long_table.source.PlaceOf(table.columns[2].texts.first[0].offset).line, 4);
  }
}

TEST(ReadColumns, FindTheFieldOfARowFarDownALongText) {
  const Table table(LongText(), {"number", "name", "word"});
  const std::string text = LongText();
  const std::size_t at = text.find("\n40001,") + 1;
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
  const Place place = PlaceOfField(table.file, 40001, 2);
  EXPECT_EQ(place.line, line);
  EXPECT_EQ(place.column, std::ssize("40001,\"name 1\","));
}

TEST(ReadColumns, ReadAFieldThatIsAllOfALongText) {
  const std::string name(3'000'000, '\n');
  const Table table("1,\"" + name + "\"\n2,b\n", {"a", "b"});
  TextDictionary names;
  const TableContent content = table.Read({{0, nullptr}, {1, &names}});
  EXPECT_EQ(content.columns[0].numbers, (std::vector<float>{1, 2}));
  EXPECT_EQ(names.texts(), (std::vector<std::string>{name, "b"}));
  EXPECT_EQ(names.counts(), (std::vector<std::size_t>{1, 1}));
}

TEST(ReadColumns, ReadRowsThatAreLongerThanABlock) {
  std::string row;
  for (int i = 0; i < 100'000; ++i) row += "12345.5,";
  std::string text;
  for (int i = 0; i < 5; ++i) text += row + std::to_string(i) + "\n";
  const Table table(text, std::vector<std::string>(100'001, "x"));
  EXPECT_EQ(table.Read({{100'000, nullptr}}).columns[0].numbers,
            (std::vector<float>{0, 1, 2, 3, 4}));
}

TEST(ReadColumns, NameTheLineOfAFaultFarDownALongText) {
  std::string text;
  for (int row = 1; row <= 300000; ++row) text += row == 250000 ? "1,2,3\n" : "1.25,1000000\n";
  const auto faults = FaultsOf(Table(text, {"a", "b"}));
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_TRUE(faults[0].starts_with("t.csv:250000:1: this row has 3 fields")) << faults[0];
}

TEST(ReadColumns, NameTheQuoteThatStaysOpenOverManyBlocks) {
  std::string text;
  for (int row = 1; row <= 300000; ++row) text += row == 100000 ? "1.25,\"2\n" : "1.25,1000000\n";
  const auto faults = FaultsOf(Table(text, {"a", "b"}));
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_TRUE(faults[0].starts_with("t.csv:100000:6: a quote opens here and never closes"))
      << faults[0];
}

TEST(ReadColumns, NameAByteFarDownThatIsNoTextBeforeAnythingElse) {
  std::string text;
  for (int row = 1; row <= 300000; ++row) {
    text += row == 250000 ? "1,\xE9\n" : row == 200000 ? "1,2,3\n" : "1.25,1000000\n";
  }
  const auto faults = FaultsOf(Table(text, {"a", "b"}));
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_TRUE(faults[0].starts_with("t.csv:250000:3: `t.csv` is not UTF-8: byte 0xE9"))
      << faults[0];
}

TEST(ReadColumns, TakeNumbersThatMeanMissingAsMissing) {
  const Table table("1\n-999\n2\n", {"a"});
  const TableContent content = table.Read({{0, nullptr}}, MissingTexts({"-999"}));
  EXPECT_EQ(content.columns[0].missing.count, 1U);
  EXPECT_TRUE(std::isnan(content.columns[0].numbers[1]));
}

TEST(ReadColumns, GiveOneColumnToSeveralRequests) {
  const Table table("1\n1.50\nx\n", {"a"});
  TextDictionary texts;
  const TableContent content = table.Read({{0, nullptr}, {0, &texts}});
  EXPECT_EQ(content.columns[0].n_numbers, 2U);
  EXPECT_EQ(content.columns[0].texts.count, 1U);
  EXPECT_EQ(texts.texts(), (std::vector<std::string>{"1", "1.50", "x"}));
}

// A file that has another text when it is opened for the second stream.
TEST(ReadColumns, RefuseAFileThatChangesWhileItIsRead) {
  class ChangingFile : public InputFile {
   public:
    std::uint64_t size() const override { return 8; }
    std::size_t ReadAt(std::uint64_t offset, char* to, std::size_t most) override {
      const std::string text = n_reads_++ < 3 ? "1,2\n3\n4\n" : "1,2\n3,4\n";
      return offset < text.size() ? text.copy(to, most, offset) : 0;
    }

   private:
    int n_reads_ = 0;
  };
  class ChangingDisk : public DataFilesInMemory {
   public:
    ChangingDisk() : DataFilesInMemory({}) {}
    std::unique_ptr<InputFile> Open(const std::string&) override {
      return std::make_unique<ChangingFile>();
    }
  };
  ChangingDisk disk;
  const TextFile source("t.csv", disk);
  CsvFile file;
  file.source = &source;
  file.names = {"a", "b"};
  EXPECT_TRUE(Holds(FindingsOf([&] {
                      ReadColumns(file, {{0, nullptr}}, NoText());
                    }),
                    "t.csv: `t.csv` changed while it was read [run the command again when the "
                    "file is complete]"));
}

}  // namespace
}  // namespace coppice::trainer
