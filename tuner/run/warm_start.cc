#include "tuner/run/warm_start.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "results/store/sqlite_store.h"
#include "results/views/leaderboard.h"
#include "strategies/created_set.h"
#include "tuner/run/data_fingerprint.h"
#include "tuner/run/run_study.h"
#include "tuner/run/spec_change.h"
#include "tuner/run/study_folder.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

using Values = std::map<std::string, Value>;

// An earlier study, as far as it is of use here.
struct Earlier {
  std::unique_ptr<results::SqliteStore> store;
  results::StudyRecord record;
  Spec spec;
  results::Leaderboard board;
};

Earlier Open(const StudyFolder& folder) {
  Earlier earlier;
  earlier.store = results::SqliteStore::OpenForReading(folder.database());
  earlier.record = earlier.store->study();
  earlier.spec = SpecNow(*earlier.store, folder);
  earlier.board = LeaderboardOf(*earlier.store, earlier.spec, false);
  return earlier;
}

// What a trial of it had for the parameters that are searched here. What it had fixed counts where
// it fits.
Values ValuesOf(const Earlier& earlier, const results::LeaderboardRow& row,
                const study::SearchSpace& space) {
  Values ours;
  for (const study::ParameterRange& range : space.ranges()) {
    const auto fixed = earlier.spec.train.find(range.name());
    if (const Value* searched = row.configuration.Find(range.name())) {
      ours[range.name()] = *searched;
    } else if (fixed != earlier.spec.train.end() && range.Contains(fixed->second)) {
      ours.insert(*fixed);
    }
  }
  return ours;
}

// The parameters whose values have no place here, in words; empty when there is none.
std::string OutsideText(const Values& values, const study::SearchSpace& space) {
  std::string text;
  for (const study::ParameterRange& range : space.ranges()) {
    const auto found = values.find(range.name());
    if (found == values.end() || range.Contains(found->second)) continue;
    if (!text.empty()) text += ", ";
    text += fmt::format("`{}` is `{}`", range.name(), ToText(found->second));
  }
  return text;
}

// Without those whose condition does not hold here.
Values ActiveOf(const Values& values, const Spec& spec, const study::SearchSpace& space) {
  Values whole = spec.Defaults();
  for (const auto& [name, value] : values) whole[name] = value;
  const study::Configuration configuration = space.Project(whole);
  Values active;
  for (const auto& [name, value] : values) {
    if (const Value* used = configuration.Find(name)) active[name] = *used;
  }
  return active;
}

bool SearchesAny(const Earlier& earlier, const study::SearchSpace& space) {
  return std::any_of(
      earlier.spec.search.begin(), earlier.spec.search.end(), [&](const auto& theirs) {
        return std::any_of(space.ranges().begin(), space.ranges().end(),
                           [&](const auto& ours) { return ours.name() == theirs.name(); });
      });
}

// Adds a finding where the study is not there or of no use.
std::optional<Earlier> FindEarlier(const WarmStart& from, const Place& place,
                                   const study::SearchSpace& space, const std::string& store,
                                   FileSystem& disk, std::vector<Finding>* findings) {
  const auto folder = LookForStudy(from.study, store, disk);
  if (!folder) {
    Finding finding = NoSuchStudy(from.study, store, disk);
    finding.place = place;
    findings->push_back(std::move(finding));
    return std::nullopt;
  }
  Earlier earlier = Open(*folder);
  if (earlier.board.best() == nullptr) {
    findings->push_back({fmt::format("the study `{}` has no trial with a score", from.study), place,
                         "leave it out"});
    return std::nullopt;
  }
  if (!SearchesAny(earlier, space)) {
    findings->push_back(
        {fmt::format("the study `{}` searched none of the parameters that are searched here",
                     from.study),
         place, "leave it out"});
    return std::nullopt;
  }
  return earlier;
}

class Taking {
 public:
  Taking(const Spec& spec, std::string file, std::string store, FileSystem& disk)
      : spec_(spec),
        space_(spec.search),
        file_(std::move(file)),
        store_(std::move(store)),
        disk_(disk) {}

