#include "headers/blob.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>

namespace ftaudit::headers {
namespace {

constexpr std::string_view mark = "FTHEADERS1\n";
constexpr std::uint64_t largest_file = 64u << 20;

// The text before `end`, which is taken away with it; nothing when there is no `end`.
std::optional<std::string_view> take(std::string_view& rest, char end) {
  const std::size_t at = rest.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view found = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return found;
}

std::optional<std::uint64_t> take_number(std::string_view& rest, char end) {
  const auto digits = take(rest, end);
  std::uint64_t value = 0;
  if (!digits) return std::nullopt;
  const auto [stop, failed] = std::from_chars(digits->data(), digits->data() + digits->size(), value);
  return failed == std::errc() && stop == digits->data() + digits->size() ? std::optional(value) : std::nullopt;
}

}  // namespace

Blob::Blob(std::string_view bytes) {
  if (!bytes.starts_with(mark)) return;
  bytes.remove_prefix(mark.size());
  const auto digest = take(bytes, '\n');
  const auto count = take_number(bytes, '\n');
  if (!digest || !count || *count > bytes.size()) return;
  struct Place {
    std::uint64_t offset, packed;
  };
  std::vector<File> files(*count);
  std::vector<Place> places(*count);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto offset = take_number(bytes, ' '), packed = take_number(bytes, ' '), size = take_number(bytes, ' ');
    const auto path = take(bytes, '\n');
    if (!offset || !packed || !size || !path || *size > largest_file) return;
    files[i].path = *path, files[i].size = *size, places[i] = {*offset, *packed};
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (places[i].offset > bytes.size() || places[i].packed > bytes.size() - places[i].offset) return;
    files[i].packed = bytes.substr(places[i].offset, places[i].packed);
  }
  if (!std::is_sorted(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; })) return;
  identity_ = *digest, files_ = std::move(files);
}

const Blob::File* Blob::find(std::string_view path) const {
  const auto at = std::lower_bound(files_.begin(), files_.end(), path,
                                   [](const File& file, std::string_view wanted) { return file.path < wanted; });
  return at != files_.end() && at->path == path ? &*at : nullptr;
}

std::vector<Blob::File>::const_iterator Blob::first_in(std::string_view folder) const {
  const std::string prefix = folder.empty() ? "" : std::string(folder) + "/";
  return std::lower_bound(files_.begin(), files_.end(), prefix,
                          [](const File& file, std::string_view wanted) { return file.path < wanted; });
}

bool Blob::is_folder(std::string_view path) const {
  const auto at = first_in(path);
  return at != files_.end() && (path.empty() || (at->path.starts_with(path) && at->path.size() > path.size() &&
                                                 at->path[path.size()] == '/'));
}

std::optional<std::uint64_t> Blob::size(std::string_view path) const {
  const File* file = find(path);
  return file != nullptr ? std::optional(file->size) : std::nullopt;
}

std::optional<std::string> Blob::text(std::string_view path) const {
  const File* file = find(path);
  if (file == nullptr) return std::nullopt;
  std::string out(file->size, '\0');
  uLongf size = file->size;
  const int done = ::uncompress(reinterpret_cast<Bytef*>(out.data()), &size,
                                reinterpret_cast<const Bytef*>(file->packed.data()), file->packed.size());
  return done == Z_OK && size == file->size ? std::optional(std::move(out)) : std::nullopt;
}

std::vector<std::string> Blob::children(std::string_view folder) const {
  std::vector<std::string> out;
  const std::size_t start = folder.empty() ? 0 : folder.size() + 1;
  for (auto at = first_in(folder); at != files_.end() && at->path.starts_with(folder); ++at) {
    if (start > 0 && (at->path.size() < start || at->path[start - 1] != '/')) break;
    std::string_view name = at->path.substr(start);
    name = name.substr(0, name.find('/'));
    if (out.empty() || out.back() != name) out.emplace_back(name);
  }
  return out;
}

}  // namespace ftaudit::headers
