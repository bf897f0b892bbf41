#include "tuner/spec/portfolio.h"

#include <cstdint>

namespace coppice::tuner {
namespace {

using Values = std::map<std::string, Value>;

Value Whole(std::int64_t number) { return number; }

Values TunedDefault(trainer::TargetKind target) {
  if (target == trainer::TargetKind::kNumber) {
    return {{"eta", 0.05},
            {"max_depth", Whole(9)},
            {"min_child_weight", 2.0},
            {"subsample", 0.7},
            {"colsample_bylevel", 1.0},
            {"colsample_bynode", 1.0},
            {"lambda", 0.0},
            {"alpha", 0.0}};
  }
  return {{"eta", 0.08},
          {"max_depth", Whole(6)},
          {"min_child_weight", 0.001},
          {"subsample", 0.65},
          {"colsample_bylevel", 0.9},
          {"colsample_bynode", 1.0},
          {"lambda", 0.0},
          {"alpha", 0.0}};
}

}  // namespace

std::vector<Values> Portfolio(trainer::TargetKind target) {
  return {TunedDefault(target),
          {{"eta", 0.05}, {"max_depth", Whole(4)}, {"subsample", 0.8}, {"colsample_bynode", 0.8}},
          {{"eta", 0.1}, {"max_depth", Whole(2)}, {"subsample", 0.9}, {"colsample_bynode", 0.6}},
          {{"eta", 0.05},
           {"max_depth", Whole(11)},
           {"subsample", 0.9},
           {"colsample_bynode", 0.8},
           {"grow_policy", "lossguide"},
           {"max_leaves", Whole(38)}},
          {{"eta", 0.03},
           {"max_depth", Whole(10)},
           {"min_child_weight", 0.6},
           {"subsample", 0.8},
           {"colsample_bynode", 0.7}},
          {{"eta", 0.02},
           {"max_depth", Whole(7)},
           {"min_child_weight", 4.0},
           {"subsample", 0.6},
           {"colsample_bylevel", 0.6},
           {"colsample_bynode", 0.75},
           {"lambda", 5.0},
           {"alpha", 0.3}}};
}

}  // namespace coppice::tuner
