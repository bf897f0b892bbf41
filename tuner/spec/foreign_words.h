#pragma once
// What SageMaker, Optuna and scikit-learn call the fields and words of a spec: no typing mistakes,
// so that the message can say our word instead of guessing a similar one.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coppice::tuner {

struct ForeignWord {
  std::string_view word;
  std::string_view hint;
};

// What to do about a field of theirs, wherever it stands; nothing for any other name.
std::optional<std::string> ForeignFieldHint(std::string_view field);
// The same for a value: of a scale, a range's type, a metric, a strategy.
std::optional<std::string> ForeignValueHint(std::string_view value);

// Both tables, for the test that walks over them.
std::vector<ForeignWord> ForeignFields();
std::vector<ForeignWord> ForeignValues();

}  // namespace coppice::tuner
