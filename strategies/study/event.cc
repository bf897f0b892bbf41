#include "strategies/study/event.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "strategies/study/words.h"

namespace coppice::study {
namespace {

// In the order of StudyEvent's alternatives.
constexpr std::array<std::string_view, 9> kKinds = {
    "trial_created",  "trial_started",  "trial_finished", "trial_requeued", "study_stopped",
    "study_extended", "trial_promoted", "study_changed",  "trial_confirmed"};
constexpr std::array<std::string_view, 7> kStopReasons = {
    "trials", "seconds", "target", "no_gain", "failures", "exhausted", "converged"};

// JSON has no word for what is not finite: null is NaN (a metric that was undefined), and the
// infinities are words.
Json NumberToJson(double number) {
  if (std::isfinite(number)) return number;
  if (std::isnan(number)) return nullptr;
  return number > 0 ? "inf" : "-inf";
}

[[noreturn]] void ThrowUnreadable(const std::string& what, const Json& json) {
  constexpr std::size_t kShown = 80;
  std::string shown = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (shown.size() > kShown) shown = shown.substr(0, kShown) + "...";
  throw Error(ErrorKind::kStore, fmt::format("an event of the log has no {}: `{}`", what, shown),
              {}, "the study's file is damaged, or a newer coppice wrote it");
}

bool IsNumberWord(const Json& json) {
  return json.is_null() || json.is_number() || json == "inf" || json == "-inf";
}

double NumberFromJson(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (json.is_null()) return std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  return json == "inf" ? infinity : -infinity;
}

// Reads the members of one object of the log. Throws Error (kStore) for one that is absent or of
// another type. Borrows the object.
class Fields {
 public:
  explicit Fields(const Json& json) : json_(json) {
    if (!json.is_object()) ThrowUnreadable("content", json);
  }

  const Json* Find(const char* name) const {
    const auto found = json_.find(name);
    return found == json_.end() ? nullptr : &*found;
  }
  const Json& Get(const char* name) const {
    const Json* found = Find(name);
    if (found == nullptr) Fail(name);
    return *found;
  }
  std::string Text(const char* name) const {
    const Json& field = Get(name);
    if (!field.is_string()) Fail(name);
    return field.get<std::string>();
  }
  double Number(const char* name) const {
    const Json& field = Get(name);
    if (!IsNumberWord(field)) Fail(name);
    return NumberFromJson(field);
  }
  std::optional<double> NumberIfThere(const char* name) const {
    if (Find(name) == nullptr) return std::nullopt;
    return Number(name);
  }
  int Whole(const char* name) const {
    const Json& field = Get(name);
    if (!field.is_number_integer()) Fail(name);
    const auto number = field.get<std::int64_t>();
    if (number < 0 || number > std::numeric_limits<int>::max()) Fail(name);
    return static_cast<int>(number);
  }
  // Left out where it is 0.
  int WholeOrZero(const char* name) const { return Find(name) == nullptr ? 0 : Whole(name); }
  TrialId Trial() const { return TrialId{Whole("trial")}; }
  const Json& Array(const char* name) const {
    const Json& field = Get(name);
    if (!field.is_array()) Fail(name);
    return field;
  }
  [[noreturn]] void Fail(const char* name) const {
    ThrowUnreadable(fmt::format("good `{}`", name), json_);
  }

