#include "trainer/data/libsvm_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>

#include "trainer/data/dataset_parts.h"
#include "trainer/data/finding_list.h"
#include "trainer/data/label_codes.h"
#include "trainer/data/number_field.h"
#include "trainer/data/text_dictionary.h"

namespace coppice::trainer {
namespace {

// Columns are dense in memory; beyond this the index is a hash or a slip.
constexpr std::uint32_t kMaxIndex = 1'000'000;

struct Entry {
  std::uint32_t index;
  float value;
};

// Rows one after another. Borrows the source.
struct SparseFile {
  const TextSource* source = nullptr;
  DataPart part = DataPart::kTrain;
  std::vector<const char*> row_begin;    // [n_rows]
  std::vector<float> label;              // [n_rows]
  std::vector<std::int32_t> group;       // [n_rows] or empty
  std::vector<std::size_t> entry_begin;  // [n_rows + 1]
  std::vector<Entry> entries;
};

// One thread at a time.
class LibsvmParser {
 public:
  LibsvmParser(const TextSource& source, bool with_label, TextDictionary& groups,
               FindingList& findings)
      : source_(source), with_label_(with_label), groups_(groups), findings_(findings) {}

  SparseFile Parse() {
    file_.source = &source_;
    file_.entry_begin.push_back(0);
    std::string_view text = source_.text;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size() - 1);
      ParseLine(text.substr(0, end + 1));
      text.remove_prefix(end + 1);
    }
    CheckGroups();
    if (file_.label.empty() && findings_.empty()) {
      Add("the file has no rows", source_.text.data(), "a row is `label index:value ...`");
    }
    return std::move(file_);
  }

 private:
  void ParseLine(std::string_view line) {
    line = line.substr(0, line.find('#'));
    std::string_view token = NextToken(line);
    if (token.empty()) return;
    file_.row_begin.push_back(token.data());
    // Without need of a label it may be left out.
    const bool has_label = with_label_ || token.find(':') == std::string_view::npos;
    file_.label.push_back(has_label && with_label_ ? ParseLabel(token) : 0.0F);
    if (has_label) token = NextToken(line);
    if (token.starts_with("qid:")) {
      file_.group.push_back(groups_.Add(token.substr(4)));
      token = NextToken(line);
    }
    for (; !token.empty(); token = NextToken(line)) ParseEntry(token);
    CheckRepeats(file_.row_begin.back());
    file_.entry_begin.push_back(file_.entries.size());
  }

  static std::string_view NextToken(std::string_view& line) {
    const std::size_t begin = std::min(line.find_first_not_of(" \t\r\n"), line.size());
    line.remove_prefix(begin);
    const std::string_view token = line.substr(0, line.find_first_of(" \t\r\n"));
    line.remove_prefix(token.size());
    return token;
  }

  float ParseLabel(std::string_view token) {
    float label = 0;
    if (ReadNumber(token, missing_, &label) == FieldMeaning::kNumber) return label;
    Add(fmt::format("label `{}` is not a finite number", token), token.data(),
        "a row is `label index:value ...`");
    return kMissingValue;
  }

  void ParseEntry(std::string_view token) {
    const std::size_t colon = token.find(':');
    Entry entry{};
    const char* const end = token.data() + std::min(colon, token.size());
    const auto [stop, code] = std::from_chars(token.data(), end, entry.index);
    if (colon == std::string_view::npos || stop != end || code != std::errc()) {
      Add(fmt::format("`{}` is no `index:value`", token), token.data(),
          "the index is a whole number, 0 or more");
      return;
    }
    if (entry.index > kMaxIndex) {
      Add(fmt::format("index {} is too large", entry.index), token.data(),
          fmt::format("indexes go to {}: number the features without gaps", kMaxIndex));
      return;
    }
    const std::string_view value = token.substr(colon + 1);
    const FieldMeaning meaning = ReadNumber(value, missing_, &entry.value);
    if (meaning == FieldMeaning::kMissing) return;
    if (meaning != FieldMeaning::kNumber) {
      Add(fmt::format("`{}` of feature {} is not a finite number", value, entry.index),
          value.data(), "leave the feature out of the row where it is not known");
      return;
    }
    file_.entries.push_back(entry);
  }

  void CheckRepeats(const char* row) {
    const auto begin =
        file_.entries.begin() + static_cast<std::ptrdiff_t>(file_.entry_begin.back());
    const auto by_index = [](const Entry& a, const Entry& b) { return a.index < b.index; };
    std::stable_sort(begin, file_.entries.end(), by_index);
    const auto repeat =
        std::adjacent_find(begin, file_.entries.end(),
                           [](const Entry& a, const Entry& b) { return a.index == b.index; });
    if (repeat == file_.entries.end()) return;
    Add(fmt::format("feature {} stands twice in this row", repeat->index), row,
        "give each index once a row");
  }

