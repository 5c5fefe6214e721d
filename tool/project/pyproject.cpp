#include <toml++/toml.h>

#include <algorithm>
#include <cctype>

#include "base/nesting.h"
#include "base/text.h"
#include "project/description.h"

namespace ftaudit::project {
namespace {

std::vector<std::string> texts_of(const toml::node_view<const toml::node>& node) {
  std::vector<std::string> out;
  if (const toml::array* array = node.as_array())
    for (const toml::node& element : *array)
      if (const auto text = element.value<std::string>()) out.push_back(*text);
  return out;
}

// [[tool.setuptools.ext-modules]]: an Extension's arguments as a table.
Target target_of(const toml::table& table, const fs::path& file) {
  const fs::path folder = file.parent_path();
  const toml::node_view<const toml::node> view(table);
  Target target{.module = view["name"].value_or(std::string()), .is_module = true, .described = file};
  target.line = table.source().begin.line;
  for (const std::string& source : texts_of(view["sources"]))
    target.sources.push_back((folder / source).lexically_normal());
  for (const std::string& dir : texts_of(view["include-dirs"]))
    target.include_dirs.push_back((folder / dir).lexically_normal());
  if (const toml::array* macros = view["define-macros"].as_array())
    for (const toml::node& macro : *macros) {
      const toml::node_view<const toml::node> pair(macro);
      std::string flag = "-D" + pair[0].value_or(std::string());
      if (const auto value = pair[1].value<std::string>(); value && !value->empty()) flag += "=" + *value;
      if (flag.size() > 2) target.flags.push_back(std::move(flag));
    }
  for (const std::string& name : texts_of(view["undef-macros"])) target.flags.push_back("-U" + name);
  for (std::string& flag : texts_of(view["extra-compile-args"])) target.flags.push_back(std::move(flag));
  target.language = view["language"].value_or(std::string());
  return target;
}

}  // namespace

void read_pyproject(const fs::path& file, const Tree& tree, Description& out) {
  auto text = read_file(file, 16 << 20);
  if (!text.ok()) {
    out.notes.push_back(text.message());
    return;
  }
  toml::table document;
  if (const Status flat = check_toml_nesting(*text); !flat.ok()) {
    out.notes.push_back(shown_path(file, tree.root()) + ": not read: line " + flat.message());
    return;
  }
  try {
    document = toml::parse(*text, file.string());
  } catch (const toml::parse_error& error) {
    out.notes.push_back(shown_path(file, tree.root()) + ": not valid TOML (line " +
                        std::to_string(error.source().begin.line) + ": " + std::string(error.description()) + ")");
    return;
  }
  const toml::node_view<const toml::node> view(document);
  if (out.name.empty() && file.parent_path() == tree.root())
    out.name = view["project"]["name"].value_or(view["tool"]["poetry"]["name"].value_or(std::string()));
  if (out.backend.empty()) out.backend = view["build-system"]["build-backend"].value_or(std::string());
  for (const std::string& requirement : texts_of(view["build-system"]["requires"]))
    if (std::string name = name_of_requirement(requirement); !name.empty())
      out.build_requires.push_back(std::move(name));
  if (const toml::array* modules = view["tool"]["setuptools"]["ext-modules"].as_array())
    for (const toml::node& module : *modules)
      if (const toml::table* table = module.as_table()) out.targets.push_back(target_of(*table, file));
}

// Only the distribution's name: setuptools takes extensions from elsewhere, and flags of [build_ext] are a user's.
void read_setup_cfg(const fs::path& file, const Tree&, Description& out) {
  auto text = read_file(file, 16 << 20);
  if (!text.ok()) return;
  bool metadata = false;
  for (const std::string& line : split(*text, '\n')) {
    if (line.starts_with("[")) metadata = trim(line) == "[metadata]";
    const std::size_t equals = line.find('=');
    if (metadata && equals != std::string::npos && trim(line.substr(0, equals)) == "name" && out.name.empty())
      out.name = trim(std::string_view(line).substr(equals + 1));
  }
}

std::string normal_name(std::string_view distribution) {
  std::string out;
  for (const char c : to_lower(trim(distribution))) {
    if (c == '-' || c == '_' || c == '.') {
      if (!out.empty() && out.back() != '-') out += '-';
    } else {
      out += c;
    }
  }
  return out;
}

std::string name_of_requirement(std::string_view requirement) {
  requirement = trim(requirement);
  std::size_t end = 0;
  while (end < requirement.size() && (std::isalnum(static_cast<unsigned char>(requirement[end])) ||
                                      requirement[end] == '-' || requirement[end] == '_' || requirement[end] == '.'))
    ++end;
  return normal_name(requirement.substr(0, end));
}

}  // namespace ftaudit::project
