#pragma once
// A screen that remembers what stands on it.

#include <string>

#include "tests/support/emulator.h"
#include "tuner/cli/terminal.h"

namespace coppice::tuner {

class EmulatedScreen : public Screen {
 public:
  EmulatedScreen(int columns, int rows) : terminal(columns, rows) {}

  ScreenSize Size() const override { return {terminal.columns(), terminal.rows()}; }
  bool IsOurs() const override { return is_ours; }
  void Write(std::string_view bytes) override {
    ++writes;
    terminal.Write(bytes);
  }

  support::Emulator terminal;
  bool is_ours = true;
  int writes = 0;
};

}  // namespace coppice::tuner
