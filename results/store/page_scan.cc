#include "results/store/page_scan.h"

#include <bit>
#include <map>
#include <optional>

namespace coppice::results {
namespace {

constexpr std::size_t kUsualPage = 4096;  // SQLite's own choice, which the store leaves as it is
constexpr std::size_t kLogHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::size_t kFileHeader = 100;
constexpr std::size_t kPageHeader = 8;
constexpr std::size_t kMostColumns = 100;

std::uint64_t BigEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

// Reads forward; false, and nothing more is read, at the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool Take(std::size_t n, std::string_view* bytes) {
    if (rest_.size() < n) return false;
    *bytes = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return true;
  }

  bool TakeVarint(std::uint64_t* number) {
    *number = 0;
    for (int i = 0; i < 9; ++i) {
      std::string_view byte;
      if (!Take(1, &byte)) return false;
      const auto bits = static_cast<unsigned char>(byte[0]);
      if (i == 8) {
        *number = *number << 8 | bits;
        return true;
      }
      *number = *number << 7 | (bits & 0x7FU);
      if (bits < 0x80) return true;
    }
    return true;
  }

  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// Bytes of a value of this serial type.
std::uint64_t SizeOf(std::uint64_t type) {
  constexpr std::uint64_t kSizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return type < 12 ? kSizes[type] : (type - 12) / 2;
}

FoundValue ValueOf(std::uint64_t type, std::string_view bytes) {
  if (type == 0 || type == 10 || type == 11) return std::monostate();
  if (type == 8 || type == 9) return static_cast<std::int64_t>(type - 8);
  if (type >= 12) return std::string(bytes);
  const std::uint64_t bits = BigEndian(bytes);
  if (type == 7) return std::bit_cast<double>(bits);
  const auto unused = static_cast<int>(64 - 8 * bytes.size());
  return static_cast<std::int64_t>(bits << unused) >> unused;  // the sign goes along
}

std::optional<std::vector<FoundValue>> ValuesOf(std::string_view payload) {
  ByteReader header(payload);
  std::uint64_t header_size = 0;
  if (!header.TakeVarint(&header_size) || header_size > payload.size()) return std::nullopt;
  const std::size_t prefix = payload.size() - header.rest().size();
  if (header_size < prefix) return std::nullopt;
  ByteReader types(payload.substr(prefix, header_size - prefix));
  ByteReader body(payload.substr(header_size));
  std::vector<FoundValue> values;
  while (!types.rest().empty()) {
    std::uint64_t type = 0;
    std::string_view bytes;
    if (!types.TakeVarint(&type) || !body.Take(SizeOf(type), &bytes)) return std::nullopt;
    if (values.size() == kMostColumns) return std::nullopt;
    values.push_back(ValueOf(type, bytes));
  }
  if (values.empty()) return std::nullopt;
  return values;
}

// The pages of one state of the file, by their number from 1.
class Pages {
 public:
  Pages(std::string_view database, std::string_view log, std::size_t size)
      : database_(database), size_(size), most_payload_(database.size() + log.size()) {}

  void Overlay(std::uint64_t number, std::string_view page) { log_[number] = page; }
  std::size_t size() const { return size_; }
  // No record is longer, so that a ring of pages ends soon.
  std::uint64_t most_payload() const { return most_payload_; }
  std::uint64_t n_in_database() const { return (database_.size() + size_ - 1) / size_; }

  // Shorter than a page where the file was cut; empty beyond it.
  std::string_view InDatabase(std::uint64_t number) const {
    if (number == 0 || number > n_in_database()) return {};
    return database_.substr((number - 1) * size_, size_);
  }
  std::string_view Newest(std::uint64_t number) const {
    const auto found = log_.find(number);
    return found == log_.end() ? InDatabase(number) : found->second;
  }

 private:
  std::string_view database_;
  std::size_t size_;
  std::uint64_t most_payload_;
  std::map<std::uint64_t, std::string_view> log_;
};

// A cell: its payload, the part on other pages included.
class CellReader {
 public:
  CellReader(const Pages& pages, const std::function<void(const FoundRecord&)>& found)
      : pages_(pages), found_(found) {}

