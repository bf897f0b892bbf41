#include "tests/support/emulator.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace coppice::support {

Emulator::Emulator(int columns, int rows) : columns_(columns), rows_(rows) {}

void Emulator::Write(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (c == '\n') {
      LineFeed();
    } else if (c == '\r') {
      column_ = 0;
    } else if (c == '\x1b') {
      i += Control(bytes.substr(i)) - 1;
    } else {
      Put(c);
    }
  }
}

// The terminal's driver turns \n into \r\n.
void Emulator::LineFeed() {
  ++row_;
  column_ = 0;
  if (row_ == lines_.size()) lines_.emplace_back();
}

void Emulator::Put(char c) {
  if (column_ == static_cast<std::size_t>(columns_)) LineFeed();
  std::string& line = lines_[row_];
  if (line.size() <= column_) line.resize(column_ + 1, ' ');
  line[column_++] = c;
}

std::size_t Emulator::Control(std::string_view sequence) {
  const std::size_t end = sequence.find_first_not_of("0123456789[", 1);
  if (end == std::string_view::npos) {
    ADD_FAILURE() << "half a control sequence";
    return sequence.size();
  }
  if (sequence[end] == 'A') {
    // The cursor stops at the screen's first row.
    const auto up = static_cast<std::size_t>(std::stoi(std::string(sequence.substr(2, end - 2))));
    const std::size_t height = static_cast<std::size_t>(rows_);
    const std::size_t top = lines_.size() > height ? lines_.size() - height : 0;
    row_ = row_ >= top + up ? row_ - up : top;
  } else if (sequence[end] == 'K') {
    if (lines_[row_].size() > column_) lines_[row_].resize(column_);
  } else if (sequence[end] == 'J') {
    if (lines_[row_].size() > column_) lines_[row_].resize(column_);
    // The screen keeps its rows; they are blank now.
    for (std::size_t row = row_ + 1; row < lines_.size(); ++row) lines_[row].clear();
  } else {
    ADD_FAILURE() << "unknown control sequence that ends in " << sequence[end];
  }
  return end + 1;
}

void Emulator::Narrow(int columns) {
  std::vector<std::string> broken;
  std::size_t cursor = 0;
  for (std::size_t row = 0; row < lines_.size(); ++row) {
    if (row == row_) cursor = broken.size();
    std::string rest = lines_[row];
    const auto width = static_cast<std::size_t>(columns);
    while (rest.size() > width) {
      broken.push_back(rest.substr(0, width));
      rest.erase(0, width);
    }
    broken.push_back(rest);
  }
  lines_ = broken;
  row_ = cursor;
  columns_ = columns;
}

std::vector<std::string> Emulator::Lines() const {
  std::vector<std::string> lines;
  for (std::string line : lines_) {
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(line);
  }
  while (lines.size() > row_ + 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace coppice::support
