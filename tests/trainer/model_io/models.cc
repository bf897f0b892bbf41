#include "tests/trainer/model_io/models.h"

#include <gtest/gtest.h>

namespace coppice::trainer {

std::string Replaced(std::string text, const std::string& what, const std::string& with,
                     const std::string& from) {
  const std::size_t begin = text.find(what, text.find(from));
  EXPECT_NE(begin, std::string::npos) << what;
  if (begin != std::string::npos) text.replace(begin, what.size(), with);
  return text;
}

}  // namespace coppice::trainer
