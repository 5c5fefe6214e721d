// uv.lock: packages with their source and needs; the user's own projects are those of the workspace.
#include <algorithm>

#include "packages/inputs/file_name.h"
#include "packages/inputs/lock_graph.h"
#include "packages/inputs/toml_file.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

LockedNeed read_need(const toml::table& table) {
  LockedNeed need{text_at(table, "name"), text_at(table, "version"), text_at(table, "marker"), {}};
  for (const char* key : {"extra", "extras"})
    if (const toml::array* extras = table[key].as_array())
      for (const toml::node& extra : *extras)
        if (auto text = extra.value<std::string>()) need.extras.push_back(*text);
  return need;
}

std::vector<LockedNeed> read_needs(const toml::node* node) {
  std::vector<LockedNeed> needs;
  if (const toml::array* array = node ? node->as_array() : nullptr)
    for (const toml::node& element : *array)
      if (const toml::table* table = element.as_table(); table && is_name(text_at(*table, "name")))
        needs.push_back(read_need(*table));
  return needs;
}

class UvLock {
 public:
  UvLock(const fs::path& file, Reading& reading) : file_(file), reading_(reading) {}

  Status read() {
    auto document = parse_toml(file_);
    if (!document.ok()) return document.error();
    const toml::array* packages = (*document)["package"].as_array();
    if (!packages) return Error{file_.string() + ": no [[package]] in it; is it a lock file of uv?"};
    reading_.input.read.push_back(file_.string());
    for (const toml::node& node : *packages)
      if (const toml::table* table = node.as_table()) read_package(*table);
    // Members of the workspace may need each other; the needs of all of them are roots already.
    std::erase_if(roots_, [&](const LockedNeed& need) { return own_.contains(normal_name(need.name)); });
    if (own_.empty()) roots_ = nobody_needs(packages_);
    follow(std::move(packages_), roots_, reading_);
    reading_.input.resolved = true;
    return Done{};
  }

 private:
  void read_package(const toml::table& table) {
    LockedPackage package;
    Wanted& wanted = package.wanted;
    wanted.origin = {file_.string(), line_of(table)};
    wanted.kind = Wanted::Kind::pinned;
    wanted.direct = false;
    wanted.depends_on_known = true;
    wanted.requirement.name = text_at(table, "name");
    wanted.version = text_at(table, "version");
    if (!is_name(wanted.requirement.name)) return reading_.remark(wanted.origin, "a package without a name");
    package.needs = read_needs(table.get("dependencies"));
    if (const toml::table* extras = table["optional-dependencies"].as_table())
      for (const auto& [extra, needs] : *extras) package.needs_by_extra[normal_name(extra.str())] = read_needs(&needs);
    if (const toml::array* markers = table["resolution-markers"].as_array())
      for (const toml::node& marker : *markers)
        if (auto text = marker.value<std::string>()) package.markers.push_back(*text);
    const toml::table* source = table["source"].as_table();
    if (source && is_own_project(*source)) return read_own_project(table, package);
    if (source) read_source(*source, wanted);
    packages_.push_back(std::move(package));
  }

  // A member of the workspace: the user's code, not a package to audit.
  static bool is_own_project(const toml::table& source) {
    return source.contains("virtual") ||
           (source.contains("editable") && !text_at(source, "editable").starts_with("..")) ||
           text_at(source, "directory") == ".";
  }

  void read_own_project(const toml::table& table, const LockedPackage& package) {
    auto add = [&](std::vector<LockedNeed> needs) { roots_.insert(roots_.end(), needs.begin(), needs.end()); };
    auto asked = [](const std::vector<std::string>& names, const std::string& name) {
      return std::ranges::any_of(names, [&](const std::string& one) { return one == "*" || normal_name(one) == name; });
    };
    own_.insert(normal_name(package.wanted.requirement.name));
    add(package.needs);
    for (const auto& [extra, needs] : package.needs_by_extra)
      if (asked(reading_.options.extras, extra)) add(needs);
    if (const toml::table* groups = table["dev-dependencies"].as_table())
      for (const auto& [group, needs] : *groups)
        if (asked(reading_.options.groups, normal_name(group.str()))) add(read_needs(&needs));
  }

  void read_source(const toml::table& source, Wanted& wanted) {
    if (const std::string registry = text_at(source, "registry"); !registry.empty()) {
      auto& urls = registry.find("://") == std::string::npos ? reading_.input.index.find_links
                                                             : reading_.input.index.extra_index_urls;
      if (std::ranges::find(urls, registry) == urls.end()) urls.push_back(registry);
    } else if (const std::string git = text_at(source, "git"); !git.empty()) {
      wanted.kind = Wanted::Kind::source_tree;
      wanted.url = "git+" + git;
    } else if (const std::string url = text_at(source, "url"); !url.empty()) {
      const std::string name = wanted.requirement.name, version = wanted.version;
      wanted.url = url;
      classify_url(url, wanted);
      wanted.requirement.name = name;
      wanted.version = version;
    } else {
      for (const char* key : {"path", "directory", "editable"})
        if (const std::string path = text_at(source, key); !path.empty()) {
          Wanted place;
          classify_file(fs::path(path).filename().string(), place);
          wanted.kind = place.kind == Wanted::Kind::requirement ? Wanted::Kind::source_tree : place.kind;
          wanted.path = (file_.parent_path() / path).lexically_normal();
          wanted.editable = key == std::string_view("editable");
        }
    }
  }

  fs::path file_;
  Reading& reading_;
  std::vector<LockedPackage> packages_;
  std::vector<LockedNeed> roots_;
  std::set<std::string> own_;
};

}  // namespace

Status read_uv_lock(const fs::path& file, Reading& reading) { return UvLock(file, reading).read(); }

}  // namespace ftaudit::packages
