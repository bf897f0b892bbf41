#pragma once
// The way of values between a TrainParams and the rows of the table.

#include <optional>
#include <vector>

#include "base/value.h"
#include "trainer/param_rows.h"
#include "trainer/params.h"

namespace coppice::trainer {

// Nothing when the parameter is unset.
std::optional<Value> ValueOf(const TrainParams& params, const ParamRow& row);
// `value` was checked (ValueProblem).
void SetValue(TrainParams& params, const ParamRow& row, const Value& value);

// Of a number, or of the text of a list; nothing when the text is none.
std::optional<std::vector<double>> NumbersOf(const Value& value);

}  // namespace coppice::trainer
