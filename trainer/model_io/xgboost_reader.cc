// XGBoost's model files to a ModelText.

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "trainer/model_io/json_scanner.h"
#include "trainer/model_io/model_file.h"
#include "trainer/model_io/model_text.h"
#include "trainer/model_io/ubjson_scanner.h"
#include "trainer/model_io/xgboost_json.h"

namespace coppice::trainer {
namespace {

using Mark = ModelScanner::Mark;

std::vector<std::string> ReadTexts(ModelScanner& scan) {
  std::vector<std::string> texts;
  scan.Array([&](std::size_t) { texts.push_back(scan.String()); });
  return texts;
}

// Categories are texts laid end to end, with offsets, as signed bytes; or whole numbers.
std::vector<std::string> ReadEncoding(ModelScanner& scan) {
  const Mark mark = scan.Here();
  std::optional<std::vector<std::int32_t>> offsets;
  std::vector<std::string> numbers;
  scan.Object([&](const std::string& key) {
    if (key == "offsets") {
      offsets = scan.Ints();
    } else if (key == "values") {
      numbers = scan.NumberTexts();
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

void ReadCategoryContainer(ModelScanner& scan, ModelText& text) {
  text.categories_mark = scan.Here();
  scan.Object([&](const std::string& key) {
    if (key != "enc") return scan.Skip();
    scan.Array([&](std::size_t) { text.categories.push_back(ReadEncoding(scan)); });
  });
}

void ReadTreeWeights(ModelScanner& scan, ModelText& text) {
  text.weight_drop_mark = scan.Here();
  text.weight_drop = scan.Floats();
}

void ReadModel(ModelScanner& scan, ModelText& text) {
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
    } else if (key == "weight_drop") {
      ReadTreeWeights(scan, text);
    } else if (key == "weights") {
      text.linear_weights = scan.Floats();
    } else if (key == "boosted_rounds") {
      text.boosted_rounds = scan.Int();
    } else {
      scan.Skip();
    }
  });
}

void ReadGradientBooster(ModelScanner& scan, ModelText& text) {
  text.booster_mark = scan.Here();
  scan.Object([&](const std::string& key) {
    if (key == "name") {
      text.booster = scan.String();
    } else if (key == "model") {
      ReadModel(scan, text);
    } else if (key == "gbtree") {
      // Dart wraps a whole gbtree; files of 3.1 and later may have the weights inside its model.
      scan.Object([&](const std::string& name) {
        if (name == "model") {
          ReadModel(scan, text);
        } else {
          scan.Skip();
        }
      });
    } else if (key == "weight_drop") {
      ReadTreeWeights(scan, text);
    } else {
      scan.Skip();
    }
  });
}

void ReadModelParam(ModelScanner& scan, ModelText& text) {
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

void ReadObjective(ModelScanner& scan, ModelText& text) {
  text.objective_mark = scan.Here();
  scan.Object([&](const std::string& key) {
    if (key == "name") {
      text.objective = scan.String();
    } else if (scan.AtObject()) {
      scan.Object([&](const std::string& name) { text.objective_params[name] = scan.String(); });
    } else {
      scan.Skip();
    }
  });
}

void ReadLearner(ModelScanner& scan, ModelText& text) {
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

enum class Format { kJson, kUbjson, kOther };

// UBJSON too begins with a brace, but then the type of a key's length follows and not its quote.
Format FormatOf(std::string_view text) {
  const auto skip_space = [&](std::size_t from) {
    return std::min(text.find_first_not_of(" \t\r\n", from), text.size());
  };
  const std::size_t begin = skip_space(0);
  if (begin == text.size() || text[begin] != '{') return Format::kOther;
  constexpr std::string_view kLengthTypes = "iUIlL";
  if (begin + 1 < text.size() && kLengthTypes.find(text[begin + 1]) != std::string_view::npos) {
    return begin == 0 ? Format::kUbjson : Format::kOther;
  }
  const std::size_t next = skip_space(begin + 1);
  const bool is_object = next >= text.size() || text[next] == '"' || text[next] == '}';
  return is_object ? Format::kJson : Format::kOther;
}

Booster ReadBooster(ModelScanner& scan, bool is_format, const std::string& file) {
  // What is taken for a model now and then: a table, or XGBoost's oldest binary format.
  if (!is_format) {
    scan.Fail("this is not an XGBoost model in JSON or UBJSON",
              "give the model.json of a study, or a model that XGBoost saved under a name that "
              "ends in .json or .ubj");
  }
  ModelText text = ReadModelText(scan);
  return AssembleModel(text, scan, file);
}

}  // namespace

ModelText ReadModelText(ModelScanner& scan) {
  ModelText text;
  scan.Object([&](const std::string& key) {
    if (key == "learner") {
      ReadLearner(scan, text);
    } else {
      scan.Skip();
    }
  });
  scan.End();
  return text;
}

Booster BoosterFromXgboostJson(std::string_view text, const std::string& file) {
  JsonScanner scan(text, file);
  return ReadBooster(scan, FormatOf(text) == Format::kJson, file);
}

Booster BoosterFromXgboostUbjson(std::string_view bytes, const std::string& file) {
  UbjsonScanner scan(bytes, file);
  return ReadBooster(scan, FormatOf(bytes) == Format::kUbjson, file);
}

bool IsUbjson(std::string_view bytes) { return FormatOf(bytes) == Format::kUbjson; }

Booster BoosterFromModelFile(std::string_view bytes, const std::string& file) {
  return IsUbjson(bytes) ? BoosterFromXgboostUbjson(bytes, file)
                         : BoosterFromXgboostJson(bytes, file);
}

}  // namespace coppice::trainer
