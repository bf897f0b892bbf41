#pragma once
// From files to a Dataset. Formats by file name: .csv and .tsv (also .txt, .data: the delimiter is
// sniffed among comma, tab, semicolon), .libsvm (also .svm), each also .gz.
//
// CSV (RFC 4180 and what people really have): quotes, doubled quotes, line ends inside quotes,
// CRLF, a byte order mark, blank lines (skipped), spaces after commas; a header or none, detected:
// the first line is a header when none of its fields is a number and some column below is one, or
// when every field of it is a different word that its own column does not hold again.
// LibSVM: "label [qid:N] index:value ..."; absent is missing; indexes from 0 or 1, as the file
// begins.
//
// Every fault of a file names the file, line and column; up to 20 are reported at once.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/value.h"
#include "trainer/data/dataset.h"

namespace coppice::trainer {

// How the label is to be understood. kBinary and kMulticlass turn texts, and numbers that are not
// 0 .. k-1, into class codes in ascending order (numbers by value, texts by bytes); kBinary leaves
// numbers within [0, 1] alone (they may be probabilities). kNumber refuses texts.
// kNone: the file may lack the label (prediction); it is skipped if it is there.
enum class LabelKind { kNumber, kBinary, kMulticlass, kNone };

struct DataFiles {
  std::vector<std::string> train;
  std::vector<std::string> validation;
  std::vector<std::string> test;
};

// A column of the file, by header name or 0-based index.
using ColumnRef = Value;

struct ReadOptions {
  std::optional<ColumnRef> label;  // default: the first column
  // Where labels lie between two numbers: the upper one's column. `label` is then the lower one's.
  // A missing upper bound is infinite.
  std::optional<ColumnRef> label_upper;
  std::optional<ColumnRef> weight;
  std::optional<ColumnRef> group;
  std::vector<ColumnRef> ignore;
  bool categorical_auto = true;        // columns with a text are categorical
  std::vector<ColumnRef> categorical;  // these are, in any case
  std::vector<std::string> missing = {"", "NA", "NaN", "nan", "null", "?"};
  LabelKind label_kind = LabelKind::kNumber;
  // Where the user named columns, by option ("label"): findings about an option stand there, else
  // at the data file.
  std::map<std::string, Place> said_at;

  // What the user calls `label`.
  const char* label_option() const { return label_upper ? "label_lower_bound" : "label"; }

  Place PlaceOf(const std::string& option, const std::string& data_file) const {
    const auto found = said_at.find(option);
    return found == said_at.end() ? Place{data_file, 0, 0, {}} : found->second;
  }
};

// What was noticed that is no error: "column `x` is constant", "3 unknown categories in `y`".
using Notices = std::vector<std::string>;

// Types, categories and classes are fixed by the train files; a text of the other parts that the
// train files lack is missing (a feature) or an error (a class). Throws Error (kData): unreadable
// file, no rows, ragged row, unknown column (with a suggestion), missing or impossible label or
// weight, one class only, no features.
Dataset ReadDataset(const DataFiles& files, const ReadOptions& options, FileSystem& disk,
                    Notices* notices);

// A file read as `schema` says: columns are found by name (by position when there is no header;
// the label column may then be absent), others are ignored. With `with_label`, the label is read
// too and must be there: in the column `label`, else in the schema's. Throws Error (kData): a
// feature column is absent, a text in a numeric column.
Dataset ReadWithSchema(const std::string& file, const Schema& schema, bool with_label,
                       FileSystem& disk, Notices* notices,
                       const std::optional<ColumnRef>& label = {});

// The files that a pattern names ("data/part-*.csv"), sorted; a name without * or ? is itself.
// Relative ones are taken from `folder`. Throws Error (kData) when nothing matches.
std::vector<std::string> ExpandPattern(const std::string& pattern, const std::string& folder);

// An absolute pattern that names from anywhere what `pattern` names from the absolute `folder`.
std::string AbsolutePattern(const std::string& pattern, const std::string& folder);

}  // namespace coppice::trainer
