#include "python/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace ftaudit::python {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{4} << 30;

bool escapes(const fs::path& member) {
  if (member.empty() || member.is_absolute()) return true;
  for (const fs::path& part : member)
    if (part == "..") return true;
  return false;
}

Status write_member(::archive* reader, ::archive_entry* entry, const fs::path& file, std::uint64_t& bytes) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  if (failed) return Error{"cannot make " + file.parent_path().string() + ": " + failed.message()};
  const mode_t mode = (::archive_entry_perm(entry) & 0111) != 0 ? 0755 : 0644;
  const int target = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
  if (target < 0) return Error{"cannot write " + file.string() + ": " + std::strerror(errno)};
  std::string problem;
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  int state = ARCHIVE_OK;
  while (problem.empty() && (state = ::archive_read_data_block(reader, &block, &size, &offset)) == ARCHIVE_OK) {
    bytes += size;
    if (bytes > most_bytes) problem = "it holds more than 4 GiB";
    else if (::pwrite(target, block, size, offset) != static_cast<ssize_t>(size))
      problem = "cannot write " + file.string() + ": " + std::strerror(errno);
  }
  if (problem.empty() && state != ARCHIVE_EOF) problem = ::archive_error_string(reader);
  // make compares times: what the release generated must not look older than its sources.
  const timespec times[2]{{0, UTIME_OMIT}, {::archive_entry_mtime(entry), 0}};
  ::futimens(target, times);
  ::close(target);
  if (!problem.empty()) return Error{problem};
  return Done{};
}

}  // namespace

Status unpack(const fs::path& archive, const fs::path& folder, const Placement& placement) {
  const auto broken = [&](const std::string& reason) {
    return Error{"cannot unpack " + archive.string() + ": " + reason};
  };
  const std::unique_ptr<::archive, decltype(&::archive_read_free)> reader(::archive_read_new(), ::archive_read_free);
  ::archive_read_support_filter_all(reader.get());
  ::archive_read_support_format_tar(reader.get());
  ::archive_read_support_format_zip(reader.get());
  if (::archive_read_open_filename(reader.get(), archive.c_str(), 1 << 18) != ARCHIVE_OK)
    return broken(::archive_error_string(reader.get()));

  std::uint64_t bytes = 0;
  ::archive_entry* entry = nullptr;
  int state = ARCHIVE_OK;
  while ((state = ::archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK || state == ARCHIVE_WARN) {
    const char* name = ::archive_entry_pathname(entry);
    const std::string member = name != nullptr ? name : "";
    if (escapes(member)) return broken("its member '" + member + "' points outside the folder it is unpacked into");
    if (::archive_entry_filetype(entry) == AE_IFDIR) continue;
    const fs::path place = placement(member);
    if (place.empty()) continue;
    if (escapes(place)) return broken("its member '" + member + "' points outside the folder it is unpacked into");
    if (::archive_entry_filetype(entry) != AE_IFREG || ::archive_entry_hardlink(entry) != nullptr)
      return broken("its member '" + member + "' is a link or a device");
    if (const Status written = write_member(reader.get(), entry, folder / place, bytes); !written)
      return broken(written.message());
  }
  if (state != ARCHIVE_EOF) return broken(::archive_error_string(reader.get()));
  return Done{};
}

}  // namespace ftaudit::python
