#include "tuner/cli/man_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

#include "tuner/cli/environment.h"
#include "tuner/cli/exit_code.h"

namespace coppice::tuner {
namespace {

// As text: no dash is a hyphen, no line a request, and what stands in backticks is bold.
std::string Roff(std::string_view text) {
  std::string roff;
  bool is_bold = false;
  for (const char c : text) {
    if (c == '`') {
      is_bold = !is_bold;
      roff += is_bold ? "\\fB" : "\\fR";
    } else if (c == '\\') {
      roff += "\\e";
    } else if (c == '-') {
      roff += "\\-";
    } else if (c == '\'') {
      roff += "\\(aq";
    } else {
      roff += c;
    }
  }
  return text.starts_with('.') ? "\\&" + roff : roff;
}

std::string Bold(std::string_view text) { return fmt::format("\\fB{}\\fR", Roff(text)); }
std::string Italic(std::string_view text) { return fmt::format("\\fI{}\\fR", Roff(text)); }

// A paragraph with a hanging head.
std::string ManItem(const std::string& head, const std::string& text) {
  return fmt::format(".TP\n{}\n{}\n", head, text);
}

std::string FlagHead(const ArgumentRow& flag) {
  std::string head;
  for (const std::string& name : flag.names) head += (head.empty() ? "" : ", ") + Bold(name);
  if (!flag.type.empty()) head += " " + Italic(flag.type);
  return head;
}

std::string FlagText(const ArgumentRow& flag) {
  return Roff(flag.help) + (flag.is_required ? " (required)" : "") +
         (flag.is_repeatable ? " (may be repeated)" : "");
}

std::string UsageLine(const VerbRow& verb) {
  std::string text = Bold("coppice " + verb.name);
  for (const ArgumentRow& word : verb.words) {
    const std::string name = Italic(word.names[0]);
    text += word.is_required ? " " + name : " [" + name + "]";
  }
  return text + " [" + Italic("FLAGS") + "]";
}

// Those that every verb has stand in a section of their own.
bool IsCommon(const VerbTable& table, const ArgumentRow& flag) {
  for (const VerbRow& verb : table.verbs) {
    bool has = false;
    for (const ArgumentRow& other : verb.flags) has = has || other.names == flag.names;
    if (!has) return false;
  }
  return true;
}

std::string VerbPart(const VerbTable& table, const VerbRow& verb) {
  std::string text =
      fmt::format(".SS {}\n{}\n.PP\n{}\n", verb.name, UsageLine(verb), Roff(verb.what));
  for (const ArgumentRow& word : verb.words) text += ManItem(Italic(word.names[0]), FlagText(word));
  for (const ArgumentRow& flag : verb.flags) {
    if (!IsCommon(table, flag)) text += ManItem(FlagHead(flag), FlagText(flag));
  }
  return text + fmt::format(".PP\nExample:\n.PP\n.EX\n{}\n.EE\n", Roff(verb.example));
}

constexpr const char* kDescription =
    "One JSON spec says which table to learn from, which parameters to search and when to stop. "
    "`coppice tune` runs such a study: trials share the data in memory, bad ones end early, and "
    "the "
    "best configuration becomes a model that XGBoost loads. The same data, spec and seed give the "
    "same study on any number of threads, in one go or after an interruption and `coppice resume`.";

struct StudyFileRow {
  const char* name;
  const char* meaning;
};
constexpr StudyFileRow kStudyFiles[] = {
    {"studies/NAME/", "The folder of a study; see --store."},
    {"study.db", "Its log and its tables, in SQLite."},
    {"spec.json", "The spec as it was given."},
    {"spec.resolved.json", "The same with every default."},
    {"best.json", "The best configuration."},
    {"model.json", "Its model, trained on all rows but the test rows."},
    {"retrained.json", "What `coppice retrain` made, on all rows."},
    {"report.html", "What `coppice report` made."},
    {"log.jsonl", "A line for each event, with the time of day."},
    {"parked/", "The state of trials that were interrupted or are paused."},
};

std::string ExamplesPart() {
  return ".SH EXAMPLES\nFrom a table to a model and its predictions:\n.PP\n.EX\n" +
         Roff("coppice init --data titanic.csv --label survived -o spec.json") + "\n" +
         Roff("coppice check spec.json") + "\n" + Roff("coppice tune spec.json") + "\n" +
         Roff("coppice leaderboard titanic -n 5") + "\n" +
         Roff("coppice retrain titanic -o model.json") + "\n" +
         Roff("coppice predict model.json new.csv -o predictions.csv") + "\n.EE\n";
}

}  // namespace

std::string ManPage(const VerbTable& table, const std::string& version) {
  std::string text = fmt::format(".TH COPPICE 1 \"\" \"coppice {}\" \"User Commands\"\n", version);
  text += ".SH NAME\ncoppice \\- tunes gradient\\-boosted trees\n";
  text += ".SH SYNOPSIS\n" + Bold("coppice") + " " + Italic("VERB") + " [" + Italic("WORDS") +
          "] [" + Italic("FLAGS") + "]\n";
  text += ".SH DESCRIPTION\n" + Roff(table.what) + "\n.PP\n" + Roff(kDescription) + "\n";
  text += ".SH VERBS\n";
  for (const VerbRow& verb : table.verbs) text += VerbPart(table, verb);
  text += ".SH FLAGS OF EVERY VERB\n";
  if (!table.verbs.empty()) {
    for (const ArgumentRow& flag : table.verbs.front().flags) {
      if (IsCommon(table, flag)) text += ManItem(FlagHead(flag), FlagText(flag));
    }
  }
  text += ".SH FLAGS WITHOUT A VERB\n";
  for (const ArgumentRow& flag : table.flags) text += ManItem(FlagHead(flag), FlagText(flag));
  text += ".SH EXIT STATUS\n";
  for (const ExitCodeRow& row : kExitCodes) {
    text += ManItem(Bold(fmt::format("{}", static_cast<int>(row.code))), Roff(row.meaning));
  }
  text += ".SH ENVIRONMENT\n";
  for (const EnvironmentRow& row : kEnvironment) text += ManItem(Bold(row.name), Roff(row.meaning));
  text += ".SH FILES\n";
  for (const StudyFileRow& row : kStudyFiles) text += ManItem(Italic(row.name), Roff(row.meaning));
  return text + ExamplesPart();
}

}  // namespace coppice::tuner
