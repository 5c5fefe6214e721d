#include "frontend/recorder.h"

#include <sys/stat.h>

#include <ctime>

#include <llvm/Support/BLAKE3.h>
#include <llvm/Support/MemoryBuffer.h>

#include "headers/carried.h"

namespace ftaudit::frontend {

using namespace llvm;

namespace {

constexpr std::int64_t second = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * second + time.tv_nsec;
}

// A file whose content is noted when it is handed out: exactly what Clang saw.
class Noted final : public vfs::File {
 public:
  Noted(std::unique_ptr<vfs::File> file, Read& read) : file_(std::move(file)), read_(read) {}

  ErrorOr<vfs::Status> status() override { return file_->status(); }
  ErrorOr<std::string> getName() override { return file_->getName(); }
  std::error_code close() override { return file_->close(); }
  ErrorOr<std::unique_ptr<MemoryBuffer>> getBuffer(const Twine& name, std::int64_t size, bool needs_terminator,
                                                   bool is_volatile) override {
    auto buffer = file_->getBuffer(name, size, needs_terminator, is_volatile);
    if (buffer) {
      read_.kind = Read::Kind::content;
      read_.digest = digest_of((*buffer)->getBuffer());
    }
    return buffer;
  }

 private:
  std::unique_ptr<vfs::File> file_;
  Read& read_;
};

}  // namespace

Stamp stamp_of(const std::string& path, bool& there) {
  struct stat st{};
  there = ::stat(path.c_str(), &st) == 0;
  if (!there || !S_ISREG(st.st_mode)) return {};
  return {static_cast<std::uint64_t>(st.st_size), st.st_ino, st.st_dev, nanoseconds(st.st_mtim),
          nanoseconds(st.st_ctim)};
}

std::string digest_of(std::string_view bytes) {
  BLAKE3 hasher;
  hasher.update(StringRef(bytes.data(), bytes.size()));
  const auto result = hasher.final<20>();
  return std::string(reinterpret_cast<const char*>(result.data()), result.size());
}

void Recorder::note(const std::string& path, bool there) {
  if (headers::is_built_in(path)) return;  // part of the program, which the cache knows by its build
  const auto [at, is_new] =
      reads_.try_emplace(path, Read{.path = path, .kind = there ? Read::Kind::present : Read::Kind::absent});
  if (there && at->second.kind == Read::Kind::absent) at->second.kind = Read::Kind::present;
}

ErrorOr<vfs::Status> Recorder::status(const Twine& path) {
  auto found = ProxyFileSystem::status(path);
  // A folder that is there says nothing: what was looked for in it is noted.
  if (!found || !found->isDirectory()) note(path.str(), static_cast<bool>(found));
  return found;
}

bool Recorder::exists(const Twine& path) { return static_cast<bool>(status(path)); }

ErrorOr<std::unique_ptr<vfs::File>> Recorder::openFileForRead(const Twine& path) {
  const std::string name = path.str();
  if (headers::is_built_in(name)) return ProxyFileSystem::openFileForRead(path);
  bool there = false;
  Stamp stamp = stamp_of(name, there);
  auto file = ProxyFileSystem::openFileForRead(path);
  note(name, static_cast<bool>(file));
  if (!file) return file;
  Read& read = reads_.at(name);
  // A file changed a moment ago may change again within what its times can tell.
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (nanoseconds(now) - std::max(stamp.changed, stamp.modified) < 2 * second) stamp = {};
  if (read.kind != Read::Kind::content) read.stamp = stamp;
  return std::make_unique<Noted>(std::move(*file), read);
}

std::vector<Read> Recorder::reads() const {
  std::vector<Read> out;
  for (const auto& [path, read] : reads_) out.push_back(read);
  return out;
}

}  // namespace ftaudit::frontend
