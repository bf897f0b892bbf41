#include "tuner/report/page.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/error.h"
#include "base/json.h"

namespace coppice::tuner {
namespace {

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

// Inside a script element only "</script" and "<!--" mean something to HTML; without any "<" there
// is neither, and inside JSON's strings the escape is the same character.
std::string EscapeIsland(const Json& data) {
  const std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      escaped += "\\u003c";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string Scripts() {
  std::string scripts;
  for (const char* name : {"core.js", "trial_charts.js", "space_charts.js", "time_charts.js",
                           "model_charts.js", "words.js", "start.js"}) {
    scripts += PageFile(name);
  }
  return scripts;
}

}  // namespace

std::string MakePage(std::string_view title, const Json& data) {
  const std::array<std::pair<std::string_view, std::string>, 6> parts = {{
      {"TITLE", EscapeHtml(title)},
      {"STYLE", std::string(PageFile("report.css"))},
      {"LICENCE", std::string(PageFile("d3_licence.txt"))},
      {"D3", std::string(PageFile("d3.js"))},
      {"DATA", EscapeIsland(data)},
      {"SCRIPTS", Scripts()},
  }};
  // One pass, so that nothing that is put in is looked into for further places.
  std::string_view rest = PageFile("report.html");
  std::string page;
  while (true) {
    const std::size_t open = rest.find("{{");
    const std::size_t close = rest.find("}}", open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    page += rest.substr(0, open);
    const std::string_view name = rest.substr(open + 2, close - open - 2);
    for (const auto& [part, text] : parts) {
      if (part == name) page += text;
    }
    rest.remove_prefix(close + 2);
  }
  page += rest;
  return page;
}

}  // namespace coppice::tuner