  void Take(std::size_t index) {
    const WarmStart& from = spec_.warm_start[index];
    if (from.kind != WarmStartKind::kTransfer) return;
    const auto earlier = Find(from, fmt::format("warm_start.{}.study", index));
    if (!earlier) return;
    int n_taken = 0;
    for (const results::LeaderboardRow& row : earlier->board.rows) {
      if (n_taken == from.best || !row.score) break;
      // The best round of a trial that did not end may be that of its first fold alone.
      if (row.state != study::TrialState::kCompleted) continue;
      const Values values = ValuesOf(*earlier, row, space_);
      const std::string which =
          fmt::format("trial {} of `{}` ({} {:.6g})", study::ToIndex(row.trial), from.study,
                      earlier->spec.metric, *row.score);
      if (const std::string outside = OutsideText(values, space_); !outside.empty()) {
        sentences.push_back(
            fmt::format("{} is left out: {}, outside of the range here", which, outside));
        continue;
      }
      sentences.push_back(which + " is tried first");
      taken.push_back(ActiveOf(values, spec_, space_));
      ++n_taken;
    }
  }

  std::vector<Values> taken;
  std::vector<std::string> sentences;
  std::vector<Finding> findings;

 private:
  std::optional<Earlier> Find(const WarmStart& from, const std::string& path) {
    return FindEarlier(from, {file_, 0, 0, path}, space_, store_, disk_, &findings);
  }

  const Spec& spec_;
  study::SearchSpace space_;
  std::string file_;
  std::string store_;
  FileSystem& disk_;
};

// Every parameter of a trial: XGBoost's defaults, what was fixed, and what was searched.
Values WholeOf(const Spec& spec, const study::Configuration& configuration) {
  Values whole = spec.Defaults();
  for (const auto& [name, value] : configuration.values()) whole[name] = value;
  // It names random numbers; TrialCreated keeps which.
  whole.erase("seed");
  return whole;
}

class TakingIdentical {
 public:
  TakingIdentical(const Spec& spec, const StudyData& data) : spec_(spec), space_(spec.search) {
    fingerprint_ = FingerprintOf(data);
  }

  // What keeps a whole study out; empty: nothing.
  std::string WhyNot(const Earlier& earlier) const {
    if (earlier.spec.is_external) return "its trials are another program's";
    if (earlier.spec.metric != spec_.metric) {
      return fmt::format("its trials are judged by `{}`, those here by `{}`", earlier.spec.metric,
                         spec_.metric);
    }
    if (HashIn(earlier.record.data_hash) != HashIn(fingerprint_)) {
      const auto changes = WhatChanged(earlier.record.data_hash, fingerprint_);
      return fmt::format("its data were others{}{}", changes.empty() ? "" : ": ",
                         fmt::join(changes, "; "));
    }
    if (earlier.spec.seed != spec_.seed ||
        earlier.spec.ParamsFor({}).seed != spec_.ParamsFor({}).seed) {
      return "its trials drew their random numbers by another `seed`";
    }
    if (earlier.spec.prune.adaptive_patience != spec_.prune.adaptive_patience) {
      return "its trials had another `prune.patience`";
    }
    return {};
  }

  // Why none was taken; empty: some were.
  std::string Take(const Earlier& earlier, const std::string& name) {
    int n_taken = 0;
    std::string first_reason;
    for (const study::Trial& trial : earlier.store->Trials()) {
      std::string why = WhyNot(earlier, trial);
      if (why.empty()) {
        Append(earlier, trial, name);
        ++n_taken;
      } else {
        if (first_reason.empty()) first_reason = why;
        sentences_.push_back(
            fmt::format("trial {} of `{}` is left out: {}", study::ToIndex(trial.id), name, why));
      }
    }
    if (n_taken == 0) return "no trial of it can be taken over; of the first, " + first_reason;
    sentences_.push_back(fmt::format("{} trial{} of `{}` {} taken over", n_taken,
                                     n_taken == 1 ? "" : "s", name, n_taken == 1 ? "is" : "are"));
    return {};
  }

  TakenTrials Taken() && {
    TakenTrials taken;
    // The default configuration stays trial 0, if it is among them; those of all folds come before
    // those that their first fold may have ended.
    const auto place = [&](const Copy& copy) {
      if (copy.configuration == spec_.DefaultConfiguration()) return 0;
      return std::holds_alternative<study::Completed>(copy.finished.outcome) ? 1 : 2;
    };
    std::stable_sort(trials_.begin(), trials_.end(),
                     [&](const Copy& a, const Copy& b) { return place(a) < place(b); });
    int next = 0;
    for (Copy& copy : trials_) {
      const study::TrialId id{next++};
      study::TrialCreated created{id, std::move(copy.configuration), std::move(copy.origin)};
      created.seed_trial = copy.seed_trial;
      copy.finished.trial = id;
      taken.events.insert(taken.events.end(),
                          {created, study::TrialStarted{id}, std::move(copy.finished)});
    }
    if (next > 0 && spec_.stop.trials) taken.events.push_back(study::StudyExtended{next, 0});
    taken.sentences = std::move(sentences_);
    return taken;
  }

