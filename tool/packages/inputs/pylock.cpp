// pylock.toml (PEP 751): exact packages, each with a marker that says whether it is for the target.
#include <algorithm>

#include "packages/inputs/file_name.h"
#include "packages/inputs/toml_file.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

std::vector<std::string> texts_of(const toml::node* node) {
  std::vector<std::string> texts;
  if (const toml::array* array = node ? node->as_array() : nullptr)
    for (const toml::node& element : *array)
      if (auto text = element.value<std::string>()) texts.push_back(*text);
  return texts;
}

// The extras and groups under which the markers are looked at.
std::vector<std::string> asked_names(const std::vector<std::string>& asked, const toml::node* all,
                                     const toml::node* by_default) {
  if (std::ranges::find(asked, "*") != asked.end()) return texts_of(all);
  std::vector<std::string> names = asked;
  for (std::string& name : texts_of(by_default)) names.push_back(std::move(name));
  return names;
}

void read_place(const toml::table& table, const fs::path& folder, Wanted& wanted) {
  auto place = [&](const toml::table& from, Wanted::Kind kind) {
    wanted.kind = kind;
    if (std::string url = text_at(from, "url"); !url.empty()) wanted.url = std::move(url);
    else if (std::string path = text_at(from, "path"); !path.empty()) wanted.path = (folder / path).lexically_normal();
  };
  if (const toml::table* vcs = table["vcs"].as_table()) {
    place(*vcs, Wanted::Kind::source_tree);
    if (!wanted.url.empty() && wanted.url.find('+') == std::string::npos)
      wanted.url = text_at(*vcs, "type") + "+" + wanted.url;
  } else if (const toml::table* directory = table["directory"].as_table()) {
    place(*directory, Wanted::Kind::source_tree);
    wanted.editable = (*directory)["editable"].value_or(false);
  } else if (const toml::table* archive = table["archive"].as_table()) {
    place(*archive, Wanted::Kind::sdist);
    const std::string name = wanted.requirement.name, version = wanted.version;
    wanted.url.empty() ? classify_file(wanted.path.filename().string(), wanted) : classify_url(wanted.url, wanted);
    wanted.requirement.name = name;
    if (wanted.version.empty()) wanted.version = version;
  }
}

bool readable_version(const toml::table& document) {
  const std::string version = text_at(document, "lock-version");
  return version == "1" || version.starts_with("1.");
}

}  // namespace

Status read_pylock(const fs::path& file, Reading& reading) {
  auto document = parse_toml(file);
  if (!document.ok()) return document.error();
  if (!readable_version(*document))
    return Error{file.string() + ": its lock-version is \"" + text_at(*document, "lock-version") +
                 "\"; ftaudit reads version 1"};
  reading.input.read.push_back(file.string());
  std::vector<std::string> names = asked_names(reading.options.extras, document->get("extras"), nullptr);
  for (std::string& group :
       asked_names(reading.options.groups, document->get("dependency-groups"), document->get("default-groups")))
    names.push_back(std::move(group));
  std::set<std::string> needed;
  std::vector<Wanted> all;
  if (const toml::array* packages = (*document)["packages"].as_array())
    for (const toml::node& node : *packages) {
      const toml::table* table = node.as_table();
      if (!table) continue;
      Wanted wanted;
      wanted.origin = {file.string(), line_of(*table)};
      wanted.kind = Wanted::Kind::pinned;
      wanted.requirement.name = text_at(*table, "name");
      wanted.version = text_at(*table, "version");
      if (!is_name(wanted.requirement.name)) {
        reading.remark(wanted.origin, "a package without a name");
        continue;
      }
      if (const std::string text = text_at(*table, "marker"); !text.empty()) {
        auto marker = Marker::parse(text);
        if (!marker.ok()) reading.remark(wanted.origin, marker.message(), false);
        else if (!marker->holds(reading.environment, names)) continue;
      }
      read_place(*table, file.parent_path(), wanted);
      if (const toml::array* needs = (*table)["dependencies"].as_array()) {
        wanted.depends_on_known = true;
        for (const toml::node& need : *needs)
          if (const toml::table* one = need.as_table(); one && is_name(text_at(*one, "name"))) {
            wanted.depends_on.push_back(normal_name(text_at(*one, "name")));
            needed.insert(wanted.depends_on.back());
          }
      }
      all.push_back(std::move(wanted));
    }
  for (Wanted& wanted : all) {
    wanted.direct = !needed.contains(normal_name(wanted.requirement.name));
    reading.input.wanted.push_back(std::move(wanted));
  }
  reading.input.resolved = true;
  return Done{};
}

}  // namespace ftaudit::packages
