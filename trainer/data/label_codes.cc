#include "trainer/data/label_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "trainer/data/number_field.h"

namespace coppice::trainer {
namespace {

// A model has a tree a class and round; beyond this a label is a number or an id by mistake.
constexpr std::size_t kMaxClasses = 1000;

void CheckCount(LabelKind kind, const std::vector<std::string>& classes, const Place& place) {
  if (classes.size() == 1) {
    throw Error(ErrorKind::kData, fmt::format("the label is `{}` in every row", classes[0]), place,
                "a classifier needs rows of at least two classes");
  }
  if (kind == LabelKind::kBinary && classes.size() > 2) {
    throw Error(ErrorKind::kData,
                fmt::format("the label has {} classes, a binary objective takes two: {}",
                            classes.size(), ListWords(classes, 6)),
                place,
                "choose a `multi:` objective for classes or a `reg:` one for numbers, or another "
                "`data.label`");
  }
  if (classes.size() > kMaxClasses) {
    throw Error(ErrorKind::kData,
                fmt::format("the label has {} distinct values, at most {} can be classes",
                            classes.size(), kMaxClasses),
                place, "choose a `reg:` objective, or another `data.label`");
  }
}

template <typename T>
void SortUnique(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

}  // namespace

LabelCodes LabelCodes::FromNumbers(LabelKind kind, std::vector<float> labels, const Place& place) {
  LabelCodes codes;
  if (kind == LabelKind::kNumber || kind == LabelKind::kNone) return codes;
  // -0 is 0.
  for (float& label : labels) label += 0.0F;
  SortUnique(labels);
  const bool within = labels.front() >= 0 && labels.back() <= 1;
  const bool between =
      std::any_of(labels.begin(), labels.end(), [](float label) { return label > 0 && label < 1; });
  if (kind == LabelKind::kBinary && within && between && labels.size() > 1) return codes;
  codes.numbers_ = std::move(labels);
  for (const float number : codes.numbers_) codes.classes_.push_back(fmt::format("{}", number));
  CheckCount(kind, codes.classes_, place);
  return codes;
}

LabelCodes LabelCodes::FromTexts(LabelKind kind, std::vector<std::string> texts,
                                 const Place& place) {
  LabelCodes codes;
  codes.by_text_ = true;
  SortUnique(texts);
  codes.classes_ = std::move(texts);
  CheckCount(kind, codes.classes_, place);
  return codes;
}

LabelCodes LabelCodes::FromClasses(std::vector<std::string> classes) {
  LabelCodes codes;
  const MissingTexts none(std::vector<std::string>{});
  for (const std::string& text : classes) {
    float number = 0;
    codes.by_text_ |= ReadNumber(text, none, &number) != FieldMeaning::kNumber;
    codes.numbers_.push_back(number);
  }
  codes.by_text_ |= std::adjacent_find(codes.numbers_.begin(), codes.numbers_.end(),
                                       std::greater_equal<>()) != codes.numbers_.end();
  codes.classes_ = std::move(classes);
  return codes;
}

void LabelCodes::Encode(std::span<float> labels, const RowPlace& place,
                        FindingList& findings) const {
  if (classes_.empty()) return;
  // First row and number of rows of each unknown number.
  std::map<float, std::pair<std::size_t, std::size_t>> unknown;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const auto found = std::lower_bound(numbers_.begin(), numbers_.end(), labels[row]);
    if (found == numbers_.end() || *found != labels[row]) {
      ++unknown.emplace(labels[row], std::pair(row, std::size_t{0})).first->second.second;
    } else {
      labels[row] = static_cast<float>(found - numbers_.begin());
    }
  }
  for (const auto& [number, rows] : unknown) {
    AddUnknownClass(fmt::format("{}", number), rows.second,
                    findings.HasRoom() ? place(rows.first) : Place{}, findings);
  }
}

std::vector<int> LabelCodes::CodesOf(const std::vector<std::string>& texts) const {
  std::vector<int> codes;
  for (const std::string& text : texts) {
    const auto found = std::find(classes_.begin(), classes_.end(), text);
    codes.push_back(found == classes_.end() ? -1 : static_cast<int>(found - classes_.begin()));
  }
  return codes;
}

void LabelCodes::AddUnknownClass(std::string_view text, std::size_t n_rows, const Place& place,
                                 FindingList& findings) const {
  const std::string suggestion = SuggestWord(text, classes_);
  findings.Add(fmt::format("label `{}` ({} row{}) is no class of the training data: {}", text,
                           n_rows, n_rows == 1 ? "" : "s", ListWords(classes_, 6)),
               place, suggestion.empty() ? "correct the label or leave the row out" : suggestion);
}

}  // namespace coppice::trainer
