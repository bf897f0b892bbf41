#pragma once

namespace coppice::tuner {

// The build sets it from the project's version in CMakeLists.txt.
inline constexpr const char* kVersion = COPPICE_VERSION;

// Raised whenever a study of the same data, spec and seed may come to something else than before:
// other proposals, rules of pruning, rungs, scores. A study goes on only under the number that it
// was begun with. 1 stands for all programs that did not record it.
inline constexpr int kDecisions = 3;

}  // namespace coppice::tuner
