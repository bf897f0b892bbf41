#pragma once
// Data files that are no files.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"

namespace coppice::trainer {

using Files = std::map<std::string, std::string>;

// Reads only: the data layer writes nothing.
class DataFilesInMemory : public FileSystem {
 public:
  explicit DataFilesInMemory(Files files) : files_(std::move(files)) {}

  bool Exists(const std::string& path) override { return files_.contains(path); }
  std::string Read(const std::string& path) override {
    const auto found = files_.find(path);
    if (found == files_.end()) throw Error(ErrorKind::kData, "cannot read `" + path + "`");
    return found->second;
  }
  void WriteAtomically(const std::string&, std::string_view) override { Refuse(); }
  void Append(const std::string&, std::string_view) override { Refuse(); }
  void MakeFolder(const std::string&) override { Refuse(); }
  bool MoveFolder(const std::string&, const std::string&) override { Refuse(); }
  std::vector<std::string> List(const std::string&) override { Refuse(); }

 private:
  [[noreturn]] static void Refuse() { throw Error(ErrorKind::kInternal, "the data is only read"); }
  Files files_;
};

}  // namespace coppice::trainer
