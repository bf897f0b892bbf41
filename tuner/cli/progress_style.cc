#include "tuner/cli/progress_style.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "tuner/cli/json_progress.h"
#include "tuner/cli/live_progress.h"
#include "tuner/cli/progress.h"
#include "tuner/run/plan.h"

namespace coppice::tuner {

std::vector<std::string> ProgressWords() { return {"auto", "plain", "json", "none"}; }

ProgressStyle ChooseProgress(const std::string& flag, const std::string& environment,
                             bool is_smart_terminal, bool is_quiet) {
  const std::vector<std::string> words = ProgressWords();
  if (flag.empty() && !environment.empty() &&
      std::find(words.begin(), words.end(), environment) == words.end()) {
    std::string hint = SuggestWord(environment, words);
    if (hint.empty()) hint = "use " + ListWords(words, words.size());
    throw Error(ErrorKind::kUsage,
                fmt::format("`{}` cannot be `{}`", kProgressVariable, environment), {}, hint);
  }
  if (is_quiet) return ProgressStyle::kNone;
  const std::string& word = flag.empty() ? environment : flag;
  if (word == "plain") return ProgressStyle::kPlain;
  if (word == "json") return ProgressStyle::kJson;
  if (word == "none") return ProgressStyle::kNone;
  return is_smart_terminal ? ProgressStyle::kLive : ProgressStyle::kPlain;
}

RunOutline OutlineOf(const Spec& spec) {
  RunOutline outline;
  outline.metric = spec.metric;
  outline.trains_here = !spec.is_external;
  outline.may_end_sooner = spec.stop.target || spec.stop.no_gain_trials || spec.stop.converged ||
                           spec.strategy.kind == "grid";
  outline.has_rungs = !DescribeStrategy(spec).rungs.empty();
  return outline;
}

std::unique_ptr<ProgressSink> MakeProgress(ProgressStyle style, const Spec& spec, Json start,
                                           const Clock& clock, const RoundBoard& board,
                                           Screen& screen) {
  switch (style) {
    case ProgressStyle::kLive:
      return std::make_unique<LiveProgress>(OutlineOf(spec), clock, board, screen);
    case ProgressStyle::kPlain:
      return std::make_unique<PlainProgress>(spec.metric, clock);
    case ProgressStyle::kJson:
      return std::make_unique<JsonProgress>(std::move(start), clock, board, SayEvent);
    case ProgressStyle::kNone:
      break;
  }
  return std::make_unique<SilentProgress>();
}

}  // namespace coppice::tuner
