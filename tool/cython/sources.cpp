#include "cython/sources.h"

#include "base/text.h"

namespace ftaudit::cython {

bool is_source_name(std::string_view name) {
  return name.ends_with(".pyx") || name.ends_with(".pxd") || name.ends_with(".pxi") || name.ends_with(".py");
}

// Where a file of that name may lie, the likeliest first: Cython says less of the path than there is, never more.
std::vector<fs::path> Sources::places(const fs::path& name, const std::string& c_file,
                                      const std::string& source) const {
  const fs::path beside = (source.empty() ? root_ / c_file : root_ / source).parent_path();
  std::vector<fs::path> out;
  for (fs::path folder = beside; !folder.empty(); folder = folder.parent_path()) {
    out.push_back(folder / name);
    if (folder == root_ || folder == folder.root_path()) break;
  }
  out.push_back(root_ / name);
  out.push_back(beside / name.filename());
  return out;
}

std::optional<Origin> Sources::template_of(std::string_view name, const std::string& c_file,
                                           const std::string& source) const {
  if (templates_.empty()) return std::nullopt;
  const fs::path given(name);
  if (given.is_absolute()) return origin_of(given);
  for (const fs::path& place : places(given, c_file, source))
    if (const std::string below = shown_path(place.lexically_normal(), root_); !below.starts_with("/"))
      if (auto origin = origin_of(templates_ / below)) return origin;
  return std::nullopt;
}

std::optional<std::string> Sources::meant(std::string_view name, const std::string& c_file,
                                          const std::string& source) const {
  std::error_code failed;
  const auto shown = [&](const fs::path& path) { return shown_path(path.lexically_normal(), root_); };
  const fs::path given(name);
  if (given.is_absolute()) {
    const std::string out = shown(given);
    return out.starts_with("/") ? std::nullopt : std::optional(out);
  }
  if (!source.empty() && (source == name || ("/" + source).ends_with("/" + std::string(name)))) return source;
  for (const fs::path& path : places(given, c_file, source))
    if (fs::is_regular_file(path, failed)) {
      const std::string out = shown(path);
      return out.starts_with("/") ? std::nullopt : std::optional(out);
    }
  if (name.find("site-packages/") != std::string_view::npos || name.find("dist-packages/") != std::string_view::npos ||
      name.find("Cython/Includes/") != std::string_view::npos)
    return std::nullopt;
  return shown((source.empty() ? root_ / c_file : root_ / source).parent_path() / given.filename());
}

const std::vector<std::string>& Sources::lines(const std::string& shown) {
  const auto [it, is_new] = lines_.try_emplace(shown);
  if (is_new)
    if (const auto text = read_file(root_ / shown, 64u << 20); text.ok()) it->second = split(*text, '\n');
  return it->second;
}

}  // namespace ftaudit::cython
