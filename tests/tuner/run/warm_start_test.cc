#include "tuner/run/warm_start.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json.h"
#include "results/store/sqlite_store.h"
#include "tests/results/temp_folder.h"
#include "tuner/run/run_study.h"
#include "tuner/run/study_folder.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

using study::TrialId;
using Values = std::map<std::string, Value>;
using Sentences = std::vector<std::string>;

Spec External(const std::string& name, const std::string& search, const std::string& more = "") {
  return ReadSpecText(R"({"coppice": 1, "name": ")" + name +
                          R"(", "objective": {"metric": "loss", "goal": "minimize"}, "search": )" +
                          search + more + "}",
                      "s.json", "/", {}, SpecUse::kAsk);
}

Spec Trained(const std::string& name, const std::string& search, const std::string& more) {
  return ReadSpecText(R"({"coppice": 1, "name": ")" + name +
                          R"(", "data": {"train": "a.csv"}, "search": )" + search + ", " + more +
                          "}",
                      "s.json", "/", {});
}

constexpr const char* kX = R"({"x": {"type": "float", "min": 0, "max": 1}})";

class WarmStartStudies : public testing::Test {
 protected:
  std::string Store() const { return folder_.File("store"); }

  // A study whose trials have these configurations and scores.
  void Make(const Spec& spec, const std::vector<std::pair<Values, double>>& trials) {
    const StudyFolder folder = CreateStudy(Store(), "{}", RecordOf(spec, "hash"), disk_);
    const auto store = results::SqliteStore::OpenForWriting(folder.database());
    for (std::size_t k = 0; k < trials.size(); ++k) {
      const TrialId id{static_cast<std::int32_t>(k)};
      const study::Completed result{trials[k].second, std::nullopt, 1, 1};
      store->Append(
          std::vector<study::StudyEvent>{
              study::TrialCreated{id, study::Configuration(trials[k].first), "test"},
              study::TrialStarted{id}, study::TrialFinished{id, result, {}, 1}},
          1);
    }
  }

  Sentences Take(Spec& spec) { return TakeWarmStart(spec, "s.json", Store(), disk_); }

  results::TempFolder folder_;
  RealFileSystem disk_;
};

TEST_F(WarmStartStudies, PutsTheBestBeforeTheStart) {
  Make(External("early", kX), {{{{"x", 0.1}}, 3}, {{{"x", 0.2}}, 1}, {{{"x", 0.3}}, 2}});
  Spec spec = External("late", kX,
                       R"(, "start": [{"x": 0.5}], "warm_start": [{"study": "early", "best": 2}])");
  EXPECT_EQ(Take(spec), (Sentences{"trial 1 of `early` (loss 1) is tried first",
                                   "trial 2 of `early` (loss 2) is tried first"}));
  EXPECT_EQ(spec.start, (std::vector<Values>{{{"x", 0.2}}, {{"x", 0.3}}, {{"x", 0.5}}}));
  EXPECT_TRUE(spec.warm_start.empty());
  const Spec again = ReadSpecText(ToJson(spec).dump(), "s.json", "/", {}, SpecUse::kAsk);
  EXPECT_EQ(again.start, spec.start);
}

TEST_F(WarmStartStudies, LeavesOutWhatLiesOutsideAndTakesTheNextBest) {
  Make(External("early", kX), {{{{"x", 0.1}}, 1}, {{{"x", 0.6}}, 2}, {{{"x", 0.7}}, 3}});
  Spec spec = External("late", R"({"x": {"type": "float", "min": 0.5, "max": 1}})",
                       R"(, "warm_start": [{"study": "early", "best": 1}])");
  EXPECT_EQ(Take(spec),
            (Sentences{"trial 0 of `early` (loss 1) is left out: `x` is `0.1`, outside of the "
                       "range here",
                       "trial 1 of `early` (loss 2) is tried first"}));
  EXPECT_EQ(spec.start, (std::vector<Values>{{{"x", 0.6}}}));
}

TEST_F(WarmStartStudies, TakesOnlyWhatIsSearchedAndActiveHere) {
  Make(External("early", R"({"x": {"type": "float", "min": 0, "max": 1},
                             "y": {"type": "float", "min": 0, "max": 1},
                             "gone": {"type": "int", "min": 1, "max": 3}})"),
       {{{{"x", 0.1}, {"y", 0.2}, {"gone", std::int64_t{2}}}, 1}});
  Spec spec = External("late", R"({"x": {"type": "float", "min": 0, "max": 1},
                                   "kind": {"type": "categorical", "values": ["a", "b"]},
                                   "y": {"type": "float", "min": 0, "max": 1,
                                         "when": {"kind": "b"}}})",
                       R"(, "warm_start": [{"study": "early"}])");
  Take(spec);
  EXPECT_EQ(spec.start, (std::vector<Values>{{{"x", 0.1}}}));
  EXPECT_EQ(ReadSpecText(ToJson(spec).dump(), "s.json", "/", {}, SpecUse::kAsk).start, spec.start);
}

TEST_F(WarmStartStudies, TakesWhatWasFixedWhereItFits) {
  const char* eta = R"({"eta": {"type": "float", "min": 0.01, "max": 0.5}})";
  Make(Trained("early", eta, R"("train": {"max_depth": 4, "subsample": 1})"),
       {{{{"eta", 0.1}}, 1}});
  Spec spec = Trained("late", R"({"eta": {"type": "float", "min": 0.01, "max": 0.5},
                                  "max_depth": {"type": "int", "min": 2, "max": 9},
                                  "subsample": {"type": "float", "min": 0.5, "max": 0.9}})",
                      R"("warm_start": [{"study": "early"}])");
  Take(spec);
  EXPECT_EQ(spec.start, (std::vector<Values>{{{"eta", 0.1}, {"max_depth", std::int64_t{4}}}}));
}

TEST_F(WarmStartStudies, ReportsEveryStudyThatIsOfNoUse) {
  Make(External("empty", kX), {});
  Make(External("other", R"({"z": {"type": "float", "min": 0, "max": 1}})"), {{{{"z", 0.5}}, 1}});
  Spec spec = External("late", kX,
                       R"(, "warm_start": [{"study": "empyt"}, {"study": "empty"},
                                           {"study": "other"}])");
  try {
    Take(spec);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSpec);
    ASSERT_EQ(error.findings().size(), 3U);
    EXPECT_EQ(error.findings()[0].message, "there is no study `empyt` in `" + Store() + "`");
    EXPECT_EQ(error.findings()[0].place.ToString(), "s.json (warm_start.0.study)");
    EXPECT_EQ(error.findings()[0].hint, "did you mean `empty`?");
    EXPECT_EQ(error.findings()[1].message, "the study `empty` has no trial with a score");
    EXPECT_EQ(error.findings()[2].message,
              "the study `other` searched none of the parameters that are searched here");
    EXPECT_EQ(error.findings()[2].place.path, "warm_start.2.study");
  }
}

TEST_F(WarmStartStudies, DoesNothingWhereNothingIsNamed) {
  Spec spec = External("late", kX, R"(, "start": [{"x": 0.5}])");
  EXPECT_TRUE(Take(spec).empty());
  EXPECT_EQ(spec.start.size(), 1U);
}

}  // namespace
}  // namespace coppice::tuner
