#include "trainer/resolve_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"

namespace coppice::trainer {
namespace {

// One parameter against the features of a table.
class Resolver {
 public:
  Resolver(const std::vector<FeatureSchema>& features, std::string parameter, Findings* findings)
      : features_(features), parameter_(std::move(parameter)), findings_(findings) {
    for (const FeatureSchema& feature : features) names_.push_back(feature.name);
  }

  // [n_features], or empty; `others` stands for features that are not named, and, where
  // `may_be_short`, behind the last number.
  std::vector<double> Numbers(const FeatureNumbers& numbers, double others, bool may_be_short) {
    if (numbers.empty()) return {};
    std::vector<double> all = numbers.by_position;
    if (numbers.by_name.empty()) {
      if (all.size() > names_.size() || (all.size() < names_.size() && !may_be_short)) {
        Report(fmt::format("`{}` has {} numbers, but the data have {} features", parameter_,
                           all.size(), names_.size()),
               "give one a feature, in the order of the columns without label and ignored ones, or "
               "name the features: `{\"age\": 1}`");
      }
    }
    all.resize(names_.size(), others);
    for (const auto& [name, number] : numbers.by_name) {
      if (const auto position = PositionOf(name)) all[*position] = number;
    }
    return all;
  }

  std::vector<std::vector<int>> Groups(const FeatureGroups& groups) {
    std::vector<std::vector<int>> all = groups.by_position;
    for (const auto& group : all) {
      for (const int position : group) {
        if (static_cast<std::size_t>(position) < names_.size()) continue;
        Report(fmt::format("`{}` has the position `{}`, but the data have {} features", parameter_,
                           position, names_.size()),
               "positions are from 0, in the order of the columns without label and ignored ones");
      }
    }
    for (const auto& group : groups.by_name) {
      std::vector<int>& positions = all.emplace_back();
      for (const std::string& name : group) {
        if (const auto position = PositionOf(name)) {
          positions.push_back(static_cast<int>(*position));
        }
      }
    }
    return all;
  }

  // Categories have no order. XGBoost takes such a constraint in silence and compares the set with
  // the rest, which says nothing about any value.
  void RefuseCategories(const std::vector<double>& numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] == 0 || features_[i].kind == ColumnKind::kNumeric) continue;
      Report(fmt::format("`{}` has the feature `{}`, which is categorical", parameter_, names_[i]),
             "categories have no order: leave it out");
    }
  }

  bool is_good() const { return is_good_; }

 private:
  std::optional<std::size_t> PositionOf(const std::string& name) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
    std::string hint = SuggestWord(name, names_);
    if (hint.empty()) hint = "the features are " + ListWords(names_);
    Report(fmt::format("`{}` names `{}`, which is no feature of the data", parameter_, name),
           std::move(hint));
    return std::nullopt;
  }

  void Report(std::string message, std::string hint) {
    findings_->Add(std::move(message), {{}, 0, 0, "train." + parameter_}, std::move(hint));
    is_good_ = false;
  }

  const std::vector<FeatureSchema>& features_;
  std::string parameter_;
  Findings* findings_;
  std::vector<std::string> names_;
  bool is_good_ = true;
};

}  // namespace

void ResolveFeatures(const std::vector<FeatureSchema>& features, TrainParams* params,
                     Findings* findings) {
  Resolver monotone(features, "monotone_constraints", findings);
  std::vector<double> signs = monotone.Numbers(params->monotone_constraints, 0, true);
  monotone.RefuseCategories(signs);
  if (!monotone.is_good()) signs.clear();
  params->monotone_constraints = {std::move(signs), {}};

  Resolver interaction(features, "interaction_constraints", findings);
  std::vector<std::vector<int>> groups = interaction.Groups(params->interaction_constraints);
  if (!interaction.is_good()) groups.clear();
  params->interaction_constraints = {std::move(groups), {}};

  Resolver weight(features, "feature_weights", findings);
  std::vector<double> weights = weight.Numbers(params->feature_weights, 1, false);
  if (!weight.is_good()) weights.clear();
  params->feature_weights = {std::move(weights), {}};
}

}  // namespace coppice::trainer
