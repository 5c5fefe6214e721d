// Carried files: the headers built into the program as a part of the file system that Clang sees. Every other path is
// the file system's below.
#pragma once

#include <llvm/Support/VirtualFileSystem.h>

namespace ftaudit::frontend {

class CarriedFiles final : public llvm::vfs::ProxyFileSystem {
 public:
  explicit CarriedFiles(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> below) : ProxyFileSystem(std::move(below)) {}

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine& path) override;
  bool exists(const llvm::Twine& path) override;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine& path) override;
  llvm::vfs::directory_iterator dir_begin(const llvm::Twine& folder, std::error_code& failed) override;
  std::error_code getRealPath(const llvm::Twine& path, llvm::SmallVectorImpl<char>& out) override;
};

}  // namespace ftaudit::frontend
