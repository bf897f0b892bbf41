#include "trainer/data/csv_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "trainer/data/category_codes.h"
#include "trainer/data/column_reader.h"
#include "trainer/data/column_roles.h"
#include "trainer/data/dataset_parts.h"
#include "trainer/data/label_codes.h"

namespace coppice::trainer {
namespace {

// One file on its way into the data set.
struct TableFile {
  CsvFile csv;
  DataPart part = DataPart::kTrain;
  ColumnRoles roles;
  std::size_t n_rows = 0;
  std::vector<ColumnContent> features;  // as roles.features
  ColumnContent label;
  ColumnContent label_upper;
  ColumnContent weight;
  ColumnContent group;
};

// What to read of a file in one pass, and where it goes.
class Wishes {
 public:
  void Add(std::size_t column, TextDictionary* dictionary, ColumnContent& target) {
    requests_.push_back({column, dictionary});
    targets_.push_back(&target);
  }
  bool empty() const { return requests_.empty(); }
  void Fulfil(TableFile& file, const MissingTexts& missing) {
    TableContent table = ReadColumns(file.csv, requests_, missing);
    if (file.n_rows > 0 && table.n_rows != file.n_rows) throw ChangedWhileRead(*file.csv.source);
    file.n_rows = table.n_rows;
    for (std::size_t i = 0; i < targets_.size(); ++i) *targets_[i] = std::move(table.columns[i]);
  }

 private:
  std::vector<ColumnRequest> requests_;
  std::vector<ColumnContent*> targets_;
};

// Fields of a column that share a fault, as one finding.
class FieldFindings {
 public:
  FieldFindings(const CsvFile& csv, FindingList& findings) : csv_(csv), findings_(findings) {}

  // `message` is for the text of the first field, whose place the finding has.
  template <typename Message>
  void Add(const FieldSample& sample, const Message& message, const std::string& hint) {
    if (sample.count == 0) return;
    const RowPlace place = [&](std::size_t i) {
      return csv_.source->PlaceOf(sample.first[i].offset);
    };
    findings_.AddMany(message(sample.first.front().text), sample.count, sample.first.size(), place,
                      hint);
  }

