// The dependencies in pyproject.toml: [project], its extras, dependency groups (PEP 735), and Poetry's own tables.
#include <algorithm>

#include "base/text.h"
#include "packages/inputs/file_name.h"
#include "packages/inputs/toml_file.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

class Pyproject {
 public:
  Pyproject(const fs::path& file, Reading& reading) : file_(file), reading_(reading) {}

  Status read() {
    auto document = parse_toml(file_);
    if (!document.ok()) return document.error();
    document_ = std::move(*document);
    reading_.input.read.push_back(file_.string());
    if (const toml::table* project = document_["project"].as_table()) read_project(*project);
    if (const toml::table* poetry = document_["tool"]["poetry"].as_table()) read_poetry(*poetry);
    read_groups();
    read_uv(document_["tool"]["uv"]);
    if (!found_)
      return Error{file_.string() + ": it says no dependencies ([project], [dependency-groups] or [tool.poetry])"};
    return Done{};
  }

 private:
  Origin origin(const toml::node& node) const { return {file_.string(), line_of(node)}; }

  static bool asked(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::any_of(
        names, [&](const std::string& one) { return one == "*" || normal_name(one) == normal_name(name); });
  }

  void read_list(const toml::node* node) {
    const toml::array* list = node ? node->as_array() : nullptr;
    if (!list) return;
    for (const toml::node& element : *list) {
      auto text = element.value<std::string>();
      if (!text) reading_.remark(origin(element), "a dependency that is no text");
      // "project[extra]" in one's own extras stands for the list of that extra.
      else if (auto own = parse_requirement(*text);
               own.ok() && !own_name_.empty() && normal_name(own->name) == own_name_) {
        for (const std::string& extra : own->extras) read_extra(extra);
      } else reading_.add_requirement(*text, origin(element), reading_.options.extras);
    }
  }

  void read_extra(std::string_view name) {
    if (!extras_seen_.insert(normal_name(name)).second) return;
    if (const toml::table* extras = document_["project"]["optional-dependencies"].as_table())
      for (const auto& [extra, list] : *extras)
        if (normal_name(extra.str()) == normal_name(name)) read_list(&list);
  }

  void read_project(const toml::table& project) {
    found_ = true;
    own_name_ = normal_name(text_at(project, "name"));
    read_list(project.get("dependencies"));
    if (const toml::array* dynamic = project["dynamic"].as_array())
      for (const toml::node& field : *dynamic)
        if (field.value_or(std::string()) == "dependencies") read_dynamic(field);
    const toml::table* extras = project["optional-dependencies"].as_table();
    if (extras)
      for (const auto& [extra, list] : *extras)
        if (asked(reading_.options.extras, extra.str())) read_extra(extra.str());
    for (const std::string& extra : reading_.options.extras)
      if (extra != "*" && !extras_seen_.contains(normal_name(extra)))
        reading_.remark({file_.string(), 0}, "there is no extra \"" + extra + "\"");
  }

  // Setuptools can say where: [tool.setuptools.dynamic] dependencies = {file = [...]}.
  void read_dynamic(const toml::node& field) {
    const toml::node_view<toml::node> where = document_["tool"]["setuptools"]["dynamic"]["dependencies"]["file"];
    std::vector<std::string> files;
    if (auto one = where.value<std::string>()) files.push_back(*one);
    if (const toml::array* several = where.as_array())
      for (const toml::node& file : *several) files.push_back(file.value_or(std::string()));
    for (const std::string& name : files) {
      auto status = read_requirement_file((file_.parent_path() / name).lexically_normal(), reading_);
      if (!status.ok()) reading_.remark(origin(field), status.message());
    }
    if (files.empty())
      reading_.remark(origin(field),
                      "the dependencies are worked out when the project is built (dynamic); ftaudit builds nothing, so "
                      "they are unknown");
  }

  void read_groups() {
    const toml::table* groups = document_["dependency-groups"].as_table();
    if (groups) found_ = true;
    for (const std::string& name : reading_.options.groups) {
      if (name == "*") {
        if (groups)
          for (const auto& [group, list] : *groups) read_group(group.str(), list);
      } else if (const toml::node* list = find_group(name)) {
        read_group(name, *list);
      } else if (!asked(poetry_groups_, name)) {
        reading_.remark({file_.string(), 0}, "there is no dependency group \"" + name + "\"");
      }
    }
  }

