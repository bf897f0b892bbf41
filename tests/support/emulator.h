#pragma once
// A terminal as far as coppice uses one: what stands on it after some bytes were written. Anything
// else than text, line ends, returns, `up` and the two clearings fails the test.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coppice::support {

class Emulator {
 public:
  Emulator(int columns, int rows);

  void Write(std::string_view bytes);
  // As terminals do that break lines anew: each row that is longer becomes several.
  void Narrow(int columns);

  // All rows from the first that was written to the cursor's, also those that scrolled away,
  // without the blanks behind them.
  std::vector<std::string> Lines() const;
  int columns() const { return columns_; }
  int rows() const { return rows_; }
  // From the first row that was written.
  std::size_t cursor_row() const { return row_; }
  std::size_t cursor_column() const { return column_; }

 private:
  void Put(char c);
  void LineFeed();
  // The bytes of a sequence that are used up.
  std::size_t Control(std::string_view sequence);

  int columns_;
  int rows_;
  std::vector<std::string> lines_ = {""};
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

}  // namespace coppice::support
