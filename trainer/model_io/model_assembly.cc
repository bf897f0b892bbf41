// A ModelText to a Booster: every check that needs more than one part of the file.

#include <fast_float/fast_float.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "trainer/data/reader.h"
#include "trainer/model_io/model_text.h"
#include "trainer/model_io/names.h"
#include "trainer/objective/objective.h"

namespace coppice::trainer {
namespace {

using Mark = ModelScanner::Mark;

// Bounds that keep a broken count from exhausting the memory.
constexpr int kMostFeatures = 1 << 22;
constexpr int kMostOutputs = 1 << 16;

// Puts the Booster together from a text that is read, or says why not.
class Assembler {
 public:
  Assembler(ModelText& text, const ModelScanner& scan, const std::string& file)
      : text_(text), scan_(scan), file_(file) {}

  Booster Run() {
    CheckBooster();
    CheckObjective();
    CheckCounts();
    booster_.base_score = BaseScore();
    booster_.attributes = text_.attributes;
    booster_.schema = TakeSchema();
    if (text_.booster == "gblinear") {
      TakeLinearWeights();
    } else {
      CheckTreeCounts();
      TakeTrees();
      if (text_.booster == "dart") TakeTreeWeights();
    }
    TakeBestRound();
    return std::move(booster_);
  }

 private:
  [[noreturn]] void Fail(const Mark& mark, const std::string& message,
                         const std::string& hint = "") const {
    scan_.FailAt(mark, message, hint);
  }

  void CheckBooster() const {
    if (text_.learner.path.empty()) Fail({}, "the file has no `learner`, so it is no model");
    if (text_.booster_mark.path.empty()) {
      Fail(text_.learner, "the learner has no `gradient_booster`");
    }
    if (text_.booster != "gbtree" && text_.booster != "dart" && text_.booster != "gblinear") {
      Fail(text_.booster_mark, fmt::format("booster `{}` is not known", text_.booster),
           "coppice reads `gbtree`, `dart` and `gblinear`");
    }
    if (text_.model.path.empty()) Fail(text_.booster_mark, "the booster has no `model`");
    if (text_.param.path.empty()) Fail(text_.learner, "the learner has no `learner_model_param`");
  }

  void CheckObjective() {
    if (!TargetOf(text_.objective)) {
      Fail(text_.objective_mark, fmt::format("objective `{}` is not known", text_.objective),
           "coppice has " + ListWords(ObjectiveNames()));
    }
    booster_.objective = text_.objective;
    booster_.objective_params = text_.objective_params;
    const bool many = *TargetOf(text_.objective) == TargetKind::kMulticlass;
    if (many ? text_.num_class < 2 || text_.num_class > kMostOutputs : text_.num_class > 1) {
      Fail(text_.param,
           fmt::format("`num_class` `{}` does not fit `{}`", text_.num_class, text_.objective));
    }
    booster_.n_outputs = many ? text_.num_class : 1;
    const std::size_t n_targets = OutputsWithoutClasses();
    if (text_.num_target > 1 && static_cast<std::size_t>(text_.num_target) != n_targets) {
      Fail(text_.param,
           fmt::format("`num_target` `{}` does not fit `{}`", text_.num_target, text_.objective));
    }
    if (n_targets > 1) booster_.n_outputs = static_cast<int>(n_targets);
  }

  // Quantiles are outputs that are no classes.
  std::size_t OutputsWithoutClasses() const {
    if (*PredictionOf(text_.objective) != PredictionKind::kQuantiles) return 1;
    const auto settings = SettingsFromParameters(text_.objective_params, 1);
    if (settings.quantile_alpha.size() > static_cast<std::size_t>(kMostOutputs)) {
      Fail(text_.objective_mark, "the model has too many quantiles");
    }
    return settings.quantile_alpha.size();
  }

  void CheckCounts() const {
    if (text_.num_feature < 0 || text_.num_feature > kMostFeatures) {
      Fail(text_.param,
           fmt::format("`num_feature` `{}` is not from 0 to {}", text_.num_feature, kMostFeatures));
    }
  }