  const toml::node* find_group(std::string_view name) const {
    if (const toml::table* groups = document_["dependency-groups"].as_table())
      for (const auto& [group, list] : *groups)
        if (normal_name(group.str()) == normal_name(name)) return &list;
    return nullptr;
  }

  // Each group once: includes may go round in circles.
  void read_group(std::string_view name, const toml::node& node) {
    if (!groups_seen_.insert(normal_name(name)).second) return;
    const toml::array* list = node.as_array();
    if (!list) return reading_.remark(origin(node), "the group \"" + std::string(name) + "\" is no list");
    for (const toml::node& element : *list) {
      if (const toml::table* table = element.as_table()) {
        const std::string included = text_at(*table, "include-group");
        const toml::node* other = find_group(included);
        if (other) read_group(included, *other);
        else reading_.remark(origin(element), "there is no dependency group \"" + included + "\" to include");
      } else {
        reading_.add_requirement(element.value_or(std::string()), origin(element));
      }
    }
  }

  void read_poetry(const toml::table& poetry) {
    found_ = true;
    if (const toml::table* needs = poetry["dependencies"].as_table())
      for (const auto& [name, need] : *needs)
        if (normal_name(name.str()) != "python") read_poetry_need(std::string(name.str()), need);
    if (const toml::table* groups = poetry["group"].as_table())
      for (const auto& [group, table] : *groups) {
        poetry_groups_.emplace_back(group.str());
        const toml::table* needs = table.is_table() ? (*table.as_table())["dependencies"].as_table() : nullptr;
        if (needs && asked(reading_.options.groups, group.str()))
          for (const auto& [name, need] : *needs) read_poetry_need(std::string(name.str()), need);
      }
  }

  void read_poetry_need(const std::string& name, const toml::node& node) {
    if (const toml::array* several = node.as_array()) {
      for (const toml::node& one : *several) read_poetry_need(name, one);
      return;
    }
    std::string version, marker, extras, place;
    if (const toml::table* table = node.as_table()) {
      version = text_at(*table, "version");
      marker = text_at(*table, "markers");
      if ((*table)["optional"].value_or(false) && !asked_by_poetry_extra(name)) return;
      if (const toml::array* list = (*table)["extras"].as_array())
        for (const toml::node& extra : *list) extras += (extras.empty() ? "" : ",") + extra.value_or(std::string());
      if (const std::string python = text_at(*table, "python"); !python.empty()) {
        auto words = poetry_constraint(python);
        auto clauses = words.ok() ? Specifiers::parse(*words) : Result<Specifiers>(words.error());
        if (clauses.ok() && !clauses->contains(*Version::parse(reading_.environment["python_full_version"]))) return;
      }
      if (const std::string git = text_at(*table, "git"); !git.empty()) place = "git+" + git;
      if (const std::string url = text_at(*table, "url"); !url.empty()) place = url;
      if (const std::string path = text_at(*table, "path"); !path.empty()) return add_path(name, path, node);
    } else {
      version = node.value_or(std::string());
    }
    std::string text = name + (extras.empty() ? "" : "[" + extras + "]");
    if (!place.empty()) {
      text += " @ " + place + " ";
    } else {
      auto words = poetry_constraint(version);
      if (!words.ok()) reading_.remark(origin(node), name + ": " + words.message() + "; any version was taken", false);
      else text += " " + *words;
    }
    reading_.add_requirement(text + (marker.empty() ? "" : "; " + marker), origin(node));
  }

  bool asked_by_poetry_extra(const std::string& name) const {
    const toml::table* extras = document_["tool"]["poetry"]["extras"].as_table();
    if (!extras) return false;
    for (const auto& [extra, list] : *extras)
      if (asked(reading_.options.extras, extra.str()) && list.is_array())
        for (const toml::node& one : *list.as_array())
          if (normal_name(one.value_or(std::string())) == normal_name(name)) return true;
    return false;
  }

