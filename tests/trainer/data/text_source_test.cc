#include "trainer/data/text_source.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>

#include "base/random.h"
#include "tests/trainer/data/data_files.h"

namespace coppice::trainer {
namespace {

std::string Gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 32, '\0');
  std::string input = text;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

TextSource Load(const std::string& bytes, const std::string& name = "t.csv") {
  DataFilesInMemory disk(Files{{name, bytes}});
  return LoadText(TextFile(name, disk));
}

TextFormat FormatOfBytes(const std::string& bytes, const std::string& name) {
  DataFilesInMemory disk(Files{{name, bytes}});
  return FormatOf(TextFile(name, disk));
}

std::vector<std::string> FindingsOfBytes(const std::string& bytes,
                                         const std::string& name = "t.csv") {
  return FindingsOf([&] { Load(bytes, name); });
}

TEST(TextSource, UnpacksGzip) { EXPECT_EQ(Load(Gzip("a,b\n"), "t.csv.gz").text, "a,b\n"); }

TEST(TextSource, UnpacksGzipUnderAnyName) { EXPECT_EQ(Load(Gzip("a,b\n")).text, "a,b\n"); }

TEST(TextSource, JoinsTheMembersOfAGzipFile) {
  EXPECT_EQ(Load(Gzip("a,b\n") + Gzip("1,2\n"), "t.csv.gz").text, "a,b\n1,2\n");
}

TEST(TextSource, UnpacksWhatPacksManyTimesOver) {
  const std::string text(3'000'000, '7');
  EXPECT_EQ(Load(Gzip(text), "t.csv.gz").text, text);
}

TEST(TextSource, RefusesGzipCutAnywhere) {
  RandomStream random(5, {Purpose::kSynth});
  std::string text;
  for (int i = 0; i < 5000; ++i) text += static_cast<char>('0' + random.Below(10));
  const std::string packed = Gzip(text);
  for (std::size_t size = 2; size < packed.size(); size += 97) {
    EXPECT_TRUE(Holds(FindingsOfBytes(packed.substr(0, size), "t.csv.gz"),
                      "t.csv.gz: `t.csv.gz` is gzip data that ends too early [copy or "
                      "download the file again; `gzip -t` checks it]"))
        << size;
  }
}

TEST(TextSource, RefusesGzipWithAFlippedBit) {
  std::string packed = Gzip("1,2,3,4,5,6,7,8,9\n");
  packed[packed.size() - 6] ^= 1;  // of the checksum
  EXPECT_TRUE(Holds(FindingsOfBytes(packed, "t.csv.gz"),
                    "t.csv.gz: `t.csv.gz` is damaged gzip data: incorrect data check [copy "
                    "or download the file again; `gzip -t` checks it]"));
}

TEST(TextSource, RefusesPlainTextThatIsNamedGzip) {
  EXPECT_TRUE(Holds(FindingsOfBytes("a,b\n", "t.csv.gz"),
                    "t.csv.gz: `t.csv.gz` is not gzip data [take `.gz` off its name if it is "
                    "plain text]"));
}

TEST(TextSource, RefusesAnEmptyFile) {
  for (const char* text : {"", "\n", " \r\n\n", "\xEF\xBB\xBF\n"}) {
    EXPECT_TRUE(Holds(FindingsOfBytes(text),
                      "t.csv: `t.csv` is empty [a data file has a row "
                      "for each example]"));
  }
}

TEST(TextSource, NamesTheFirstByteThatIsNotUtf8) {
  EXPECT_TRUE(Holds(FindingsOfBytes("name,y\nRen\xE9,1\n"),
                    "t.csv:2:4: `t.csv` is not UTF-8: byte 0xE9 begins no character [save it "
                    "as UTF-8; for a Western file `iconv -f latin1 -t utf-8` does]"));
}

TEST(TextSource, TakesEveryWellFormedCharacterAndNoOther) {
  for (const char* good : {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8C\xB2", "\xED\x9F\xBF"}) {
    EXPECT_EQ(Load(std::string("abcdefgh") + good).text, std::string("abcdefgh") + good);
  }
  for (const char* bad : {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                          "\xF8\x88", "\xC3", "\xE2\x82"}) {
    EXPECT_EQ(FindingsOfBytes(std::string("abcdefgh") + bad).size(), 1U);
  }
}

TEST(TextSource, RefusesZeroBytesAndUtf16) {
  EXPECT_TRUE(Holds(FindingsOfBytes(std::string("a,b\n1,\0\n", 8)),
                    "t.csv:2:3: `t.csv` is not a text file: it holds a zero byte [save the "
                    "table as CSV in UTF-8]"));
  EXPECT_TRUE(Holds(FindingsOfBytes(std::string("\xFF\xFE"
                                                "a\0",
                                                4)),
                    "t.csv: `t.csv` is UTF-16 [save it as UTF-8; `iconv -f utf-16 -t utf-8` "
                    "does]"));
}

TEST(TextSource, GivesLoneCarriageReturnsLineFeeds) {
  EXPECT_EQ(Load("a,b\r1,2\r").text, "a,b\n1,2\n");
}

TEST(TextSource, TellsTheFormatByNameAndElseByTheFirstLine) {
  EXPECT_EQ(FormatOfBytes("1 2:3\n", "a.SVM"), TextFormat::kLibsvm);
  EXPECT_EQ(FormatOfBytes("1 2:3\n", "a.csv"), TextFormat::kDelimited);
  EXPECT_EQ(FormatOfBytes(Gzip("1\t2\n"), "a.tsv.gz"), TextFormat::kTabs);
  EXPECT_EQ(FormatOfBytes("# x\n-1 qid:4 2:3\n", "a.train"), TextFormat::kLibsvm);
  EXPECT_EQ(FormatOfBytes("1 2,3\n", "a.data"), TextFormat::kDelimited);
  EXPECT_EQ(FormatOfBytes("a 2:3\n", "a.txt"), TextFormat::kDelimited);
}

TEST(TextSource, PlacesAByteByLineAndColumn) {
  const TextSource source = Load("ab\ncd\n");
  EXPECT_EQ(source.PlaceOf(source.text.data() + 4).ToString(), "t.csv:2:2");
}

std::string ManyLines(std::size_t n, const std::string& line_end) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) text += std::to_string(1000000 + i) + line_end;
  return text;
}

