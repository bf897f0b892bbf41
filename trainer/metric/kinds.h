#pragma once
// The metrics that the registry knows, one file a family.

#include <memory>
#include <string_view>

#include "trainer/metric/metric.h"
#include "trainer/metric/ranking.h"

namespace coppice::trainer {

std::unique_ptr<Metric> MakeRmse();
std::unique_ptr<Metric> MakeMse();
std::unique_ptr<Metric> MakeMae();
std::unique_ptr<Metric> MakeMape();
std::unique_ptr<Metric> MakeRmsle();
std::unique_ptr<Metric> MakeMphe(double slope);
std::unique_ptr<Metric> MakeR2();
std::unique_ptr<Metric> MakePoissonNloglik();
std::unique_ptr<Metric> MakeGammaNloglik();
std::unique_ptr<Metric> MakeGammaDeviance();
// Null unless the power is between 1 and 2, both left out.
std::unique_ptr<Metric> MakeTweedieNloglik(std::string_view name, double power);
std::unique_ptr<Metric> MakeLogloss();
// A prediction above the threshold says 1.
std::unique_ptr<Metric> MakeError(std::string_view name, double threshold);
std::unique_ptr<Metric> MakeAuc();
std::unique_ptr<Metric> MakePrAuc();
// "accuracy", "f1", ...: the names of trainer/metric/confusion.cc. Null for others.
std::unique_ptr<Metric> MakeConfusion(std::string_view name);
std::unique_ptr<Metric> MakeNdcg(const RankCut& cut, bool exp_gain);
std::unique_ptr<Metric> MakeMap(const RankCut& cut);
std::unique_ptr<Metric> MakePrecisionAt(const RankCut& cut);
std::unique_ptr<Metric> MakeQuantileLoss(const ObjectiveSettings& settings);
std::unique_ptr<Metric> MakeCoxNloglik();
std::unique_ptr<Metric> MakeAftNloglik(const ObjectiveSettings& settings);
std::unique_ptr<Metric> MakeMerror();
std::unique_ptr<Metric> MakeMlogloss();

}  // namespace coppice::trainer
