#pragma once
// A page opened in a real browser without a window.
//
//   const OpenedPage page = OpenPage(folder.File("report.html"), 1200);
//   EXPECT_EQ(page.console, std::vector<std::string>{});
//   EXPECT_GT(MarksOf(page.dom).at("history"), 3);

#include <map>
#include <string>
#include <vector>

namespace coppice::report_tests {

struct OpenedPage {
  std::string dom;                   // after its scripts have run
  std::vector<std::string> console;  // all that the page wrote there, its errors included
};

// Chromium with a profile of its own, `width` pixels wide. A failure of the test where there is no
// Chromium: tests/run installs it.
OpenedPage OpenPage(const std::string& file, int width);

// Of each chart (figure[data-chart]) of the page, how many marks it has; charts of one name are
// added up.
std::map<std::string, int> MarksOf(const std::string& dom);

// Writes a copy of the page with a script of the test's at its end.
void AddScript(const std::string& page, const std::string& script, const std::string& copy);

// The text of the element <pre id="ID"> that such a script has added.
std::string TextOf(const std::string& dom, const std::string& id);

}  // namespace coppice::report_tests