  void add_path(const std::string& name, const std::string& path, const toml::node& node) {
    Wanted wanted;
    classify_file(fs::path(path).filename().string(), wanted);
    if (wanted.kind == Wanted::Kind::requirement) wanted.kind = Wanted::Kind::source_tree;
    wanted.requirement.name = name;
    wanted.path = (file_.parent_path() / path).lexically_normal();
    wanted.origin = origin(node);
    reading_.input.wanted.push_back(std::move(wanted));
  }

  // Where uv is told to take a package from, and its indexes.
  void read_uv(const toml::node_view<toml::node>& uv) {
    if (const toml::array* indexes = uv["index"].as_array())
      for (const toml::node& node : *indexes)
        if (const toml::table* index = node.as_table(); index && !text_at(*index, "url").empty()) {
          if ((*index)["default"].value_or(false)) reading_.input.index.index_url = text_at(*index, "url");
          else reading_.input.index.extra_index_urls.push_back(text_at(*index, "url"));
        }
    const toml::table* sources = uv["sources"].as_table();
    if (!sources) return;
    for (Wanted& wanted : reading_.input.wanted)
      for (const auto& [name, node] : *sources) {
        const toml::table* source = node.as_table();
        if (!source || wanted.origin.file != file_.string() ||
            normal_name(name.str()) != normal_name(wanted.requirement.name))
          continue;
        const std::string git = text_at(*source, "git"), path = text_at(*source, "path"), url = text_at(*source, "url");
        if (!git.empty()) wanted.kind = Wanted::Kind::source_tree, wanted.url = "git+" + git;
        else if (!path.empty())
          wanted.kind = Wanted::Kind::source_tree, wanted.path = (file_.parent_path() / path).lexically_normal();
        else if (!url.empty()) wanted.url = url, wanted.kind = Wanted::Kind::source_tree;
        else if ((*source)["workspace"].value_or(false))
          wanted.kind = Wanted::Kind::source_tree, wanted.path = file_.parent_path();
      }
  }

  fs::path file_;
  Reading& reading_;
  toml::table document_;
  bool found_ = false;
  std::string own_name_;
  std::set<std::string> extras_seen_, groups_seen_;
  std::vector<std::string> poetry_groups_;
};

// The first release that "^" and "~" leave out: 1.2.3 with the part at `at` one higher.
std::string next_release(const std::vector<std::string>& parts, std::size_t at) {
  std::string text;
  for (std::size_t i = 0; i <= at; ++i) {
    int value = i < parts.size() ? std::atoi(parts[i].c_str()) : 0;
    text += (i ? "." : "") + std::to_string(i == at ? value + 1 : value);
  }
  return text;
}

}  // namespace

Result<std::string> poetry_constraint(std::string_view text) {
  text = trim(text);
  if (text.empty() || text == "*") return std::string();
  if (text.find("||") != std::string_view::npos || text.find('|') != std::string_view::npos)
    return Error{"\"" + std::string(text) + "\" allows separate ranges, which a requirement cannot say"};
  std::string words;
  std::string spaced(text);
  std::ranges::replace(spaced, ',', ' ');
  std::vector<std::string> parts;
  for (std::string& part : split(spaced, ' '))
    if (!part.empty()) {
      // ">= 1.2" is one clause.
      if (!parts.empty() && parts.back().find_first_of("0123456789") == std::string::npos) parts.back() += part;
      else parts.push_back(std::move(part));
    }
  for (const std::string& part : parts) {
    std::string clause = part;
    const char first = part.front();
    if (first == '^' || (first == '~' && !part.starts_with("~="))) {
      std::string version = part.substr(1);
      std::vector<std::string> numbers = split(version, '.');
      std::size_t at = 0;
      if (first == '~') at = numbers.size() > 1 ? 1 : 0;
      else
        while (at + 1 < numbers.size() && std::atoi(numbers[at].c_str()) == 0) ++at;
      clause = ">=" + version + ",<" + next_release(numbers, at);
    } else if (first >= '0' && first <= '9') {
      clause = "==" + part;
    } else if (first == '=' && !part.starts_with("==")) {
      clause = "=" + part;
    }
    words += (words.empty() ? "" : ",") + clause;
  }
  auto parsed = Specifiers::parse(words);
  if (!parsed.ok()) return parsed.error();
  return words;
}

Status read_pyproject(const fs::path& file, Reading& reading) { return Pyproject(file, reading).read(); }

}  // namespace ftaudit::packages
