#include "tuner/cli/live_block.h"

#include <gtest/gtest.h>

#include "tests/tuner/cli/emulated_screen.h"

namespace coppice::tuner {
namespace {

using Lines = std::vector<std::string>;

// The cursor waits under the block, so the last line is an empty one.
TEST(LiveBlock, DrawsLinesOverThoseBefore) {
  EmulatedScreen screen(40, 10);
  LiveBlock block(screen);
  block.Draw({"trial 1 round 10", "trial 2 round 5", "2 trials"});
  block.Draw({"trial 1 round 9", "2 trials"});
  EXPECT_EQ(screen.terminal.Lines(), (Lines{"trial 1 round 9", "2 trials", ""}));
  EXPECT_EQ(screen.terminal.cursor_row(), 2U);
  EXPECT_EQ(screen.terminal.cursor_column(), 0U);
}

TEST(LiveBlock, DrawsAFrameInOneWriteAndNoneWhereNothingChanged) {
  EmulatedScreen screen(40, 10);
  LiveBlock block(screen);
  block.Draw({"a", "b"});
  EXPECT_EQ(screen.writes, 1);
  block.Draw({"a", "b"});
  EXPECT_EQ(screen.writes, 1);
  block.PrintAbove("said");
  EXPECT_EQ(screen.writes, 2);
}

TEST(LiveBlock, PrintsWhatStaysAboveItself) {
  EmulatedScreen screen(40, 10);
  LiveBlock block(screen);
  block.PrintAbove("before there are lines");
  block.Draw({"one", "two"});
  block.PrintAbove("trial 3 failed");
  block.Draw({"one more", "two"});
  EXPECT_EQ(screen.terminal.Lines(),
            (Lines{"before there are lines", "trial 3 failed", "one more", "two", ""}));
}

TEST(LiveBlock, LetsTheTerminalBreakWhatStays) {
  EmulatedScreen screen(10, 10);
  LiveBlock block(screen);
  block.Draw({"one", "two"});
  block.PrintAbove("twelve bytes");
  EXPECT_EQ(screen.terminal.Lines(), (Lines{"twelve byt", "es", "one", "two", ""}));
}

TEST(LiveBlock, LeavesNothingBehind) {
  EmulatedScreen screen(40, 10);
  {
    LiveBlock block(screen);
    block.Draw({"one", "two"});
    block.PrintAbove("said");
  }
  EXPECT_EQ(screen.terminal.Lines(), (Lines{"said", ""}));
  EXPECT_EQ(screen.terminal.cursor_row(), 1U);
}

TEST(LiveBlock, ScrollsWithTheScreen) {
  EmulatedScreen screen(40, 4);
  LiveBlock block(screen);
  block.Draw({"one", "two", "three"});
  for (const char* said : {"a", "b", "c"}) block.PrintAbove(said);
  block.Draw({"ONE", "TWO", "THREE"});
  EXPECT_EQ(screen.terminal.Lines(), (Lines{"a", "b", "c", "ONE", "TWO", "THREE", ""}));
}

// A terminal that became narrower has broken the old lines into several rows.
TEST(LiveBlock, FindsItsBeginOnANarrowerScreen) {
  EmulatedScreen screen(40, 10);
  LiveBlock block(screen);
  block.PrintAbove("said");
  block.Draw({"a line of twenty-two ..", "short"});
  screen.terminal.Narrow(10);
  block.Draw({"a l...", "short"});
  EXPECT_EQ(screen.terminal.Lines(), (Lines{"said", "a l...", "short", ""}));
}

TEST(LiveBlock, IsDrawnAnewWhereItWasForgotten) {
  EmulatedScreen screen(40, 10);
  LiveBlock block(screen);
  block.Draw({"one"});
  block.Forget();
  screen.Write("$ typed\n");
  block.Draw({"two"});
  EXPECT_EQ(screen.terminal.Lines(), (Lines{"one", "$ typed", "two", ""}));
}

}  // namespace
}  // namespace coppice::tuner
