#include "tuner/preflight/spec_draft.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "trainer/data/dataset.h"
#include "trainer/data/reader.h"
#include "tuner/preflight/column_strength.h"
#include "tuner/preflight/id_columns.h"
#include "tuner/spec/auto_space.h"

namespace coppice::tuner {
namespace {

namespace fs = std::filesystem;
using trainer::ColumnRef;
using trainer::Dataset;

// Above, one part of the rows says enough of a trial, and five trainings of each cost too much.
constexpr std::size_t kManyRows = 200000;

struct TaskGuess {
  std::string objective;
  std::string metric;
  std::vector<std::string> more_metrics;
  std::string why;
};

TaskGuess GuessBinary(const std::string& why) {
  return {"binary:logistic", "auc", {"logloss", "error"}, why};
}

TaskGuess GuessClasses(std::size_t n) {
  if (n == 2) return GuessBinary("the label has 2 classes");
  return {"multi:softprob", "mlogloss", {"merror"}, fmt::format("the label has {} classes", n)};
}

// Whole numbers with few different values, none of them rare, are taken for classes.
TaskGuess GuessNumber(const Dataset& table) {
  constexpr std::size_t kMostClasses = 20;
  constexpr std::size_t kFewestRows = 10;
  std::map<float, std::size_t> counts;
  bool whole = true;
  for (const float value : table.label) {
    ++counts[value];
    whole = whole && value == std::floor(value);
    if (counts.size() > kMostClasses) break;
  }
  if (counts.size() == 2) return GuessBinary("the label has 2 values");
  const bool repeated = table.n_rows >= kFewestRows * counts.size();
  if (!whole || !repeated || counts.size() > kMostClasses) {
    return {"reg:squarederror", "rmse", {"mae"}, "the label is a number with many values"};
  }
  std::size_t fewest = table.n_rows;
  for (const auto& [value, count] : counts) fewest = std::min(fewest, count);
  if (fewest < kFewestRows) {
    return {"reg:squarederror",
            "rmse",
            {"mae"},
            fmt::format("the label has {} whole numbers, one of them in {} rows only: as classes "
                        "they would be too rare",
                        counts.size(), fewest)};
  }
  return GuessClasses(counts.size());
}

// A column as a spec names it.
ColumnRef RefOf(const trainer::Schema& schema, const trainer::FeatureSchema& feature) {
  if (schema.has_header) return feature.name;
  return std::int64_t{feature.column};
}

bool HasLabelName(const std::string& name) {
  for (const char* word : {"label", "target", "class", "y", "outcome", "response"}) {
    if (EditDistance(name, word) == 0) return true;
  }
  return false;
}

bool IsCategorical(const trainer::FeatureSchema& feature) {
  return feature.kind == trainer::ColumnKind::kCategorical;
}

// "lower_bound" becomes "upper_bound"; empty where the name has no such word.
std::string UpperNameOf(const std::string& lower) {
  const std::size_t at = lower.find("lower");
  if (at == std::string::npos) return "";
  return lower.substr(0, at) + "upper" + lower.substr(at + 5);
}

// Whole numbers of which hardly any stands twice, as a file without names may have for ids.
bool IsLikeAKey(const std::vector<float>& column) {
  std::set<float> different;
  for (const float value : column) {
    if (value != std::floor(value)) return false;  // NaN too
    different.insert(value);
  }
  return column.size() >= kFewestRowsForIds && 10 * different.size() >= 9 * column.size();
}

// A label of more texts than this is seldom meant.
constexpr std::size_t kMostTexts = 50;

// Which columns say the label.
struct LabelChoice {
  std::optional<ColumnRef> column;  // nothing: LibSVM, whose label has a place of its own
  std::optional<ColumnRef> upper;   // where `column` is a lower bound
  std::string why;
};

class Drafter {
 public:
  Drafter(const DraftRequest& request, FileSystem& disk) : request_(request), disk_(disk) {
    files_.train = trainer::ExpandPattern(request.data, "");
  }

  SpecDraft Draft() {
    ChooseLabel();
    ReadWithLabel();
    if (FindMissingWords()) ReadWithLabel();
    for (const std::string& notice : notices_) Say("notice: " + notice);
    const std::vector<std::string> ignored = ColumnsToIgnore();
    Say(fmt::format("objective {}, metric {}: {}", task_.objective, task_.metric, task_.why));
    return {Text(ignored), std::move(reasons_)};
  }

 private:
  void Say(std::string sentence) { reasons_.push_back(std::move(sentence)); }

  static std::optional<ColumnRef> ColumnOf(const std::string& word) {
    const bool digits = word.find_first_not_of("0123456789") == std::string::npos;
    if (digits && word.size() < 9) return ColumnRef(std::int64_t{std::stoi(word)});
    return ColumnRef(word);
  }