 private:
  const CsvFile& csv_;
  FindingList& findings_;
};

RowPlace PlacesIn(const CsvFile& csv, std::size_t column) {
  return [&csv, column](std::size_t row) { return PlaceOfField(csv, row, column); };
}

void AddInfinite(const TableFile& file, const ColumnContent& content, const std::string& column,
                 FindingList& findings) {
  FieldFindings(file.csv, findings)
      .Add(
          content.infinite,
          [&](const std::string& text) {
            return fmt::format("`{}` in column `{}` is infinite in single precision", text, column);
          },
          "give a finite number, or list it in `data.missing`");
}

// Texts in a column that must be numeric.
void AddTexts(const TableFile& file, const ColumnContent& content, const std::string& column,
              const std::string& why, const std::string& hint, FindingList& findings) {
  FieldFindings(file.csv, findings)
      .Add(
          content.texts,
          [&](const std::string& text) {
            return fmt::format("`{}` in column `{}` is not a number{}", text, column, why);
          },
          hint);
}

void AddMissing(const TableFile& file, const ColumnContent& content, const std::string& what,
                FindingList& findings) {
  FieldFindings(file.csv, findings)
      .Add(
          content.missing,
          [&](const std::string& text) {
            return text.empty() ? fmt::format("the {} is missing", what)
                                : fmt::format("the {} is missing: `{}`", what, text);
          },
          "fill it in or leave the row out");
}

void CheckWeights(const TableFile& file, FindingList& findings) {
  AddMissing(file, file.weight, "weight", findings);
  AddTexts(file, file.weight, file.csv.names[*file.roles.weight], "",
           "`data.weight` names a column of numbers", findings);
  AddInfinite(file, file.weight, file.csv.names[*file.roles.weight], findings);
  if (!findings.empty()) return;
  CheckWeightValues(file.weight.numbers, PlacesIn(file.csv, *file.roles.weight), findings);
}

// Of the upper bound, where missing and infinite mean the same: nothing is known.
void SettleLabelUpper(TableFile& file, FindingList& findings) {
  AddTexts(file, file.label_upper, file.csv.names[*file.roles.label_upper], "",
           "a bound is a number, `inf`, or missing where there is none", findings);
  if (!findings.empty()) return;
  for (float& upper : file.label_upper.numbers) {
    if (std::isnan(upper)) upper = std::numeric_limits<float>::infinity();
  }
  CheckLabelEnds(file.label.numbers, file.label_upper.numbers,
                 PlacesIn(file.csv, *file.roles.label_upper), findings);
}

void NoteUnknownCategories(const TableFile& file, const std::string& column,
                           const TextDictionary& dictionary, const std::vector<float>& codes,
                           std::size_t n_categories, Notices* notices) {
  // With a full list a text may have been known and left out.
  if (notices == nullptr || n_categories == static_cast<std::size_t>(kMaxCategories)) return;
  std::vector<std::string> unknown;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (std::isnan(codes[i])) unknown.push_back(dictionary.texts()[i]);
  }
  if (unknown.empty()) return;
  notices->push_back(fmt::format(
      "`{}`: {} categor{} of column `{}` not in the training data, read as missing: `{}`{}",
      file.csv.source->path(), unknown.size(), unknown.size() == 1 ? "y" : "ies", column,
      unknown[0], unknown.size() == 1 ? "" : ", ..."));
}

// Reads a file whose features, categories and classes are settled.
class SettledReader {
 public:
  SettledReader(const Schema& schema, const LabelCodes& codes, TextDictionary& groups,
                Notices* notices)
      : schema_(schema),
        codes_(codes),
        groups_(groups),
        notices_(notices),
        missing_(schema.missing) {}

  void Read(TableFile& file) {
    std::vector<TextDictionary> dictionaries(file.features.size());
    TextDictionary label_texts;
    Wishes wishes;
    for (std::size_t f = 0; f < file.features.size(); ++f) {
      wishes.Add(file.roles.features[f].column, IsCategorical(f) ? &dictionaries[f] : nullptr,
                 file.features[f]);
    }
    if (file.roles.label) {
      wishes.Add(*file.roles.label, codes_.by_text() ? &label_texts : nullptr, file.label);
    }
    if (file.roles.label_upper) {
      wishes.Add(*file.roles.label_upper, nullptr, file.label_upper);
    }
    if (file.roles.weight) wishes.Add(*file.roles.weight, nullptr, file.weight);
    if (file.roles.group) wishes.Add(*file.roles.group, &groups_, file.group);
    wishes.Fulfil(file, missing_);
    FindingList findings;
    CheckFeatures(file, findings);
    if (file.roles.label) EncodeLabel(file, label_texts, findings);
    if (file.roles.label_upper) SettleLabelUpper(file, findings);
    if (file.roles.weight) CheckWeights(file, findings);
    if (file.roles.group) AddMissing(file, file.group, "group", findings);
    findings.ThrowIfAny();
    EncodeCategories(file, dictionaries);
  }

  // Labels to class codes. `texts`: what the label's codes mean, when classes are texts.
  void EncodeLabel(TableFile& file, const TextDictionary& texts, FindingList& findings) const {
    const std::size_t column = *file.roles.label;
    const RowPlace place = PlacesIn(file.csv, column);
    AddMissing(file, file.label, "label", findings);
    AddInfinite(file, file.label, file.csv.names[column], findings);
    if (!codes_.by_text()) {
      AddTexts(file, file.label, file.csv.names[column],
               codes_.classes().empty() ? "" : ", as the classes of the training data are",
               "correct the label or leave the row out", findings);
      if (findings.empty()) codes_.Encode(file.label.numbers, place, findings);
      return;
    }
    const std::vector<int> codes = codes_.CodesOf(texts.texts());
    std::vector<bool> told(codes.size());
    for (std::size_t row = 0; row < file.label.codes.size(); ++row) {
      const std::int32_t text = file.label.codes[row];
      const auto at = static_cast<std::size_t>(std::max(text, 0));
      file.label.numbers.push_back(text < 0 ? -1.0F : static_cast<float>(codes[at]));
      if (text < 0 || codes[at] >= 0 || told[at]) continue;
      told[at] = true;
      codes_.AddUnknownClass(texts.texts()[at], texts.counts()[at],
                             findings.HasRoom() ? place(row) : Place{}, findings);
    }
  }

