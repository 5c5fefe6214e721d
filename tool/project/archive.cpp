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

#include "base/conversation.h"

namespace ftaudit::project {
namespace {

struct Close {
  void operator()(::archive* reader) const { archive_read_free(reader); }
};

// What the child tells: a folder, a file that begins, bytes of it, and why it stops.
constexpr char folder_told = 'd', file_told = 'f', bytes_told = 'b', end_told = 'e', refusal_told = 'r';

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

// In the child: tells entry by entry.
class Unpacker {
 public:
  Unpacker(Channel& channel, const fs::path& file, const ArchiveLimits& limits)
      : channel_(channel), limits_(limits), reader_(archive_read_new()) {
    // By name: other filters start programs.
    archive_read_support_filter_gzip(reader_.get());
    archive_read_support_filter_bzip2(reader_.get());
    archive_read_support_filter_xz(reader_.get());
    archive_read_support_filter_lzma(reader_.get());
    archive_read_support_filter_zstd(reader_.get());
    archive_read_support_format_tar(reader_.get());
    archive_read_support_format_zip(reader_.get());
    std::error_code failed;
    size_ = fs::file_size(file, failed);
    opened_ = archive_read_open_filename(reader_.get(), file.c_str(), 1 << 16) == ARCHIVE_OK;
  }

  void run() {
    if (const std::string why = refused(); !why.empty()) channel_.tell(refusal_told, why);
    else channel_.tell(end_told, "");
  }

 private:
  std::string complaint() const {
    const char* text = archive_error_string(reader_.get());
    return std::string(" (") + (text != nullptr ? text : "unknown error") + ")";
  }

  // Why the archive is not taken, or "".
  std::string refused() {
    if (!opened_) return "broken, cut short or no archive" + complaint();
    std::uint64_t entries = 0;
    for (archive_entry* entry = nullptr;;) {
      const int status = archive_read_next_header(reader_.get(), &entry);
      if (status == ARCHIVE_EOF) break;
      if (status < ARCHIVE_WARN) return "broken or cut short" + complaint();
      if (++entries > limits_.entries) return "more than " + std::to_string(limits_.entries) + " files";
      if (std::string why = taken(entry); !why.empty()) return why;
    }
    return entries == 0 ? "an archive without files" : "";
  }

  std::string taken(archive_entry* entry) {
    const char* raw = archive_entry_pathname(entry);
    if (raw == nullptr) return "an entry without a name";
    const fs::path path = raw;
    if (path.empty() || !stays_inside({}, path))
      return "refused: its entry " + path.string() + " reaches outside the archive";
    if (const char* hard = archive_entry_hardlink(entry))
      return stays_inside({}, hard) ? "" : "refused: its link " + path.string() + " leads outside the archive";
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFLNK) {
      const char* target = archive_entry_symlink(entry);
      return target != nullptr && stays_inside(path.parent_path(), target)
                 ? ""
                 : "refused: its link " + path.string() + " leads outside the archive";
    }
    if (type != AE_IFREG && type != AE_IFDIR)
      return "refused: its entry " + path.string() + " is neither file nor folder";
    channel_.tell(type == AE_IFDIR ? folder_told : file_told, path.lexically_normal().native());
    return type == AE_IFDIR ? "" : content(path);
  }

  std::string content(const fs::path& path) {
    for (;;) {
      const la_ssize_t n = archive_read_data(reader_.get(), buffer_.data(), buffer_.size());
      if (n == 0) return "";
      if (n < 0) return "broken or cut short in " + path.string() + complaint();
      bytes_ += static_cast<std::uint64_t>(n);
      if (bytes_ > limits_.bytes) return "unpacks to more than " + std::to_string(limits_.bytes >> 20) + " MiB";
      if (bytes_ > limits_.at_ease && bytes_ / limits_.ratio > size_)
        return "unpacks to more than " + std::to_string(limits_.ratio) + " times its size";
      channel_.tell(bytes_told, std::string_view(buffer_).substr(0, static_cast<std::size_t>(n)));
    }
  }

