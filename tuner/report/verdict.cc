#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "results/report/score_text.h"
#include "results/store/lease.h"
#include "tuner/report/answer_words.h"
#include "tuner/report/contenders.h"
#include "tuner/report/parts.h"
#include "tuner/run/fold_words.h"

namespace coppice::tuner {
namespace {

std::string Capital(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

// "1 trial", "2 trials".
std::string Count(int n, const std::string& noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string BestSentence(const results::LeaderboardRow& best, const Spec& spec) {
  const std::string score = results::ScoreText(*best.score, best.std_error);
  std::string text =
      spec.search.empty()
          ? fmt::format("The training has {} {}", spec.metric, score)
          : fmt::format("Trial {} is the best{}: {} {}", study::ToIndex(best.trial),
                        best.fresh ? " by all folds, old and fresh" : "", spec.metric, score);
  if (best.replicates > 1) {
    text += fmt::format(" (mean and standard error of {} runs)", best.replicates);
  } else if (best.std_error && !spec.is_external) {
    text += fmt::format(" (standard error over {})", FoldsText(spec.split));
  }
  if (best.round > 0) text += fmt::format(", reached with {}", Count(best.round, "round"));
  if (best.state != study::TrialState::kCompleted) {
    text += fmt::format("; it is {}, and this is what it had reached", study::ToText(best.state));
  }
  return text + ".";
}

std::string TestSentence(const Json& test, std::size_t n_test_rows) {
  std::string scores;
  for (const auto& [metric, value] : test.items()) {
    if (!value.is_number()) continue;
    scores += fmt::format("{}{} {:.5g}", scores.empty() ? "" : ", ", metric, value.get<double>());
  }
  const std::string rows =
      n_test_rows > 0 ? fmt::format("{} test rows", n_test_rows) : std::string("test rows");
  return fmt::format("On the {}, which no trial has seen, its model has {}.", rows, scores);
}

std::string GainSentence(const std::string& gain) {
  if (gain.starts_with("better") || gain.starts_with("ahead")) return "It is " + gain + ".";
  return Capital(gain) + ".";
}

// Where trials were confirmed: the score to believe, and the gain over the default there.
std::string FreshSentence(const results::ConfirmedStudy& confirmed, const Spec& spec) {
  const results::LeaderboardRow& winner = *confirmed.winner;
  std::string text = fmt::format(
      "The {} best of {} trials were scored again on {} fresh fold{} that the search has not seen: "
      "the winner has {} {} there, which is the score to believe",
      confirmed.n_confirmed, confirmed.n_scored, confirmed.n_folds,
      confirmed.n_folds == 1 ? "" : "s", spec.metric,
      results::ScoreText(winner.fresh->score, winner.fresh->std_error));
  if (confirmed.by_default == &winner) {
    return text + ". It is the default configuration: nothing was better.";
  }
  if (confirmed.by_default != nullptr) {
    text +=
        fmt::format(", and the default configuration {:.5g}", confirmed.by_default->fresh->score);
  }
  const std::string gain = FreshGainText(confirmed);
  return gain.empty() ? text + "." : text + ": " + gain + ".";
}

// By the error of the best score alone, where there are no folds to compare: those of another
// program's trials.
std::vector<study::TrialId> UnpairedTies(const results::Leaderboard& board,
                                         const results::LeaderboardRow& best) {
  std::vector<study::TrialId> ties;
  for (const results::LeaderboardRow& row : board.rows) {
    if (!row.score || row.trial == best.trial) continue;
    if (std::abs(*row.score - *best.score) <= *best.std_error) ties.push_back(row.trial);
  }
  return ties;
}

// The trial with the fewest rounds among `ties`, of equal ones the best; null if there is none. Of
// one that was stopped nobody knows what so few rounds are worth on all folds.
const results::LeaderboardRow* SmallestOf(const results::Leaderboard& board,
                                          const std::vector<study::TrialId>& ties) {
  const std::set<study::TrialId> tied(ties.begin(), ties.end());
  const results::LeaderboardRow* small = nullptr;
  for (const results::LeaderboardRow& row : board.rows) {
    if (!tied.contains(row.trial) || row.state == study::TrialState::kPruned) continue;
    if (small == nullptr || row.round < small->round) small = &row;
  }
  return small;
}

// Trials that the best one cannot be told from by one standard error, and what to make of it.
std::string TiesSentence(const results::Leaderboard& board, const results::LeaderboardRow& best,
                         const std::optional<std::vector<study::TrialId>>& paired, Json* numbers) {
  if (!best.std_error) return {};
  const std::vector<study::TrialId> tied = paired ? *paired : UnpairedTies(board, best);
  const std::size_t ties = tied.size();
  (*numbers)["ties"] = ties;
  const std::string how = paired ? ", compared fold by fold" : "";
  if (ties == 0) return fmt::format("No other trial lies within one standard error of it{}.", how);
  std::string text = fmt::format(
      "{} within one standard error of it{}",
      ties == 1 ? "One other trial lies" : fmt::format("{} other trials lie", ties), how);
  const results::LeaderboardRow* small = SmallestOf(board, tied);
  if (small == nullptr || small->round >= best.round) {
    return text + ", so that its lead may be luck.";
  }
  (*numbers)["smallest_tie"] = study::ToIndex(small->trial);
  return text + fmt::format("; the smallest model among them is that of trial {}, {} ({:.6g}).",
                            study::ToIndex(small->trial), Count(small->round, "round"),
                            *small->score);
}

std::map<study::TrialState, int> CountStates(const std::vector<study::Trial>& trials) {
  std::map<study::TrialState, int> counts;
  for (const study::Trial& trial : trials) ++counts[trial.state];
  return counts;
}

std::string TrialsSentence(const ReportFacts& facts) {
  std::string states;
  for (const auto& [state, count] : CountStates(facts.trials)) {
    states += fmt::format("{}{} {}", states.empty() ? "" : ", ", count, study::ToText(state));
  }
  if (states.empty()) return "No trial has begun yet.";
  return fmt::format("{} in {}: {}.", Count(static_cast<int>(facts.trials.size()), "trial"),
                     FormatSeconds(facts.seconds), states);
}

std::string EndSentence(const ReportFacts& facts) {
  int pid = 0;
  if (results::Lease::IsHeld(facts.input.folder.path, &pid)) {
    return "The study was still running when this page was made.";
  }
  if (!facts.timeline.stopped.empty()) {
    std::string text = facts.timeline.stopped;
    if (text.ends_with('.')) text.pop_back();
    // "The limit ...", but not "NaN ...".
    if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1]))) {
      text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    }
    return fmt::format("The study has stopped: {}.", text);
  }
  if (facts.input.spec.is_external) return "The study is open: further trials may come.";
  return fmt::format("The study was interrupted; `coppice resume {}` goes on with it.",
                     facts.input.spec.name);
}

