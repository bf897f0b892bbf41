#pragma once
// The metrics that the registry knows, one file a family.

#include <memory>
#include <string_view>

#include "trainer/metric/metric.h"

namespace coppice::trainer {

std::unique_ptr<Metric> MakeRmse();
std::unique_ptr<Metric> MakeMae();
std::unique_ptr<Metric> MakeLogloss();
// `name` is "error", or "error@t": a prediction above t says 1. Null when t is not a number.
std::unique_ptr<Metric> MakeError(std::string_view name);
std::unique_ptr<Metric> MakeAuc();
std::unique_ptr<Metric> MakeMerror();
std::unique_ptr<Metric> MakeMlogloss();

}  // namespace coppice::trainer
