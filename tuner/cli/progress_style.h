#pragma once
// Which way of showing progress a run has, and the sink that does it.

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json_fwd.h"
#include "tuner/cli/terminal.h"
#include "tuner/loop/progress.h"
#include "tuner/loop/round_board.h"
#include "tuner/loop/run_model.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

enum class ProgressStyle { kLive, kPlain, kJson, kNone };

inline constexpr const char* kProgressVariable = "COPPICE_PROGRESS";

// The words of `--progress`; the first is the default.
std::vector<std::string> ProgressWords();

// `flag` if it was given, else `environment`, else "auto": live on a smart terminal, plain lines
// elsewhere. `--quiet` leaves nothing of it. Throws Error (kUsage) for a word of the environment
// that is none of ProgressWords.
ProgressStyle ChooseProgress(const std::string& flag, const std::string& environment,
                             bool is_smart_terminal, bool is_quiet);

RunOutline OutlineOf(const Spec& spec);

// `start` is that of StudyStartedEvent; clock, board and screen are borrowed.
std::unique_ptr<ProgressSink> MakeProgress(ProgressStyle style, const Spec& spec, Json start,
                                           const Clock& clock, const RoundBoard& board,
                                           Screen& screen);

}  // namespace coppice::tuner