 private:
  bool IsCategorical(std::size_t f) const {
    return schema_.features[f].kind == ColumnKind::kCategorical;
  }

  void CheckFeatures(const TableFile& file, FindingList& findings) const {
    for (std::size_t f = 0; f < file.features.size(); ++f) {
      const std::string& name = schema_.features[f].name;
      AddTexts(file, file.features[f], name, ", and the column is numeric in the training data",
               "correct it, or list it in `data.missing`", findings);
      AddInfinite(file, file.features[f], name, findings);
    }
  }

  void EncodeCategories(TableFile& file, const std::vector<TextDictionary>& dictionaries) const {
    for (std::size_t f = 0; f < file.features.size(); ++f) {
      if (!IsCategorical(f)) continue;
      const FeatureSchema& feature = schema_.features[f];
      const std::vector<float> codes = CodesOf(dictionaries[f], feature.categories);
      NoteUnknownCategories(file, feature.name, dictionaries[f], codes, feature.categories.size(),
                            notices_);
      file.features[f].numbers = ValuesOf(file.features[f].codes, codes);
      file.features[f].codes = {};
    }
  }

  const Schema& schema_;
  const LabelCodes& codes_;
  TextDictionary& groups_;
  Notices* notices_;
  const MissingTexts missing_;
};

// Moves a file's columns behind the rows that `data` has.
void AppendFile(TableFile& file, Dataset& data) {
  const std::size_t n_before = data.n_rows;
  AddRows(data, file.n_rows, file.part);
  for (std::size_t f = 0; f < file.features.size(); ++f) {
    AppendColumn(file.features[f].numbers, data.values[f]);
  }
  if (file.roles.label) AppendColumn(file.label.numbers, data.label);
  if (file.roles.label_upper) AppendColumn(file.label_upper.numbers, data.label_upper);
  if (file.roles.weight) AppendColumn(file.weight.numbers, data.weight);
  if (file.roles.group) AppendColumn(file.group.codes, data.group);
  COPPICE_CHECK(data.n_rows == n_before + file.n_rows, "rows are added once");
}

// The way from train files to a schema.
class CsvDatasetReader {
 public:
  CsvDatasetReader(std::deque<DataSource>& sources, const ReadOptions& options, Notices* notices)
      : sources_(sources), options_(options), notices_(notices), missing_(options.missing) {}

  Dataset Read() {
    OpenFiles();
    GuessKinds();
    ReadTrain();
    CheckGuesses();
    SettleKinds();
    ReadTrainTexts();
    SettleSchema();
    SettledReader settled(schema_, label_codes_, groups_, notices_);
    FinishTrain(settled);
    for (TableFile& file : files_) {
      if (file.part != DataPart::kTrain) settled.Read(file);
    }
    Dataset data;
    data.values.resize(schema_.features.size());
    for (TableFile& file : files_) AppendFile(file, data);
    NumberGroups(data);
    data.schema = std::move(schema_);
    NoteDullColumns(data, notices_);
    return data;
  }

