#include "trainer/model_io/ubjson_scanner.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/trainer/model_io/models.h"
#include "trainer/model_io/model_file.h"
#include "trainer/model_io/xgboost_json.h"

namespace coppice::trainer {
namespace {

using std::string_literals::operator""s;

// What the scanner says of the bytes that `read` does not take.
template <typename Read>
Finding FindingOf(const std::string& bytes, Read read) {
  UbjsonScanner scan(bytes, "m.ubj");
  try {
    read(scan);
  } catch (const Error& error) {
    return error.findings().front();
  }
  ADD_FAILURE() << "the bytes were taken";
  return {};
}

TEST(UbjsonScanner, ReadsNumbersOfEveryWidthBigEndianAndSigned) {
  const std::string bytes =
      "[i\xFFU\xFFI\xFF\xFEl\x00\x01\x00\x00L\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFD]"s;
  UbjsonScanner scan(bytes, "m.ubj");
  EXPECT_EQ(scan.Ints(), (std::vector<std::int32_t>{-1, 255, -2, 65536, -3}));
  scan.End();
}

TEST(UbjsonScanner, ReadsListsOfOneTypeFromTheirLength) {
  const std::string bytes = "[$d#i\x02\x3F\x80\x00\x00\xFF\x80\x00\x00"s;
  UbjsonScanner scan(bytes, "m.ubj");
  EXPECT_EQ(scan.Floats(), (std::vector<float>{1, -std::numeric_limits<float>::infinity()}));
  scan.End();
}

TEST(UbjsonScanner, TakesDoublesAsFloatsAndWhatIsBeyondThemAsInfinite) {
  const std::string bytes = "[D\x3F\xE0\0\0\0\0\0\0D\x7F\xE0\0\0\0\0\0\0]"s;
  UbjsonScanner scan(bytes, "m.ubj");
  EXPECT_EQ(scan.Floats(), (std::vector<float>{0.5, std::numeric_limits<float>::infinity()}));
}

TEST(UbjsonScanner, SkipsEveryKindOfValue) {
  const std::string bytes = "{i\1a[$I#i\2\0\1\0\2i\1b{i\1cSi\2xyi\1dZ}i\1e[TF[]]}i\7"s;
  UbjsonScanner scan(bytes, "m.ubj");
  scan.Skip();
  EXPECT_EQ(scan.Int(), 7);
  scan.End();
}

TEST(UbjsonScanner, RefusesLengthsBeyondTheFileBeforeItMakesRoom) {
  const auto floats = [](UbjsonScanner& scan) { scan.Floats(); };
  EXPECT_EQ(FindingOf("[$d#L\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s, floats).message,
            "length `9223372036854775807` is beyond the end of the file");
  EXPECT_EQ(FindingOf("[$d#i\2\0\0\0\0\0\0\0"s, floats).message,
            "length `2` is beyond the end of the file");
  EXPECT_EQ(FindingOf("Si\xFFz"s, [](UbjsonScanner& scan) { scan.String(); }).message,
            "length `-1` is beyond the end of the file");
}

TEST(UbjsonScanner, SaysAtWhichByteAndWhereInTheModelItStopped) {
  const Finding finding = FindingOf("{i\1aSi\1x"s, [](UbjsonScanner& scan) {
    scan.Object([&](const std::string&) { scan.Int(); });
  });
  EXPECT_EQ(finding.message, "a whole number must stand here, not `S`");
  EXPECT_EQ(finding.place.path, "a, byte 5");
}

TEST(UbjsonScanner, RefusesNestingThatNoModelHas) {
  const std::string bytes(1000, '[');
  EXPECT_EQ(FindingOf(bytes, [](UbjsonScanner& scan) { scan.Skip(); }).message,
            "values are nested too deep");
}

TEST(UbjsonModel, IsRefusedWhereverItIsCut) {
  const std::string whole = ToXgboostUbjson(HandMadeBooster());
  EXPECT_EQ(BoosterFromModelFile(whole, "m.ubj"), HandMadeBooster());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THROW(BoosterFromModelFile(whole.substr(0, length), "m.ubj"), Error) << length;
  }
  EXPECT_THROW(BoosterFromModelFile(whole + "i", "m.ubj"), Error);
}

}  // namespace
}  // namespace coppice::trainer
