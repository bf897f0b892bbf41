#pragma once
// From a study's numbers to the one file of HTML: styles, the charting library and our own scripts
// are inlined, so that it opens without a network.

#include <string>
#include <string_view>

#include "base/json_fwd.h"

namespace coppice::tuner {

// `data` is an island of JSON in the page; nothing in it can end the island or become markup. Texts
// that are not UTF-8 get replacement characters.
std::string MakePage(std::string_view title, const Json& data);

// A file of tuner/report/page/ by its name, or "d3.js", as it was when the program was built.
// Throws Error (kInternal) for another name.
std::string_view PageFile(std::string_view name);

}  // namespace coppice::tuner