  void CheckGroups() {
    if (file_.group.empty() || file_.group.size() == file_.label.size()) return;
    Add(fmt::format("{} of {} rows have a `qid`", file_.group.size(), file_.label.size()),
        source_.text.data(), "give every row one, or none");
  }

  void Add(std::string message, const char* at, std::string hint) {
    const bool room = findings_.HasRoom();
    findings_.Add(std::move(message), room ? source_.PlaceOf(at) : Place{}, std::move(hint));
  }

  const TextSource& source_;
  const bool with_label_;
  TextDictionary& groups_;
  FindingList& findings_;
  // Words such as NA have no place here: what is not known is left out.
  const MissingTexts missing_{std::vector<std::string>{}};
  SparseFile file_;
};

// Feature of an index, or none.
using FeatureOfIndex = std::unordered_map<std::uint32_t, std::size_t>;

RowPlace PlacesIn(const SparseFile& file) {
  return [&file](std::size_t row) { return file.source->PlaceOf(file.row_begin[row]); };
}

// Adds the file's rows to `data`, whose schema is settled.
void Append(const SparseFile& file, const FeatureOfIndex& features, Dataset& data,
            Notices* notices) {
  const std::size_t first = data.n_rows;
  AddRows(data, file.label.size(), file.part);
  for (std::vector<float>& column : data.values) column.resize(data.n_rows, kMissingValue);
  std::set<std::uint32_t> unknown;
  for (std::size_t row = 0; row < file.label.size(); ++row) {
    for (std::size_t i = file.entry_begin[row]; i < file.entry_begin[row + 1]; ++i) {
      const auto found = features.find(file.entries[i].index);
      if (found == features.end()) {
        unknown.insert(file.entries[i].index);
      } else {
        data.values[found->second][first + row] = file.entries[i].value;
      }
    }
  }
  if (file.part == DataPart::kTrain || unknown.empty() || notices == nullptr) return;
  notices->push_back(fmt::format("`{}`: {} feature{} not in the training data left out: `f{}`{}",
                                 file.source->path, unknown.size(), unknown.size() == 1 ? "" : "s",
                                 *unknown.begin(), unknown.size() == 1 ? "" : ", ..."));
}

void CheckOptions(const TextSource& source, const ReadOptions& options, FindingList& findings) {
  const auto refuse = [&](const char* option, const char* hint) {
    findings.Add(fmt::format("`data.{}` does not apply to LibSVM files", option),
                 options.PlaceOf(option, source.path), hint);
  };
  if (options.label && *options.label != ColumnRef(std::int64_t{0})) {
    refuse("label", "the label is the first word of each line: leave the option out");
  }
  if (options.weight) refuse("weight", "use CSV for weights");
  if (options.label_upper) refuse("label_upper_bound", "use CSV for labels between two numbers");
  if (options.group) refuse("group", "write `qid:N` behind each label");
  if (!options.categorical.empty()) refuse("categorical", "use CSV for categories");
}

// The indexes that `ignore` names, as `f3` or 3.
std::set<std::uint32_t> IgnoredIndexes(const TextSource& source, const ReadOptions& options,
                                       std::uint32_t max, FindingList& findings) {
  std::set<std::uint32_t> ignored;
  for (const ColumnRef& ref : options.ignore) {
    const std::string text = ToText(ref);
    const std::string_view digits =
        std::string_view(text).substr(IsNumber(ref) || !text.starts_with('f') ? 0 : 1);
    std::uint32_t index = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, code] = std::from_chars(digits.data(), end, index);
    if (stop == end && code == std::errc() && index <= max) {
      ignored.insert(index);
    } else {
      findings.Add(
          fmt::format("`data.ignore` names `{}`, which is no feature of `{}`", text, source.path),
          options.PlaceOf("ignore", source.path), fmt::format("features are `f0` to `f{}`", max));
    }
  }
  return ignored;
}

struct IndexRange {
  std::uint32_t first = 1;
  std::uint32_t last = 0;
};

IndexRange RangeOf(const std::deque<SparseFile>& files) {
  IndexRange range;
  for (const SparseFile& file : files) {
    if (file.part != DataPart::kTrain) continue;
    for (const Entry& entry : file.entries) {
      range.first = std::min(range.first, entry.index);
      range.last = std::max(range.last, entry.index);
    }
  }
  return range;
}

