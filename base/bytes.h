#pragma once
// Values as bytes and back, as this machine has them in memory: for what one program writes and the
// same program reads again. Nothing else should rely on it.
//
//   ByteWriter out;                     ByteReader in(bytes);
//   out(rounds, names, numbers);        if (!in(rounds, names, numbers)) ... // not such bytes
//
// A type of several members says them once for both: template <typename Bytes, typename T>
// requires (T is the type, maybe const) void or bool Fields(Bytes& bytes, T& value).

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace coppice {

template <typename T>
concept PlainBytes = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>;

// One thread at a time.
class ByteWriter {
 public:
  template <typename... Ts>
  bool operator()(const Ts&... values) {
    (Write(values), ...);
    return true;
  }
  std::string Take() { return std::move(bytes_); }

 private:
  void WriteRaw(const void* from, std::size_t n) {
    bytes_.append(static_cast<const char*>(from), n);
  }
  template <PlainBytes T>
  void Write(const T& value) {
    WriteRaw(&value, sizeof(T));
  }
  void Write(const std::string& text) {
    Write(std::uint64_t{text.size()});
    WriteRaw(text.data(), text.size());
  }
  template <typename T, typename A>
  void Write(const std::vector<T, A>& values) {
    Write(std::uint64_t{values.size()});
    if constexpr (PlainBytes<T>) {
      WriteRaw(values.data(), values.size() * sizeof(T));
    } else {
      for (const T& value : values) Write(value);
    }
  }
  template <typename T>
  requires(!PlainBytes<T>) && requires(ByteWriter& bytes, const T& value) { Fields(bytes, value); }
  void Write(const T& value) { Fields(*this, value); }

  std::string bytes_;
};

// Never reads or allocates beyond what the bytes hold. After a failure everything fails. Borrows
// the bytes. One thread at a time.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  template <typename... Ts>
  bool operator()(Ts&... values) {
    return (Read(values) && ...);
  }
  bool AtEnd() const { return is_good_ && left_.empty(); }
  std::string_view rest() const { return left_; }

 private:
  bool ReadRaw(void* to, std::size_t n) {
    is_good_ = is_good_ && n <= left_.size();
    if (!is_good_) return false;
    if (n > 0) std::memcpy(to, left_.data(), n);
    left_.remove_prefix(n);
    return true;
  }
  // How many things follow of which each takes `bytes_each` at least.
  bool ReadSize(std::size_t bytes_each, std::size_t* size) {
    std::uint64_t n = 0;
    if (!Read(n)) return false;
    is_good_ = n <= left_.size() / bytes_each;
    *size = static_cast<std::size_t>(n);
    return is_good_;
  }
  template <PlainBytes T>
  bool Read(T& value) {
    return ReadRaw(&value, sizeof(T));
  }
  bool Read(std::string& text) {
    std::size_t size = 0;
    if (!ReadSize(1, &size)) return false;
    text.resize(size);
    return ReadRaw(text.data(), size);
  }
  template <typename T, typename A>
  bool Read(std::vector<T, A>& values) {
    std::size_t size = 0;
    if constexpr (PlainBytes<T>) {
      if (!ReadSize(sizeof(T), &size)) return false;
      values.resize(size);
      return ReadRaw(values.data(), size * sizeof(T));
    } else {
      if (!ReadSize(1, &size)) return false;
      values.clear();
      for (std::size_t i = 0; i < size; ++i) {
        if (!Read(values.emplace_back())) return false;
      }
      return true;
    }
  }
  template <typename T>
  requires(!PlainBytes<T>) && requires(ByteReader& bytes, T& value) { Fields(bytes, value); }
  bool Read(T& value) { return Fields(*this, value); }

  std::string_view left_;
  bool is_good_ = true;
};

}  // namespace coppice
