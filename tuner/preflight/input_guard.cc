#include "tuner/preflight/input_guard.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace coppice::tuner {

std::vector<std::string> DataFilesOf(const Spec& spec) {
  std::vector<std::string> files;
  for (const auto* patterns : {&spec.data.train, &spec.data.validation, &spec.data.test}) {
    for (const std::string& pattern : *patterns) {
      try {
        for (std::string& file : trainer::ExpandPattern(pattern, spec.folder)) {
          files.push_back(std::move(file));
        }
      } catch (const Error& error) {
        // A pattern without files has nothing to overwrite; reading the data says so.
        if (error.kind() != ErrorKind::kData) throw;
      }
    }
  }
  return files;
}

void RefuseToOverwrite(const std::string& output, const std::vector<std::string>& inputs) {
  if (output.empty() || output == "-") return;
  for (const std::string& input : inputs) {
    std::error_code not_there;
    if (!std::filesystem::equivalent(output, input, not_there)) continue;
    throw Error(ErrorKind::kUsage,
                fmt::format("`{}` is an input of this command: it would be overwritten", output),
                {}, "give another name with -o");
  }
}

}  // namespace coppice::tuner
