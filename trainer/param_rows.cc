#include "trainer/param_rows.h"

#include <type_traits>
#include <utility>

#include "trainer/objective/objective.h"
#include "trainer/param_values.h"

namespace coppice::trainer {
namespace {

using Row = ParamRow;

template <auto member>
EnumMember EnumMemberOf() {
  using Enum = std::remove_cvref_t<decltype(TrainParams().*member)>;
  return {[](const TrainParams& params) { return static_cast<std::size_t>(params.*member); },
          [](TrainParams& params, std::size_t at) { params.*member = static_cast<Enum>(at); }};
}

// As many as model files may have.
constexpr double kMostParallelTrees = 1 << 14;
// Seeds are whole numbers of a spec, so 63 bits; the largest double below 2^63.
constexpr double kMaxSeed = 9223372036854774784.0;

struct Bounds {
  double min;
  double max;
  bool min_open = false;
  bool whole = false;  // of the numbers in a list
};

Row Number(std::string name, std::vector<std::string> aliases, ParamMember member, Bounds bounds,
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

Row Word(std::string name, std::vector<std::string> words, ParamMember member, std::string what) {
  Row row;
  row.info.name = std::move(name);
  row.info.type = ParamType::kWord;
  row.info.words = std::move(words);
  row.info.what = std::move(what);
  row.member = member;
  return row;
}

Row List(std::string name, std::string form, ParamMember member, Bounds bounds, std::string what) {
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

std::vector<Row> GeneralRows() {
  using P = TrainParams;
  return {
      NotSearchable(Word("booster",
                         {WordOf(BoosterKind::kGbtree), WordOf(BoosterKind::kDart),
                          WordOf(BoosterKind::kGblinear)},
                         EnumMemberOf<&P::booster>(),
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
      Word("grow_policy", {"depthwise", "lossguide"}, EnumMemberOf<&P::grow_policy>(),
           "Which leaf is split next: the shallowest, or the one with the largest gain."),
      Number("min_child_weight", {}, &P::min_child_weight, {0, kNoMax},
             "The sum of second derivatives that each side of a split must reach."),
      Number("max_delta_step", {}, &P::max_delta_step, {0, kNoMax},
             "The largest absolute leaf value before `eta`; 0: no limit. `count:poisson` begins "
             "with 0.7."),
      Number("subsample", {}, &P::subsample, {0, 1, true},
             "The share of rows that each tree is grown on."),
      Word("sampling_method", {"uniform", "gradient_based"}, EnumMemberOf<&P::sampling_method>(),
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
      Word("sample_type", {"uniform", "weighted"}, EnumMemberOf<&P::sample_type>(),
           "Whether trees are dropped with the same chance or by their weights."),
      Word("normalize_type", {"tree", "forest"}, EnumMemberOf<&P::normalize_type>(),
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
           EnumMemberOf<&P::feature_selector>(),
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
                                         EnumMemberOf<&P::aft_distribution>(),
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
              Word("lambdarank_pair_method", {"topk", "mean"}, EnumMemberOf<&P::rank_pair_method>(),
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

}  // namespace

const std::vector<ParamRow>& ParamRows() {
  static const std::vector<ParamRow> rows = [] {
    std::vector<ParamRow> all = GeneralRows();
    for (const auto& part :
         {StepRows(), TreeRows(), DartRows(), LinearRows(), ObjectiveRows(), RankRows()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    const TrainParams defaults;
    for (ParamRow& row : all) row.info.default_value = ValueOf(defaults, row);
    return all;
  }();
  return rows;
}

const ParamRow* FindParamRow(const std::string& name) {
  for (const ParamRow& row : ParamRows()) {
    if (row.info.name == name) return &row;
    for (const std::string& alias : row.info.aliases) {
      if (alias == name) return &row;
    }
  }
  return nullptr;
}

}  // namespace coppice::trainer