 private:
  struct Copy {
    study::Configuration configuration;
    std::string origin;
    int seed_trial = 0;
    study::TrialFinished finished;
  };

  std::string WhyNot(const Earlier& earlier, const study::Trial& trial) const {
    if (trial.state != study::TrialState::kCompleted && trial.state != study::TrialState::kPruned) {
      return "it is " + ToText(trial.state);
    }
    const Values theirs = WholeOf(earlier.spec, trial.configuration);
    const study::Configuration ours = space_.Project(theirs);
    for (const study::ParameterRange& range : space_.ranges()) {
      const auto found = theirs.find(range.name());
      const bool is_active = ours.Find(range.name()) != nullptr;
      if (!is_active || found == theirs.end() || range.Contains(found->second)) continue;
      return fmt::format("`{}` is `{}`, outside of the range here", range.name(),
                         ToText(found->second));
    }
    const Values here = WholeOf(spec_, ours);
    for (const auto& [name, value] : theirs) {
      const auto found = here.find(name);
      if (found != here.end() && found->second == value) continue;
      return fmt::format("`{}` is `{}`, and here `{}`", name, ToText(value),
                         found == here.end() ? "nothing" : ToText(found->second));
    }
    if (taken_.Has(ours)) return "its configuration is there already";
    return {};
  }

  void Append(const Earlier& earlier, const study::Trial& trial, const std::string& name) {
    Copy copy;
    copy.configuration = space_.Project(WholeOf(earlier.spec, trial.configuration));
    copy.origin = fmt::format("trial {} of {}", study::ToIndex(trial.id), name);
    copy.seed_trial = trial.seed_trial.value_or(study::ToIndex(trial.id));
    copy.finished = {trial.id, *trial.outcome, earlier.store->Curves(trial.id), trial.seconds};
    taken_.Add(copy.configuration);
    trials_.push_back(std::move(copy));
  }

  const Spec& spec_;
  study::SearchSpace space_;
  std::string fingerprint_;
  strategies::CreatedSet taken_;
  std::vector<Copy> trials_;
  std::vector<std::string> sentences_;
};

}  // namespace

std::vector<std::string> TakeWarmStart(Spec& spec, const std::string& file,
                                       const std::string& store, FileSystem& disk) {
  if (spec.warm_start.empty()) return {};
  Taking taking(spec, file, store, disk);
  for (std::size_t i = 0; i < spec.warm_start.size(); ++i) taking.Take(i);
  if (!taking.findings.empty()) throw Error(ErrorKind::kSpec, std::move(taking.findings));
  spec.start.insert(spec.start.begin(), taking.taken.begin(), taking.taken.end());
  std::erase_if(spec.warm_start,
                [](const WarmStart& from) { return from.kind == WarmStartKind::kTransfer; });
  return std::move(taking.sentences);
}

TakenTrials TakeIdentical(const Spec& spec, const StudyData& data, const std::string& file,
                          const std::string& store, FileSystem& disk) {
  if (spec.warm_start.empty()) return {};
  const study::SearchSpace space(spec.search);
  TakingIdentical taking(spec, data);
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < spec.warm_start.size(); ++i) {
    const WarmStart& from = spec.warm_start[i];
    const Place place{file, 0, 0, fmt::format("warm_start.{}.study", i)};
    const auto earlier = FindEarlier(from, place, space, store, disk, &findings);
    if (!earlier) continue;
    std::string why = taking.WhyNot(*earlier);
    if (why.empty()) why = taking.Take(*earlier, from.study);
    if (why.empty()) continue;
    findings.push_back({fmt::format("the study `{}` is not identical: {}", from.study, why), place,
                        "the kind `transfer` takes its best configurations"});
  }
  if (!findings.empty()) throw Error(ErrorKind::kSpec, std::move(findings));
  return std::move(taking).Taken();
}

}  // namespace coppice::tuner
