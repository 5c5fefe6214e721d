#include <toml++/toml.h>

#include <algorithm>
#include <cctype>

#include "base/nesting.h"
#include "base/text.h"
#include "project/description.h"
#include "project/python_support.h"

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

// A text, or a list of them as one.
std::string words_of(const toml::node_view<const toml::node>& node) {
  const std::vector<std::string> list = texts_of(node);
  return list.empty() ? node.value_or(std::string()) : join(list, " ");
}

// Whether cibuildwheel's selector, globs separated by blanks, takes in a free-threaded build of 3.13 or 3.14.
bool selects_free_threaded(const std::string& selector) {
  return std::ranges::any_of(split(selector, ' '), [](const std::string& pattern) {
    return glob_match(pattern, "cp313t-manylinux_x86_64") || glob_match(pattern, "cp314t-manylinux_x86_64");
  });
}

// Requests for the limited API of which a build for a free-threaded CPython hears. scikit-build-core leaves
// wheel.py-api aside in such a build, so it is none; setuptools (asked for the wheel's tag: an extension's own
// py-limited-api only names its file) and meson-python end with an error.
void read_limited_api(const toml::node_view<const toml::node>& tool, const fs::path& file, Description& out) {
  const auto ask = [&](const toml::node_view<const toml::node>& node, const char* what) {
    out.limited_api.push_back({file, node.node()->source().begin.line, what});
  };
  if (const toml::array* modules = tool["setuptools"]["ext-modules"].as_array())
    for (const toml::node& module : *modules) {
      const toml::node_view<const toml::node> view(module);
      if (const toml::array* macros = view["define-macros"].as_array())
        for (const toml::node& macro : *macros)
          if (const toml::node_view<const toml::node> pair(macro); pair[0].value_or(std::string()) == "Py_LIMITED_API")
            ask(pair[0], "Py_LIMITED_API");
    }
  const auto wheel = tool["distutils"]["bdist_wheel"];
  for (const char* key : {"py-limited-api", "py_limited_api"})
    if (!wheel[key].value_or(std::string()).empty()) ask(wheel[key], key);
  if (tool["meson-python"]["limited-api"].value_or(false)) ask(tool["meson-python"]["limited-api"], meson_limited_api);

  const auto settings = [&](const toml::node_view<const toml::node>& table) {
    for (const char* key : {"setup-args", "builddir"})
      if (words_of(table[key]).find("python.allow_limited_api=false") != std::string::npos)
        out.limited_api_refused = true;
    for (const char* key : {"--build-option", "--global-option"})
      if (words_of(table[key]).find("--py-limited-api") != std::string::npos) ask(table[key], "py-limited-api");
  };
  if (words_of(tool["meson-python"]["args"]["setup"]).find("python.allow_limited_api=false") != std::string::npos)
    out.limited_api_refused = true;
  const auto wheels = tool["cibuildwheel"];
  if (!selects_free_threaded(words_of(wheels["skip"])) &&
      (!wheels["build"] || selects_free_threaded(words_of(wheels["build"]))))
    settings(wheels["config-settings"]);
  if (const toml::array* overrides = wheels["overrides"].as_array())
    for (const toml::node& one : *overrides)
      if (const toml::node_view<const toml::node> view(one); selects_free_threaded(words_of(view["select"])))
        settings(view["config-settings"]);
}

// "<3" of "Cython>=0.29,<3": the bound that keeps the build from every Cython whose own code does without the GIL (PEP
// 440: version specifiers); "" where there is none.
std::string bound_below_3_1(std::string_view requirement) {
  constexpr int newest = 99;
  for (const std::string& part : split(requirement.substr(0, requirement.find(';')), ',')) {
    const std::size_t start = part.find_first_of("<>=~!");
    if (start == std::string::npos) continue;
    const std::string_view clause = trim(std::string_view(part).substr(start));
    bool admits = false;
    for (int minor = 1; minor <= newest && !admits; ++minor) admits = clause_admits(clause, minor);
    if (!admits) return std::string(clause);
  }
  return {};
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
    if (std::string name = name_of_requirement(requirement); !name.empty()) {
      if (const std::string bound = name == "cython" ? bound_below_3_1(requirement) : ""; !bound.empty())
        out.notes.push_back(shown_path(file, tree.root()) + ": the build takes Cython " + bound +
                            ", whose own code needs the GIL: what is built so is not what is audited here; require "
                            "Cython>=3.1");
      out.build_requires.push_back(std::move(name));
    }
  if (const toml::array* modules = view["tool"]["setuptools"]["ext-modules"].as_array())
    for (const toml::node& module : *modules)
      if (const toml::table* table = module.as_table()) out.targets.push_back(target_of(*table, file));
  read_limited_api(view["tool"], file, out);
}

// The distribution's name, and whether its wheels are for the limited API: setuptools takes extensions from elsewhere,
// and flags of [build_ext] are a user's.
void read_setup_cfg(const fs::path& file, const Tree& tree, Description& out) {
  auto text = read_file(file, 16 << 20);
  if (!text.ok()) return;
  std::string section;
  unsigned number = 0;
  for (const std::string& raw : split(*text, '\n')) {
    ++number;
    const std::string_view line = trim(raw);
    if (line.starts_with("[")) section = line;
    const std::size_t equals = line.find_first_of("=:");
    if (equals == std::string::npos || line.starts_with("#") || line.starts_with(";")) continue;
    const std::string_view key = trim(line.substr(0, equals)), value = trim(line.substr(equals + 1));
    if (section == "[metadata]" && key == "name" && out.name.empty() && file.parent_path() == tree.root())
      out.name = value;
    if (section == "[bdist_wheel]" && (key == "py_limited_api" || key == "py-limited-api") && !value.empty())
      out.limited_api.push_back({file, number, std::string(key)});
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
