#include "tuner/cli/completion_script.h"

#include <memory>

#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"

namespace coppice::tuner {
namespace {

int PrintCompletion(const CommandLine& line, const std::string& shell) {
  const VerbTable table = TableOf(line);
  if (shell == "zsh") {
    Print(ZshCompletion(table));
  } else if (shell == "fish") {
    Print(FishCompletion(table));
  } else {
    Print(BashCompletion(table));
  }
  return kDone;
}

}  // namespace

void AddCompletion(CommandLine& line) {
  auto shell = std::make_shared<std::string>();
  Verb(line, "completion", "Prints a script that lets a shell complete verbs, flags and studies.",
       "coppice completion bash > ~/.local/share/bash-completion/completions/coppice")
      .ChoiceRequired("SHELL", shell.get(), {"bash", "zsh", "fish"}, "bash, zsh or fish")
      .Does([&line, shell] { return PrintCompletion(line, *shell); });
}

}  // namespace coppice::tuner