 private:
  void OpenFiles() {
    FindingList findings;
    KnownColumns known;
    for (DataSource& source : sources_) {
      TableFile& file = files_.emplace_back();
      file.part = source.part;
      const bool first = files_.size() == 1;
      file.csv = OpenCsv(source.text, missing_, first ? nullptr : &known, findings, notices_);
      if (first) {
        known = {file.csv.has_header, file.csv.names};
        findings.ThrowIfAny();
        file.roles = RolesOf(file.csv.names, file.csv.has_header, file.csv.source->path(), options_,
                             findings);
      } else {
        findings.ThrowIfAny();
        file.roles = RolesIn(file.csv, files_[0].roles, files_[0].csv, findings);
      }
      file.features.resize(file.roles.features.size());
    }
    findings.ThrowIfAny();
    dictionaries_.resize(files_[0].roles.features.size());
    categorical_.resize(dictionaries_.size());
  }

  template <typename Use>
  void ForTrain(Use use) {
    for (TableFile& file : files_) {
      if (file.part == DataPart::kTrain) use(file);
    }
  }

  // By the first rows: what is read as texts at once need not be read again.
  void GuessKinds() {
    const std::vector<FeatureColumn>& features = files_[0].roles.features;
    const std::vector<ColumnTaste> tastes = TasteColumns(files_[0].csv, missing_);
    guessed_.assign(features.size(), false);
    for (std::size_t f = 0; f < features.size(); ++f) {
      categorical_[f] = features[f].forced_categorical;
      const ColumnTaste& taste = tastes[features[f].column];
      guessed_[f] = !categorical_[f] && IsCategories(taste.n_numbers, taste.n_texts);
    }
    const std::optional<std::size_t>& label = files_[0].roles.label;
    label_has_text_ =
        label && options_.label_kind != LabelKind::kNumber && tastes[*label].n_texts > 0;
  }

  void ReadTrain() {
    ForTrain([&](TableFile& file) {
      Wishes wishes;
      for (std::size_t f = 0; f < file.features.size(); ++f) {
        wishes.Add(file.roles.features[f].column,
                   categorical_[f] || guessed_[f] ? &dictionaries_[f] : nullptr, file.features[f]);
      }
      if (file.roles.label) {
        wishes.Add(*file.roles.label, label_has_text_ ? &label_texts_ : nullptr, file.label);
      }
      if (file.roles.label_upper) {
        wishes.Add(*file.roles.label_upper, nullptr, file.label_upper);
      }
      if (file.roles.weight) wishes.Add(*file.roles.weight, nullptr, file.weight);
      if (file.roles.group) wishes.Add(*file.roles.group, &groups_, file.group);
      wishes.Fulfil(file, missing_);
    });
    label_was_text_ = label_has_text_;
  }

  // Guesses that all rows bear out stand. The others' columns are read once more, as numbers.
  void CheckGuesses() {
    for (std::size_t f = 0; f < guessed_.size(); ++f) {
      if (!guessed_[f]) continue;
      const ColumnTaste whole = TasteOf(dictionaries_[f]);
      categorical_[f] = IsCategories(whole.n_numbers, whole.n_texts);
      if (!categorical_[f]) dictionaries_[f] = {};
    }
    ForTrain([&](TableFile& file) {
      Wishes wishes;
      for (std::size_t f = 0; f < guessed_.size(); ++f) {
        if (guessed_[f] && !categorical_[f]) {
          wishes.Add(file.roles.features[f].column, nullptr, file.features[f]);
        }
      }
      if (!wishes.empty()) wishes.Fulfil(file, missing_);
    });
  }

  ColumnTaste TasteOf(const TextDictionary& dictionary) const {
    ColumnTaste taste;
    for (std::size_t i = 0; i < dictionary.texts().size(); ++i) {
      float value = 0;
      const FieldMeaning meaning = ReadNumber(dictionary.texts()[i], missing_, &value);
      (meaning == FieldMeaning::kText ? taste.n_texts : taste.n_numbers) += dictionary.counts()[i];
    }
    return taste;
  }

  // A column of numbers with a few texts is a slip of whoever made the file.
  bool IsCategories(std::size_t n_numbers, std::size_t n_texts) const {
    const bool slips = n_numbers >= 20 && n_numbers >= 19 * n_texts;
    return options_.categorical_auto && n_texts > 0 && !slips;
  }