// 3.2 MB, read in pieces of a size that divides nothing.
void ExpectStreams(const std::string& bytes, const std::string& text) {
  DataFilesInMemory disk(Files{{"t.csv", bytes}});
  const TextFile file("t.csv", disk);
  EXPECT_EQ(file.head(), text.substr(0, file.head().size()));
  EXPECT_EQ(file.head().back(), '\n');
  EXPECT_LT(file.head().size(), text.size());
  for (const std::size_t begin : {std::size_t{0}, std::size_t{5}, std::size_t{2'000'001}}) {
    const auto stream = file.Stream(begin);
    std::string read;
    std::string piece(70'001, '\0');
    for (std::size_t got = piece.size(); got == piece.size();) {
      got = stream->Read(piece.data(), piece.size());
      read.append(piece, 0, got);
    }
    EXPECT_EQ(read, text.substr(begin));
  }
  // Lines of eight bytes; backwards, and on from where it was.
  for (const int line : {300'000, 300'001, 7}) {
    const Place place = file.PlaceOf(static_cast<std::uint64_t>(line - 1) * 8 + 3);
    EXPECT_EQ(place.line, line);
    EXPECT_EQ(place.column, 4);
  }
}

TEST(TextFile, GivesTheWholeTextFromAnyByteOn) {
  const std::string text = ManyLines(400'000, "\n");
  ExpectStreams(text, text);
  ExpectStreams("\xEF\xBB\xBF" + text, text);
  ExpectStreams(ManyLines(400'000, "\r"), text);
  ExpectStreams(Gzip("\xEF\xBB\xBF" + text.substr(0, 1'234'567)) + Gzip(text.substr(1'234'567)),
                text);
}

TEST(TextFile, HasAllOfAShortTextAsItsHead) {
  DataFilesInMemory disk(Files{{"t.csv", "a,b\n1,2"}});
  const TextFile file("t.csv", disk);
  EXPECT_TRUE(file.head_is_all());
  EXPECT_EQ(file.head(), "a,b\n1,2");
}

TEST(TextFile, TakesAFirstLineIntoItsHeadHoweverLong) {
  const std::string line(3'000'000, 'x');
  DataFilesInMemory disk(Files{{"t.csv", line + "\n1\n" + line}});
  const TextFile file("t.csv", disk);
  EXPECT_TRUE(file.head().starts_with(line + "\n"));
}

}  // namespace
}  // namespace coppice::trainer