Json BestJson(const results::LeaderboardRow& best) {
  return {{"trial", study::ToIndex(best.trial)},
          {"score", Short(best.score)},
          {"se", Short(best.std_error)},
          {"round", best.round},
          {"fresh", best.fresh ? Short(best.fresh->score) : Json()},
          {"fresh_se", best.fresh ? Short(best.fresh->std_error) : Json()},
          {"text", results::ScoreText(*best.score, best.std_error)}};
}

// Against trial 0; absent where trial 0 has no score or is the best.
void AddGain(const ReportFacts& facts, const results::LeaderboardRow& best, Json* numbers) {
  const auto confirmed = ConfirmedOf(facts.board, facts.input.store, facts.input.spec);
  const auto paired =
      confirmed ? confirmed->gain : GainOverDefault(facts.input.store, facts.input.spec, best);
  if (!paired) return;
  (*numbers)["gain"] = {{"gain", Short(paired->gain)},
                        {"se", Short(paired->std_error)},
                        {"folds", paired->folds},
                        {"within_noise", paired->is_within_noise()},
                        {"text", results::ScoreText(paired->gain, paired->std_error, 3)}};
}

}  // namespace

void AddVerdict(const ReportFacts& facts, std::size_t n_test_rows, Json* report) {
  const Spec& spec = facts.input.spec;
  Json sentences = Json::array();
  Json numbers = Json::object();
  numbers["states"] = Json::object();
  for (const auto& [state, count] : CountStates(facts.trials)) {
    numbers["states"][study::ToText(state)] = count;
  }
  numbers["seconds"] = Short(facts.seconds);
  numbers["time"] = FormatSeconds(facts.seconds);
  const results::LeaderboardRow* best = facts.board.best();
  if (best == nullptr) {
    sentences.push_back("No trial has a score.");
  } else {
    numbers["best"] = BestJson(*best);
    sentences.push_back(BestSentence(*best, spec));
    if (facts.best_file.contains("test")) {
      const Json& test = facts.best_file["test"];
      numbers["test"] = test;
      sentences.push_back(TestSentence(test, n_test_rows));
    }
  }
  if (best != nullptr && facts.trials.size() > 1) {
    AddGain(facts, *best, &numbers);
    const std::string gain = GainText(facts.input.store, spec, *best);
    if (const auto confirmed = ConfirmedOf(facts.board, facts.input.store, spec)) {
      sentences.push_back(FreshSentence(*confirmed, spec));
    } else if (!gain.empty()) {
      sentences.push_back(GainSentence(gain));
    }
    const Contenders contenders = ReadContenders(facts.input.store, spec, facts.board);
    const auto paired = TiesOf(contenders, spec);
    // Where fresh folds chose another than the first, its ties in the old ones say little.
    if (paired || best->trial == facts.board.rows.front().trial) {
      const std::string ties = TiesSentence(facts.board, *best, paired, &numbers);
      if (!ties.empty()) sentences.push_back(ties);
    }
    if (const auto flattery = FlatteryOf(contenders, spec)) {
      numbers["optimism"] = FlatteryJson(flattery);
      sentences.push_back(Capital(FlatteryText(*flattery)) + ".");
    }
  }
  sentences.push_back(TrialsSentence(facts) + " " + EndSentence(facts));
  if (best != nullptr && EndsAtRoundCap(*best, spec)) {
    sentences.push_back(Capital(RoundCapText(*best, spec)) + ".");
  }
  if (const std::string moved = MovedDefaultsText(spec); best != nullptr && !moved.empty()) {
    sentences.push_back(fmt::format("Trial 0 is the default configuration but for {}: {}.", moved,
                                    WhyDefaultsMoved(spec)));
  }
  (*report)["verdict"] = std::move(sentences);
  (*report)["numbers"] = std::move(numbers);
}

}  // namespace coppice::tuner
