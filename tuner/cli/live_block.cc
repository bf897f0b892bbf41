#include "tuner/cli/live_block.h"

#include <fmt/format.h>

#include <algorithm>

namespace coppice::tuner {
namespace {

constexpr std::string_view kToLineEnd = "\x1b[K";
constexpr std::string_view kToScreenEnd = "\x1b[J";

}  // namespace

std::string LiveBlock::ToBegin() const {
  // A line that is narrower than the screen is one row; the screen may have become narrower.
  const int columns = std::max(1, screen_.Size().columns);
  int rows = 0;
  for (const std::string& line : lines_) {
    const int width = std::max(static_cast<int>(line.size()), 1);
    rows += (width + columns - 1) / columns;
  }
  return rows > 0 ? fmt::format("\r\x1b[{}A", rows) : "\r";
}

// Each line is written over the old one and only its rest is cleared: there is no moment at which
// the block is gone.
std::string LiveBlock::Lines() const {
  std::string text;
  for (const std::string& line : lines_) {
    text += line;
    text += kToLineEnd;
    text += '\n';
  }
  text += kToScreenEnd;
  return text;
}

void LiveBlock::Draw(const std::vector<std::string>& lines) {
  const int columns = screen_.Size().columns;
  if (lines == lines_ && columns == columns_) return;
  std::string frame = ToBegin();
  lines_ = lines;
  columns_ = columns;
  screen_.Write(frame + Lines());
}

void LiveBlock::PrintAbove(std::string_view text) {
  std::string frame = ToBegin();
  columns_ = screen_.Size().columns;
  // The text may be wider than the screen, which breaks it: what it leaves of the old block's rows
  // is cleared before.
  frame += kToScreenEnd;
  frame += text;
  frame += '\n';
  screen_.Write(frame + Lines());
}

void LiveBlock::Erase() {
  if (lines_.empty()) return;
  const std::string begin = ToBegin();
  lines_.clear();
  screen_.Write(begin + std::string(kToScreenEnd));
}

}  // namespace coppice::tuner
