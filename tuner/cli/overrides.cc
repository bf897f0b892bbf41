#include "tuner/cli/overrides.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"

namespace coppice::tuner {

Overrides ParseOverrides(const std::vector<std::string>& words, const std::string& name) {
  Overrides overrides;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Error(ErrorKind::kUsage, fmt::format("`--set {}` is not PATH=VALUE", word), {},
                  "for example `--set stop.trials=40`");
    }
    overrides.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  // As a JSON string, so that a name of digits stays a word.
  if (!name.empty()) overrides.emplace_back("name", Json(name).dump());
  return overrides;
}

}  // namespace coppice::tuner