  Channel& channel_;
  const ArchiveLimits& limits_;
  std::unique_ptr<::archive, Close> reader_;
  bool opened_ = false;
  std::uint64_t size_ = 0, bytes_ = 0;
  std::string buffer_ = std::string(1 << 16, '\0');
};

// In the parent: writes what it is told below one folder, and believes nothing.
class Files {
 public:
  Files(const fs::path& folder, const ArchiveLimits& limits) : folder_(folder), limits_(limits) {}
  ~Files() { close(); }

  Status take(char kind, const std::string& text) {
    if (kind == refusal_told) return Error{text};
    if (kind == bytes_told) return append(text);
    if (kind == end_told) return ended_ = true, close(), Done{};
    if (kind != folder_told && kind != file_told) return Error{"its reader speaks nonsense"};
    return open(text, kind == file_told);
  }
  bool ended() const { return ended_; }

 private:
  Status open(const fs::path& path, bool file) {
    close();
    if (path.empty() || !stays_inside({}, path) || path.native().find('\0') != std::string::npos)
      return Error{"refused: its entry " + path.string() + " reaches outside the archive"};
    const fs::path target = folder_ / path;
    std::error_code failed;
    fs::create_directories(file ? target.parent_path() : target, failed);
    if (failed) return Error{"cannot unpack " + path.string() + ": " + failed.message()};
    if (!file) return Done{};
    // O_NOFOLLOW: links are never made, so one here would be a stranger's.
    out_ = ::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
    name_ = path;
    return out_ < 0 ? Status(Error{"cannot unpack " + path.string() + ": " + std::strerror(errno)}) : Done{};
  }

  Status append(const std::string& bytes) {
    bytes_ += bytes.size();
    if (out_ < 0 || bytes_ > limits_.bytes) return Error{"its reader speaks nonsense"};
    if (::write(out_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
      return Error{"cannot unpack " + name_.string() + ": " + std::strerror(errno)};
    return Done{};
  }

  void close() {
    if (out_ >= 0) ::close(out_);
    out_ = -1;
  }

  const fs::path& folder_;
  const ArchiveLimits& limits_;
  fs::path name_;
  int out_ = -1;
  bool ended_ = false;
  std::uint64_t bytes_ = 0;
};

}  // namespace

bool is_archive_name(const fs::path& file) {
  static constexpr std::array<std::string_view, 10> suffixes{".tar",    ".tar.gz", ".tgz",     ".tar.bz2", ".tbz2",
                                                             ".tar.xz", ".txz",    ".tar.zst", ".zip",     ".whl"};
  const std::string name = file.filename().string();
  return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return name.ends_with(suffix); });
}

Status unpack(const fs::path& file, const fs::path& folder, const ArchiveLimits& limits) {
  const auto refuse = [&](const std::string& why) { return Error{file.string() + ": " + why}; };
  sandbox::Places places{.readable = sandbox::installed_places()};
  places.readable.push_back(file);
  const Result<sandbox::Ground> ground = sandbox::Ground::make(places);
  if (!ground.ok()) return ground.error();
  Files files(folder, limits);
  const Talk talk{.limits = {.memory_bytes = std::uint64_t{2} << 30, .processor = std::chrono::seconds(300)},
                  .most_bytes = limits.bytes + limits.entries * 4096};
  const Status read = converse(
      *ground, talk, [&](Channel& channel) { Unpacker(channel, file, limits).run(); },
      [&](char kind, const std::string& text) -> Result<std::optional<std::string>> {
        if (Status taken = files.take(kind, text); !taken.ok()) return taken.error();
        return std::optional<std::string>();
      });
  if (!read.ok()) return refuse(read.message());
  return files.ended() ? Status(Done{}) : refuse("its reader ended early");
}

}  // namespace ftaudit::project
