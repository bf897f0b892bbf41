#include "base/json.h"

#include <gtest/gtest.h>

namespace coppice {
namespace {

JsonDocument Parse(std::string_view text) { return ParseJson(text, "spec.json", ErrorKind::kSpec); }

std::string PlaceIn(std::string_view text, const std::string& pointer) {
  return Parse(text).PlaceOf(pointer).ToString();
}

// The finding of a text that is not JSON.
Finding Fault(std::string_view text) {
  try {
    Parse(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSpec);
    return error.findings().front();
  }
  ADD_FAILURE() << "not JSON, but read: " << text;
  return {};
}

TEST(ParseJson, ReadsValuesAndKeepsTheOrderOfKeys) {
  const JsonDocument document = Parse(R"({"b": 1, "a": [true, null, "x", 2.5]})");
  EXPECT_EQ(document.root().dump(), R"({"b":1,"a":[true,null,"x",2.5]})");
  EXPECT_EQ(document.file(), "spec.json");
}

TEST(ParseJson, AllowsBothKindsOfComment) {
  const JsonDocument document = Parse("// first\n{\"a\": /* one */ 1 // end\n}");
  EXPECT_EQ(document.root().dump(), R"({"a":1})");
}

TEST(JsonPlace, OfAValueIsWhereItBegins) {
  const std::string text = "{\n  \"seed\": 12,\n  \"name\": \"tree\",\n  \"on\": true\n}";
  EXPECT_EQ(PlaceIn(text, "/seed"), "spec.json:2:11 (seed)");
  EXPECT_EQ(PlaceIn(text, "/name"), "spec.json:3:11 (name)");
  EXPECT_EQ(PlaceIn(text, "/on"), "spec.json:4:9 (on)");
  EXPECT_EQ(PlaceIn(text, ""), "spec.json:1:1");
}

TEST(JsonPlace, OfNestedObjectsAndLists) {
  const std::string text = "{\"a\": {\"b\": [1,\n {\"c\": -2.5e1}]}}";
  EXPECT_EQ(PlaceIn(text, "/a"), "spec.json:1:7 (a)");
  EXPECT_EQ(PlaceIn(text, "/a/b"), "spec.json:1:13 (a.b)");
  EXPECT_EQ(PlaceIn(text, "/a/b/0"), "spec.json:1:14 (a.b.0)");
  EXPECT_EQ(PlaceIn(text, "/a/b/1"), "spec.json:2:2 (a.b.1)");
  EXPECT_EQ(PlaceIn(text, "/a/b/1/c"), "spec.json:2:8 (a.b.1.c)");
}

TEST(JsonPlace, IsRightBehindEscapedQuotesAndComments) {
  EXPECT_EQ(PlaceIn(R"({"a\"b": "x\"\\", "c": 1})", "/c"), "spec.json:1:24 (c)");
  EXPECT_EQ(PlaceIn(R"({"a": "x\"\\"})", "/a"), "spec.json:1:7 (a)");
  EXPECT_EQ(PlaceIn("{\"a\": 5/* \" */, /* \n */ \"b\": 6}", "/a"), "spec.json:1:7 (a)");
  EXPECT_EQ(PlaceIn("{\"a\": 5/* \" */, /* \n */ \"b\": 6}", "/b"), "spec.json:2:10 (b)");
}

TEST(JsonPlace, CountsLinesThatEndWithTwoCharacters) {
  EXPECT_EQ(PlaceIn("{\r\n\"a\":\r\n  7\r\n}", "/a"), "spec.json:3:3 (a)");
}

TEST(JsonPlace, OfWhatIsAbsentIsThatOfItsNearestParentWithTheFullPath) {
  EXPECT_EQ(PlaceIn("{\n\"stop\": {}}", "/stop/trials"), "spec.json:2:9 (stop.trials)");
  EXPECT_EQ(PlaceIn("{\n\"stop\": {}}", "/a/b/c"), "spec.json:1:1 (a.b.c)");
}

TEST(JsonPlace, KnowsKeysWithSlashesAndTildes) {
  const std::string text = R"({"a/b": 1, "c~d": 2})";
  EXPECT_EQ(PlaceIn(text, PointerTo("", "a/b")), "spec.json:1:9 (a/b)");
  EXPECT_EQ(PlaceIn(text, PointerTo("", "c~d")), "spec.json:1:19 (c~d)");
}

TEST(JsonPlace, OfANumberAtTheVeryEnd) {
  EXPECT_EQ(Parse("  42").PlaceOf("").ToString(), "spec.json:1:3");
}

TEST(PointerTo, LeadsIntoObjectsAndLists) {
  EXPECT_EQ(PointerTo("/a", "b~/c"), "/a/b~0~1c");
  EXPECT_EQ(PointerTo("/a", std::size_t{3}), "/a/3");
  EXPECT_EQ(ReadablePath("/a/b~0~1c/3"), "a.b~/c.3");
  EXPECT_EQ(ReadablePath(""), "");
}

TEST(ParseJson, NamesAKeyThatIsGivenTwice) {
  const Finding fault = Fault("{\"a\": 1,\n \"b\": 2, \"a\": 3}");
  EXPECT_EQ(fault.message, "the key `a` is given twice");
  EXPECT_EQ(fault.place.ToString(), "spec.json:2:10");
}

TEST(ParseJson, NamesWhatIsNotExpected) {
  const Finding fault = Fault("{\"a\": 1,\n \"b\" 2}");
  EXPECT_EQ(fault.message, "this is not JSON: `2}` is not expected here");
  EXPECT_EQ(fault.place.ToString(), "spec.json:2:6");
}

TEST(ParseJson, HintsAtWhatWasExpectedInstead) {
  const Finding comma = Fault("{\n  \"a\": 1\n  \"b\": 2\n}");
  EXPECT_EQ(comma.place.ToString(), "spec.json:3:3");
  EXPECT_EQ(comma.hint, "`,` or `}` was expected: a comma may be missing before it");
  EXPECT_EQ(Fault("[1 2]").hint, "`,` or `]` was expected: a comma may be missing before it");
  EXPECT_EQ(Fault("{\"a\" 1}").hint, "`:` was expected, between a key and its value");
  EXPECT_EQ(Fault("{\"a\": 1,}").hint, "a key was expected: take the comma before it away");
  EXPECT_EQ(Fault("{a: 1}").hint, "a key was expected, in double quotes");
  EXPECT_EQ(Fault("{\"a\": yes}").hint,
            "words stand in double quotes; numbers, true, false and null do not");
  EXPECT_EQ(Fault("[1,]").hint, "a value was expected: write it, or take the comma before it away");
  EXPECT_EQ(Fault("{\"a\": :}").hint, "a value was expected");
  EXPECT_EQ(Fault("{} {}").hint, "the JSON ends before it");
}

TEST(ParseJson, SaysWhenTheTextEndsTooEarly) {
  EXPECT_EQ(Fault("{\"a\": [1, 2").message,
            "the JSON ends too early: a bracket or a quote is not closed");
  EXPECT_EQ(Fault("{\"a\": \"x").message,
            "the JSON ends too early: a bracket or a quote is not closed");
}

TEST(ParseJson, PointsToTheBeginningOfWhatIsNotExpected) {
  const Finding word = Fault("{\"a\": yes}");
  EXPECT_EQ(word.place.ToString(), "spec.json:1:7");
  const Finding text = Fault("{\"a\" \"long\"}");
  EXPECT_EQ(text.message, "this is not JSON: `\"long\"}` is not expected here");
  EXPECT_EQ(text.place.ToString(), "spec.json:1:6");
  const Finding comma = Fault("{\"a\": 1,}");
  EXPECT_EQ(comma.message, "this is not JSON: `}` is not expected here");
  EXPECT_EQ(comma.place.ToString(), "spec.json:1:9");
}

TEST(ParseJson, SaysWhenAStringHoldsALineEnd) {
  const Finding fault = Fault("{\"a\": \"x\n\", \"b\": 1}");
  EXPECT_EQ(fault.message, "this is not JSON: a line end or a tab inside a string");
  EXPECT_EQ(fault.place.ToString(), "spec.json:1:9");
}

TEST(ParseJson, RefusesANumberThatIsTooLarge) {
  EXPECT_EQ(Fault("{\"a\": 1e999}").place.ToString(), "spec.json:1:7");
}

TEST(ParseJson, SaysWhenTheTextIsEmpty) {
  EXPECT_EQ(Fault("").message, "the file is empty, JSON was expected");
}

TEST(ParseJson, RefusesASecondValueBehindTheFirst) {
  EXPECT_EQ(Fault("{} {}").place.ToString(), "spec.json:1:4");
}

TEST(ParseJson, RefusesBytesThatAreNotUtf8) { EXPECT_EQ(Fault("{\"a\": \"\xff\"}").place.line, 1); }

}  // namespace
}  // namespace coppice
