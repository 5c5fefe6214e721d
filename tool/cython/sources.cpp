#include "cython/sources.h"

#include "base/text.h"

namespace ftaudit::cython {

bool is_source_name(std::string_view name) {
  return name.ends_with(".pyx") || name.ends_with(".pxd") || name.ends_with(".pxi") || name.ends_with(".py");
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
  // Cython says less of the path than there is, never more: a name that ends the source's path is the source.
  if (!source.empty() && (source == name || ("/" + source).ends_with("/" + std::string(name)))) return source;
  const fs::path beside = source.empty() ? root_ / c_file : root_ / source;
  std::vector<fs::path> tried;
  for (fs::path folder = beside.parent_path(); !folder.empty(); folder = folder.parent_path()) {
    tried.push_back(folder / given);
    if (folder == root_ || folder == folder.root_path()) break;
  }
  tried.push_back(root_ / given);
  tried.push_back(beside.parent_path() / given.filename());
  for (const fs::path& path : tried)
    if (fs::is_regular_file(path, failed)) {
      const std::string out = shown(path);
      return out.starts_with("/") ? std::nullopt : std::optional(out);
    }
  if (name.find("site-packages/") != std::string_view::npos || name.find("dist-packages/") != std::string_view::npos ||
      name.find("Cython/Includes/") != std::string_view::npos)
    return std::nullopt;
  return shown(beside.parent_path() / given.filename());
}

const std::vector<std::string>& Sources::lines(const std::string& shown) {
  const auto [it, is_new] = lines_.try_emplace(shown);
  if (is_new)
    if (const auto text = read_file(root_ / shown, 64u << 20); text.ok()) it->second = split(*text, '\n');
  return it->second;
}

}  // namespace ftaudit::cython
