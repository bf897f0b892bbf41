#include "tuner/report/answer_words.h"

#include <fmt/format.h>

#include "base/json.h"
#include "results/report/score_text.h"
#include "tuner/run/run_study.h"
#include "tuner/run/fold_words.h"

namespace coppice::tuner {
namespace {

constexpr study::TrialId kDefaultTrial{0};

// Trial 0's outcome, if it has a score and is the default configuration: trials that were taken
// over from an earlier study may come before that.
std::optional<study::Completed> DefaultOutcome(const results::TrialStore& store, const Spec& spec) {
  for (const study::Trial& trial : store.Trials()) {
    if (trial.id != kDefaultTrial || !trial.outcome) continue;
    if (!HasDefaultTrial({trial}, spec)) continue;
    const study::Completed* result = study::ResultOf(*trial.outcome);
    if (result != nullptr) return *result;
  }
  return std::nullopt;
}

// Ranges that were widened since may hold the default now, which trial 0 then still is not.
std::string DefaultName(const results::TrialStore& store, const Spec& spec) {
  const std::vector<study::Trial> trials = store.Trials();
  const bool is_whole = spec.MovedDefaults().empty() && !trials.empty() &&
                        trials.front().configuration == spec.DefaultConfiguration();
  return is_whole ? "the default configuration" : "trial 0, the default moved into the ranges";
}

}  // namespace

bool EndsAtRoundCap(const results::LeaderboardRow& best, const Spec& spec) {
  if (spec.is_external) return false;
  const trainer::TrainParams params = spec.ParamsFor(best.configuration);
  // A single training has as many rounds as it was given, unless it says otherwise.
  if (spec.search.empty() && params.early_stopping_rounds == 0) return false;
  return spec.StopsEarly(params) && results::IsAtRoundCap(best.round, params.num_round);
}

std::string RoundCapText(const results::LeaderboardRow& best, const Spec& spec) {
  const int cap = spec.ParamsFor(best.configuration).num_round;
  return fmt::format(
      "trial {} was still getting better at the cap of `num_round` (best round {} of {}): begin "
      "a study with more, as with `tune SPEC --name OTHER --set train.num_round={}`",
      study::ToIndex(best.trial), best.round, cap, std::int64_t{2} * cap);
}

std::optional<results::PairedGain> GainOverDefault(const results::TrialStore& store,
                                                   const Spec& spec,
                                                   const results::LeaderboardRow& best) {
  const auto by_default = DefaultOutcome(store, spec);
  if (best.trial == kDefaultTrial || !by_default) return std::nullopt;
  const std::vector<study::Curve> ours = store.Curves(best.trial);
  const std::vector<study::Curve> theirs = store.Curves(kDefaultTrial);
  return results::ComparePaired({ours, best.round}, {theirs, by_default->best_round}, spec.metric,
                                spec.goal, spec.split.overlap());
}

std::string GainText(const results::TrialStore& store, const Spec& spec,
                     const results::LeaderboardRow& best) {
  const auto by_default = DefaultOutcome(store, spec);
  if (!by_default) return {};
  const std::string name = DefaultName(store, spec);
  if (best.trial == kDefaultTrial) return fmt::format("nothing was better than {}", name);
  const std::string than = fmt::format("{} ({} {:.6g})", name, spec.metric, by_default->score);
  const auto paired = GainOverDefault(store, spec, best);
  if (!paired || !paired->std_error) {
    const double more = *best.score - by_default->score;
    return fmt::format("better than {} by {:.3g}", than,
                       spec.goal == study::Goal::kMaximize ? more : -more);
  }
  const std::string gain = results::ScoreText(paired->gain, paired->std_error, 3);
  const std::string folds = FoldsText(spec.split, paired->folds);
  if (paired->is_within_noise()) {
    return fmt::format("ahead of {} by {} over {}, which is within noise", than, gain, folds);
  }
  return fmt::format("better than {} by {} over {}", than, gain, folds);
}

std::optional<results::ConfirmedStudy> ConfirmedOf(const results::Leaderboard& board,
                                                   const results::TrialStore& store,
                                                   const Spec& spec) {
  return results::ConfirmedOf(board, HasDefaultTrial(store.Trials(), spec), spec.split.overlap());
}

std::string FreshGainText(const results::ConfirmedStudy& confirmed) {
  if (!confirmed.gain) return {};
  const results::PairedGain& gain = *confirmed.gain;
  if (!gain.std_error) return fmt::format("gain {:.3g} (one fold: no error is known)", gain.gain);
  std::string text = fmt::format("gain {:.3g} [{:.3g}, {:.3g}]", gain.gain,
                                 gain.gain - 2 * *gain.std_error, gain.gain + 2 * *gain.std_error);
  return gain.is_within_noise() ? text + ", no gain beyond noise" : text;
}

std::string ConfirmText(const results::ConfirmedStudy& confirmed) {
  const results::LeaderboardRow& winner = *confirmed.winner;
  std::string text =
      fmt::format("confirmed {} of {} trials on {} fresh fold{}: trial {} {} (search {:.6g})",
                  confirmed.n_confirmed, confirmed.n_scored, confirmed.n_folds,
                  confirmed.n_folds == 1 ? "" : "s", study::ToIndex(winner.trial),
                  results::ScoreText(winner.fresh->score, winner.fresh->std_error), *winner.score);
  if (confirmed.by_default == &winner) return text + ", the default: nothing was better";
  if (confirmed.by_default != nullptr) {
    text += fmt::format(", default {:.6g}", confirmed.by_default->fresh->score);
  }
  const std::string gain = FreshGainText(confirmed);
  return gain.empty() ? text : text + "; " + gain;
}

std::string MovedDefaultsText(const Spec& spec) {
  std::string text;
  for (const MovedDefault& moved : spec.MovedDefaults()) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {} -> {}", moved.parameter, ToText(moved.wanted), ToText(moved.used));
  }
  return text;
}

std::string WhyDefaultsMoved(const Spec& spec) {
  bool ends = false;
  bool steps = false;
  for (const MovedDefault& moved : spec.MovedDefaults()) {
    (moved.is_between_steps ? steps : ends) = true;
  }
  if (!steps) return "the ranges end there";
  return ends ? "the ranges end there, or their steps pass the value over"
              : "the steps of the ranges pass these values over";
}

Json MovedDefaultsJson(const Spec& spec) {
  Json json = Json::object();
  for (const MovedDefault& moved : spec.MovedDefaults()) {
    json[moved.parameter] = {{"default", coppice::ToJson(moved.wanted)},
                             {"used", coppice::ToJson(moved.used)}};
  }
  return json;
}

}  // namespace coppice::tuner