  void ChooseLabel() {
    if (!request_.label.empty()) {
      label_.column = ColumnOf(request_.label);
      const std::string upper = UpperNameOf(request_.label);
      if (!upper.empty() && HasColumn(ReadWithoutLabel(), upper)) label_.upper = upper;
      return;
    }
    const Dataset table = ReadWithoutLabel();
    if (table.schema.n_columns == 0) return;
    const trainer::FeatureSchema& feature = GuessLabel(table);
    label_.column = RefOf(table.schema, feature);
    const std::string upper = UpperNameOf(feature.name);
    if (!upper.empty() && HasColumn(table, upper)) label_.upper = upper;
    std::vector<std::string> others;
    for (const trainer::FeatureSchema& other : table.schema.features) {
      if (&other != &feature) others.push_back(ToText(RefOf(table.schema, other)));
    }
    Say(fmt::format("label: `{}`, {}; `--label COLUMN` takes another: {}", ToText(*label_.column),
                    label_.why, ListWords(others, 8)));
  }

  Dataset ReadWithoutLabel() {
    trainer::ReadOptions read;
    read.label_kind = trainer::LabelKind::kNone;
    // An upper bound of a label may be infinite; which column that is shows only later.
    read.missing.insert(read.missing.end(), {"inf", "+inf", "Inf"});
    return trainer::ReadDataset(files_, read, disk_, nullptr);
  }

  static bool HasColumn(const Dataset& table, const std::string& name) {
    return std::any_of(table.schema.features.begin(), table.schema.features.end(),
                       [&name](const auto& feature) { return feature.name == name; });
  }

  // By a name that labels have; a text in the last column of a file without names; else the first
  // column that is no id.
  const trainer::FeatureSchema& GuessLabel(const Dataset& table) {
    const std::vector<trainer::FeatureSchema>& features = table.schema.features;
    for (const trainer::FeatureSchema& feature : features) {
      if (!HasLabelName(feature.name) && UpperNameOf(feature.name).empty()) continue;
      label_.why = "by its name";
      return feature;
    }
    std::set<std::string> ids;
    for (const IdColumn& id : FindIdColumns(table)) ids.insert(id.name);
    const bool no_header = !table.schema.has_header;
    if (no_header && IsCategorical(features.back()) && !ids.contains(features.back().name)) {
      label_.why = "the last column, which holds texts";
      return features.back();
    }
    for (const trainer::FeatureSchema& feature : features) {
      const auto f = static_cast<std::size_t>(&feature - features.data());
      if (ids.contains(feature.name)) continue;
      if (no_header && IsLikeAKey(table.values[f])) {
        keys_.insert(feature.name);
        continue;
      }
      if (feature.categories.size() > kMostTexts) continue;
      label_.why = feature.column == 0 ? "the first column" : "the first column that is no id";
      return feature;
    }
    label_.why = "the first column";
    return features.front();
  }

  trainer::ReadOptions OptionsFor(trainer::LabelKind kind) const {
    trainer::ReadOptions read;
    read.label = label_.column;
    read.label_upper = label_.upper;
    read.label_kind = kind;
    read.missing.insert(read.missing.end(), missing_words_.begin(), missing_words_.end());
    return read;
  }

  void ReadWithLabel() {
    notices_.clear();
    try {
      table_ =
          trainer::ReadDataset(files_, OptionsFor(trainer::LabelKind::kNumber), disk_, &notices_);
      task_ = TaskOfNumbers();
    } catch (const Error&) {
      // A label of texts is no number; whatever else is wrong is thrown again.
      notices_.clear();
      table_ = trainer::ReadDataset(files_, OptionsFor(trainer::LabelKind::kMulticlass), disk_,
                                    &notices_);
      task_ = GuessClasses(table_.schema.classes.size());
    }
  }

  TaskGuess TaskOfNumbers() const {
    if (label_.upper) {
      return {"survival:aft", "aft-nloglik", {}, "the label lies between two columns"};
    }
    if (!table_.group.empty()) {
      return {"rank:ndcg", "ndcg", {}, "the rows have a `qid`: they are lists to rank"};
    }
    return GuessNumber(table_);
  }

  // Words of other programs for a value that is not known, seen in columns of texts.
  bool FindMissingWords() {
    static const std::set<std::string> words = {"N/A",  "n/a",  "#N/A", "<NA>", "None", "none",
                                                "NULL", "Null", "NAN",  "-",    "--",   "."};
    std::set<std::string> seen;
    for (const trainer::FeatureSchema& feature : table_.schema.features) {
      for (const std::string& text : feature.categories) {
        if (!words.contains(text) || !seen.insert(text).second) continue;
        Say(
            fmt::format("missing: `{}`, as in column `{}`; take it off `data.missing` if it is a "
                        "value",
                        text, feature.name));
      }
    }
    missing_words_.assign(seen.begin(), seen.end());
    return !missing_words_.empty();
  }