  // Which columns of texts are categories, and which are numbers with a slip in them.
  void SettleKinds() {
    FindingList findings;
    late_.assign(categorical_.size(), false);
    for (std::size_t f = 0; f < categorical_.size(); ++f) {
      if (!categorical_[f]) SettleKind(f, findings);
    }
    ForTrain([&](TableFile& file) {
      if (file.roles.label) CheckTrainLabel(file, findings);
      if (file.roles.weight) CheckWeights(file, findings);
      if (file.roles.group) AddMissing(file, file.group, "group", findings);
    });
    findings.ThrowIfAny();
  }

  void SettleKind(std::size_t f, FindingList& findings) {
    std::size_t n_numbers = 0;
    std::size_t n_texts = 0;
    ForTrain([&](const TableFile& file) {
      n_numbers += file.features[f].n_numbers;
      n_texts += file.features[f].texts.count;
    });
    const std::string& name = files_[0].roles.features[f].name;
    if (IsCategories(n_numbers, n_texts)) {
      categorical_[f] = late_[f] = true;
      return;
    }
    const std::string why = options_.categorical_auto ? fmt::format("; {} of its {} values are",
                                                                    n_numbers, n_numbers + n_texts)
                                                      : "";
    ForTrain([&](const TableFile& file) {
      AddTexts(file, file.features[f], name, why,
               fmt::format("correct it, list it in `data.missing`, or list `{}` in "
                           "`data.categorical`",
                           name),
               findings);
      AddInfinite(file, file.features[f], name, findings);
    });
  }

  void CheckTrainLabel(const TableFile& file, FindingList& findings) {
    const std::string& name = file.csv.names[*file.roles.label];
    AddMissing(file, file.label, "label", findings);
    label_has_text_ |= file.label.texts.count > 0;
    if (options_.label_kind != LabelKind::kNumber) return;
    AddInfinite(file, file.label, name, findings);
    AddTexts(file, file.label, name, ", and this objective learns numbers",
             "choose a `binary:` or `multi:` objective, or another `data.label`", findings);
  }

  // A second pass, for columns that turned out to be texts.
  void ReadTrainTexts() {
    ForTrain([&](TableFile& file) {
      Wishes wishes;
      for (std::size_t f = 0; f < late_.size(); ++f) {
        if (late_[f]) {
          wishes.Add(file.roles.features[f].column, &dictionaries_[f], file.features[f]);
        }
      }
      if (label_has_text_ && !label_was_text_)
        wishes.Add(*file.roles.label, &label_texts_, file.label);
      if (!wishes.empty()) wishes.Fulfil(file, missing_);
    });
  }

  void SettleSchema() {
    const TableFile& first = files_[0];
    schema_.has_header = first.csv.has_header;
    schema_.missing = options_.missing;
    schema_.n_columns = static_cast<int>(first.csv.n_columns());
    for (std::size_t f = 0; f < categorical_.size(); ++f) {
      FeatureSchema& feature = schema_.features.emplace_back();
      feature.name = first.roles.features[f].name;
      feature.column = static_cast<int>(first.roles.features[f].column);
      if (!categorical_[f]) continue;
      feature.kind = ColumnKind::kCategorical;
      feature.categories = CategoriesOf(dictionaries_[f]);
      NoteManyCategories(feature.name, dictionaries_[f].texts().size());
    }
    const auto note = [&](std::optional<std::size_t> column, int* at, std::string* name) {
      if (!column) return;
      *at = static_cast<int>(*column);
      if (first.csv.has_header) *name = first.csv.names[*column];
    };
    note(first.roles.group, &schema_.group_column, &schema_.group);
    note(first.roles.label_upper, &schema_.label_upper_column, &schema_.label_upper);
    if (!first.roles.label) return;
    note(first.roles.label, &schema_.label_column, &schema_.label);
    SettleLabel();
    schema_.classes = label_codes_.classes();
  }

