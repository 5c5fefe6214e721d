// The functions and methods of meson's language, each in a few lines.
#include <algorithm>
#include <memory>

#include "base/text.h"
#include "project/meson_evaluator.h"

namespace ftaudit::project::meson {

Value Evaluator::call(const Node& node) {
  const std::string& name = node.text;
  if (name == "subdir") {
    const std::vector<Value> folders = positional(node, 0);
    if (folders.empty()) return {};
    const fs::path path = folder() / folders[0].text / "meson.build";
    if (tree_.has(path.lexically_normal().native())) file(path.lexically_normal());
    return {};
  }
  if (name == "files") {
    Value out{.kind = Value::Kind::list};
    for (const Value& value : positional(node, 0))
      if (value.kind == Value::Kind::string) out.items.push_back(of_text(absolute(value.text)));
    return out;
  }
  if (name == "include_directories") {
    Parts parts;
    for (const Value& value : positional(node, 0))
      if (value.kind == Value::Kind::string) parts.include_dirs.push_back(absolute(value.text));
    return {.kind = Value::Kind::folders, .parts = std::make_shared<const Parts>(std::move(parts))};
  }
  if (name == "declare_dependency") {
    Value out = library(parts_of(node, 0));
    out.library = false;
    return out;
  }
  if (name == "static_library" || name == "shared_library" || name == "library" || name == "both_libraries" ||
      name == "shared_module") {
    Parts parts = parts_of(node, 1);
    if (name != "static_library") add_target("", false, parts);
    return library(std::move(parts));
  }
  if (name == "extension_module") {
    extension_module(node);
    return {};
  }
  if (name == "configuration_data") {
    Value out{.kind = Value::Kind::settings, .settings = std::make_shared<std::map<std::string, std::string>>()};
    if (!node.kids.empty()) set_all(eval(*node.kids[0]), *out.settings);
    return out;
  }
  if (name == "configure_file") return configure_file(node);
  // generator(cython, output: '@BASENAME@.c', arguments: [...])
  if (name == "generator" && makes_c(node)) {
    Parts parts;
    parts.cython = cython_of(texts(keyword(node, "arguments")));
    return {.kind = Value::Kind::generator, .parts = std::make_shared<const Parts>(std::move(parts))};
  }
  if (name == "custom_target" && makes_c(node))
    return made_of(keyword(node, "input"), cython_of(texts(keyword(node, "command"))));
  if (name == "join_paths") {
    fs::path path;
    for (const Value& value : positional(node, 0)) path /= value.text;
    return of_text(path.native());
  }
  if (name == "project") {
    const std::vector<Value> names = positional(node, 0);
    if (!names.empty() && out_.name.empty() && top_ == tree_.root()) out_.name = names[0].text;
    for (const Value& option : keyword(node, "default_options")) {
      add_standard(option.text, project_flags_);
      const std::size_t equals = option.text.find('=');
      if (equals == std::string::npos) continue;
      const std::string value = option.text.substr(equals + 1);
      options_[option.text.substr(0, equals)] =
          value == "true" || value == "false" ? of_truth(value == "true") : of_text(value);
      if (option.text == "python.allow_limited_api=false") out_.limited_api_refused = true;
    }
    return {};
  }
  if (name == "add_project_arguments" || name == "add_global_arguments") {
    for (const Value& value : positional(node, 0))
      if (value.kind == Value::Kind::string) add_flag(value.text, node.line, project_flags_);
    return {};
  }
  if (name == "get_option") {
    const std::vector<Value> names = positional(node, 0);
    const auto found = names.empty() ? options_.end() : options_.find(names[0].text);
    return found == options_.end() ? Value{} : found->second;
  }
  if (name == "import") {
    const std::vector<Value> names = positional(node, 0);
    return names.empty() ? Value{} : Value{.text = "import:" + names[0].text};
  }
  // The arguments may hold calls that matter.
  positional(node, 0);
  return {};
}

Value Evaluator::method(const Node& node) {
  const std::string& name = node.text;
  if (name == "extension_module") {
    extension_module(node);
    return {};
  }
  const Node& owner_node = *node.kids[0];
  const bool machine = owner_node.kind == Node::Kind::name && owner_node.text.ends_with("_machine");
  if (machine && name == "system") return of_text("linux");
  if (machine && name == "cpu_family") return of_text("x86_64");
  if (machine && name == "endian") return of_text("little");
  if (owner_node.kind == Node::Kind::name && owner_node.text == "meson") {
    if (name == "current_source_dir" || name == "current_build_dir") return of_text(folder().native());
    if (name.ends_with("source_root") || name.ends_with("build_root")) return of_text(top_.native());
    if (name == "is_subproject" || name == "is_cross_build") return of_truth(false);
    return {};
  }
  const Value owner = eval(owner_node);
  if (name == "get_variable" && node.kids.size() > 1 && eval(*node.kids[1]).text == "Py_GIL_DISABLED")
    return of_text("1");
  if (name == "language_version") return of_text("3.14");
  if (name == "get_install_dir") return of_text(keyword_text(node, "subdir"));
  // numpy's module for files compiled once a CPU feature: {source, ...} -> one library.
  if (name == "multi_targets") {
    Parts parts = parts_of(node, 2);
    return library(std::move(parts));
  }
  if (name == "process" && owner.kind == Value::Kind::generator)
    return made_of(positional(node, 1), owner.parts->cython);
  if (name == "static_lib" || name == "as_system" || name == "as_link_whole" || name == "partial_dependency" ||
      name == "extract_all_objects")
    return owner;
  if (owner.kind == Value::Kind::string) return string_method(owner.text, name, positional(node, 1));
  if (owner.kind == Value::Kind::list || owner.kind == Value::Kind::dict) {
    if (name == "get" && node.kids.size() > 1) return index(owner, eval(*node.kids[1]));
    if (name == "length") return of_text(std::to_string(owner.items.size()));
    if (name == "keys" && owner.kind == Value::Kind::dict) {
      Value out{.kind = Value::Kind::list};
      for (std::size_t i = 0; i < owner.items.size(); i += 2) out.items.push_back(owner.items[i]);
      return out;
    }
  }
  if (owner.kind == Value::Kind::settings && name.starts_with("set")) {
    std::vector<Value> said;
    for (std::size_t i = 1; i < node.kids.size(); ++i) said.push_back(eval(*node.kids[i]));
    if (said.size() == 2) set(name, said[0].text, said[1], *owner.settings);
    return {};
  }
  if (owner.kind == Value::Kind::parts && name == "found") return of_truth(true);
  if (owner.text.starts_with("feature:")) {
    const std::string_view state = std::string_view(owner.text).substr(8);
    if (name == "enabled" || name == "disabled" || name == "auto") return of_truth(state == name);
    if (name == "allowed") return of_truth(state != "disabled");
    return {};
  }
  // fs.copyfile('a.c') and the like stand for the file they copy.
  if (owner.text == "import:fs" && name == "copyfile") {
    const std::vector<Value> arguments = positional(node, 1);
    return arguments.empty() ? Value{} : of_text(absolute(arguments[0].text));
  }
  positional(node, 1);
  return {};
}

}  // namespace ftaudit::project::meson
