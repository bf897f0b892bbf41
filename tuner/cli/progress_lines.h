#pragma once
// How a run looks on a terminal: the lines of one frame, as a function of what there is to show and
// of the room for it.

#include <string>
#include <string_view>
#include <vector>

#include "tuner/loop/run_model.h"

namespace coppice::tuner {

// One line for each trial that a worker runs, then one of the whole. Each is at most `columns` - 1
// wide; together they are at most `rows` - 1: of more trials than that, the last are counted only.
std::vector<std::string> FrameLines(const RunView& view, int columns, int rows);

// "17/40 trials, 3 running, 5 pruned".
std::string CountsText(const RunCounts& counts);

// "40 s to 2 min left"; empty where nothing is known.
std::string ForecastText(const Forecast& forecast, bool may_end_sooner);

// `text` in at most `width` characters: its middle goes, since both ends say more.
std::string ElideMiddle(std::string_view text, int width);

}  // namespace coppice::tuner
