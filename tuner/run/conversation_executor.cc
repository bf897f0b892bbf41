#include "tuner/run/conversation_executor.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "tuner/loop/goal.h"
#include "tuner/loop/turn.h"

namespace coppice::tuner {
namespace {

using study::ToIndex;
using study::TrialId;

constexpr std::int64_t kMostRounds = 10'000'000;

[[noreturn]] void Refuse(const std::string& what, const std::string& line) {
  throw Error(ErrorKind::kUsage, fmt::format("{}: `{}`", what, line), {},
              R"(say {"trial": N, "round": R, "score": X}, {"trial": N, "final": X} or )"
              R"({"trial": N, "failed": "why"}, one a line)");
}

double NumberOf(const Json& message, const char* key, const std::string& line) {
  const auto found = message.find(key);
  if (found == message.end() || !found->is_number()) {
    Refuse(fmt::format("a line needs a number as `{}`", key), line);
  }
  return found->get<double>();
}

}  // namespace

ConversationExecutor::ConversationExecutor(LineChannel& channel, const Clock& clock,
                                           ConversationSetup setup)
    : channel_(channel), clock_(clock), setup_(std::move(setup)) {}

void ConversationExecutor::Start(const TrialRequest& request) {
  Json message = {{"trial", ToIndex(request.trial)}, {"config", request.configuration.ToJson()}};
  if (request.rounds > 0) message["rounds"] = request.rounds;
  running_[request.trial] = {request, clock_.Now(), std::move(paused_[request.trial]), false};
  known_.insert(request.trial);
  channel_.Write(message.dump());
}

void ConversationExecutor::EndOverdue() {
  if (!setup_.trial_seconds) return;
  std::vector<TrialId> overdue;
  for (const auto& [trial, talk] : running_) {
    if (clock_.Now() - talk.started > *setup_.trial_seconds) overdue.push_back(trial);
  }
  for (const TrialId trial : overdue) {
    SayStop(trial);
    End(trial, study::Failed{study::FailureKind::kTimeout, OverTimeText(*setup_.trial_seconds)});
  }
}

std::optional<TrialResult> ConversationExecutor::Next(double deadline) {
  EndOverdue();
  while (ended_.empty() && !running_.empty()) {
    const std::optional<std::string> line = channel_.Read(deadline);
    if (!line) return std::nullopt;
    if (line->find_first_not_of(" \t\r") != std::string::npos) Hear(*line);
  }
  if (ended_.empty()) return std::nullopt;
  TrialResult result = std::move(ended_.front());
  ended_.pop_front();
  return result;
}

void ConversationExecutor::Hear(const std::string& line) {
  const Json message = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!message.is_object()) Refuse("a line is not a JSON object", line);
  const auto number = message.find("trial");
  if (number == message.end() || !number->is_number_integer()) {
    Refuse("a line does not say which `trial` it is about", line);
  }
  const auto index = number->get<std::int64_t>();
  if (index < 0 || index > std::numeric_limits<std::int32_t>::max()) {
    Refuse("a line is about a trial that was not begun", line);
  }
  const TrialId trial{static_cast<std::int32_t>(index)};
  const auto found = running_.find(trial);
  if (found == running_.end()) {
    if (!known_.contains(trial)) Refuse("a line is about a trial that was not begun", line);
    return;
  }
  Talk& talk = found->second;
  if (message.contains("final")) {
    const double score = NumberOf(message, "final", line);
    study::Completed completed = talk.scores.empty() ? study::Completed() : ResultOf(talk);
    completed.score = score;
    if (message.contains("std_error")) {
      completed.std_error = NumberOf(message, "std_error", line);
      if (!(*completed.std_error >= 0)) Refuse("a `std_error` is below 0", line);
    }
    End(trial, completed);
  } else if (message.contains("failed")) {
    const Json& why = message["failed"];
    End(trial, study::Failed{study::FailureKind::kCrash,
                             why.is_string() ? why.get<std::string>() : why.dump()});
  } else {
    HearRound(talk, message, line);
  }
}

void ConversationExecutor::HearRound(Talk& talk, const Json& message, const std::string& line) {
  const TrialId trial = talk.request.trial;
  const double round = NumberOf(message, "round", line);
  const double score = NumberOf(message, "score", line);
  // A promoted trial may go on or start anew.
  if (!talk.is_heard_of && round <= static_cast<double>(talk.scores.size())) talk.scores.clear();
  talk.is_heard_of = true;
  const auto before = static_cast<double>(talk.scores.size());
  if (!(round > before && round <= kMostRounds) || round != std::floor(round)) {
    Refuse(fmt::format("a round of trial {} does not follow round {}", ToIndex(trial), before),
           line);
  }
  const double carried = talk.scores.empty() ? score : talk.scores.back();
  talk.scores.resize(static_cast<std::size_t>(round) - 1, carried);
  talk.scores.push_back(score);
  const int given = talk.request.rounds;
  if (given > 0 && round >= given) {
    const study::Completed result = ResultOf(talk);
    if (setup_.max_rounds > 0 && given >= setup_.max_rounds) return End(trial, result);
    paused_[trial] = talk.scores;
    return End(trial, study::Paused{result});
  }
  if (talk.request.stop_test == nullptr) return;
  std::vector<double> loss = talk.scores;
  for (double& value : loss) value = LossOf(setup_.goal, value);
  if (const auto why = talk.request.stop_test->Stop(loss)) {
    const study::Completed result = ResultOf(talk);
    SayStop(trial);
    End(trial, study::Pruned{result, *why});
  }
}

study::Completed ConversationExecutor::ResultOf(const Talk& talk) const {
  std::size_t best = 0;
  for (std::size_t i = 1; i < talk.scores.size(); ++i) {
    if (IsBetter(setup_.goal, talk.scores[i], talk.scores[best])) best = i;
  }
  return {talk.scores[best], std::nullopt, static_cast<int>(best) + 1,
          static_cast<int>(talk.scores.size())};
}

void ConversationExecutor::End(TrialId trial, study::TrialOutcome outcome) {
  const auto found = running_.find(trial);
  TrialResult result;
  result.trial = trial;
  result.outcome = std::move(outcome);
  result.seconds = clock_.Now() - found->second.started;
  if (!found->second.scores.empty()) {
    result.curves.push_back({0, "validation", setup_.metric, std::move(found->second.scores)});
  }
  running_.erase(found);
  ended_.push_back(std::move(result));
}

void ConversationExecutor::SayStop(TrialId trial) {
  channel_.Write(Json{{"trial", ToIndex(trial)}, {"stop", true}}.dump());
}

void ConversationExecutor::CancelAll(const std::string& reason) {
  while (!running_.empty()) {
    const TrialId trial = running_.begin()->first;
    SayStop(trial);
    End(trial, study::Cancelled{reason});
  }
}

}  // namespace coppice::tuner
