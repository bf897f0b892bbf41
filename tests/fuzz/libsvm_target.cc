// LibSVM files.

#include <cstdint>
#include <string>

#include "tests/fuzz/table_check.h"

namespace coppice::fuzz {
namespace {

// Whether an index has five to seven digits: columns are dense, and such a table would take longer
// than all other inputs. Longer indexes are refused.
bool IsWide(std::string_view bytes) {
  std::size_t digits = 0;
  for (const char c : bytes) {
    if (c == ':' && digits >= 5 && digits <= 7) return true;
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
  }
  return false;
}

}  // namespace

Outcome TryInput(std::string_view bytes) {
  static const std::vector<trainer::ReadOptions> ways = [] {
    std::vector<trainer::ReadOptions> all(3);
    all[1].label_kind = trainer::LabelKind::kBinary;
    all[2].label_kind = trainer::LabelKind::kMulticlass;
    all[2].ignore = {std::int64_t{2}, std::string("f1")};
    return all;
  }();
  return IsWide(bytes) ? Outcome::kRefused : TryTable(bytes, "table.svm", ways);
}

std::vector<std::string> Words() {
  return {":",    " ",     "qid:", "qid:7", "#",    "\n",
          "\r\n", "\r",    "\t",   "0:",    "1:",   "2:1",
          "+1",   "-1",    ".5",   "1e39",  "nan",  "4000:1",
          "-0",   "::",    "NA",   "1:-",   "\n\n", "# x",
          "3",    "1e-46", "\xFF", "inf",   "01:2", std::string(1, '\0')};
}

}  // namespace coppice::fuzz