  // The kind of the page is not looked at: it may be what was damaged.
  void ReadPage(std::string_view page, bool is_first) const {
    const std::size_t header = is_first ? kFileHeader : 0;
    if (page.size() < header + kPageHeader) return;
    const std::size_t n_cells = BigEndian(page.substr(header + 3, 2));
    for (std::size_t i = 0; i < n_cells; ++i) {
      const std::size_t at = header + kPageHeader + 2 * i;
      if (at + 2 > page.size()) return;
      const std::size_t begin = BigEndian(page.substr(at, 2));
      if (begin < page.size()) ReadCell(page.substr(begin));
    }
  }

 private:
  void ReadCell(std::string_view cell) const {
    ByteReader reader(cell);
    std::uint64_t payload_size = 0;
    std::uint64_t row_id = 0;
    if (!reader.TakeVarint(&payload_size) || !reader.TakeVarint(&row_id)) return;
    if (payload_size == 0 || payload_size > pages_.most_payload()) return;
    for (const bool newest : {true, false}) {
      const auto payload = PayloadOf(reader, payload_size, newest);
      if (!payload) continue;
      if (auto values = ValuesOf(*payload)) {
        found_({static_cast<std::int64_t>(row_id), *std::move(values)});
      }
      if (LocalBytes(payload_size) == payload_size) return;  // nothing of it is elsewhere
    }
  }

  std::size_t LocalBytes(std::uint64_t payload_size) const {
    const std::size_t usable = pages_.size();
    const std::size_t most = usable - 35;
    if (payload_size <= most) return payload_size;
    const std::size_t least = (usable - 12) * 32 / 255 - 23;
    const std::size_t fitting = least + (payload_size - least) % (usable - 4);
    return fitting <= most ? fitting : least;
  }

  std::optional<std::string> PayloadOf(ByteReader reader, std::uint64_t payload_size,
                                       bool newest) const {
    std::string_view local;
    if (!reader.Take(LocalBytes(payload_size), &local)) return std::nullopt;
    std::string payload(local);
    if (payload.size() == payload_size) return payload;
    std::string_view next;
    if (!reader.Take(4, &next)) return std::nullopt;
    for (std::uint64_t number = BigEndian(next); payload.size() < payload_size;) {
      const std::string_view page = newest ? pages_.Newest(number) : pages_.InDatabase(number);
      if (page.size() <= 4) return std::nullopt;
      number = BigEndian(page.substr(0, 4));
      payload += page.substr(4, payload_size - payload.size());
    }
    return payload;
  }

  const Pages& pages_;
  const std::function<void(const FoundRecord&)>& found_;
};

bool IsPageSize(std::size_t size) {
  return size >= 512 && size <= 65536 && std::has_single_bit(size);
}

std::size_t PageSizeOf(std::string_view database) {
  if (database.size() < kFileHeader) return kUsualPage;
  const std::size_t size = BigEndian(database.substr(16, 2));
  if (size == 1) return 65536;
  return IsPageSize(size) ? size : kUsualPage;
}

struct Frame {
  std::uint64_t number = 0;
  std::string_view page;
};

// The frames of the log's present use, up to its last commit.
std::vector<Frame> FramesOf(std::string_view log, std::size_t page_size) {
  std::vector<Frame> frames;
  std::size_t n_committed = 0;
  if (log.size() < kLogHeader) return frames;
  const std::string_view salt = log.substr(16, 8);
  const std::size_t stride = kFrameHeader + page_size;
  for (std::size_t at = kLogHeader; at + stride <= log.size(); at += stride) {
    if (log.substr(at + 8, 8) != salt) break;
    frames.push_back({BigEndian(log.substr(at, 4)), log.substr(at + kFrameHeader, page_size)});
    if (BigEndian(log.substr(at + 4, 4)) != 0) n_committed = frames.size();
  }
  frames.resize(n_committed);
  return frames;
}

}  // namespace

void ScanPages(std::string_view database, std::string_view log,
               const std::function<void(const FoundRecord&)>& found) {
  Pages pages(database, log, PageSizeOf(database));
  const std::vector<Frame> frames = FramesOf(log, pages.size());
  for (const Frame& frame : frames) pages.Overlay(frame.number, frame.page);
  const CellReader cells(pages, found);
  for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
    cells.ReadPage(frame->page, frame->number == 1);
  }
  for (std::uint64_t number = 1; number <= pages.n_in_database(); ++number) {
    cells.ReadPage(pages.InDatabase(number), number == 1);
  }
}

}  // namespace coppice::results
