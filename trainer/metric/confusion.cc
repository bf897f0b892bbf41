// accuracy, balanced_accuracy, precision, recall, f1 and the macro means of the last three: what is
// read off the table of actual and predicted classes. One probability says 1 above 0.5; of several
// the largest says the class, the first of equal ones.

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "trainer/metric/kinds.h"

namespace coppice::trainer {
namespace {

// Weights of the rows of one class.
struct ClassRows {
  double actual = 0;
  double predicted = 0;
  double both = 0;

  bool is_present() const { return actual > 0.0 || predicted > 0.0; }
  // 0 where nothing is predicted: a model that dares nothing is no good one.
  double Precision() const { return predicted > 0.0 ? both / predicted : 0.0; }
  double Recall() const { return actual > 0.0 ? both / actual : 0.0; }
  double F1() const { return is_present() ? 2.0 * both / (actual + predicted) : 0.0; }
};

struct Rows {
  std::span<const float> predictions;
  std::span<const float> label;
  std::span<const float> weight;
  std::size_t n_outputs;
};

// One of two classes: a label between 0 and 1 is a row of both, by its share.
void CountTwo(const Rows& rows, std::vector<ClassRows>* classes) {
  for (std::size_t i = 0; i < rows.label.size(); ++i) {
    const double w = rows.weight.empty() ? 1.0 : double{rows.weight[i]};
    const double share[2] = {w * (1.0 - double{rows.label[i]}), w * double{rows.label[i]}};
    const std::size_t said = rows.predictions[i] > 0.5f ? 1 : 0;
    (*classes)[0].actual += share[0];
    (*classes)[1].actual += share[1];
    (*classes)[said].predicted += w;
    (*classes)[said].both += share[said];
  }
}

// False when a label is no class.
bool CountMany(const Rows& rows, std::vector<ClassRows>* classes) {
  for (std::size_t i = 0; i < rows.label.size(); ++i) {
    const float y = rows.label[i];
    if (!(y >= 0.0f && y < static_cast<float>(rows.n_outputs))) return false;
    const double w = rows.weight.empty() ? 1.0 : double{rows.weight[i]};
    const auto p = rows.predictions.subspan(i * rows.n_outputs, rows.n_outputs);
    const auto said = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
    const auto actual = static_cast<std::size_t>(y);
    (*classes)[actual].actual += w;
    (*classes)[said].predicted += w;
    if (said == actual) (*classes)[said].both += w;
  }
  return true;
}

// Empty where nothing can be counted.
std::vector<ClassRows> Count(const Rows& rows) {
  float check = 0;
  for (const float value : rows.predictions) check += value - value;
  if (check != 0.0f) return {};
  std::vector<ClassRows> classes(std::max<std::size_t>(2, rows.n_outputs));
  if (rows.n_outputs == 1) {
    CountTwo(rows, &classes);
  } else if (!CountMany(rows, &classes)) {
    return {};
  }
  double total = 0;
  for (const ClassRows& each : classes) total += each.actual;
  if (!(total > 0.0)) return {};
  return classes;
}

double Accuracy(const std::vector<ClassRows>& classes) {
  double both = 0;
  double total = 0;
  for (const ClassRows& each : classes) {
    both += each.both;
    total += each.actual;
  }
  return both / total;
}

// The mean of value(class) over the classes that wanted(class) holds for.
template <typename Wanted, typename Value>
double MeanOverClasses(const std::vector<ClassRows>& classes, Wanted wanted, Value value) {
  double sum = 0;
  double count = 0;
  for (const ClassRows& each : classes) {
    if (!wanted(each)) continue;
    sum += value(each);
    count += 1;
  }
  return sum / count;
}

double BalancedAccuracy(const std::vector<ClassRows>& classes) {
  return MeanOverClasses(
      classes, [](const ClassRows& c) { return c.actual > 0.0; },
      [](const ClassRows& c) { return c.Recall(); });
}

template <double (ClassRows::*value)() const>
double Macro(const std::vector<ClassRows>& classes) {
  return MeanOverClasses(
      classes, [](const ClassRows& c) { return c.is_present(); },
      [](const ClassRows& c) { return (c.*value)(); });
}

// Of the class 1. Not defined without rows of it.
template <double (ClassRows::*value)() const>
double OfPositives(const std::vector<ClassRows>& classes) {
  return classes[1].actual > 0.0 ? (classes[1].*value)() : kNotDefined;
}

struct Kind {
  std::string_view name;
  double (*value)(const std::vector<ClassRows>&);
};

constexpr Kind kKinds[] = {
    {"accuracy", Accuracy},
    {"balanced_accuracy", BalancedAccuracy},
    {"precision", OfPositives<&ClassRows::Precision>},
    {"recall", OfPositives<&ClassRows::Recall>},
    {"f1", OfPositives<&ClassRows::F1>},
    {"precision_macro", Macro<&ClassRows::Precision>},
    {"recall_macro", Macro<&ClassRows::Recall>},
    {"f1_macro", Macro<&ClassRows::F1>},
};

class Confusion : public Metric {
 public:
  explicit Confusion(const Kind& kind) : kind_(kind) {}

  std::string_view name() const override { return kind_.name; }
  bool maximize() const override { return true; }
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int n_outputs) const override {
    const auto outputs = static_cast<std::size_t>(n_outputs);
    COPPICE_CHECK(predictions.size() == label.size() * outputs, "one prediction a row and class");
    const std::vector<ClassRows> classes = Count({predictions, label, weight, outputs});
    return classes.empty() ? kNotDefined : kind_.value(classes);
  }

 private:
  const Kind& kind_;
};

}  // namespace

std::unique_ptr<Metric> MakeConfusion(std::string_view name) {
  for (const Kind& kind : kKinds) {
    if (kind.name == name) return std::make_unique<Confusion>(kind);
  }
  return nullptr;
}

}  // namespace coppice::trainer
