// Delimited files.

#include <cstdint>
#include <string>

#include "tests/fuzz/table_check.h"

namespace coppice::fuzz {
namespace {

using trainer::ReadOptions;

// What the seeds call their columns: `y`, `upper`, `w`, `g`.
std::vector<ReadOptions> Ways() {
  std::vector<ReadOptions> ways(4);
  ways[1].label = std::string("y");
  ways[1].label_kind = trainer::LabelKind::kMulticlass;
  ways[1].weight = std::string("w");
  ways[1].group = std::string("g");
  ways[2].label = std::int64_t{1};
  ways[2].label_kind = trainer::LabelKind::kBinary;
  ways[2].ignore = {std::int64_t{2}};
  ways[2].categorical_auto = false;
  ways[2].categorical = {std::int64_t{0}};
  ways[3].label = std::string("y");
  ways[3].label_upper = std::string("upper");
  return ways;
}

}  // namespace

Outcome TryInput(std::string_view bytes) {
  static const std::vector<ReadOptions> ways = Ways();
  // By its name; and with the delimiter to be found out.
  const Outcome of_csv = TryTable(bytes, "table.csv", ways);
  const Outcome of_any = TryTable(bytes, "table.txt", {ways.front()});
  return of_csv == Outcome::kRead ? of_csv : of_any;
}

std::vector<std::string> Words() {
  return {"\"",
          "\"\"",
          ",",
          ";",
          "\t",
          "\n",
          "\r\n",
          "\r",
          " ",
          "#",
          "|",
          "nan",
          "inf",
          "-inf",
          "NA",
          "?",
          "1e400",
          "1e-400",
          "0x1p3",
          "-0",
          "+1",
          "1,5",
          "y",
          "w",
          "g",
          "upper",
          "a",
          "\n\n",
          "\"\n\"",
          "no",
          "yes",
          "\xEF\xBB\xBF",
          "\xFF",
          "\xC3",
          "\x1F\x8B\x08",
          std::string(1, '\0'),
          std::string(300, 'x')};
}

}  // namespace coppice::fuzz