  // What must not be learned from; nothing when no other column would be left.
  std::vector<std::string> ColumnsToIgnore() {
    std::map<std::string, std::string> why;
    for (const IdColumn& id : FindIdColumns(table_)) why[id.name] = id.why;
    for (const std::string& name : keys_) why[name] = "whole numbers, hardly any of them twice";
    for (const std::string& name : FindLabelCopies(table_)) {
      why[name] = "the label by another name";
    }
    if (why.size() == table_.n_features()) return {};
    if (why.empty()) {
      Say("ignored: no column, as none looks like an id; add to `data.ignore` what is not known "
          "yet when you predict");
    }
    std::vector<std::string> ignored;
    for (const trainer::FeatureSchema& feature : table_.schema.features) {
      const auto found = why.find(feature.name);
      if (found == why.end()) continue;
      ignored.push_back(coppice::ToJson(RefOf(table_.schema, feature)).dump());
      Say(fmt::format("ignored: `{}` ({}); take it off `data.ignore` to learn from it",
                      feature.name, found->second));
    }
    return ignored;
  }

  std::string LabelText() const {
    if (!label_.column) return R"("label": 0)";
    const std::string column = coppice::ToJson(*label_.column).dump();
    if (!label_.upper) return fmt::format(R"("label": {})", column);
    return fmt::format("\"label_lower_bound\": {},\n    \"label_upper_bound\": {}", column,
                       coppice::ToJson(*label_.upper).dump());
  }

  std::string SplitText() const {
    if (table_.n_rows >= kManyRows) {
      return R"({"kind": "holdout", "validation_fraction": 0.2, "test_fraction": 0.1},  // so many rows need no folds)";
    }
    return R"({"kind": "cv", "folds": 5, "test_fraction": 0.2},  // "by_time": true where rows are in order of time)";
  }

  // The shipped ranges, to be taken out of the comment and changed.
  std::string RangesText() const {
    std::string text;
    for (const study::ParameterRange& range : AutoSpace({})) {
      const study::RangeSpec& spec = range.spec();
      std::string line;
      if (range.kind() == study::RangeKind::kCategorical) {
        std::vector<std::string> values;
        for (const Value& value : spec.values) values.push_back(coppice::ToJson(value).dump());
        line = fmt::format(R"({{"type": "categorical", "values": [{}]}})", fmt::join(values, ", "));
      } else {
        const bool whole = range.kind() == study::RangeKind::kInt;
        line = fmt::format(
            R"({{"type": "{}", "min": {}, "max": {}, "scale": "{}"{}}})", whole ? "int" : "float",
            spec.min, spec.max, study::ToText(range.scale()),
            range.when() ? fmt::format(R"(, "when": {{"{}": {}}})", range.when()->parameter,
                                       coppice::ToJson(range.when()->values.front()).dump())
                         : "");
      }
      text += fmt::format("  //   \"{}\": {},\n", range.name(), line);
    }
    return text;
  }

  std::string Text(const std::vector<std::string>& ignored) const {
    const std::string data =
        fs::absolute(request_.data).lexically_normal().lexically_relative(request_.folder).string();
    std::string name = fs::path(request_.data).stem().stem().string();
    for (char& c : name) {
      if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_') c = '-';
    }
    std::vector<std::string> more;
    for (const std::string& metric : task_.more_metrics) more.push_back(Json(metric).dump());
    const trainer::ReadOptions read = OptionsFor(trainer::LabelKind::kNumber);
    return fmt::format(
        R"({{
  "coppice": 1,
  "name": {},
  "data": {{
    "train": {},  // {} rows, {} features
    {},
    "ignore": [{}],  // columns that must not be learned from: ids, copies of the label
    "missing": {}  // texts that mean "not known"
  }},
  "split": {}
  "train": {{
    "objective": {},  // {}
    "num_round": {}  // a cap: each trial stops by itself and keeps its best round
  }},
  "search": "auto",  // these ranges, or {{...}} with your own:
{}  "objective": {{"metric": {}}},
  "metrics": [{}],  // recorded beside it
  "strategy": {{"kind": "bayesian"}},
  "stop": {{"trials": 40}},  // and "seconds": 600 for ten minutes at most
  "parallel": {{"slots": 4}},
  "seed": 7
}}
)",
        Json(name).dump(), Json(data).dump(), table_.n_rows, table_.n_features(), LabelText(),
        fmt::join(ignored, ", "), Json(read.missing).dump(), SplitText(),
        Json(task_.objective).dump(), task_.why, kAutoRounds, RangesText(),
        Json(task_.metric).dump(), fmt::join(more, ", "));
  }

  const DraftRequest& request_;
  FileSystem& disk_;
  trainer::DataFiles files_;
  LabelChoice label_;
  Dataset table_;
  TaskGuess task_;
  trainer::Notices notices_;
  std::vector<std::string> missing_words_;
  std::set<std::string> keys_;  // names of columns that no label is, nor a feature
  std::vector<std::string> reasons_;
};

}  // namespace

SpecDraft DraftSpec(const DraftRequest& request, FileSystem& disk) {
  return Drafter(request, disk).Draft();
}

}  // namespace coppice::tuner