  void SettleLabel() {
    const CsvFile& csv = files_[0].csv;
    const std::string& name = csv.names[*files_[0].roles.label];
    const Place place{csv.source->path(), 0, 0, fmt::format("column {}", name)};
    if (label_has_text_) {
      label_codes_ = LabelCodes::FromTexts(options_.label_kind, label_texts_.texts(), place);
      return;
    }
    FindingList findings;
    std::vector<float> labels;
    ForTrain([&](const TableFile& file) {
      AddInfinite(file, file.label, name, findings);
      labels.insert(labels.end(), file.label.numbers.begin(), file.label.numbers.end());
    });
    findings.ThrowIfAny();
    label_codes_ = LabelCodes::FromNumbers(options_.label_kind, std::move(labels), place);
  }

  void NoteManyCategories(const std::string& column, std::size_t n) {
    if (notices_ == nullptr || n <= static_cast<std::size_t>(kMaxCategories)) return;
    notices_->push_back(
        fmt::format("column `{}` has {} categories; the {} most frequent are kept, the others are "
                    "read as missing",
                    column, n, kMaxCategories));
  }

  void FinishTrain(const SettledReader& settled) {
    FindingList findings;
    ForTrain([&](TableFile& file) {
      if (file.roles.label) settled.EncodeLabel(file, label_texts_, findings);
      if (file.roles.label_upper) SettleLabelUpper(file, findings);
      for (std::size_t f = 0; f < categorical_.size(); ++f) {
        if (!categorical_[f]) continue;
        const auto codes = CodesOf(dictionaries_[f], schema_.features[f].categories);
        file.features[f].numbers = ValuesOf(file.features[f].codes, codes);
        file.features[f].codes = {};
      }
    });
    findings.ThrowIfAny();
  }

  std::deque<DataSource>& sources_;
  const ReadOptions& options_;
  Notices* notices_;
  const MissingTexts missing_;
  std::deque<TableFile> files_;
  std::vector<TextDictionary> dictionaries_;  // [n_features], of the train files
  std::vector<bool> categorical_;             // [n_features]
  std::vector<bool> guessed_;                 // [n_features]: read as texts, by the first rows
  std::vector<bool> late_;                    // categorical, but read as numbers at first
  TextDictionary groups_;                     // of all files
  TextDictionary label_texts_;                // of the train files
  bool label_has_text_ = false;
  bool label_was_text_ = false;  // when it was read at first
  Schema schema_;
  LabelCodes label_codes_;
};

}  // namespace

Dataset ReadCsvDataset(std::deque<DataSource>& sources, const ReadOptions& options,
                       Notices* notices) {
  Dataset data = CsvDatasetReader(sources, options, notices).Read();
  CheckSomeWeight(data);
  return data;
}

Dataset ReadCsvWithSchema(TextFile& source, const Schema& schema, bool with_label, Notices* notices,
                          const std::optional<ColumnRef>& label) {
  const MissingTexts missing(schema.missing);
  FindingList findings;
  KnownColumns known{schema.has_header, {}};
  for (const FeatureSchema& feature : schema.features) known.names.push_back(feature.name);
  known.names.push_back(label ? ToText(*label) : schema.label);
  TableFile file;
  file.part = DataPart::kTest;
  file.csv = OpenCsv(source, missing, &known, findings, notices);
  findings.ThrowIfAny();
  file.roles = RolesBySchema(file.csv, schema, with_label, label, findings);
  findings.ThrowIfAny();
  file.features.resize(schema.features.size());
  const LabelCodes codes = LabelCodes::FromClasses(schema.classes);
  TextDictionary groups;
  SettledReader(schema, codes, groups, notices).Read(file);
  Dataset data;
  data.schema = schema;
  data.values.resize(schema.features.size());
  AppendFile(file, data);
  NumberGroups(data);
  return data;
}

}  // namespace coppice::trainer
