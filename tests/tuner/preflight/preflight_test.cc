#include "tuner/preflight/preflight.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "tests/tuner/preflight/tables.h"
#include "tuner/preflight/time_forecast.h"

namespace coppice::tuner {
namespace {

using testing::kSoundSpec;
using testing::SmallStudy;
using testing::SoundRows;
using testing::TableText;

PreflightReport Report(const SmallStudy& study, const PreflightOptions& options) {
  RealFileSystem disk;
  const RealClock clock;
  return Preflight(study.spec, disk, clock, options);
}

SmallStudy SoundStudy() { return SmallStudy(kSoundSpec, {{"train.csv", TableText(SoundRows())}}); }

TEST(Preflight, AsksFourteenThings) {
  EXPECT_EQ(Checks().size(), 14U);
  std::set<std::string> names;
  for (const CheckInfo& check : Checks()) names.insert(check.name);
  EXPECT_EQ(names.size(), 14U);
}

TEST(Preflight, LeavesOutWhatTrainsWhenItIsToBeQuick) {
  const SmallStudy study = SoundStudy();
  const PreflightReport report = Report(study, {true, {}, 1, study.store()});
  std::string names;
  for (const CheckAnswer& answer : report.answers) names += answer.check + " ";
  EXPECT_EQ(names, "spec data label split leakage memory space place ");
}

TEST(Preflight, AsksOnlyWhatIsNamedInItsOwnOrder) {
  const SmallStudy study = SoundStudy();
  const PreflightReport report = Report(study, {false, {"space", "spec"}, 1, study.store()});
  ASSERT_EQ(report.answers.size(), 2U);
  EXPECT_EQ(report.answers[0].check, "spec");
  EXPECT_EQ(report.answers[1].check, "space");
}

TEST(Preflight, RefusesANameThatNoCheckHas) {
  const SmallStudy study = SoundStudy();
  try {
    Report(study, {false, {"leakge"}, 1, study.store()});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_EQ(error.findings().front().hint, "did you mean `leakage`?");
  }
}

TEST(Preflight, SkipsWhatNeedsDataThatCannotBeRead) {
  const SmallStudy study = SoundStudy();
  std::filesystem::remove(study.folder.File("train.csv"));
  const PreflightReport report = Report(study, {true, {}, 1, study.store()});
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->kind(), ErrorKind::kData);
  std::string verdicts;
  for (const CheckAnswer& answer : report.answers) {
    verdicts += VerdictWord(VerdictOf(answer.result)) + " ";
  }
  EXPECT_EQ(verdicts, "pass fail skip skip skip skip pass pass ");
}

TEST(Preflight, ForecastsNoTimeWhereNotEvenOneTrialHasRoom) {
  const SmallStudy study(kSoundSpec, {{"train.csv", TableText(SoundRows())}},
                         {{"limits.memory_bytes", "1"}});
  const PreflightReport report = Report(study, {false, {"memory", "time"}, 1, study.store()});
  ASSERT_EQ(report.answers.size(), 2U);
  EXPECT_EQ(VerdictOf(report.answers[0].result), Verdict::kFail);
  EXPECT_EQ(VerdictOf(report.answers[1].result), Verdict::kSkip);
}

TEST(TrialsInTime, LeavesTheConfirmationItsShareOnceThereIsSomethingToConfirm) {
  Spec spec;
  spec.stop.seconds = 60;
  EXPECT_EQ(TrialsInTime(spec, 1), 54);
  EXPECT_EQ(TrialsInTime(spec, 6), 10);
  spec.confirm.share = 0;
  EXPECT_EQ(TrialsInTime(spec, 1), 60);
}

TEST(Preflight, NeedsNoDataForTheSpace) {
  const SmallStudy study = SoundStudy();
  std::filesystem::remove(study.folder.File("train.csv"));
  EXPECT_FALSE(Report(study, {false, {"space"}, 1, study.store()}).error);
}

TEST(Preflight, WritesNothing) {
  const SmallStudy study = SoundStudy();
  Report(study, {false, {}, 2, study.store()});
  EXPECT_FALSE(std::filesystem::exists(study.store()));
}

}  // namespace
}  // namespace coppice::tuner
