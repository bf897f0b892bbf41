// `coppice report` on whole studies, opened in a browser: every chart is there and has marks, and
// the browser has nothing to complain of.

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/report/browser.h"
#include "tests/support/process.h"

namespace coppice::report_tests {
namespace {

using Marks = std::map<std::string, int>;

// A study in a folder of its own, made by the program.
class Study {
 public:
  // `spec` without its data, which are a file of examples/data; its first column is the label and
  // gets this name.
  Study(nlohmann::json spec, const std::string& file, const std::string& label) {
    std::string table =
        support::ReadText(std::string(COPPICE_SOURCE_DIR) + "/examples/data/" + file);
    table.replace(0, table.find(','), label);
    support::WriteText(folder_.File("data.csv"), table);
    spec["coppice"] = 1;
    spec["name"] = "small";
    spec["data"] = {{"train", "data.csv"}, {"label", label}};
    spec["seed"] = 7;
    support::WriteText(folder_.File("spec.json"), spec.dump());
    const std::string verb = spec.contains("search") ? "tune" : "train";
    RunWell({verb, "spec.json", "--quiet", "--threads", "2"});
  }

  // The page of `coppice report`, in the study's folder.
  std::string Report() {
    const support::Ended ended = RunWell({"report", "small", "--threads", "2"});
    said_ = ended.err;
    const std::string file = folder_.File("studies/small/report.html");
    EXPECT_EQ(ended.out, file + "\n");
    return file;
  }

  const support::TempFolder& folder() const { return folder_; }
  const std::string& said() const { return said_; }

 private:
  support::Ended RunWell(std::vector<std::string> words) {
    support::Command command;
    command.words = {support::ProgramPath()};
    command.words.insert(command.words.end(), words.begin(), words.end());
    command.folder = folder_.path();
    support::Ended ended = support::Run(command);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return ended;
  }

