#include "dynamic/sightings/ours.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace ftaudit::dynamic {

std::optional<std::pair<const Ours::Root*, std::string>> Ours::below_root(const std::string& path) const {
  std::optional<std::pair<const Root*, std::string>> best;
  for (const Root& root : roots) {
    std::string prefix = root.folder.lexically_normal().string();
    if (!prefix.ends_with('/')) prefix += '/';
    if (path.starts_with(prefix) && (!best || root.folder.native().size() > best->first->folder.native().size()))
      best.emplace(&root, path.substr(prefix.size()));
  }
  return best;
}

Ours::Place Ours::place(std::string_view file, std::uint32_t line, std::uint32_t column,
                        std::string_view function) const {
  Place out{shown(file), line, column, std::string(function)};
  if (out.file.empty()) return out;
  std::string path = fs::path(file).lexically_normal().string();
  for (const Root& root : roots)
    if (std::error_code missing; !path.starts_with('/') && fs::is_regular_file(root.folder / path, missing))
      path = (root.folder / path).lexically_normal().string();
  const auto below = below_root(path);
  if (!below) return out;
  const auto source = frames->at(below->first->folder, below->second, line, function);
  if (!source) return out;
  if (source->own) return {.function = std::move(out.function), .generators = true};
  const std::string& shown = below->first->shown;
  return {shown.empty() ? source->file : shown + "/" + source->file, source->line, 0, source->function};
}

std::string Ours::shown(std::string_view file) const {
  if (file.empty()) return {};
  const std::string path = fs::path(file).lexically_normal().string();
  for (const fs::path& include : python_includes) {
    std::string prefix = include.lexically_normal().string();
    if (!prefix.ends_with('/')) prefix += '/';
    if (path.starts_with(prefix)) return {};
  }
  if (const auto best = below_root(path))
    return best->first->shown.empty() ? best->second : best->first->shown + "/" + best->second;
  if (path.starts_with('/')) return built_elsewhere ? shown_by_end(path) : "";
  // Debuggers tell paths as the compiler got them, mostly from the project's folder.
  for (const Root& root : roots) {
    std::error_code missing;
    if (fs::is_regular_file(root.folder / path, missing)) return shown((root.folder / path).string());
  }
  return {};
}

// "/tmp/pip-install-1/spam_2/src/spam.c" is src/spam.c where the project has such a file.
std::string Ours::shown_by_end(std::string_view path) const {
  if (path.starts_with("/usr/")) return {};
  for (std::size_t slash = path.find('/', 1); slash != std::string_view::npos; slash = path.find('/', slash + 1))
    for (const Root& root : roots) {
      std::error_code missing;
      if (const fs::path end(path.substr(slash + 1)); fs::is_regular_file(root.folder / end, missing))
        return shown((root.folder / end).string());
    }
  return {};
}

bool Ours::is_ours(std::string_view module) const {
  const std::string name = fs::path(module).filename().string();
  return std::any_of(modules.begin(), modules.end(), [&](const fs::path& own) { return own.filename() == name; });
}

std::string Ours::shown_in(std::string text) const {
  std::vector<std::pair<std::string, std::string>> folders;
  for (const Root& root : roots)
    folders.emplace_back(root.folder.string() + "/", root.shown.empty() ? "" : root.shown + "/");
  for (const fs::path& module : modules) folders.emplace_back(module.parent_path().string() + "/", "");
  std::stable_sort(folders.begin(), folders.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  for (const auto& [folder, shown] : folders)
    for (std::size_t at = 0; folder.size() > 1 && (at = text.find(folder, at)) != std::string::npos; at += shown.size())
      text.replace(at, folder.size(), shown);
  return text;
}

}  // namespace ftaudit::dynamic
