#pragma once
// The rows of the table of parameters: what each one is, and where in TrainParams it lives. Only
// what stands behind trainer/params.h reads them; others read ParamTable.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "trainer/params.h"

namespace coppice::trainer {

// A member of an enum whose values stand in the order of the parameter's words.
struct EnumMember {
  std::size_t (*get)(const TrainParams&);
  void (*set)(TrainParams&, std::size_t);
};

// Where a parameter lives. Nothing: a word that XGBoost has and that has one meaning here.
using ParamMember =
    std::variant<std::monostate, int TrainParams::*, double TrainParams::*,
                 std::uint64_t TrainParams::*, std::string TrainParams::*, EnumMember,
                 std::optional<double> TrainParams::*, std::vector<double> TrainParams::*,
                 std::optional<int> TrainParams::*, bool TrainParams::*,
                 FeatureNumbers TrainParams::*, FeatureGroups TrainParams::*>;

struct ParamRow {
  ParamInfo info;
  ParamMember member;
};

// Bounds of ParamInfo that are none.
inline constexpr double kNoMax = std::numeric_limits<double>::infinity();
inline constexpr double kMaxInt = std::numeric_limits<int>::max();

// In the order of ParamTable. They live as long as the program.
const std::vector<ParamRow>& ParamRows();
// By name or alias; null when unknown.
const ParamRow* FindParamRow(const std::string& name);

}  // namespace coppice::trainer
