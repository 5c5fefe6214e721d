#include "project/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace ftaudit::project {
namespace {

struct Close {
  void operator()(::archive* reader) const { archive_read_free(reader); }
};

// Whether `path`, an entry's or a link's from `base`, stays within the archive's tree.
bool stays_inside(const fs::path& base, const fs::path& path) {
  if (path.is_absolute()) return false;
  int depth = 0;
  for (const fs::path& part : base / path) {
    if (part == "..") --depth;
    else if (!part.empty() && part != ".") ++depth;
    if (depth < 0) return false;
  }
  return true;
}

}  // namespace

bool is_archive_name(const fs::path& file) {
  static constexpr std::array<std::string_view, 10> suffixes{".tar",    ".tar.gz", ".tgz",     ".tar.bz2", ".tbz2",
                                                             ".tar.xz", ".txz",    ".tar.zst", ".zip",     ".whl"};
  const std::string name = file.filename().string();
  return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return name.ends_with(suffix); });
}

Status unpack(const fs::path& file, const fs::path& folder, const ArchiveLimits& limits) {
  const std::unique_ptr<::archive, Close> reader(archive_read_new());
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_zip(reader.get());
  const auto refuse = [&](const std::string& why) { return Error{file.string() + ": " + why}; };
  const auto complaint = [&] {
    const char* text = archive_error_string(reader.get());
    return std::string(text != nullptr ? text : "unknown error");
  };
  if (archive_read_open_filename(reader.get(), file.c_str(), 1 << 16) != ARCHIVE_OK)
    return refuse("broken, cut short or no archive (" + complaint() + ")");

  std::uint64_t bytes = 0, entries = 0;
  std::string buffer(1 << 16, '\0');
  for (;;) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    if (status < ARCHIVE_WARN) return refuse("broken or cut short (" + complaint() + ")");
    if (++entries > limits.entries) return refuse("more than " + std::to_string(limits.entries) + " files");
    const char* raw = archive_entry_pathname(entry);
    if (raw == nullptr) return refuse("an entry without a name");
    const fs::path path = raw;
    if (path.empty() || !stays_inside({}, path))
      return refuse("refused: its entry " + path.string() + " reaches outside the archive");
    if (const char* hard = archive_entry_hardlink(entry)) {
      if (!stays_inside({}, hard)) return refuse("refused: its link " + path.string() + " leads outside the archive");
      continue;
    }
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFLNK) {
      const char* target = archive_entry_symlink(entry);
      if (target == nullptr || !stays_inside(path.parent_path(), target))
        return refuse("refused: its link " + path.string() + " leads outside the archive");
      continue;
    }
    if (type != AE_IFREG && type != AE_IFDIR)
      return refuse("refused: its entry " + path.string() + " is neither file nor folder");

    const fs::path target = folder / path.lexically_normal();
    std::error_code failed;
    fs::create_directories(type == AE_IFDIR ? target : target.parent_path(), failed);
    if (failed) return refuse("cannot unpack " + path.string() + ": " + failed.message());
    if (type == AE_IFDIR) continue;
    // O_NOFOLLOW: links are never made above, so one here would be a stranger's.
    const int out = ::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (out < 0) return refuse("cannot unpack " + path.string() + ": " + std::strerror(errno));
    const auto failed_with = [&](Error error) {
      ::close(out);
      return error;
    };
    for (;;) {
      const la_ssize_t n = archive_read_data(reader.get(), buffer.data(), buffer.size());
      if (n == 0) break;
      if (n < 0) return failed_with(refuse("broken or cut short in " + path.string() + " (" + complaint() + ")"));
      bytes += static_cast<std::uint64_t>(n);
      if (bytes > limits.bytes)
        return failed_with(refuse("unpacks to more than " + std::to_string(limits.bytes >> 20) + " MiB"));
      if (::write(out, buffer.data(), static_cast<std::size_t>(n)) != n)
        return failed_with(refuse("cannot unpack " + path.string() + ": " + std::strerror(errno)));
    }
    ::close(out);
  }
  if (entries == 0) return refuse("an archive without files");
  return Done{};
}

}  // namespace ftaudit::project
