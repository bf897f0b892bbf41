#pragma once
// What a program did to its files, in order, as tests/crash/disk_shim.cc writes it down.

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace coppice::crash {

enum class OperationKind : std::uint32_t {
  kCreate,
  kWrite,   // `data` at `offset`
  kCut,     // to `offset` bytes
  kSync,    // of a file or a folder
  kRename,  // to `data`
  kLink,    // as `data`
  kRemove,  // a file or an empty folder
  kMakeFolder,
};

struct Operation {
  OperationKind kind = OperationKind::kWrite;
  std::string path;  // absolute
  std::uint64_t offset = 0;
  std::string data;
};

inline std::string RecordOf(const Operation& operation) {
  const std::uint64_t head[] = {static_cast<std::uint64_t>(operation.kind), operation.path.size(),
                                operation.offset, operation.data.size()};
  return std::string(reinterpret_cast<const char*>(head), sizeof head) + operation.path +
         operation.data;
}

inline std::vector<Operation> OperationsOf(std::string_view trace) {
  std::vector<Operation> operations;
  for (std::uint64_t head[4]; trace.size() >= sizeof head;) {
    std::memcpy(head, trace.data(), sizeof head);
    trace.remove_prefix(sizeof head);
    operations.push_back({static_cast<OperationKind>(head[0]),
                          std::string(trace.substr(0, head[1])), head[2],
                          std::string(trace.substr(head[1], head[3]))});
    trace.remove_prefix(head[1] + head[3]);
  }
  return operations;
}

}  // namespace coppice::crash
