#include "tuner/run/starting_points.h"

#include <map>

namespace coppice::tuner {

std::vector<strategies::NewTrial> StartingPoints(const Spec& spec) {
  std::vector<strategies::NewTrial> start;
  start.push_back({spec.DefaultConfiguration(), "default"});
  const study::SearchSpace space(spec.search);
  for (const auto& values : spec.start) {
    std::map<std::string, Value> whole = start.front().configuration.values();
    for (const auto& [name, value] : values) whole[name] = value;
    start.push_back({space.Project(whole), "start"});
  }
  return start;
}

}  // namespace coppice::tuner
