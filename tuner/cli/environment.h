#pragma once
// The variables of the environment that the program looks at: the whole list.

namespace coppice::tuner {

struct EnvironmentRow {
  const char* name;
  const char* meaning;
};

inline constexpr EnvironmentRow kEnvironment[] = {
    {"COPPICE_STORE", "The folder of studies, where --store does not name one."},
    {"COPPICE_PROGRESS", "How progress is shown, where --progress does not say it."},
    {"NO_COLOR", "Where it is set and not empty, errors have no colour."},
    {"TERM", "On a terminal that is not set, or dumb, nothing is coloured or drawn over."},
};

}  // namespace coppice::tuner
