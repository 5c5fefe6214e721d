// Recorder: the real file system, with a note of everything Clang asked it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <llvm/Support/VirtualFileSystem.h>

#include "frontend/reads.h"

namespace ftaudit::frontend {

class Recorder final : public llvm::vfs::ProxyFileSystem {
 public:
  explicit Recorder(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> real) : ProxyFileSystem(std::move(real)) {}

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine& path) override;
  bool exists(const llvm::Twine& path) override;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine& path) override;

  // Sorted by path, each once.
  std::vector<Read> reads() const;

 private:
  void note(const std::string& path, bool there);
  std::map<std::string, Read> reads_;
};

}  // namespace ftaudit::frontend
