#pragma once
// A model file in JSON. Beyond JSON it takes the numbers NaN, Infinity and -Infinity, as XGBoost
// writes them.

#include "trainer/model_io/model_scanner.h"

namespace coppice::trainer {

// One thread at a time. Borrows the text.
class JsonScanner final : public ModelScanner {
 public:
  JsonScanner(std::string_view text, std::string file)
      : ModelScanner(std::move(file)), text_(text) {}

  std::string String() override;
  bool Bool();
  // Correctly rounded.
  float Float() override;
  std::int32_t Int() override;
  // The digits of a number as they stand in the text.
  std::string_view NumberText();
  std::vector<float> Floats() override;
  std::vector<std::int32_t> Ints() override;
  std::vector<std::string> NumberTexts() override;
  void Skip() override;
  // Nothing but space may follow.
  void End() override;

  bool AtObject() override { return Peek() == '{'; }
  // The character that the next value begins with; 0 at the end.
  char Peek();
  Mark Here() override;

 private:
  void OpenObject() override { Expect('{'); }
  bool NextKey(bool first, std::string* key) override;
  std::int64_t OpenArray() override;
  bool NextElement(bool first, std::int64_t* to_come) override;
  std::size_t Offset() const override { return at_; }
  Place PlaceOf(const Mark& mark) const override;

  void SkipSpace();
  void Expect(char c);
  // Whether `c` comes next; then it is read.
  bool Take(char c);
  bool TakeWord(std::string_view word);
  void SkipAtDepth(int depth);
  void EscapedCharacter(std::string& out);
  unsigned Hex4();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace coppice::trainer
