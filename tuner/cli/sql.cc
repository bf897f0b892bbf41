#include "results/store/sql.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/targets.h"
#include "tuner/cli/terminal.h"

namespace coppice::tuner {
namespace {

struct SqlOptions {
  std::string study;
  std::string sql;
  std::string format;
};

int AskSql(CommandLine& line, const SqlOptions& options) {
  if (options.study.find(' ') != std::string::npos && options.sql.find(' ') == std::string::npos) {
    throw Error(ErrorKind::kUsage, fmt::format("`{}` is no study's name", options.study), {},
                fmt::format("the study comes first: `coppice sql {} \"{}\"`",
                            options.sql.empty() ? "STUDY" : options.sql, options.study));
  }
  const std::string file = FindStudyOrSay(line, options.study).database();
  results::SqlAnswer answer =
      options.sql.empty() ? results::ListTables(file) : results::AnswerSql(file, options.sql);
  const results::Table table{std::move(answer.columns), std::move(answer.rows)};
  Print(results::Render(table, results::FormatFromText(options.format)));
  return kDone;
}

}  // namespace

void AddSql(CommandLine& line) {
  auto options = std::make_shared<SqlOptions>();
  Verb(line, "sql", "Answers a question in SQL from a study's tables; changes nothing.",
       "coppice sql titanic \"SELECT trial, score FROM leaderboard WHERE rank <= 5\"")
      .Word("STUDY", &options->study, "the study's name or folder")
      .Word("SQL", &options->sql, "one statement; none: the tables and views with their columns",
            false)
      .Format(&options->format, TableFormats())
      .Does([&line, options] { return AskSql(line, *options); });
}

}  // namespace coppice::tuner