LabelCodes CodesOf(const std::deque<SparseFile>& files, LabelKind kind) {
  std::vector<float> labels;
  for (const SparseFile& file : files) {
    if (file.part != DataPart::kTrain) continue;
    labels.insert(labels.end(), file.label.begin(), file.label.end());
  }
  return LabelCodes::FromNumbers(kind, std::move(labels), {files[0].source->path, 0, 0, {}});
}

// Labels and groups behind those that `data` has.
void AppendRowColumns(SparseFile& file, const LabelCodes& codes, bool with_label, bool with_group,
                      Dataset& data, FindingList& findings) {
  if (with_label) {
    codes.Encode(file.label, PlacesIn(file), findings);
    AppendColumn(file.label, data.label);
  }
  if (with_group) AppendColumn(file.group, data.group);
}

void CheckSameGroups(const std::deque<SparseFile>& files, FindingList& findings) {
  for (const SparseFile& file : files) {
    if (file.group.empty() == files[0].group.empty()) continue;
    findings.Add(fmt::format("only one of `{}` and `{}` has `qid`", files[0].source->path,
                             file.source->path),
                 {file.source->path, 0, 0, {}}, "give the rows of every file one, or none");
  }
}

}  // namespace

Dataset ReadLibsvmDataset(const std::deque<DataSource>& sources, const ReadOptions& options,
                          Notices* notices) {
  FindingList findings;
  std::deque<TextSource> texts;
  for (const DataSource& source : sources) texts.push_back(LoadText(source.text));
  CheckOptions(texts[0], options, findings);
  const bool with_label = options.label_kind != LabelKind::kNone;
  TextDictionary groups;
  std::deque<SparseFile> files;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    files.push_back(LibsvmParser(texts[i], with_label, groups, findings).Parse());
    files.back().part = sources[i].part;
  }
  CheckSameGroups(files, findings);
  findings.ThrowIfAny();
  const IndexRange range = RangeOf(files);
  const auto ignored = IgnoredIndexes(texts[0], options, range.last, findings);
  Dataset data;
  data.schema.has_header = false;
  data.schema.missing = options.missing;
  FeatureOfIndex features;
  for (std::uint32_t index = range.first; index <= range.last; ++index) {
    if (ignored.contains(index)) continue;
    features[index] = data.schema.features.size();
    data.schema.features.emplace_back().name = fmt::format("f{}", index);
  }
  if (features.empty()) {
    findings.Add(fmt::format("no row of `{}` has a feature", texts[0].path),
                 {texts[0].path, 0, 0, {}}, "a row is `label index:value ...`");
  }
  findings.ThrowIfAny();
  const LabelCodes codes = CodesOf(files, options.label_kind);
  data.schema.classes = codes.classes();
  data.values.resize(features.size());
  for (SparseFile& file : files) {
    Append(file, features, data, notices);
    AppendRowColumns(file, codes, with_label, !file.group.empty(), data, findings);
  }
  findings.ThrowIfAny();
  NumberGroups(data);
  NoteDullColumns(data, notices);
  return data;
}

Dataset ReadLibsvmWithSchema(const TextSource& source, const Schema& schema, bool with_label,
                             Notices* notices) {
  FindingList findings;
  FeatureOfIndex features;
  for (std::size_t f = 0; f < schema.features.size(); ++f) {
    const std::string& name = schema.features[f].name;
    std::uint32_t index = 0;
    const char* const end = name.data() + name.size();
    const char* const digits = name.data() + (name.starts_with('f') ? 1 : 0);
    const auto [stop, code] = std::from_chars(digits, end, index);
    if (digits == name.data() || stop != end || code != std::errc() ||
        schema.features[f].kind != ColumnKind::kNumeric) {
      findings.Add(fmt::format("feature `{}` of the model has no index in a LibSVM file", name),
                   {source.path, 0, 0, {}}, "give the rows as CSV with a header");
      continue;
    }
    features[index] = f;
  }
  findings.ThrowIfAny();
  TextDictionary groups;
  SparseFile file = LibsvmParser(source, with_label, groups, findings).Parse();
  file.part = DataPart::kTest;
  findings.ThrowIfAny();
  Dataset data;
  data.schema = schema;
  data.values.resize(schema.features.size());
  Append(file, features, data, notices);
  const LabelCodes codes = LabelCodes::FromClasses(schema.classes);
  if (with_label && codes.by_text()) {
    findings.Add("the model's classes are texts, a LibSVM file has numbers",
                 {source.path, 0, 0, {}}, "give the rows as CSV");
    findings.ThrowIfAny();
  }
  AppendRowColumns(file, codes, with_label, !file.group.empty(), data, findings);
  findings.ThrowIfAny();
  NumberGroups(data);
  return data;
}

}  // namespace coppice::trainer
