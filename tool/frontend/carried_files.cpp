#include "frontend/carried_files.h"

#include <llvm/Support/MemoryBuffer.h>

#include "headers/carried.h"

namespace ftaudit::frontend {

using namespace llvm;

namespace {

vfs::Status status_of(const std::string& path) {
  const auto size = headers::size(path);
  // Two names of one file are two files to Clang, which `#pragma once` would see; paths are named after their content's
  // only place.
  const std::string place = fs::path(path).lexically_normal().native();
  return {path,
          sys::fs::UniqueID(~std::uint64_t{0}, std::hash<std::string>()(place)),
          sys::TimePoint<>(),
          0,
          0,
          size.value_or(0),
          size ? sys::fs::file_type::regular_file : sys::fs::file_type::directory_file,
          sys::fs::all_read};
}

class Unpacked final : public vfs::File {
 public:
  Unpacked(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}

  ErrorOr<vfs::Status> status() override { return status_of(path_); }
  ErrorOr<std::unique_ptr<MemoryBuffer>> getBuffer(const Twine& name, std::int64_t, bool, bool) override {
    return MemoryBuffer::getMemBufferCopy(text_, name);
  }
  std::error_code close() override { return {}; }

 private:
  std::string path_, text_;
};

class Listing final : public vfs::detail::DirIterImpl {
 public:
  explicit Listing(std::vector<fs::path> paths) : paths_(std::move(paths)) { show(); }
  std::error_code increment() override {
    ++at_;
    show();
    return {};
  }

 private:
  void show() {
    CurrentEntry = at_ >= paths_.size()
                       ? vfs::directory_entry()
                       : vfs::directory_entry(paths_[at_].native(), headers::is_file(paths_[at_])
                                                                        ? sys::fs::file_type::regular_file
                                                                        : sys::fs::file_type::directory_file);
  }
  std::vector<fs::path> paths_;
  std::size_t at_ = 0;
};

}  // namespace

ErrorOr<vfs::Status> CarriedFiles::status(const Twine& path) {
  const std::string name = path.str();
  if (!headers::is_built_in(name)) return ProxyFileSystem::status(path);
  if (!headers::exists(name)) return make_error_code(errc::no_such_file_or_directory);
  return status_of(name);
}

bool CarriedFiles::exists(const Twine& path) { return static_cast<bool>(status(path)); }

ErrorOr<std::unique_ptr<vfs::File>> CarriedFiles::openFileForRead(const Twine& path) {
  const std::string name = path.str();
  if (!headers::is_built_in(name)) return ProxyFileSystem::openFileForRead(path);
  auto text = headers::text(name);
  if (!text) return make_error_code(errc::no_such_file_or_directory);
  return std::make_unique<Unpacked>(name, std::move(*text));
}

vfs::directory_iterator CarriedFiles::dir_begin(const Twine& folder, std::error_code& failed) {
  const std::string name = folder.str();
  if (!headers::is_built_in(name)) return ProxyFileSystem::dir_begin(folder, failed);
  failed = headers::exists(name) ? std::error_code() : make_error_code(errc::no_such_file_or_directory);
  return failed ? vfs::directory_iterator()
                : vfs::directory_iterator(std::make_shared<Listing>(headers::children(name)));
}

std::error_code CarriedFiles::getRealPath(const Twine& path, SmallVectorImpl<char>& out) {
  const std::string name = path.str();
  if (!headers::is_built_in(name)) return ProxyFileSystem::getRealPath(path, out);
  if (!headers::exists(name)) return make_error_code(errc::no_such_file_or_directory);
  const std::string place = fs::path(name).lexically_normal().native();
  out.assign(place.begin(), place.end());
  return {};
}

}  // namespace ftaudit::frontend
