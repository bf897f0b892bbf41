#include "tests/report/browser.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "tests/support/process.h"

namespace coppice::report_tests {
namespace {

// The first of the usual names on $PATH; empty when there is none.
std::string BrowserPath() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
      std::string file = folder + "/" + name;
      if (::access(file.c_str(), X_OK) == 0) return file;
    }
  }
  return {};
}

// "[...:INFO:CONSOLE(12)] "text", source: ..." lines.
std::vector<std::string> ConsoleLines(const std::string& log) {
  std::vector<std::string> lines;
  std::istringstream all(log);
  for (std::string line; std::getline(all, line);) {
    if (line.find("CONSOLE") != std::string::npos) lines.push_back(line);
  }
  return lines;
}

}  // namespace

OpenedPage OpenPage(const std::string& file, int width) {
  const std::string browser = BrowserPath();
  if (browser.empty()) {
    ADD_FAILURE() << "there is no Chromium on this machine: apt-get install chromium";
    return {};
  }
  const support::TempFolder profile;
  support::Command command;
  command.words = {browser, "--headless", "--no-sandbox", "--disable-gpu",
                   "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run",
                   "--user-data-dir=" + profile.path(), "--enable-logging=stderr",
                   "--window-size=" + std::to_string(width) + ",1000",
                   // Until the page's timers are done, in its own time.
                   "--virtual-time-budget=5000", "--dump-dom", "file://" + file};
  command.folder = profile.path();
  command.environment = {"HOME=" + profile.path()};
  const support::Ended ended = support::Run(command);
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return {ended.out, ConsoleLines(ended.err)};
}

std::map<std::string, int> MarksOf(const std::string& dom) {
  std::map<std::string, int> marks;
  const std::string opening = "data-chart=\"";
  std::size_t at = dom.find("<figure ");
  while (at != std::string::npos) {
    const std::size_t end = dom.find("</figure>", at);
    const std::string figure = dom.substr(at, end - at);
    const std::size_t name = figure.find(opening) + opening.size();
    int& count = marks[figure.substr(name, figure.find('"', name) - name)];
    for (std::size_t mark = figure.find("class=\"mark"); mark != std::string::npos;
         mark = figure.find("class=\"mark", mark + 1)) {
      ++count;
    }
    at = dom.find("<figure ", end);
  }
  return marks;
}

void AddScript(const std::string& page, const std::string& script, const std::string& copy) {
  std::string html = support::ReadText(page);
  const std::size_t end = html.rfind("</body>");
  ASSERT_NE(end, std::string::npos);
  html.insert(end, "<script>" + script + "</script>\n");
  support::WriteText(copy, html);
}

std::string TextOf(const std::string& dom, const std::string& id) {
  const std::string opening = "<pre id=\"" + id + "\">";
  const std::size_t at = dom.find(opening);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + opening.size();
  return dom.substr(begin, dom.find("</pre>", begin) - begin);
}

}  // namespace coppice::report_tests