  support::TempFolder folder_;
  std::string said_;
};

nlohmann::json Search() {
  return {{"eta", {{"type", "float"}, {"min", 0.03}, {"max", 0.3}, {"scale", "log"}}},
          {"max_depth", {{"type", "int"}, {"min", 2}, {"max", 6}}},
          {"grow_policy", {{"type", "categorical"}, {"values", {"depthwise", "lossguide"}}}},
          {"max_leaves",
           {{"type", "int"}, {"min", 4}, {"max", 32}, {"when", {{"grow_policy", "lossguide"}}}}}};
}

nlohmann::json SmallSpec(const std::string& objective, const std::string& metric, int trials) {
  return {{"train", {{"objective", objective}, {"num_round", 40}}},
          {"search", Search()},
          {"objective", {{"metric", metric}}},
          {"split", {{"kind", "cv"}, {"folds", 3}, {"test_fraction", 0.2}}},
          {"stop", {{"trials", trials}}}};
}

// Every one of these charts, and no others, each with marks; no word in the console; no place of
// a mark that is not a number.
void ExpectSound(const OpenedPage& page, const std::vector<std::string>& charts) {
  EXPECT_EQ(page.console, std::vector<std::string>{});
  const Marks marks = MarksOf(page.dom);
  std::vector<std::string> names;
  for (const auto& [name, count] : marks) {
    EXPECT_GT(count, 0) << name;
    // Of few trials there may be nothing to say that chance would not show.
    if (name != "importance") names.push_back(name);
  }
  EXPECT_EQ(names, charts);
  const std::string figures = page.dom.substr(0, page.dom.rfind("</figure>"));
  const std::string drawn = figures.substr(std::min(figures.find("<figure "), figures.size()));
  EXPECT_EQ(drawn.find("NaN"), std::string::npos);
  EXPECT_EQ(drawn.find("undefined"), std::string::npos);
}

TEST(Report, OfABinaryStudyShowsTheSearchTheModelAndItsPredictions) {
  nlohmann::json spec = SmallSpec("binary:logistic", "logloss", 14);
  spec["train"]["num_round"] = 400;  // more than any trial has the patience for
  Study study(spec, "breast_cancer.csv", "diagnosis");
  const OpenedPage page = OpenPage(study.Report(), 1200);
  ExpectSound(page, {"calibration", "confusion", "curves", "features", "folds", "history",
                     "parallel", "pr", "roc", "rounds", "slice", "timeline"});
  const Marks marks = MarksOf(page.dom);
  EXPECT_EQ(marks.at("history"), 14 + 1);  // the trials and the best so far
  EXPECT_EQ(marks.at("parallel"), 14);
  EXPECT_EQ(marks.at("timeline"), 14);
  EXPECT_EQ(marks.at("folds"), 3 + 1);
  EXPECT_EQ(marks.at("confusion"), 4);
  EXPECT_NE(page.dom.find("test rows, which no trial has seen"), std::string::npos);
  EXPECT_EQ(study.said(), "");
}

TEST(Report, OfARegressionByHyperbandShowsRungsAndResiduals) {
  nlohmann::json spec = SmallSpec("reg:squarederror", "rmse", 16);
  spec["split"] = {{"kind", "holdout"}, {"test_fraction", 0.0}};
  spec["strategy"] = {{"kind", "hyperband"}};
  Study study(spec, "diabetes.csv", "progression");
  const OpenedPage page = OpenPage(study.Report(), 1200);
  ExpectSound(page, {"calibration", "curves", "features", "history", "parallel", "predicted",
                     "residuals", "rounds", "rungs", "slice", "timeline"});
  EXPECT_NE(page.dom.find("chosen on them"), std::string::npos);
}

TEST(Report, OfSeveralClassesShowsTheirConfusionOnAPhone) {
  Study study(SmallSpec("multi:softprob", "mlogloss", 8), "wine.csv", "cultivar");
  const OpenedPage page = OpenPage(study.Report(), 500);
  // Every trial had all of its rounds, so that there is no chart of them.
  ExpectSound(page, {"calibration", "confusion", "curves", "features", "folds", "history",
                     "parallel", "slice", "timeline"});
  EXPECT_EQ(MarksOf(page.dom).at("confusion"), 9);
}

TEST(Report, OfASingleTrainingShowsItsModelAndNoSearch) {
  nlohmann::json spec = SmallSpec("reg:squarederror", "rmse", 1);
  spec.erase("search");
  spec.erase("stop");
  Study study(spec, "diabetes.csv", "progression");
  const OpenedPage page = OpenPage(study.Report(), 1200);
  ExpectSound(page, {"calibration", "curves", "features", "folds", "predicted", "residuals"});
  EXPECT_NE(page.dom.find("The training has rmse"), std::string::npos);
  EXPECT_EQ(study.said(), "");
}

// Charts that would need the data are not there, and the page says why.
TEST(Report, SaysWhatItLacksWhenTheDataAreGone) {
  Study study(SmallSpec("binary:logistic", "auc", 4), "breast_cancer.csv", "diagnosis");
  std::filesystem::remove(study.folder().File("data.csv"));
  const OpenedPage page = OpenPage(study.Report(), 1200);
  EXPECT_EQ(page.console, std::vector<std::string>{});
  const Marks marks = MarksOf(page.dom);
  EXPECT_TRUE(marks.contains("features"));
  EXPECT_FALSE(marks.contains("roc"));
  EXPECT_NE(page.dom.find("there is no data file"), std::string::npos);
  EXPECT_NE(study.said().find("notice: The page has no charts of predictions"), std::string::npos)
      << study.said();
}

// What a person does with the page: hovers, chooses, filters, sorts, changes the light.
TEST(Report, FollowsThePointerAndFiltersEveryChart) {
  nlohmann::json spec = SmallSpec("binary:logistic", "logloss", 14);
  spec["train"]["num_round"] = 400;  // more than any trial has the patience for
  Study study(spec, "breast_cancer.csv", "diagnosis");
  const std::string copy = study.folder().File("acted.html");
  AddScript(study.Report(),
            support::ReadText(std::string(COPPICE_SOURCE_DIR) + "/tests/report/act.js"), copy);
  const OpenedPage page = OpenPage(copy, 1200);
  EXPECT_EQ(page.console, std::vector<std::string>{});
  const std::string text = TextOf(page.dom, "acted");
  ASSERT_FALSE(text.empty());
  const auto acted = nlohmann::json::parse(text);
  EXPECT_EQ(acted.at("tip"), "Trial 3");
  EXPECT_GE(acted.at("charts_with_hot"), 5);
  EXPECT_EQ(acted.at("tip_after_leaving"), false);
  EXPECT_EQ(acted.at("card"), "Trial 3");
  EXPECT_EQ(acted.at("card_after_escape"), false);
  EXPECT_EQ(acted.at("shown_without_pruned"), acted.at("not_pruned"));
  EXPECT_EQ(acted.at("rows_without_pruned"), acted.at("not_pruned"));
  EXPECT_EQ(acted.at("shown_after_reset"), 14);
  EXPECT_LT(acted.at("shown_after_brush"), 14);
  EXPECT_GT(acted.at("shown_after_brush"), 0);
  EXPECT_EQ(acted.at("shown_after_second_reset"), 14);
  EXPECT_EQ(acted.at("first_by_trial"), "0");
  EXPECT_EQ(acted.at("theme_changed"), true);
  EXPECT_NE(acted.at("threshold_before"), acted.at("threshold_after"));
}

// Nothing in a study's texts can become markup or a script of the page.
TEST(Report, TakesTextsOfAStudyAsTexts) {
  Study study(SmallSpec("reg:squarederror", "rmse", 3), "diabetes.csv",
              "</script><script>console.error('in')</script>");
  const std::string file = study.Report();
  const std::string page = support::ReadText(file);
  // Only the page's own three scripts end.
  std::size_t n = 0;
  for (std::size_t at = page.find("</script"); at != std::string::npos;
       at = page.find("</script", at + 1)) {
    ++n;
  }
  EXPECT_EQ(n, 3U);
  const OpenedPage opened = OpenPage(file, 1200);
  EXPECT_EQ(opened.console, std::vector<std::string>{});
  EXPECT_NE(opened.dom.find("&lt;/script&gt;"), std::string::npos);
}

TEST(Report, IsUnderTwoMegabytesForThreeHundredTrials) {
  nlohmann::json spec = SmallSpec("binary:logistic", "auc", 300);
  spec["train"]["num_round"] = 100;
  spec["strategy"] = {{"kind", "random"}};
  spec["prune"] = {{"kind", "none"}};
  spec["split"] = {{"kind", "holdout"}, {"test_fraction", 0.2}};
  spec["metrics"] = {"logloss", "error"};
  Study study(spec, "breast_cancer.csv", "diagnosis");
  const std::string file = study.Report();
  EXPECT_LT(std::filesystem::file_size(file), 2'000'000U);
  const OpenedPage page = OpenPage(file, 1200);
  EXPECT_EQ(page.console, std::vector<std::string>{});
  EXPECT_EQ(MarksOf(page.dom).at("parallel"), 300);
  EXPECT_EQ(MarksOf(page.dom).at("importance"), 4);
}

}  // namespace
}  // namespace coppice::report_tests
