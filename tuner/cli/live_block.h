#pragma once
// Lines at the foot of a terminal that are drawn over themselves; what is to stay is printed above
// them. The cursor always waits in the first column under the block, so that whatever ends the
// process leaves whole lines and a free one for the prompt.
//
//   LiveBlock block(screen);
//   block.Draw({"trial 3  round 12/500", "3/40 trials"});
//   block.PrintAbove("trial 2 failed");
//   block.Erase();

#include <string>
#include <string_view>
#include <vector>

#include "tuner/cli/terminal.h"

namespace coppice::tuner {

// One thread at a time. Nobody else writes to the screen while lines are drawn.
class LiveBlock {
 public:
  // The screen is borrowed.
  explicit LiveBlock(Screen& screen) : screen_(screen) {}
  ~LiveBlock() { Erase(); }
  LiveBlock(const LiveBlock&) = delete;
  LiveBlock& operator=(const LiveBlock&) = delete;

  // Instead of the lines that stand there. Each is ASCII and narrower than the screen; they are
  // fewer than its rows. One write, or none where they are the same.
  void Draw(const std::vector<std::string>& lines);
  // A line, or several with ends between them, that scrolls away like any other output.
  void PrintAbove(std::string_view text);
  // The cursor is then where the block began.
  void Erase();
  // What stands there is not ours to draw over any more.
  void Forget() { lines_.clear(); }

 private:
  // Back to where the block begins. A terminal that was made narrower has broken its lines.
  std::string ToBegin() const;
  std::string Lines() const;

  Screen& screen_;
  std::vector<std::string> lines_;  // as drawn
  int columns_ = 0;                 // then
};

}  // namespace coppice::tuner
