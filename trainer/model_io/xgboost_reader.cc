// XGBoost's JSON to a Booster. First everything is read as it stands (keys come in any order), then
// it is checked and put together.

#include <fast_float/fast_float.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "trainer/data/reader.h"
#include "trainer/model_io/json_scanner.h"
#include "trainer/model_io/names.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/model_io/xgboost_tree.h"
#include "trainer/objective/objective.h"

namespace coppice::trainer {
namespace {

using Mark = JsonScanner::Mark;

// Bounds that keep a broken count from exhausting the memory.
constexpr int kMostFeatures = 1 << 22;
constexpr int kMostOutputs = 1 << 16;

// The file as it stands. A mark with an empty path means that the part is absent.
struct ModelText {
  Mark learner;
  std::map<std::string, std::string> attributes;
  std::map<std::string, Mark> attribute_marks;
  std::vector<std::string> feature_names;
  Mark feature_names_mark;
  std::vector<std::string> feature_types;
  Mark feature_types_mark;

  std::string base_score;
  Mark base_score_mark;
  int num_class = 0;
  int num_feature = 0;
  int num_target = 1;
  Mark param;

  std::string objective;
  Mark objective_mark;
  std::map<std::string, std::string> objective_params;

  std::string booster;
  Mark booster_mark;
  Mark model;
  int num_trees = 0;
  int num_parallel_tree = 1;
  std::vector<std::int32_t> tree_info;
  std::vector<std::int32_t> round_begins;
  std::vector<TreeText> trees;
  // The texts of the categories of each feature, where XGBoost (3.1 and later) stored them.
  std::vector<std::vector<std::string>> categories;
  Mark categories_mark;
};

std::vector<std::string> ReadTexts(JsonScanner& scan) {
  std::vector<std::string> texts;
  scan.Array([&](std::size_t) { texts.push_back(scan.String()); });
  return texts;
}

// Categories are texts laid end to end, with offsets, as signed bytes; or whole numbers.
std::vector<std::string> ReadEncoding(JsonScanner& scan) {
  const Mark mark = scan.Here();
  std::optional<std::vector<std::int32_t>> offsets;
  std::vector<std::string> numbers;
  scan.Object([&](const std::string& key) {
    if (key == "offsets") {
      offsets = scan.Ints();
    } else if (key == "values") {
      scan.Array([&](std::size_t) { numbers.emplace_back(scan.NumberText()); });
    } else {
      scan.Skip();
    }
  });
  if (!offsets) return numbers;
  std::string bytes;
  for (const std::string& number : numbers) {
    int byte = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), byte);
    if (error != std::errc() || end != number.data() + number.size() || byte < -128 || byte > 255) {
      scan.FailAt(mark, fmt::format("`{}` is not a byte of a category's text", number));
    }
    bytes.push_back(static_cast<char>(byte));
  }
  std::vector<std::string> texts;
  for (std::size_t i = 1; i < offsets->size(); ++i) {
    const std::int32_t begin = (*offsets)[i - 1];
    const std::int32_t end = (*offsets)[i];
    if (begin < 0 || end < begin || static_cast<std::size_t>(end) > bytes.size()) {
      scan.FailAt(mark, fmt::format("offset `{}` is outside of the categories' text", end));
    }
    texts.push_back(
        bytes.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
  }
  return texts;
}

void ReadCategoryContainer(JsonScanner& scan, ModelText& text) {
  text.categories_mark = scan.Here();
  scan.Object([&](const std::string& key) {
    if (key != "enc") return scan.Skip();
    scan.Array([&](std::size_t) { text.categories.push_back(ReadEncoding(scan)); });
  });
}

void ReadModel(JsonScanner& scan, ModelText& text) {
  text.model = scan.Here();
  scan.Object([&](const std::string& key) {
    if (key == "gbtree_model_param") {
      scan.Object([&](const std::string& name) {
        if (name == "num_trees") {
          text.num_trees = ReadQuotedInt(scan);
        } else if (name == "num_parallel_tree") {
          text.num_parallel_tree = ReadQuotedInt(scan);
        } else {
          scan.Skip();
        }
      });
    } else if (key == "tree_info") {
      text.tree_info = scan.Ints();
    } else if (key == "iteration_indptr") {
      text.round_begins = scan.Ints();
    } else if (key == "trees") {
      scan.Array([&](std::size_t) { text.trees.push_back(ReadTreeText(scan)); });
    } else if (key == "cats") {
      ReadCategoryContainer(scan, text);
    } else {
      scan.Skip();
    }
  });
}

void ReadGradientBooster(JsonScanner& scan, ModelText& text) {
  text.booster_mark = scan.Here();
  scan.Object([&](const std::string& key) {
    if (key == "name") {
      text.booster = scan.String();
    } else if (key == "model") {
      ReadModel(scan, text);
    } else {
      scan.Skip();
    }
  });
}

void ReadModelParam(JsonScanner& scan, ModelText& text) {
  text.param = scan.Here();
  scan.Object([&](const std::string& key) {
    if (key == "base_score") {
      text.base_score_mark = scan.Here();
      text.base_score = scan.String();
    } else if (key == "num_class") {
      text.num_class = ReadQuotedInt(scan);
    } else if (key == "num_feature") {
      text.num_feature = ReadQuotedInt(scan);
    } else if (key == "num_target") {
      text.num_target = ReadQuotedInt(scan);
    } else {
      scan.Skip();
    }
  });
}

void ReadObjective(JsonScanner& scan, ModelText& text) {
  text.objective_mark = scan.Here();
  scan.Object([&](const std::string& key) {
    if (key == "name") {
      text.objective = scan.String();
    } else if (scan.Peek() == '{') {
      scan.Object([&](const std::string& name) { text.objective_params[name] = scan.String(); });
    } else {
      scan.Skip();
    }
  });
}

void ReadLearner(JsonScanner& scan, ModelText& text) {
  text.learner = scan.Here();
  scan.Object([&](const std::string& key) {
    if (key == "attributes") {
      scan.Object([&](const std::string& name) {
        text.attribute_marks[name] = scan.Here();
        text.attributes[name] = scan.String();
      });
    } else if (key == "feature_names") {
      text.feature_names_mark = scan.Here();
      text.feature_names = ReadTexts(scan);
    } else if (key == "feature_types") {
      text.feature_types_mark = scan.Here();
      text.feature_types = ReadTexts(scan);
    } else if (key == "gradient_booster") {
      ReadGradientBooster(scan, text);
    } else if (key == "learner_model_param") {
      ReadModelParam(scan, text);
    } else if (key == "objective") {
      ReadObjective(scan, text);
    } else {
      scan.Skip();
    }
  });
}

// Puts the Booster together from a text that is read, or says why not.
class Assembler {
 public:
  Assembler(ModelText& text, const JsonScanner& scan, const std::string& file)
      : text_(text), scan_(scan), file_(file) {}

