#include "trainer/model_io/json_scanner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace coppice::trainer {
namespace {

// What a scan of `text` complains about, as "line:column path message"; empty when it does not.
template <typename Scan>
std::string Complaint(std::string_view text, Scan scan_all) {
  JsonScanner scan(text, "m.json");
  try {
    scan_all(scan);
    scan.End();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    const Finding& finding = error.findings().front();
    return std::to_string(finding.place.line) + ":" + std::to_string(finding.place.column) + " " +
           finding.place.path + " " + finding.message;
  }
  return "";
}

std::string SkipComplaint(std::string_view text) {
  return Complaint(text, [](JsonScanner& scan) { scan.Skip(); });
}

TEST(JsonScanner, ReadsFloatsCorrectlyRounded) {
  JsonScanner scan("[1, -2.5E0, 1e-45, 3.4028235e38, 7E-1, 1e39, -Infinity, 16777217]", "");
  const std::vector<float> values = scan.Floats();
  const float inf = std::numeric_limits<float>::infinity();
  EXPECT_EQ(values,
            (std::vector<float>{1.0f, -2.5f, std::numeric_limits<float>::denorm_min(),
                                std::numeric_limits<float>::max(), 0.7f, inf, -inf, 16777216.0f}));
  EXPECT_TRUE(std::isnan(JsonScanner("NaN", "").Float()));
}

TEST(JsonScanner, ReadsAFloatWithoutGoingThroughDouble) {
  // Just above half way between two floats; as a double it is half way and would round to even.
  EXPECT_EQ(JsonScanner("1.00000005960464477539062500000000001", "").Float(), 1.0000001f);
}

TEST(JsonScanner, ReadsWholeNumbersAndOldBooleans) {
  JsonScanner scan(" [ 1 ,-7,true,false, 2147483647 ] ", "");
  EXPECT_EQ(scan.Ints(), (std::vector<std::int32_t>{1, -7, 1, 0, 2147483647}));
  EXPECT_EQ(JsonScanner("[]", "").Ints(), std::vector<std::int32_t>{});
}

TEST(JsonScanner, RefusesWholeNumbersThatDoNotFit) {
  const auto ints = [](JsonScanner& scan) { scan.Ints(); };
  EXPECT_EQ(Complaint("[1, 2147483648]", ints),
            "1:5  `2147483648` is not a whole number of 32 bits");
  EXPECT_EQ(Complaint("[1.5]", ints), "1:2  `1.5` is not a whole number of 32 bits");
}

TEST(JsonScanner, ReadsEscapesInTexts) {
  EXPECT_EQ(JsonScanner(R"("a\"\\\/\n\tA\u00fc\u20AC\ud83d\ude00")", "").String(),
            "a\"\\/\n\tA\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80");
}

TEST(JsonScanner, RefusesBrokenTexts) {
  for (const std::string_view text : {R"("a)", R"("a\)", R"("\x")", R"("\u12")", R"("\u12G4")",
                                      R"("\ud83d")", R"("\ude00")", "\"\n\"", R"("\ud83dA")"}) {
    EXPECT_NE(SkipComplaint(text), "") << text;
  }
}

TEST(JsonScanner, RefusesWhatIsNotJson) {
  for (const std::string_view text :
       {"", "{", "[", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "1 2", "-", "1.", "1e",
        ".5", "tru", "nul", "[1 2]", "{\"a\":1,\"a\":2}"}) {
    EXPECT_NE(SkipComplaint(text), "") << text;
  }
  EXPECT_EQ(SkipComplaint(R"( {"a": [1, {"b": null}, "x", true, -1.5e+3], "c": {}} )"), "");
}

TEST(JsonScanner, RefusesNestingThatWouldExhaustTheStack) {
  EXPECT_NE(SkipComplaint(std::string(100000, '[')), "");
}

TEST(JsonScanner, NamesLineColumnAndPath) {
  const std::string text = "{\"a\": [\n  {\"b\": 1},\n  {\"b\": x}]}";
  EXPECT_EQ(SkipComplaint(text), "3:9 a[1].b a number must stand here");
}

}  // namespace
}  // namespace coppice::trainer
