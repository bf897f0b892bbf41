#include "trainer/params.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/text.h"
#include "trainer/foreign_params.h"
#include "trainer/objective/objective.h"

namespace coppice::trainer {
namespace {

// A member of an enum whose values stand in the order of the parameter's words.
struct Choice {
  std::size_t (*get)(const TrainParams&);
  void (*set)(TrainParams&, std::size_t);
};

template <auto member>
Choice ChoiceOf() {
  using Enum = std::remove_cvref_t<decltype(TrainParams().*member)>;
  return {[](const TrainParams& params) { return static_cast<std::size_t>(params.*member); },
          [](TrainParams& params, std::size_t at) { params.*member = static_cast<Enum>(at); }};
}

// Where a parameter lives. Nothing: a word that XGBoost has and that has one meaning here.
using Member =
    std::variant<std::monostate, int TrainParams::*, double TrainParams::*,
                 std::uint64_t TrainParams::*, std::string TrainParams::*, Choice,
                 std::optional<double> TrainParams::*, std::vector<double> TrainParams::*,
                 std::optional<int> TrainParams::*, bool TrainParams::*,
                 FeatureNumbers TrainParams::*, FeatureGroups TrainParams::*>;

struct Row {
  ParamInfo info;
  Member member;
};

constexpr double kNoMax = std::numeric_limits<double>::infinity();
// As many as model files may have.
constexpr double kMostParallelTrees = 1 << 14;
constexpr double kMaxInt = std::numeric_limits<int>::max();
// Seeds are whole numbers of a spec, so 63 bits; the largest double below 2^63.
constexpr double kMaxSeed = 9223372036854774784.0;

struct Bounds {
  double min;
  double max;
  bool min_open = false;
  bool whole = false;  // of the numbers in a list
};

Row Number(std::string name, std::vector<std::string> aliases, Member member, Bounds bounds,
           std::string what) {
  Row row;
  row.info.name = std::move(name);
  row.info.aliases = std::move(aliases);
  const bool whole = std::holds_alternative<int TrainParams::*>(member) ||
                     std::holds_alternative<std::optional<int> TrainParams::*>(member) ||
                     std::holds_alternative<bool TrainParams::*>(member) ||
                     std::holds_alternative<std::uint64_t TrainParams::*>(member);
  const bool several = std::holds_alternative<std::vector<double> TrainParams::*>(member);
  row.info.type = whole ? ParamType::kInt : several ? ParamType::kNumbers : ParamType::kFloat;
  row.info.min = bounds.min;
  row.info.max = bounds.max;
  row.info.min_open = bounds.min_open;
  row.info.what = std::move(what);
  row.member = member;
  return row;
}

Row Word(std::string name, std::vector<std::string> words, Member member, std::string what) {
  Row row;
  row.info.name = std::move(name);
  row.info.type = ParamType::kWord;
  row.info.words = std::move(words);
  row.info.what = std::move(what);
  row.member = member;
  return row;
}

Row List(std::string name, std::string form, Member member, Bounds bounds, std::string what) {
  Row row = Number(std::move(name), {}, member, bounds, std::move(what));
  row.info.type = ParamType::kList;
  row.info.whole = bounds.whole;
  row.info.form = std::move(form);
  row.info.searchable = false;
  row.info.search_hint = "it says what is known of the data; set it in `train`";
  return row;
}

Row OnlyFor(std::vector<std::string> objectives, Row row) {
  row.info.objectives = std::move(objectives);
  return row;
}

Row OnlyWith(std::vector<BoosterKind> boosters, Row row) {
  row.info.boosters = std::move(boosters);
  return row;
}

Row NotSearchable(Row row, std::string why) {
  row.info.searchable = false;
  row.info.search_hint = std::move(why);
  return row;
}

const std::vector<std::string>& BoosterWords() {
  static const std::vector<std::string> words = {"gbtree", "dart", "gblinear"};
  return words;
}

std::vector<Row> GeneralRows() {
  using P = TrainParams;
  return {
      NotSearchable(Word("booster", BoosterWords(), ChoiceOf<&P::booster>(),
                         "What a model is made of: trees, trees of which each round drops some "
                         "(`dart`), or a linear function (`gblinear`)."),
                    "they have other parameters; make a study of each"),
      NotSearchable(OnlyWith({BoosterKind::kGbtree, BoosterKind::kDart},
                             Word("tree_method", {"auto", "hist"}, {},
                                  "How trees are grown: on histograms.")),
                    "`auto` and `hist` mean the same; leave it out"),
      NotSearchable(
          Word("objective", ObjectiveNames(), &P::objective, "The loss that training makes small."),
          "it says what the study is for; set it in `train`"),
      NotSearchable(Number("num_class", {}, &P::num_class, {0, kMaxInt},
                           "How many classes `multi:*` has; 0: read off the label."),
                    "the data decides it; leave it out"),
      NotSearchable(Number("num_round", {"num_boost_round", "n_estimators"}, &P::num_round,
                           {1, kMaxInt}, "How many rounds to train at most."),
                    "rounds are free: each trial keeps its whole curve and its best round is read "
                    "off; set the largest number in `train`"),
      NotSearchable(Number("early_stopping_rounds", {}, &P::early_stopping_rounds, {0, kMaxInt},
                           "Stop after so many rounds without a better score; 0: never."),
                    "it saves time and is no property of the model; set it in `train`"),
      NotSearchable(Number("seed", {"random_state"}, &P::seed, {0, kMaxSeed},
                           "Names the random numbers of sampling, dropout and shuffling."),
                    "a lucky seed is no better model; set it in `train`"),
      NotSearchable(Number("base_score", {}, &P::base_score, {-kNoMax, kNoMax},
                           "The prediction before the first tree; absent: estimated from the "
                           "labels."),
                    "it is estimated from the labels; set it in `train` if you must"),
  };
}

// Of trees and of linear models.
std::vector<Row> StepRows() {
  using P = TrainParams;
  return {
      Number("eta", {"learning_rate"}, &P::eta, {0, 1},
             "The factor on what each round adds. `gblinear` begins with 0.5."),
      Number("lambda", {"reg_lambda"}, &P::lambda, {0, kNoMax},
             "The penalty on squares of leaf values (`gblinear`: of weights; it begins with 0)."),
      Number("alpha", {"reg_alpha"}, &P::alpha, {0, kNoMax},
             "The penalty on absolute leaf values (`gblinear`: weights)."),
  };
}

std::vector<Row> TreeRows() {
  using P = TrainParams;
  std::vector<Row> rows = {
      Number("gamma", {"min_split_loss"}, &P::gamma, {0, kNoMax},
             "The gain that a split must reach."),
      Number("max_depth", {}, &P::max_depth, {0, kMaxInt},
             "How deep a tree may grow; 0: no limit."),
      Number("max_leaves", {}, &P::max_leaves, {0, kMaxInt},
             "How many leaves a tree may have; 0: no limit."),
      Word("grow_policy", {"depthwise", "lossguide"}, ChoiceOf<&P::grow_policy>(),
           "Which leaf is split next: the shallowest, or the one with the largest gain."),
      Number("min_child_weight", {}, &P::min_child_weight, {0, kNoMax},
             "The sum of second derivatives that each side of a split must reach."),
      Number("max_delta_step", {}, &P::max_delta_step, {0, kNoMax},
             "The largest absolute leaf value before `eta`; 0: no limit. `count:poisson` begins "
             "with 0.7."),
      Number("subsample", {}, &P::subsample, {0, 1, true},
             "The share of rows that each tree is grown on."),
      Word("sampling_method", {"uniform", "gradient_based"}, ChoiceOf<&P::sampling_method>(),
           "Whether all rows have the same chance, or those of large gradients a larger one and "
           "less weight."),
      Number("colsample_bytree", {}, &P::colsample_bytree, {0, 1, true},
             "The share of columns that each tree may use."),
      Number("colsample_bylevel", {}, &P::colsample_bylevel, {0, 1, true},
             "The share of the tree's columns that each level may use."),
      Number("colsample_bynode", {}, &P::colsample_bynode, {0, 1, true},
             "The share of the level's columns that each split may use."),
      Number("num_parallel_tree", {}, &P::num_parallel_tree, {1, kMostParallelTrees},
             "How many trees a round grows at once for each output, each on a sample of its own."),
      NotSearchable(Number("max_bin", {}, &P::max_bin, {2, 256},
                           "How many histogram bins a numeric column gets at most."),
                    "all trials share one binned table; set it in `train`"),
      Number("max_cat_to_onehot", {}, &P::max_cat_to_onehot, {1, kMaxInt},
             "A categorical column with fewer categories is split one against the rest."),
      Number("max_cat_threshold", {}, &P::max_cat_threshold, {1, kMaxInt},
             "Where categories are split into sets, one of the two has fewer than so many."),
      List("monotone_constraints", R"(`[1, 0, -1]` or `{"age": 1}`)", &P::monotone_constraints,
           {.min = -1, .max = 1, .whole = true},
           "Features that the prediction may only rise with (1) or only fall with (-1)."),
      List("interaction_constraints", R"(`[["age", "fare"], ["sex"]]` or `[[0, 2], [1]]`)",
           &P::interaction_constraints, {0, kMaxInt},
           "Groups of features; only those of one group may meet on the way from the root to a "
           "leaf."),
      List("feature_weights", R"(`[1, 0.5, 2]` or `{"age": 2}`)", &P::feature_weights,
           {.min = 0, .max = kNoMax},
           "The chance of each feature, relative to the others, where `colsample_*` samples "
           "columns."),
  };
  for (Row& row : rows) row.info.boosters = {BoosterKind::kGbtree, BoosterKind::kDart};
  return rows;
}

std::vector<Row> DartRows() {
  using P = TrainParams;
  std::vector<Row> rows = {
      Word("sample_type", {"uniform", "weighted"}, ChoiceOf<&P::sample_type>(),
           "Whether trees are dropped with the same chance or by their weights."),
      Word("normalize_type", {"tree", "forest"}, ChoiceOf<&P::normalize_type>(),
           "Whether a new tree weighs as much as each dropped one or as all of them together."),
      Number("rate_drop", {}, &P::rate_drop, {0, 1},
             "The share of the earlier trees that a round drops."),
      Number("one_drop", {}, &P::one_drop, {0, 1},
             "1: a round drops at least one tree unless it skips dropping."),
      Number("skip_drop", {}, &P::skip_drop, {0, 1}, "The chance that a round drops no tree."),
  };
  for (Row& row : rows) row.info.boosters = {BoosterKind::kDart};
  return rows;
}

std::vector<Row> LinearRows() {
  using P = TrainParams;
  std::vector<Row> rows = {
      NotSearchable(
          Word("updater", {"coord_descent"}, {}, "How weights are found: one after the other."),
          "`coord_descent` is all that there is; leave it out"),
      Word("feature_selector", {"cyclic", "shuffle", "random", "greedy", "thrifty"},
           ChoiceOf<&P::feature_selector>(),
           "In which order a round visits the features: as they stand, shuffled, drawn with "
           "repetition, the one with the largest change next, or by their changes at the round's "
           "begin."),
      Number("top_k", {}, &P::top_k, {0, kMaxInt},
             "How many features a round visits (`greedy`, `thrifty`); 0: all."),
  };
  for (Row& row : rows) row.info.boosters = {BoosterKind::kGblinear};
  return rows;
}

std::vector<Row> ObjectiveRows() {
  using P = TrainParams;
  return {
      OnlyFor({"binary:logistic", "binary:logitraw"},
              Number("scale_pos_weight", {}, &P::scale_pos_weight, {0, kNoMax, true},
                     "The factor on the weight of rows with label 1 (`binary:logistic`, "
                     "`binary:logitraw`).")),
      NotSearchable(OnlyFor({"reg:pseudohubererror"},
                            Number("huber_slope", {}, &P::huber_slope, {0, kNoMax, true},
                                   "The error from which the loss grows like a line "
                                   "(`reg:pseudohubererror`).")),
                    "`mphe` of different slopes cannot be compared; set it in `train`"),
      NotSearchable(
          OnlyFor({"reg:tweedie"},
                  Number("tweedie_variance_power", {}, &P::tweedie_variance_power, {1, 2, true},
                         "The variance is the mean to this power, which must be below 2 "
                         "(`reg:tweedie`).")),
          "`tweedie-nloglik` of different powers cannot be compared; set it in `train`"),
      NotSearchable(
          OnlyFor({"survival:aft"}, Word("aft_loss_distribution", {"normal", "logistic", "extreme"},
                                         ChoiceOf<&P::aft_distribution>(),
                                         "How the logarithms of times spread (`survival:aft`).")),
          "scores of different distributions cannot be compared; set it in `train`"),
      NotSearchable(
          OnlyFor({"survival:aft"},
                  Number("aft_loss_distribution_scale", {}, &P::aft_scale, {0, kNoMax, true},
                         "How far the logarithms of times spread (`survival:aft`).")),
          "scores of different scales cannot be compared; set it in `train`"),
      NotSearchable(OnlyFor({"reg:quantileerror"},
                            Number("quantile_alpha", {}, &P::quantile_alpha, {0, 1},
                                   "The quantiles to predict: a number or a list, an output each "
                                   "(`reg:quantileerror`).")),
                    "scores of different quantiles cannot be compared; set it in `train`"),
  };
}

std::vector<Row> RankRows() {
  using P = TrainParams;
  const std::vector<std::string> all = {"rank:ndcg", "rank:map", "rank:pairwise"};
  const auto flag = [&](std::string name, bool P::*member, std::string what) {
    return OnlyFor(all, Number(std::move(name), {}, member, {0, 1}, std::move(what)));
  };
  return {
      OnlyFor(all,
              Word("lambdarank_pair_method", {"topk", "mean"}, ChoiceOf<&P::rank_pair_method>(),
                   "Which rows of a group are compared: the first ones with all behind them, "
                   "or each with some drawn at random (`rank:*`).")),
      OnlyFor(all, Number("lambdarank_num_pair_per_sample", {}, &P::rank_pairs, {1, kMaxInt},
                          "How many of the first rows, or how many drawn for each; absent: 32 and "
                          "1 (`rank:*`).")),
      flag("lambdarank_normalization", &P::rank_normalization,
           "1: the gradients of each group are scaled, 0: not (`rank:*`)."),
      flag("lambdarank_score_normalization", &P::rank_score_normalization,
           "1: a pair counts less the further apart its scores are, 0: not (`rank:*`)."),
      NotSearchable(flag("ndcg_exp_gain", &P::ndcg_exp_gain,
                         "1: a row of relevance r gains 2^r - 1, 0: it gains r (`rank:*`)."),
                    "`ndcg` of different gains cannot be compared; set it in `train`"),
  };
}

// Nothing when the parameter is unset.
std::optional<Value> Get(const TrainParams& params, const Row& row) {
  struct Getter {
    const TrainParams& params;
    const ParamInfo& info;
    std::optional<Value> operator()(std::monostate) const { return Value(info.words.back()); }
    std::optional<Value> operator()(int TrainParams::*m) const {
      return Value(std::int64_t{params.*m});
    }
    std::optional<Value> operator()(double TrainParams::*m) const { return Value(params.*m); }
    std::optional<Value> operator()(std::uint64_t TrainParams::*m) const {
      return Value(static_cast<std::int64_t>(params.*m));
    }
    std::optional<Value> operator()(std::string TrainParams::*m) const { return Value(params.*m); }
    std::optional<Value> operator()(const Choice& choice) const {
      return Value(info.words[choice.get(params)]);
    }
    std::optional<Value> operator()(FeatureNumbers TrainParams::*m) const {
      return (params.*m).empty() ? std::nullopt : std::optional<Value>(TextOf(params.*m));
    }
    std::optional<Value> operator()(FeatureGroups TrainParams::*m) const {
      return (params.*m).empty() ? std::nullopt : std::optional<Value>(TextOf(params.*m));
    }
    std::optional<Value> operator()(std::optional<double> TrainParams::*m) const {
      if (m == &TrainParams::max_delta_step) return Value(MaxDeltaStep(params));
      if (m == &TrainParams::eta) return Value(Eta(params));
      if (m == &TrainParams::lambda) return Value(Lambda(params));
      return (params.*m) ? std::optional<Value>(*(params.*m)) : std::nullopt;
    }
    std::optional<Value> operator()(std::optional<int> TrainParams::*m) const {
      return (params.*m) ? std::optional<Value>(std::int64_t{*(params.*m)}) : std::nullopt;
    }
    std::optional<Value> operator()(bool TrainParams::*m) const {
      return Value(std::int64_t{params.*m ? 1 : 0});
    }
    std::optional<Value> operator()(std::vector<double> TrainParams::*m) const {
      return Value(fmt::format("[{}]", fmt::join(params.*m, ",")));
    }
  };
  return std::visit(Getter{params, row.info}, row.member);
}

// Of a number, or of the text of a list.
std::optional<std::vector<double>> NumbersOf(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return ParseNumberList(*text);
  return std::vector<double>{AsDouble(value)};
}

void Set(TrainParams& params, const Row& row, const Value& value) {
  struct Setter {
    TrainParams& params;
    const ParamInfo& info;
    const Value& value;
    void operator()(std::monostate) const {}
    void operator()(int TrainParams::*m) const { params.*m = static_cast<int>(AsDouble(value)); }
    void operator()(double TrainParams::*m) const { params.*m = AsDouble(value); }
    void operator()(std::uint64_t TrainParams::*m) const {
      // Not by way of a double, which would round seeds above 2^53.
      const auto* whole = std::get_if<std::int64_t>(&value);
      params.*m =
          whole ? static_cast<std::uint64_t>(*whole) : static_cast<std::uint64_t>(AsDouble(value));
    }
    void operator()(std::string TrainParams::*m) const { params.*m = std::get<std::string>(value); }
    void operator()(const Choice& choice) const {
      const auto at = std::find(info.words.begin(), info.words.end(), std::get<std::string>(value));
      choice.set(params, static_cast<std::size_t>(at - info.words.begin()));
    }
    void operator()(std::optional<double> TrainParams::*m) const { params.*m = AsDouble(value); }
    void operator()(FeatureNumbers TrainParams::*m) const {
      params.*m = *FeatureNumbersFromText(std::get<std::string>(value));
    }
    void operator()(FeatureGroups TrainParams::*m) const {
      params.*m = *FeatureGroupsFromText(std::get<std::string>(value));
    }
    void operator()(std::optional<int> TrainParams::*m) const {
      params.*m = static_cast<int>(AsDouble(value));
    }
    void operator()(bool TrainParams::*m) const { params.*m = AsDouble(value) != 0; }
    void operator()(std::vector<double> TrainParams::*m) const { params.*m = *NumbersOf(value); }
  };
  std::visit(Setter{params, row.info, value}, row.member);
}

const std::vector<Row>& Rows() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> all = GeneralRows();
    for (const auto& part :
         {StepRows(), TreeRows(), DartRows(), LinearRows(), ObjectiveRows(), RankRows()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    const TrainParams defaults;
    for (Row& row : all) row.info.default_value = Get(defaults, row);
    return all;
  }();
  return rows;
}

const Row* FindRow(const std::string& name) {
  for (const Row& row : Rows()) {
    if (row.info.name == name) return &row;
    for (const std::string& alias : row.info.aliases) {
      if (alias == name) return &row;
    }
  }
  return nullptr;
}

bool IsWhole(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return true;
  const auto* real = std::get_if<double>(&value);
  return real != nullptr && std::isfinite(*real) && *real == std::floor(*real);
}

// "above 0 and at most 1", "from 0 to 1", "at least 0", "above 0".
std::string BoundsText(const ParamInfo& param) {
  const bool no_max =
      param.max == kNoMax || (param.type == ParamType::kInt && param.max >= kMaxInt);
  if (no_max) return fmt::format("{} {:g}", param.min_open ? "above" : "at least", param.min);
  if (param.min_open) return fmt::format("above {:g} and at most {:g}", param.min, param.max);
  return fmt::format("from {:g} to {:g}", param.min, param.max);
}

std::optional<ParamProblem> WordProblem(const ParamInfo& param, const Value& value) {
  const auto* word = std::get_if<std::string>(&value);
  if (word == nullptr) {
    return ParamProblem{
        fmt::format("`{}` must be a word, not the number `{}`", param.name, ToText(value)),
        fmt::format("use {}", ListWords(param.words))};
  }
  for (const std::string& known : param.words) {
    if (known == *word) return std::nullopt;
  }
  if (param.name == "objective") {
    if (const auto hint = ForeignObjectiveHint(*word)) {
      return ParamProblem{
          fmt::format("`{}` is an objective of XGBoost that coppice does not have yet", *word),
          hint->empty() ? "docs/spec.md lists those that it has" : *hint};
    }
  }
  if (param.name == "updater") {
    if (const auto hint = ForeignUpdaterHint(*word)) {
      return ParamProblem{
          fmt::format("`{}` is an updater of XGBoost that coppice does not have", *word), *hint};
    }
  }
  const std::string nearest = SuggestWord(*word, param.words);
  return ParamProblem{fmt::format("`{}` cannot be `{}`", param.name, *word),
                      nearest.empty() ? fmt::format("use {}", ListWords(param.words)) : nearest};
}

bool IsWithin(const ParamInfo& param, double number) {
  return (param.min_open ? number > param.min : number >= param.min) && number <= param.max;
}

std::optional<ParamProblem> NumberProblem(const ParamInfo& param, const Value& value) {
  if (const auto* word = std::get_if<std::string>(&value)) {
    double meant = 0;
    return ParamProblem{fmt::format("`{}` must be a number, not the word `{}`", param.name, *word),
                        ParseDouble(*word, &meant) ? "take the quotes away" : ""};
  }
  if (param.type == ParamType::kInt && !IsWhole(value)) {
    return ParamProblem{
        fmt::format("`{}` must be a whole number, not `{}`", param.name, ToText(value)), ""};
  }
  const double number = AsDouble(value);
  if (std::isfinite(number) && IsWithin(param, number)) return std::nullopt;
  if (param.type == ParamType::kInt && number > param.max && param.max >= kMaxInt) {
    return ParamProblem{fmt::format("`{}` is too large: `{}`", param.name, ToText(value)),
                        fmt::format("use at most {:.0f}", param.max)};
  }
  return ParamProblem{
      fmt::format("`{}` must be {}, not `{}`", param.name, BoundsText(param), ToText(value)),
      param.name == "max_bin" && number > param.max ? "coppice has at most 256 bins a column" : ""};
}

std::optional<ParamProblem> NumbersProblem(const ParamInfo& param, const FeatureNumbers& numbers) {
  std::vector<double> all = numbers.by_position;
  for (const auto& [name, number] : numbers.by_name) all.push_back(number);
  for (const double number : all) {
    if (IsWithin(param, number) && (!param.whole || number == std::floor(number))) continue;
    return ParamProblem{fmt::format("`{}` holds `{}`: its {}numbers must be {}", param.name, number,
                                    param.whole ? "whole " : "", BoundsText(param)),
                        ""};
  }
  return std::nullopt;
}

std::optional<ParamProblem> NumberListProblem(const ParamInfo& param, const Value& value) {
  const auto numbers = NumbersOf(value);
  if (!numbers) {
    return ParamProblem{fmt::format("`{}` must be a number or a list of numbers, not `{}`",
                                    param.name, ToText(value)),
                        "write `[0.1, 0.9]`"};
  }
  for (const double number : *numbers) {
    if (auto problem = NumberProblem(param, number)) return problem;
  }
  return std::nullopt;
}

std::optional<ParamProblem> ListProblem(const ParamInfo& param, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  const bool is_groups =
      std::holds_alternative<FeatureGroups TrainParams::*>(FindRow(param.name)->member);
  if (text != nullptr && is_groups && FeatureGroupsFromText(*text)) return std::nullopt;
  if (text != nullptr && !is_groups) {
    if (const auto numbers = FeatureNumbersFromText(*text)) return NumbersProblem(param, *numbers);
  }
  return ParamProblem{fmt::format("`{}` cannot be `{}`", param.name, ToText(value)),
                      "write it like " + param.form};
}

std::optional<ParamProblem> BaseScoreProblem(const TrainParams& params) {
  if (!params.base_score) return std::nullopt;
  const double score = *params.base_score;
  const bool logistic = params.objective == "binary:logistic" || params.objective == "reg:logistic";
  if (logistic && !(score > 0 && score < 1)) {
    return ParamProblem{fmt::format("`base_score` must be a probability above 0 and below 1 for "
                                    "`{}`, not `{}`",
                                    params.objective, ToText(score)),
                        "leave it out: it is estimated from the labels"};
  }
  const bool positive = params.objective == "count:poisson" || params.objective == "reg:gamma" ||
                        params.objective == "reg:tweedie" || params.objective == "survival:cox" ||
                        params.objective == "survival:aft";
  if (positive && !(score > 0)) {
    return ParamProblem{fmt::format("`base_score` must be above 0 for `{}`, not `{}`",
                                    params.objective, ToText(score)),
                        "leave it out: it is estimated from the labels"};
  }
  return std::nullopt;
}

}  // namespace

const std::vector<ParamInfo>& ParamTable() {
  static const std::vector<ParamInfo> table = [] {
    std::vector<ParamInfo> infos;
    for (const Row& row : Rows()) infos.push_back(row.info);
    return infos;
  }();
  return table;
}

const ParamInfo* FindParam(const std::string& name) {
  const Row* row = FindRow(name);
  return row == nullptr ? nullptr : &row->info;
}

std::optional<ParamProblem> NameProblem(const std::string& name) {
  if (FindRow(name) != nullptr) return std::nullopt;
  if (const auto hint = ForeignParamHint(name)) {
    return ParamProblem{
        fmt::format("`{}` is a parameter of XGBoost that coppice does not have yet", name), *hint};
  }
  std::vector<std::string> names;
  for (const Row& row : Rows()) {
    names.push_back(row.info.name);
    names.insert(names.end(), row.info.aliases.begin(), row.info.aliases.end());
  }
  std::string hint = SuggestWord(name, names);
  if (hint.empty()) hint = "the parameters are those of XGBoost; docs/spec.md lists them";
  return ParamProblem{fmt::format("unknown parameter `{}`", name), hint};
}

std::optional<ParamProblem> ValueProblem(const ParamInfo& param, const Value& value) {
  switch (param.type) {
    case ParamType::kWord:
      return WordProblem(param, value);
    case ParamType::kList:
      return ListProblem(param, value);
    case ParamType::kNumbers:
      return NumberListProblem(param, value);
    case ParamType::kInt:
    case ParamType::kFloat:
      return NumberProblem(param, value);
  }
  return std::nullopt;
}

ObjectiveSettings SettingsOf(const TrainParams& params) {
  return {.num_class = params.num_class,
          .scale_pos_weight = params.scale_pos_weight,
          .huber_slope = params.huber_slope,
          .tweedie_variance_power = params.tweedie_variance_power,
          .max_delta_step = MaxDeltaStep(params),
          .quantile_alpha = params.quantile_alpha,
          .aft_distribution = params.aft_distribution,
          .aft_scale = params.aft_scale,
          .rank = {.pair_method = params.rank_pair_method,
                   .pairs_per_sample = params.rank_pairs,
                   .normalization = params.rank_normalization,
                   .score_normalization = params.rank_score_normalization,
                   .exp_gain = params.ndcg_exp_gain}};
}

void SetParam(TrainParams& params, const std::string& name, const Value& value) {
  const Row* row = FindRow(name);
  COPPICE_CHECK(row != nullptr && !ValueProblem(row->info, value),
                "a parameter is checked before it is set");
  Set(params, *row, value);
}

std::map<std::string, Value> ParamValues(const TrainParams& params) {
  std::map<std::string, Value> values;
  for (const Row& row : Rows()) {
    if (auto value = Get(params, row)) values.emplace(row.info.name, std::move(*value));
  }
  return values;
}

std::optional<ParamProblem> CombinationProblem(const TrainParams& params) {
  if (params.max_depth == 0 && params.max_leaves == 0) {
    return ParamProblem{"`max_depth` and `max_leaves` are both 0, so a tree would have no limit",
                        "set one of them above 0"};
  }
  const bool multi = TargetOf(params.objective) == TargetKind::kMulticlass;
  if (multi && params.num_class == 1) {
    return ParamProblem{
        fmt::format("`num_class` must be at least 2 for `{}`, not `1`", params.objective),
        "leave it out: it is read off the label"};
  }
  if (!multi && params.num_class > 1) {
    return ParamProblem{fmt::format("`num_class` is `{}`, but `{}` has no classes to count",
                                    params.num_class, params.objective),
                        "leave it out, or use `multi:softprob`"};
  }
  for (const Row& row : Rows()) {
    if (Get(params, row) == row.info.default_value) continue;
    if (auto problem = MeaningProblem(row.info, params)) {
      return ParamProblem{std::move(*problem), "leave it out"};
    }
  }
  const bool selects = params.feature_selector == FeatureOrder::kGreedy ||
                       params.feature_selector == FeatureOrder::kThrifty;
  if (params.top_k > 0 && !selects) {
    return ParamProblem{
        "`top_k` has no meaning without the `feature_selector` `greedy` or `thrifty`",
        "leave it out, or set `feature_selector`"};
  }
  if (params.tweedie_variance_power >= 2) {
    return ParamProblem{"`tweedie_variance_power` must be below 2, not `2`",
                        "a power of 2 is `reg:gamma`"};
  }
  return BaseScoreProblem(params);
}

std::optional<std::string> MeaningProblem(const ParamInfo& param, const TrainParams& params) {
  const auto fits = [](const auto& list, const auto& one) {
    return list.empty() || std::find(list.begin(), list.end(), one) != list.end();
  };
  if (!fits(param.objectives, params.objective)) {
    return fmt::format("`{}` has no meaning for `{}`", param.name, params.objective);
  }
  // It is a part of this loss, whatever the booster.
  if (param.name == "max_delta_step" && params.objective == "count:poisson") return std::nullopt;
  if (!fits(param.boosters, params.booster)) {
    return fmt::format("`{}` has no meaning for the booster `{}`", param.name,
                       WordOf(params.booster));
  }
  return std::nullopt;
}

std::string WordOf(BoosterKind booster) {
  return BoosterWords()[static_cast<std::size_t>(booster)];
}

}  // namespace coppice::trainer
