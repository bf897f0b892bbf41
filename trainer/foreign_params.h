#pragma once
// What XGBoost, SageMaker and other libraries know and coppice does not: names that are no typing
// mistakes, so that the message can say what to do instead of guessing a similar word.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coppice::trainer {

// A parameter that only the others have.
struct ForeignParam {
  std::string hint;                // what to do about it
  bool is_said_elsewhere = false;  // coppice can do the same: the hint says by which word
};

// Nothing for any other name.
std::optional<ForeignParam> FindForeignParam(std::string_view name);
std::vector<std::string> ForeignParamNames();

// What to do about a value of `objective` that only the others have; it may be empty.
std::optional<std::string> ForeignObjectiveHint(std::string_view objective);

// The same for a value of `updater`; it says what to use instead.
std::optional<std::string> ForeignUpdaterHint(std::string_view updater);

}  // namespace coppice::trainer
