#include "trainer/data/column_reader.h"

#include <fmt/format.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "trainer/data/block_parser.h"
#include "trainer/data/csv_blocks.h"

namespace coppice::trainer {
namespace {

void AddRagged(const CsvFile& file, std::uint64_t record, std::size_t n_fields,
               FindingList& findings) {
  const auto fields = [](std::size_t n) { return fmt::format("{} field{}", n, n == 1 ? "" : "s"); };
  findings.Add(fmt::format("this row has {}, the {} has {}", fields(n_fields),
                           file.has_header ? "header" : "first row", file.n_columns()),
               findings.HasRoom() ? file.source->PlaceOf(record) : Place{},
               "a field that holds the delimiter or a line end must stand in quotes");
}

// Says what is wrong with a file in which something is.
[[noreturn]] void ThrowFaults(const CsvFile& file) {
  CheckIsText(*file.source);
  FindingList findings;
  RecordWalk records(*file.source, file.body_begin, file.delimiter);
  for (std::vector<Field> fields; records.Next(fields);) {
    const CsvTokenizer& tokenizer = records.tokenizer();
    if (tokenizer.fault() != CsvFault::kNone) {
      AddQuoteFault(tokenizer.fault(), records.OffsetOf(tokenizer.fault_at()), *file.source,
                    findings);
    } else if (fields.size() != file.n_columns()) {
      AddRagged(file, records.OffsetOf(tokenizer.record_begin()), fields.size(), findings);
    }
  }
  findings.ThrowIfAny();
  throw ChangedWhileRead(*file.source);
}

// Puts parsed blocks together, in order. One thread at a time.
class TableJoiner {
 public:
  // Borrows all.
  TableJoiner(const CsvFile& file, const std::vector<ColumnRequest>& requests,
              const BlockParser& parser)
      : size_(file.source->size_if_known()), requests_(requests), parser_(parser) {
    table_.columns.resize(requests.size());
  }

  // False when the file has a fault: what is joined then has no meaning.
  bool Take(const CsvBlock& block, ParsedBlock parsed) {
    if (open_.text.empty()) return Join(block, std::move(parsed));
    // It begins inside a quoted field of the blocks before, and was parsed in vain.
    open_.text += block.text;
    open_.is_last = block.is_last;
    // A field over many blocks is not gone through once for each.
    if (open_.text.size() < enough_ && !open_.is_last) return true;
    const CsvBlock whole = std::exchange(open_, {});
    return Join(whole, parser_.Parse(whole));
  }

  TableContent& table() { return table_; }

 private:
  bool Join(const CsvBlock& block, ParsedBlock parsed) {
    if (parsed.has_fault) return false;
    if (table_.n_rows == 0) Reserve(block, parsed.table.n_rows);
    table_.n_rows += parsed.table.n_rows;
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      JoinColumn(parsed.table.columns[i], parsed.dictionaries[i], requests_[i], table_.columns[i]);
    }
    if (parsed.is_open) {
      open_.offset = block.offset + parsed.open_at;
      open_.text = block.text.substr(parsed.open_at);
      enough_ = 2 * open_.text.size();
    }
    return true;
  }

  static void JoinColumn(const ColumnContent& own, const TextDictionary& texts,
                         const ColumnRequest& request, ColumnContent& joined) {
    joined.n_numbers += own.n_numbers;
    joined.missing.Append(own.missing);
    joined.texts.Append(own.texts);
    joined.infinite.Append(own.infinite);
    joined.numbers.insert(joined.numbers.end(), own.numbers.begin(), own.numbers.end());
    std::vector<std::int32_t> codes;
    for (std::size_t k = 0; k < texts.texts().size(); ++k) {
      codes.push_back(request.dictionary->Add(texts.texts()[k], texts.counts()[k]));
    }
    for (const std::int32_t code : own.codes) {
      joined.codes.push_back(code < 0 ? -1 : codes[static_cast<std::size_t>(code)]);
    }
  }

  // Room for the rows that the first ones lead to expect; memory that is not written to costs none.
  void Reserve(const CsvBlock& block, std::size_t n_rows) {
    if (size_ <= block.end()) return;
    const std::size_t expected =
        static_cast<std::size_t>(static_cast<double>(n_rows) * static_cast<double>(size_) /
                                 static_cast<double>(block.text.size()) * 17 / 16);
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      if (requests_[i].dictionary == nullptr) {
        table_.columns[i].numbers.reserve(expected);
      } else {
        table_.columns[i].codes.reserve(expected);
      }
    }
  }

  const std::uint64_t size_;  // of the text; 0: not known
  const std::vector<ColumnRequest>& requests_;
  const BlockParser& parser_;
  TableContent table_;
  CsvBlock open_;  // from the record on that is not whole yet
  std::size_t enough_ = 0;
};

// A block on its way.
struct BlockInWork {
  CsvBlock block;
  ParsedBlock parsed;
};

}  // namespace

TableContent ReadColumns(const CsvFile& file, const std::vector<ColumnRequest>& requests,
                         const MissingTexts& missing) {
  const BlockParser parser(file, requests, missing);
  TableJoiner joiner(file, requests, parser);
  CsvBlocks blocks(*file.source, file.body_begin);
  // Some wait to be joined while others are parsed.
  const auto n_works = 2 * static_cast<std::size_t>(tbb::this_task_arena::max_concurrency());
  // Works leave in the order in which they came, so that the oldest one's place is free.
  std::vector<BlockInWork> works(n_works);
  std::size_t n_begun = 0;
  std::atomic<bool> has_fault = false;
  const auto begin = [&](tbb::flow_control& control) {
    BlockInWork& work = works[n_begun++ % n_works];
    if (has_fault || !blocks.Next(work.block)) control.stop();
    return &work;
  };
  const auto parse = [&](BlockInWork* work) {
    work->parsed = parser.Parse(work->block);
    return work;
  };
  const auto join = [&](BlockInWork* work) {
    if (!has_fault && !joiner.Take(work->block, std::move(work->parsed))) has_fault = true;
  };
  tbb::parallel_pipeline(
      n_works, tbb::make_filter<void, BlockInWork*>(tbb::filter_mode::serial_in_order, begin) &
                   tbb::make_filter<BlockInWork*, BlockInWork*>(tbb::filter_mode::parallel, parse) &
                   tbb::make_filter<BlockInWork*, void>(tbb::filter_mode::serial_in_order, join));
  if (has_fault) ThrowFaults(file);
  return std::move(joiner.table());
}

Place PlaceOfField(const CsvFile& file, std::size_t row, std::size_t column) {
  RecordWalk records(*file.source, file.body_begin, file.delimiter);
  std::vector<Field> fields;
  for (std::size_t i = 0; i <= row; ++i) {
    if (!records.Next(fields) || fields.size() <= column) throw ChangedWhileRead(*file.source);
  }
  return file.source->PlaceOf(records.OffsetOf(fields[column].text.data()));
}

}  // namespace coppice::trainer
