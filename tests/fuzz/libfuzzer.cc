// The door of libFuzzer to a target.

#include <cstddef>

#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  coppice::fuzz::TryInput({reinterpret_cast<const char*>(data), size});
  return 0;
}
