// poetry.lock, with the pyproject.toml beside it where there is one: only that says what was asked for.
#include <algorithm>

#include "base/text.h"
#include "packages/inputs/file_name.h"
#include "packages/inputs/lock_graph.h"
#include "packages/inputs/toml_file.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

// A need is a constraint, a table, or several of either for different targets.
void read_need(const std::string& name, const toml::node& node, std::vector<LockedNeed>& plain,
               std::vector<LockedNeed>& optional) {
  if (const toml::array* several = node.as_array()) {
    for (const toml::node& one : *several) read_need(name, one, plain, optional);
    return;
  }
  LockedNeed need{name, {}, {}, {}};
  bool only_for_extra = false;
  if (const toml::table* table = node.as_table()) {
    need.marker = text_at(*table, "markers");
    only_for_extra = (*table)["optional"].value_or(false);
    if (const toml::array* extras = (*table)["extras"].as_array())
      for (const toml::node& extra : *extras)
        if (auto text = extra.value<std::string>()) need.extras.push_back(*text);
  }
  (only_for_extra ? optional : plain).push_back(std::move(need));
}

LockedPackage read_package(const toml::table& table, const fs::path& file) {
  LockedPackage package;
  Wanted& wanted = package.wanted;
  wanted.origin = {file.string(), line_of(table)};
  wanted.kind = Wanted::Kind::pinned;
  wanted.direct = false;
  wanted.depends_on_known = true;
  wanted.requirement.name = text_at(table, "name");
  wanted.version = text_at(table, "version");
  std::vector<LockedNeed> optional;
  if (const toml::table* needs = table["dependencies"].as_table())
    for (const auto& [name, need] : *needs) read_need(std::string(name.str()), need, package.needs, optional);
  // [package.extras] x = ["other (>=1)"]: which of the optional needs an extra means.
  if (const toml::table* extras = table["extras"].as_table())
    for (const auto& [extra, list] : *extras) {
      auto& needs = package.needs_by_extra[normal_name(extra.str())];
      if (const toml::array* names = list.as_array())
        for (const toml::node& node : *names) {
          std::string text = node.value_or(std::string());
          std::string name = text.substr(0, text.find_first_of(" ([;<>=!~"));
          auto found = std::ranges::find_if(
              optional, [&](const LockedNeed& need) { return normal_name(need.name) == normal_name(name); });
          if (found != optional.end()) needs.push_back(*found);
        }
    }
  if (auto marker = table["markers"].value<std::string>()) package.markers.push_back(*marker);
  else if (const toml::table* by_group = table["markers"].as_table())
    for (const auto& [group, of_group] : *by_group) package.markers.push_back(of_group.value_or(std::string()));
  if (const toml::table* source = table["source"].as_table()) {
    const std::string type = text_at(*source, "type"), url = text_at(*source, "url");
    if (type == "git") wanted.kind = Wanted::Kind::source_tree, wanted.url = "git+" + url;
    if (type == "directory")
      wanted.kind = Wanted::Kind::source_tree, wanted.path = (file.parent_path() / url).lexically_normal();
    if (type == "url" || type == "file") {
      Wanted place;
      classify_url(url, place);
      wanted.kind = place.kind;
      if (type == "url") wanted.url = url;
      else wanted.path = (file.parent_path() / url).lexically_normal();
    }
  }
  return package;
}

bool in_asked_group(const toml::table& table, const InputOptions& options) {
  const toml::array* groups = table["groups"].as_array();
  std::vector<std::string> names;
  if (groups) {
    for (const toml::node& group : *groups) names.push_back(group.value_or(std::string()));
  } else if (auto category = table["category"].value<std::string>()) {
    names.push_back(*category);
  }
  return names.empty() || std::ranges::any_of(names, [&](const std::string& name) {
           return name == "main" || std::ranges::any_of(options.groups, [&](const std::string& asked) {
                    return asked == "*" || normal_name(asked) == normal_name(name);
                  });
         });
}

// What the project asks for, from the pyproject.toml beside the lock file.
std::vector<LockedNeed> asked_for(const fs::path& pyproject, const InputOptions& options) {
  std::vector<LockedNeed> roots;
  Reading beside(options);
  if (!read_pyproject(pyproject, beside).ok()) return roots;
  for (const Wanted& wanted : beside.input.wanted)
    if (!wanted.requirement.name.empty()) roots.push_back({wanted.requirement.name, {}, {}, wanted.requirement.extras});
  return roots;
}

}  // namespace

Status read_poetry_lock(const fs::path& file, Reading& reading) {
  auto document = parse_toml(file);
  if (!document.ok()) return document.error();
  const toml::array* list = (*document)["package"].as_array();
  if (!list) return Error{file.string() + ": no [[package]] in it; is it a lock file of Poetry?"};
  reading.input.read.push_back(file.string());
  std::vector<LockedPackage> packages;
  std::vector<LockedNeed> in_groups;
  for (const toml::node& node : *list) {
    const toml::table* table = node.as_table();
    if (!table) continue;
    LockedPackage package = read_package(*table, file);
    if (!is_name(package.wanted.requirement.name)) {
      reading.remark(package.wanted.origin, "a package without a name");
      continue;
    }
    const bool optional = (*table)["optional"].value_or(false);
    if (!optional && in_asked_group(*table, reading.options))
      in_groups.push_back({package.wanted.requirement.name, package.wanted.version, {}, {}});
    packages.push_back(std::move(package));
  }
  std::error_code ignored;
  const fs::path pyproject = file.parent_path() / "pyproject.toml";
  std::vector<LockedNeed> roots =
      fs::exists(pyproject, ignored) ? asked_for(pyproject, reading.options) : std::vector<LockedNeed>();
  if (roots.empty()) {
    roots = nobody_needs(packages);
    std::erase_if(roots, [&](const LockedNeed& root) {
      return std::ranges::none_of(
          in_groups, [&](const LockedNeed& other) { return normal_name(other.name) == normal_name(root.name); });
    });
    // Packages that need each other in a circle have no beginning.
    if (roots.empty()) roots = in_groups;
  }
  follow(std::move(packages), roots, reading);
  reading.input.resolved = true;
  return Done{};
}

}  // namespace ftaudit::packages
