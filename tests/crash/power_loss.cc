#include "tests/crash/power_loss.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <vector>

namespace coppice::crash {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSector = 512;

std::string FolderOf(const std::string& path) { return fs::path(path).parent_path().string(); }

void Change(std::string& content, const Operation& change, std::size_t n_bytes) {
  const auto offset = static_cast<std::size_t>(change.offset);
  if (change.kind == OperationKind::kCut) {
    content.resize(offset);
    return;
  }
  content.resize(std::max(content.size(), offset + n_bytes));
  content.replace(offset, n_bytes, change.data, 0, n_bytes);
}

struct File {
  std::string safe;
  std::vector<Operation> pending;

  void Sync() {
    for (const Operation& change : pending) Change(safe, change, change.data.size());
    pending.clear();
  }
};

// A file, or a folder where it is null.
using Node = std::shared_ptr<File>;

struct NameChange {
  Operation operation;
  Node node;  // of a new name
  bool is_safe = false;
};

class Names {
 public:
  void Apply(const NameChange& change) {
    const Operation& operation = change.operation;
    switch (operation.kind) {
      case OperationKind::kCreate:
      case OperationKind::kMakeFolder:
        nodes_[operation.path] = change.node;
        break;
      case OperationKind::kRemove:
        nodes_.erase(operation.path);
        break;
      case OperationKind::kLink:
        if (const auto found = nodes_.find(operation.path); found != nodes_.end()) {
          nodes_[operation.data] = found->second;
        }
        break;
      default:
        Rename(operation.path, operation.data);
    }
  }

  Node Find(const std::string& path) const {
    const auto found = nodes_.find(path);
    return found == nodes_.end() ? nullptr : found->second;
  }
  const std::map<std::string, Node>& nodes() const { return nodes_; }

 private:
  // With all below it.
  void Rename(const std::string& from, const std::string& to) {
    std::map<std::string, Node> moved;
    for (auto at = nodes_.lower_bound(from); at != nodes_.end() && at->first.starts_with(from);) {
      const bool is_it = at->first == from || at->first[from.size()] == '/';
      if (is_it) moved[to + at->first.substr(from.size())] = at->second;
      at = is_it ? nodes_.erase(at) : std::next(at);
    }
    nodes_.merge(moved);
    for (auto& [path, node] : moved) nodes_[path] = node;  // those that were replaced
  }

  std::map<std::string, Node> nodes_;
};

class Disk {
 public:
  void Do(const Operation& operation) {
    switch (operation.kind) {
      case OperationKind::kWrite:
      case OperationKind::kCut:
        if (const Node file = now_.Find(operation.path)) file->pending.push_back(operation);
        break;
      case OperationKind::kSync:
        Sync(operation.path);
        break;
      default: {
        const bool has_content = operation.kind == OperationKind::kCreate;
        changes_.push_back({operation, has_content ? std::make_shared<File>() : nullptr, false});
        now_.Apply(changes_.back());
      }
    }
  }

  // The names that are left, each with its content.
  std::map<std::string, Node> Lose(RandomStream& random) {
    std::map<std::string, bool> goes_on;  // by folder
    Names left;
    for (const NameChange& change : changes_) {
      bool& open = goes_on.try_emplace(FolderOf(change.operation.path), true).first->second;
      open = open && (change.is_safe || random.Below(4) != 0);
      if (change.is_safe || open) left.Apply(change);
    }
    for (const auto& [path, node] : left.nodes()) {
      if (node == nullptr) continue;
      for (const Operation& change : node->pending) KeepSome(change, random, &node->safe);
      node->pending.clear();
    }
    return left.nodes();
  }

 private:
  void Sync(const std::string& path) {
    if (const Node file = now_.Find(path)) return file->Sync();
    for (NameChange& change : changes_) {
      if (FolderOf(change.operation.path) == path) change.is_safe = true;
    }
  }

  static void KeepSome(const Operation& change, RandomStream& random, std::string* content) {
    const std::uint64_t fate = random.Below(4);
    if (fate == 0) return;
    std::size_t n_bytes = change.data.size();
    if (fate == 1) n_bytes = random.Below(n_bytes / kSector + 1) * kSector;
    Change(*content, change, n_bytes);
  }

  Names now_;
  std::vector<NameChange> changes_;
};

}  // namespace

void LosePower(std::span<const Operation> operations, const std::string& root,
               const std::string& to, RandomStream& random) {
  Disk disk;
  for (const Operation& operation : operations) disk.Do(operation);
  for (const auto& [path, node] : disk.Lose(random)) {
    const fs::path target = to + path.substr(root.size());
    if (!fs::is_directory(target.parent_path())) continue;  // the folder itself is lost
    if (node == nullptr) {
      fs::create_directory(target);
    } else {
      std::ofstream(target, std::ios::binary) << node->safe;
    }
  }
}

}  // namespace coppice::crash
