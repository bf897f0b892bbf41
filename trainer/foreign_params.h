#pragma once
// What XGBoost and SageMaker know and coppice does not: names that are no typing mistakes, so that
// the message can say what to do instead of guessing a similar word.

#include <optional>
#include <string>
#include <string_view>

namespace coppice::trainer {

// What to do about a parameter that only the others have; nothing for any other name. The hint may
// be empty.
std::optional<std::string> ForeignParamHint(std::string_view name);

// The same for a value of `objective`.
std::optional<std::string> ForeignObjectiveHint(std::string_view objective);

// The same for a value of `updater`; it says what to use instead.
std::optional<std::string> ForeignUpdaterHint(std::string_view updater);

}  // namespace coppice::trainer
