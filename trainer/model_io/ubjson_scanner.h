#pragma once
// A model file in UBJSON (draft 12), as XGBoost writes it: big-endian numbers, keys and texts after
// their length, lists of one type as a block of numbers.

#include "trainer/model_io/model_scanner.h"

namespace coppice::trainer {

// One thread at a time. Borrows the bytes.
class UbjsonScanner final : public ModelScanner {
 public:
  UbjsonScanner(std::string_view bytes, std::string file)
      : ModelScanner(std::move(file)), bytes_(bytes) {}

  std::string String() override;
  // Of 32 or 64 bits, or a whole number.
  float Float() override;
  std::int32_t Int() override;
  std::vector<float> Floats() override;
  std::vector<std::int32_t> Ints() override;
  std::vector<std::string> NumberTexts() override;
  void Skip() override { SkipAtDepth(0); }
  void End() override;

  bool AtObject() override { return Peek() == '{'; }
  Mark Here() override { return {at_, Path()}; }

 private:
  void OpenObject() override;
  bool NextKey(bool first, std::string* key) override;
  std::int64_t OpenArray() override;
  bool NextElement(bool first, std::int64_t* to_come) override;
  std::size_t Offset() const override { return at_; }
  // The byte stands with the path: there are no lines.
  Place PlaceOf(const Mark& mark) const override;

  // What follows the bracket of a list.
  struct Head {
    char type = 0;            // of all elements; 0: each has its own
    std::int64_t count = -1;  // -1: up to the closing bracket
  };
  Head ListHead();
  // number(type) reads one element's payload.
  template <typename Number>
  void Numbers(Number number);

  char Peek() const { return at_ < bytes_.size() ? bytes_[at_] : '\0'; }
  bool Take(char c);
  char Marker();
  std::uint64_t Bits(std::size_t n_bytes);
  // Payloads by the type's marker.
  std::int64_t WholeOf(char type);
  float FloatOf(char type);
  std::size_t Length();
  std::string TextOfLength();
  void SkipAtDepth(int depth);

  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace coppice::trainer