  void CheckTreeCounts() {
    const std::size_t n_trees = text_.trees.size();
    if (static_cast<std::size_t>(text_.num_trees) != n_trees || text_.tree_info.size() != n_trees) {
      Fail(text_.model, fmt::format("`num_trees` is `{}`, `tree_info` has {} items and `trees` {}",
                                    text_.num_trees, text_.tree_info.size(), n_trees));
    }
    // Files from before 1.0 may say 0.
    booster_.parallel_trees = std::max(1, text_.num_parallel_tree);
    if (text_.num_parallel_tree < 0 || text_.num_parallel_tree > kMostParallelTrees) {
      Fail(text_.model, fmt::format("`num_parallel_tree` `{}` is not from 1 to {}",
                                    text_.num_parallel_tree, kMostParallelTrees));
    }
    const auto per_round = static_cast<std::size_t>(booster_.n_outputs) *
                           static_cast<std::size_t>(booster_.parallel_trees);
    if (n_trees % per_round != 0) {
      Fail(text_.model, fmt::format("{} trees are not whole rounds of {}", n_trees, per_round));
    }
    for (std::size_t i = 0; i < n_trees; ++i) {
      const std::int32_t output = booster_.OutputOf(static_cast<int>(i));
      if (text_.tree_info[i] == output) continue;
      Fail(text_.model,
           fmt::format("`tree_info[{}]` is `{}`, and tree {} of a round belongs to output {}", i,
                       text_.tree_info[i], i % per_round, output));
    }
    CheckRounds(n_trees, per_round);
  }

  // Models before 2.0 have no list of where rounds begin.
  void CheckRounds(std::size_t n_trees, std::size_t per_round) const {
    if (text_.round_begins.empty()) return;
    bool good = text_.round_begins.size() == n_trees / per_round + 1;
    for (std::size_t r = 0; good && r < text_.round_begins.size(); ++r) {
      good = text_.round_begins[r] == static_cast<std::int32_t>(r * per_round);
    }
    if (!good) {
      Fail(text_.model, fmt::format("`iteration_indptr` does not cut {} trees into rounds of {}",
                                    n_trees, per_round));
    }
  }

  // "7E-1", or "[7E-1,2E-1]" in files of 3.1 and later.
  std::vector<float> BaseScore() const {
    std::string_view rest = text_.base_score;
    const bool list = rest.starts_with('[') && rest.ends_with(']');
    if (list) rest = rest.substr(1, rest.size() - 2);
    std::vector<float> scores;
    for (bool more = true; more;) {
      const std::size_t comma = list ? rest.find(',') : std::string_view::npos;
      const std::string_view item = rest.substr(0, comma);
      float value = 0;
      const auto [end, error] =
          fast_float::from_chars(item.data(), item.data() + item.size(), value);
      if (error != std::errc() || end != item.data() + item.size() || !std::isfinite(value)) {
        Fail(text_.base_score_mark,
             fmt::format("`base_score` `{}` is not a finite number", text_.base_score));
      }
      scores.push_back(value);
      more = comma != std::string_view::npos;
      if (more) rest.remove_prefix(comma + 1);
    }
    if (scores.size() != 1 && scores.size() != static_cast<std::size_t>(booster_.n_outputs)) {
      Fail(text_.base_score_mark, fmt::format("`base_score` has {} numbers, and the model {} "
                                              "outputs",
                                              scores.size(), booster_.n_outputs));
    }
    return scores;
  }

  Schema TakeSchema() {
    const Schema own = SchemaOfNames();
    const auto found = booster_.attributes.find(kSchemaAttribute);
    if (found == booster_.attributes.end()) return own;
    const Mark& mark = text_.attribute_marks.at(kSchemaAttribute);
    const std::string inside = fmt::format("{} (attribute `{}`)", file_, kSchemaAttribute);
    Schema schema = SchemaFromJson(ParseJson(found->second, inside, ErrorKind::kData).root());
    bool fits = schema.features.size() == own.features.size();
    for (std::size_t i = 0; fits && i < own.features.size(); ++i) {
      const bool renamed =
          !text_.feature_names.empty() && schema.features[i].name != own.features[i].name;
      fits = !renamed && schema.features[i].kind == own.features[i].kind;
    }
    if (!fits) {
      Fail(mark,
           fmt::format("the attribute `{}` does not describe the model's features",
                       kSchemaAttribute),
           "remove the attribute, or write the model again");
    }
    booster_.attributes.erase(found);
    return schema;
  }

