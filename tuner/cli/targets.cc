#include "tuner/cli/targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/json.h"
#include "trainer/model_io/model_file.h"

namespace coppice::tuner {
namespace {

enum class WordKind { kNothing, kStudy, kSpec, kModel, kTable, kOther };

bool IsFile(const std::string& word) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(word, ignored);
}

bool IsCalledTable(std::string name) {
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  constexpr std::array<std::string_view, 6> kEndings = {".csv",    ".tsv", ".txt",
                                                        ".libsvm", ".svm", ".data"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

// A model may have any name; JSON and UBJSON both begin with a brace, and no table does.
bool BeginsLikeModel(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char first = 0;
  return file >> first && first == '{';
}

// JSON of ours or of XGBoost's. Comments are allowed in specs.
WordKind KindOfJson(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false,
                                /*ignore_comments=*/true);
  if (!json.is_object()) return WordKind::kOther;
  if (json.contains("learner")) return WordKind::kModel;
  return json.contains("coppice") || json.contains("search") ? WordKind::kSpec : WordKind::kOther;
}

WordKind KindOf(CommandLine& line, const std::string& word) {
  if (word.empty()) return WordKind::kNothing;
  if (!IsFile(word)) {
    const bool is_study = LookForStudy(word, StoreFolder(line.store), line.disk).has_value();
    return is_study ? WordKind::kStudy : WordKind::kNothing;
  }
  if (IsCalledTable(word) && !BeginsLikeModel(word)) return WordKind::kTable;
  const std::string bytes = line.disk.Read(word);
  return trainer::IsUbjson(bytes) ? WordKind::kModel : KindOfJson(bytes);
}

const char* NameOf(WordKind kind) {
  switch (kind) {
    case WordKind::kStudy:
      return "a study";
    case WordKind::kSpec:
      return "a spec";
    case WordKind::kModel:
      return "a model";
    case WordKind::kTable:
      return "a table";
    case WordKind::kNothing:
    case WordKind::kOther:
      break;
  }
  return "";
}

// The study that a spec names, if it is there.
std::optional<std::string> StudyOfSpec(CommandLine& line, const std::string& file) {
  try {
    const Spec spec = ReadSpec(file, {}, line.disk, SpecUse::kEither);
    if (LookForStudy(spec.name, StoreFolder(line.store), line.disk)) return spec.name;
  } catch (const Error&) {
    // A spec with faults: its name does not matter then.
  }
  return std::nullopt;
}

std::string HintForStudy(CommandLine& line, WordKind kind, const std::string& word) {
  switch (kind) {
    case WordKind::kSpec:
      if (const auto study = StudyOfSpec(line, word)) {
        return fmt::format("the study of this spec is called `{}`", *study);
      }
      return fmt::format("`coppice tune {}` makes its study", word);
    case WordKind::kModel:
      return fmt::format("`coppice predict {} DATA` uses it; a study is named by its folder", word);
    default:
      return fmt::format("`coppice init --data {} -o spec.json` writes a spec for it", word);
  }
}

}  // namespace

StudyFolder FindStudyOrSay(CommandLine& line, const std::string& word) {
  const std::string store = StoreFolder(line.store);
  if (auto folder = LookForStudy(word, store, line.disk)) return *std::move(folder);
  const WordKind kind = KindOf(line, word);
  if (*NameOf(kind) != '\0') {
    throw Error(ErrorKind::kUsage, fmt::format("`{}` is {}, not a study", word, NameOf(kind)), {},
                HintForStudy(line, kind, word));
  }
  return FindStudy(word, store, line.disk);
}

Spec ReadSpecOrSay(CommandLine& line, const std::string& word, const Overrides& overrides,
                   SpecUse use) {
  const WordKind kind = KindOf(line, word);
  if (kind == WordKind::kStudy) {
    throw Error(ErrorKind::kUsage, fmt::format("`{}` is a study, not a spec", word), {},
                fmt::format("`coppice resume {}` goes on with it; its spec is what `coppice export "
                            "{} --what spec` writes",
                            word, word));
  }
  if (kind == WordKind::kModel) {
    throw Error(ErrorKind::kUsage, fmt::format("`{}` is a model, not a spec", word), {},
                fmt::format("`coppice predict {} DATA` uses it", word));
  }
  return ReadSpec(word, overrides, line.disk, use);
}

void RefuseSwapped(CommandLine& line, const std::string& verb, const std::string& model,
                   const std::string& data) {
  // By the names first: reading a large model twice would take its time.
  const bool table_first = IsFile(model) && IsCalledTable(model) && !BeginsLikeModel(model);
  const bool looks_good =
      !table_first && IsFile(data) && !data.ends_with(".json") && !data.ends_with(".ubj");
  if (looks_good) return;
  const WordKind second = KindOf(line, data);
  const bool model_second = second == WordKind::kModel || second == WordKind::kStudy;
  if (table_first && model_second) {
    throw Error(ErrorKind::kUsage,
                fmt::format("`{}` is a table and `{}` {}: the model comes first", model, data,
                            NameOf(second)),
                {}, fmt::format("`coppice {} {} {}`", verb, data, model));
  }
  if (table_first) {
    throw Error(ErrorKind::kUsage, fmt::format("`{}` is a table, not a model", model), {},
                fmt::format("`coppice {} MODEL DATA`: the model comes first", verb));
  }
  if (!model_second && second != WordKind::kSpec) return;
  throw Error(ErrorKind::kUsage, fmt::format("`{}` is {}, not a table", data, NameOf(second)), {},
              fmt::format("`coppice {} MODEL DATA`: the data are a file of rows", verb));
}

}  // namespace coppice::tuner