  Booster Run() {
    CheckBooster();
    CheckObjective();
    CheckCounts();
    booster_.base_score = BaseScore();
    booster_.attributes = text_.attributes;
    booster_.schema = TakeSchema();
    TakeTrees();
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
    if (text_.booster != "gbtree") {
      Fail(text_.booster_mark, fmt::format("booster `{}` is not supported yet", text_.booster),
           "only `gbtree` models can be read");
    }
    if (text_.model.path.empty()) Fail(text_.booster_mark, "the booster has no `model`");
    if (text_.param.path.empty()) Fail(text_.learner, "the learner has no `learner_model_param`");
  }

  void CheckObjective() {
    if (!TargetOf(text_.objective)) {
      Fail(text_.objective_mark,
           fmt::format("objective `{}` is not supported yet", text_.objective),
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
  }

  void CheckCounts() const {
    if (text_.num_target > 1) {
      Fail(text_.param, fmt::format("`num_target` `{}` is not supported yet", text_.num_target));
    }
    if (text_.num_parallel_tree > 1) {
      Fail(text_.model,
           fmt::format("`num_parallel_tree` `{}` is not supported yet", text_.num_parallel_tree));
    }
    if (text_.num_feature < 0 || text_.num_feature > kMostFeatures) {
      Fail(text_.param,
           fmt::format("`num_feature` `{}` is not from 0 to {}", text_.num_feature, kMostFeatures));
    }
    const std::size_t n_trees = text_.trees.size();
    if (static_cast<std::size_t>(text_.num_trees) != n_trees || text_.tree_info.size() != n_trees) {
      Fail(text_.model, fmt::format("`num_trees` is `{}`, `tree_info` has {} items and `trees` {}",
                                    text_.num_trees, text_.tree_info.size(), n_trees));
    }
    const auto n_outputs = static_cast<std::size_t>(booster_.n_outputs);
    if (n_trees % n_outputs != 0) {
      Fail(text_.model, fmt::format("{} trees are not whole rounds of {}", n_trees, n_outputs));
    }
    for (std::size_t i = 0; i < n_trees; ++i) {
      if (text_.tree_info[i] == static_cast<std::int32_t>(i % n_outputs)) continue;
      Fail(text_.model, fmt::format("`tree_info[{}]` is `{}`, and tree {} of a round belongs to "
                                    "output {}",
                                    i, text_.tree_info[i], i % n_outputs, i % n_outputs));
    }
    CheckRounds(n_trees, n_outputs);
  }

  // Models before 2.0 have no list of where rounds begin.
  void CheckRounds(std::size_t n_trees, std::size_t n_outputs) const {
    if (text_.round_begins.empty()) return;
    bool good = text_.round_begins.size() == n_trees / n_outputs + 1;
    for (std::size_t r = 0; good && r < text_.round_begins.size(); ++r) {
      good = text_.round_begins[r] == static_cast<std::int32_t>(r * n_outputs);
    }
    if (!good) {
      Fail(text_.model, fmt::format("`iteration_indptr` does not cut {} trees into rounds of {}",
                                    n_trees, n_outputs));
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
  const JsonScanner& scan_;
  const std::string& file_;
  Booster booster_;
};

// What is taken for a model now and then: a table, or XGBoost's binary formats. UBJSON too begins
// with a brace, but the length of a key follows and not its quote.
void RefuseOtherFormats(std::string_view text, JsonScanner& scan) {
  const auto skip_space = [&](std::size_t from) {
    return std::min(text.find_first_not_of(" \t\r\n", from), text.size());
  };
  const std::size_t begin = skip_space(0);
  const std::size_t next = skip_space(begin + 1);
  const bool is_object = begin < text.size() && text[begin] == '{' &&
                         (next >= text.size() || text[next] == '"' || text[next] == '}');
  if (is_object) return;
  scan.Fail("this is not an XGBoost model in JSON",
            "give the model.json of a study, or a model that XGBoost saved under a name that ends "
            "in .json");
}

}  // namespace

Booster BoosterFromXgboostJson(std::string_view text, const std::string& file) {
  JsonScanner scan(text, file);
  RefuseOtherFormats(text, scan);
  ModelText model;
  scan.Object([&](const std::string& key) {
    if (key == "learner") {
      ReadLearner(scan, model);
    } else {
      scan.Skip();
    }
  });
  scan.End();
  return Assembler(model, scan, file).Run();
}

}  // namespace coppice::trainer