 private:
  const Json& json_;
};

Json ToJson(const Completed& completed) {
  Json json = {{"state", "completed"}, {"score", NumberToJson(completed.score)}};
  if (completed.std_error) json["std_error"] = NumberToJson(*completed.std_error);
  json["best_round"] = completed.best_round;
  json["rounds"] = completed.rounds;
  if (completed.cost) json["cost"] = NumberToJson(*completed.cost);
  return json;
}

Json ToJson(const Pruned& pruned) {
  Json json = ToJson(pruned.result);
  json["state"] = "pruned";
  json["reason"] = pruned.reason;
  return json;
}

Json ToJson(const Paused& paused) {
  Json json = ToJson(paused.result);
  json["state"] = "paused";
  return json;
}

Json ToJson(const Failed& failed) {
  return {{"state", "failed"}, {"failure", ToText(failed.kind)}, {"reason", failed.reason}};
}

Json ToJson(const Cancelled& cancelled) {
  return {{"state", "cancelled"}, {"reason", cancelled.reason}};
}

TrialOutcome OutcomeFromJson(const Json& json) {
  const Fields fields(json);
  const std::string state = fields.Text("state");
  if (state == "failed") {
    return Failed{FailureKindFromText(fields.Text("failure")), fields.Text("reason")};
  }
  if (state == "cancelled") return Cancelled{fields.Text("reason")};
  if (state != "completed" && state != "pruned" && state != "paused") fields.Fail("state");
  Completed completed;
  completed.score = fields.Number("score");
  completed.std_error = fields.NumberIfThere("std_error");
  completed.best_round = fields.Whole("best_round");
  completed.rounds = fields.Whole("rounds");
  completed.cost = fields.NumberIfThere("cost");
  if (state == "pruned") return Pruned{completed, fields.Text("reason")};
  if (state == "paused") return Paused{completed};
  return completed;
}

Json ToJson(const Curve& curve) {
  Json values = Json::array();
  for (double value : curve.values) values.push_back(NumberToJson(value));
  return {{"fold", curve.fold},
          {"part", curve.part},
          {"metric", curve.metric},
          {"values", std::move(values)}};
}

Curve CurveFromJson(const Json& json) {
  const Fields fields(json);
  Curve curve;
  curve.fold = fields.Whole("fold");
  curve.part = fields.Text("part");
  curve.metric = fields.Text("metric");
  const Json& values = fields.Array("values");
  curve.values.reserve(values.size());
  for (const Json& value : values) {
    if (!IsNumberWord(value)) fields.Fail("values");
    curve.values.push_back(NumberFromJson(value));
  }
  return curve;
}

Configuration ConfigurationFromJson(const Fields& fields) {
  const Json& json = fields.Get("configuration");
  if (!json.is_object()) fields.Fail("configuration");
  for (const Json& value : json) {
    if (!value.is_number() && !value.is_string()) fields.Fail("configuration");
  }
  return Configuration::FromJson(json);
}

Expectation ExpectationFromJson(const Json& json) {
  const Fields fields(json);
  Expectation expectation;
  expectation.n_known = fields.Whole("known");
  expectation.n_running = fields.Whole("running");
  expectation.score = fields.NumberIfThere("score");
  expectation.std_error = fields.NumberIfThere("std_error");
  expectation.best = fields.NumberIfThere("best");
  expectation.hoped = fields.NumberIfThere("hoped");
  if (fields.Find("nearest") != nullptr) {
    expectation.nearest = TrialId{fields.Whole("nearest")};
    expectation.likeness = fields.Number("likeness");
  }
  if (fields.Find("cost") != nullptr) {
    expectation.cost = fields.Number("cost");
    expectation.thrift = fields.Number("thrift");
  }
  return expectation;
}

Json ContentOf(const TrialCreated& event) {
  Json json = {{"trial", ToIndex(event.trial)},
               {"configuration", event.configuration.ToJson()},
               {"origin", event.origin}};
  if (event.rounds > 0) json["rounds"] = event.rounds;
  if (event.passed_turns > 0) json["passed_turns"] = event.passed_turns;
  if (event.expected_gain) json["expected_gain"] = NumberToJson(*event.expected_gain);
  if (event.seed_trial) json["seed_trial"] = *event.seed_trial;
  if (event.expectation) json["expectation"] = ToJson(*event.expectation);
  return json;
}

Json ContentOf(const TrialPromoted& event) {
  Json json = {{"trial", ToIndex(event.trial)}, {"rounds", event.rounds}, {"reason", event.reason}};
  if (event.passed_turns > 0) json["passed_turns"] = event.passed_turns;
  return json;
}

Json ContentOf(const TrialStarted& event) { return {{"trial", ToIndex(event.trial)}}; }

Json ContentOf(const TrialFinished& event) {
  Json curves = Json::array();
  for (const Curve& curve : event.curves) curves.push_back(ToJson(curve));
  Json outcome = std::visit([](const auto& held) { return ToJson(held); }, event.outcome);
  return {{"trial", ToIndex(event.trial)},
          {"outcome", std::move(outcome)},
          {"curves", std::move(curves)},
          {"seconds", NumberToJson(event.seconds)}};
}

Json ContentOf(const TrialRequeued& event) {
  return {{"trial", ToIndex(event.trial)}, {"reason", event.reason}};
}

Json ContentOf(const StudyStopped& event) {
  return {{"reason", ToText(event.reason)}, {"text", event.text}};
}

Json ContentOf(const StudyExtended& event) {
  return {{"trials", event.trials}, {"seconds", NumberToJson(event.seconds)}};
}

Json ContentOf(const StudyChanged& event) {
  Json fields = Json::array();
  for (const auto& [path, text] : event.fields) fields.push_back({path, text});
  return {{"fields", std::move(fields)}};
}

Json ContentOf(const TrialConfirmed& event) {
  Json json = {{"trial", ToIndex(event.trial)}, {"score", NumberToJson(event.result.score)}};
  if (event.result.std_error) json["std_error"] = NumberToJson(*event.result.std_error);
  json["fold_scores"] = Json::array();
  for (double score : event.result.fold_scores) json["fold_scores"].push_back(NumberToJson(score));
  json["seconds"] = NumberToJson(event.result.seconds);
  return json;
}

TrialConfirmed ConfirmedFromJson(const Fields& fields) {
  TrialConfirmed event;
  event.trial = fields.Trial();
  event.result.score = fields.Number("score");
  event.result.std_error = fields.NumberIfThere("std_error");
  for (const Json& score : fields.Array("fold_scores")) {
    if (!IsNumberWord(score)) fields.Fail("fold_scores");
    event.result.fold_scores.push_back(NumberFromJson(score));
  }
  if (event.result.fold_scores.empty()) fields.Fail("fold_scores");
  event.result.seconds = fields.Number("seconds");
  return event;
}

StudyChanged ChangedFromJson(const Fields& fields) {
  StudyChanged event;
  for (const Json& field : fields.Array("fields")) {
    const bool is_pair =
        field.is_array() && field.size() == 2 && field[0].is_string() && field[1].is_string();
    if (!is_pair) fields.Fail("fields");
    event.fields.emplace_back(field[0].get<std::string>(), field[1].get<std::string>());
  }
  return event;
}

TrialCreated CreatedFromJson(const Fields& fields) {
  TrialCreated event{fields.Trial(),
                     ConfigurationFromJson(fields),
                     fields.Text("origin"),
                     fields.WholeOrZero("rounds"),
                     fields.WholeOrZero("passed_turns"),
                     fields.NumberIfThere("expected_gain")};
  if (fields.Find("seed_trial") != nullptr) event.seed_trial = fields.Whole("seed_trial");
  if (const Json* expectation = fields.Find("expectation")) {
    event.expectation = ExpectationFromJson(*expectation);
  }
  return event;
}

TrialFinished FinishedFromJson(const Fields& fields) {
  TrialFinished event;
  event.trial = fields.Trial();
  event.outcome = OutcomeFromJson(fields.Get("outcome"));
  for (const Json& curve : fields.Array("curves")) event.curves.push_back(CurveFromJson(curve));
  event.seconds = fields.Number("seconds");
  return event;
}

}  // namespace

std::string ToText(StopReason reason) { return WordOf(reason, kStopReasons); }

StopReason StopReasonFromText(const std::string& word) {
  return FromWord<StopReason>(word, kStopReasons, "a reason to stop");
}

Json ToJson(const Expectation& expectation) {
  Json json = {{"known", expectation.n_known}, {"running", expectation.n_running}};
  const auto add = [&](const char* name, const std::optional<double>& number) {
    if (number) json[name] = NumberToJson(*number);
  };
  add("score", expectation.score);
  add("std_error", expectation.std_error);
  add("best", expectation.best);
  add("hoped", expectation.hoped);
  if (expectation.nearest) {
    json["nearest"] = ToIndex(*expectation.nearest);
    json["likeness"] = NumberToJson(expectation.likeness);
  }
  if (expectation.cost) {
    json["cost"] = NumberToJson(*expectation.cost);
    json["thrift"] = NumberToJson(expectation.thrift);
  }
  return json;
}

std::string KindOf(const StudyEvent& event) { return std::string(kKinds[event.index()]); }

std::optional<TrialId> TrialOf(const StudyEvent& event) {
  return std::visit(
      [](const auto& held) -> std::optional<TrialId> {
        if constexpr (requires { held.trial; }) {
          return held.trial;
        } else {
          return std::nullopt;
        }
      },
      event);
}

Json ToJson(const StudyEvent& event) {
  return std::visit([](const auto& held) { return ContentOf(held); }, event);
}

StudyEvent EventFromJson(const std::string& kind, const Json& json) {
  const Fields fields(json);
  if (kind == "trial_created") return CreatedFromJson(fields);
  if (kind == "trial_started") return TrialStarted{fields.Trial()};
  if (kind == "trial_finished") return FinishedFromJson(fields);
  if (kind == "trial_requeued") return TrialRequeued{fields.Trial(), fields.Text("reason")};
  if (kind == "study_stopped") {
    return StudyStopped{StopReasonFromText(fields.Text("reason")), fields.Text("text")};
  }
  if (kind == "trial_promoted") {
    return TrialPromoted{fields.Trial(), fields.Whole("rounds"), fields.Text("reason"),
                         fields.WholeOrZero("passed_turns")};
  }
  if (kind == "study_changed") return ChangedFromJson(fields);
  if (kind == "trial_confirmed") return ConfirmedFromJson(fields);
  if (kind == "study_extended") {
    return StudyExtended{fields.Whole("trials"), fields.Number("seconds")};
  }
  throw Error(ErrorKind::kStore, fmt::format("`{}` is not a kind of event", kind), {},
              "was the study written by a newer coppice?");
}

}  // namespace coppice::study
