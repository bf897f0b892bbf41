#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/man_page.h"
#include "tuner/cli/terminal.h"
#include "tuner/run/version.h"

namespace coppice::tuner {

void AddMan(CommandLine& line) {
  Verb(line, "man", "Prints the manual page.", "coppice man > coppice.1 && man -l coppice.1")
      .Does([&line] {
        Print(ManPage(TableOf(line), kVersion));
        return static_cast<int>(kDone);
      });
}

}  // namespace coppice::tuner
