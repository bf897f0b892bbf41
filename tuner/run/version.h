#pragma once

namespace coppice::tuner {

// The build sets it from the project's version in CMakeLists.txt.
inline constexpr const char* kVersion = COPPICE_VERSION;

}  // namespace coppice::tuner
