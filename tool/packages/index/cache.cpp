#include "packages/index/cache.h"

#include <algorithm>
#include <vector>

#include "base/sha256.h"

namespace ftaudit::packages {
namespace {

// Each entry says whose it is, so that a damaged or foreign file is never taken for content.
constexpr std::string_view mark = "ftaudit cache 1\n";

}  // namespace

Cache::Cache(fs::path folder, std::uint64_t limit_bytes) : folder_(std::move(folder)), limit_(limit_bytes) {}

fs::path Cache::place(std::string_view kind, std::string_view key) const {
  const std::string name = sha256(key);
  return folder_ / kind / name.substr(0, 2) / name.substr(2);
}

std::optional<Cache::Entry> Cache::get(std::string_view kind, std::string_view key) const {
  if (folder_.empty()) return std::nullopt;
  const fs::path file = place(kind, key);
  auto text = read_file(file, std::uint64_t{256} << 20);
  if (!text.ok()) return std::nullopt;
  // mark, checksum of the content, newline, content: a file cut short by a crash does not pass.
  const std::size_t head = mark.size() + 65;
  if (text->size() < head || !text->starts_with(mark)) return std::nullopt;
  Entry entry;
  entry.content = text->substr(head);
  if (sha256(entry.content) != std::string_view(*text).substr(mark.size(), 64)) return std::nullopt;
  std::error_code error;
  const auto written = fs::last_write_time(file, error);
  if (error) return std::nullopt;
  entry.age = std::max(std::chrono::seconds(0),
                       std::chrono::duration_cast<std::chrono::seconds>(fs::file_time_type::clock::now() - written));
  return entry;
}

void Cache::put(std::string_view kind, std::string_view key, std::string_view content) {
  if (folder_.empty()) return;
  const fs::path file = place(kind, key);
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) return;
  std::string text(mark);
  text += sha256(content);
  text += '\n';
  text += content;
  (void)write_file(file, text).ok();
}

void Cache::touch(std::string_view kind, std::string_view key) {
  std::error_code ignored;
  if (!folder_.empty()) fs::last_write_time(place(kind, key), fs::file_time_type::clock::now(), ignored);
}

void Cache::trim() {
  struct File {
    fs::file_time_type time;
    std::uint64_t bytes;
    fs::path path;
  };
  std::vector<File> files;
  std::uint64_t total = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored) || it->is_symlink(ignored)) continue;
    const std::uint64_t bytes = it->file_size(ignored);
    if (ignored) continue;
    files.push_back({it->last_write_time(ignored), bytes, it->path()});
    total += bytes;
  }
  if (total <= limit_) return;
  std::ranges::sort(files, {}, &File::time);
  for (const File& file : files) {
    if (total <= limit_ / 4 * 3) break;  // some room, so that not every run has to
    std::error_code ignored;
    if (fs::remove(file.path, ignored)) total -= file.bytes;
  }
}

}  // namespace ftaudit::packages