  // Without coppice's own attribute: what XGBoost knows.
  Schema SchemaOfNames() const {
    const auto n = static_cast<std::size_t>(text_.num_feature);
    if (!text_.feature_names.empty() && text_.feature_names.size() != n) {
      Fail(text_.feature_names_mark,
           fmt::format("{} names stand for {} features", text_.feature_names.size(), n));
    }
    if (!text_.feature_types.empty() && text_.feature_types.size() != n) {
      Fail(text_.feature_types_mark,
           fmt::format("{} types stand for {} features", text_.feature_types.size(), n));
    }
    if (!text_.categories.empty() && text_.categories.size() != n) {
      Fail(text_.categories_mark,
           fmt::format("{} encodings stand for {} features", text_.categories.size(), n));
    }
    Schema schema;
    schema.has_header = !text_.feature_names.empty();
    schema.missing = ReadOptions{}.missing;
    for (std::size_t i = 0; i < n; ++i) {
      FeatureSchema feature;
      feature.name = text_.feature_names.empty() ? fmt::format("f{}", i) : text_.feature_names[i];
      const bool categorical = !text_.feature_types.empty() && text_.feature_types[i] == "c";
      if (categorical) {
        feature.kind = ColumnKind::kCategorical;
        feature.categories = CategoryTexts(i);
      }
      schema.features.push_back(std::move(feature));
    }
    return schema;
  }

  // Where the file has no texts, categories are their codes.
  std::vector<std::string> CategoryTexts(std::size_t feature) const {
    if (text_.categories.empty() || text_.categories[feature].empty()) {
      std::vector<std::string> codes;
      for (int code = 0; code < kMaxCategories; ++code) codes.push_back(fmt::format("{}", code));
      return codes;
    }
    const auto& texts = text_.categories[feature];
    if (texts.size() > static_cast<std::size_t>(kMaxCategories)) {
      Fail(text_.categories_mark,
           fmt::format("feature {} has {} categories, and more than {} are not supported yet",
                       feature, texts.size(), kMaxCategories));
    }
    return texts;
  }

  // In the order of their ids.
  void TakeTrees() {
    const std::size_t n = text_.trees.size();
    std::vector<std::uint8_t> seen(n, 0);
    booster_.trees.resize(n);
    for (TreeText& tree : text_.trees) {
      const auto id = static_cast<std::size_t>(tree.id);
      if (id >= n || seen[id] != 0) {
        Fail(tree.mark, fmt::format("tree id `{}` is out of range or given twice", tree.id));
      }
      seen[id] = 1;
      booster_.trees[id] = CheckedTree(std::move(tree), booster_.schema.features, scan_);
    }
  }

  void TakeTreeWeights() {
    if (text_.weight_drop.size() != booster_.trees.size()) {
      Fail(text_.weight_drop_mark.path.empty() ? text_.booster_mark : text_.weight_drop_mark,
           fmt::format("`weight_drop` has {} items, and the model {} trees",
                       text_.weight_drop.size(), booster_.trees.size()));
    }
    for (const float weight : text_.weight_drop) {
      if (!std::isfinite(weight)) Fail(text_.weight_drop_mark, "a tree's weight is not finite");
    }
    booster_.tree_weights = std::move(text_.weight_drop);
  }

  void TakeLinearWeights() {
    const std::size_t expected =
        (booster_.schema.features.size() + 1) * static_cast<std::size_t>(booster_.n_outputs);
    if (text_.linear_weights.size() != expected) {
      Fail(text_.model, fmt::format("`weights` has {} items instead of {}",
                                    text_.linear_weights.size(), expected));
    }
    for (const float weight : text_.linear_weights) {
      if (!std::isfinite(weight)) Fail(text_.model, "a linear weight is not finite");
    }
    if (text_.boosted_rounds < 0) {
      Fail(text_.model, fmt::format("`boosted_rounds` `{}` is negative", text_.boosted_rounds));
    }
    booster_.linear_weights = std::move(text_.linear_weights);
    booster_.linear_rounds = text_.boosted_rounds;
  }

  void TakeBestRound() {
    const auto found = booster_.attributes.find(kBestRoundAttribute);
    if (found == booster_.attributes.end()) return;
    const std::string& text = found->second;
    int best = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), best);
    // A text that is no round of this model (it may have been sliced) stays an attribute.
    if (error != std::errc() || end != text.data() + text.size()) return;
    if (best < 0 || best >= booster_.n_rounds()) return;
    booster_.best_round = best + 1;
    booster_.attributes.erase(found);
  }

  ModelText& text_;
  const ModelScanner& scan_;
  const std::string& file_;
  Booster booster_;
};

}  // namespace

Booster AssembleModel(ModelText& text, const ModelScanner& scan, const std::string& file) {
  return Assembler(text, scan, file).Run();
}

}  // namespace coppice::trainer
