// What a meson.build describes: extension modules, the libraries that are linked into them, and the C that Cython
// makes.
#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/text.h"
#include "project/cython_templates.h"
#include "project/meson_evaluator.h"

namespace ftaudit::project::meson {

namespace {

void add(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}
void add(CythonCommand& to, const CythonCommand& more) {
  to.cxx |= more.cxx;
  if (to.module.empty()) to.module = more.module;
  add(to.directives, more.directives), add(to.values, more.values), add(to.search, more.search);
}

}  // namespace

void Evaluator::add_source(const Value& value, Parts& out) const {
  // What a generator or a custom target makes.
  if (value.kind == Value::Kind::parts && value.parts && !value.library) {
    add(out.sources, value.parts->sources);
    add(out.cython, value.parts->cython);
    out.by_cython |= value.parts->by_cython;
  }
  if (value.kind != Value::Kind::string || value.text.empty()) return;
  // Python listed beside Cython's sources is for its packages to be there; compiled is what a command makes C of.
  if (value.text.ends_with(".py")) return;
  out.sources.push_back(absolute(value.text));
}

Parts Evaluator::parts_of(const Node& node, std::size_t from) {
  Parts out{.line = node.line, .file = file_.native()};
  for (const Value& value : positional(node, from)) add_source(value, out);
  for (const Value& value : keyword(node, "sources")) add_source(value, out);
  if (const std::vector<std::string> arguments = texts(keyword(node, "cython_args")); !arguments.empty())
    add(out.cython, cython_of(arguments));
  for (const Value& value : keyword(node, "include_directories")) {
    if (value.kind == Value::Kind::folders && value.parts) add(out.include_dirs, value.parts->include_dirs);
    else if (value.kind == Value::Kind::string) out.include_dirs.push_back(absolute(value.text));
  }
  for (const char* key : {"c_args", "cpp_args", "compile_args"})
    for (const Value& value : keyword(node, key))
      if (value.kind == Value::Kind::string) add_flag(value.text, node.line, out.flags);
  for (const Value& option : keyword(node, "override_options")) {
    add_standard(option.text, out.flags);
    out.cython.cxx |= option.text == "cython_language=cpp";
  }
  for (const char* key : {"link_with", "link_whole", "dependencies", "objects"})
    for (const Value& value : keyword(node, key)) {
      if (value.kind != Value::Kind::parts || !value.parts) continue;
      if (value.library) {
        out.libraries.push_back(value.parts);
        continue;
      }
      add(out.include_dirs, value.parts->include_dirs);
      add(out.flags, value.parts->flags);
      add(out.sources, value.parts->sources);
      add(out.cython, value.parts->cython);
      out.by_cython |= value.parts->by_cython;
      out.libraries.insert(out.libraries.end(), value.parts->libraries.begin(), value.parts->libraries.end());
    }
  return out;
}

void Evaluator::add_flag(const std::string& flag, unsigned line, std::vector<std::string>& flags) {
  if (flag.starts_with("-DPy_LIMITED_API")) {
    out_.limited_api.push_back({file_, line, "Py_LIMITED_API", in_doubt_ > 0});
    if (in_doubt_ > 0) return;
  }
  flags.push_back(flag);
}

void Evaluator::add_standard(std::string_view option, std::vector<std::string>& flags) {
  for (const std::string_view key : {"c_std=", "cpp_std="})
    if (option.starts_with(key) && option.find("none") == std::string_view::npos)
      flags.push_back("-std=" + std::string(split(option.substr(key.size()), ',')[0]));
}

void Evaluator::add_target(const std::string& module, bool is_module, const Parts& parts) {
  targets_.push_back({.module = module,
                      .is_module = is_module,
                      .sources = parts.sources,
                      .include_dirs = parts.include_dirs,
                      .flags = parts.flags,
                      .language = parts.cython.cxx ? "c++" : "",
                      .by_cython = parts.by_cython,
                      .directives = parts.cython.directives,
                      .compile_time = parts.cython.values,
                      .described = parts.file,
                      .line = parts.line});
  add(targets_.back().include_dirs, parts.cython.search);
}

std::vector<std::string> Evaluator::texts(const std::vector<Value>& values) {
  std::vector<std::string> out;
  for (const Value& value : values)
    if (value.kind == Value::Kind::string) out.push_back(value.text);
  return out;
}

CythonCommand Evaluator::cython_of(const std::vector<std::string>& arguments) const {
  CythonCommand out = read_cython_command(arguments);
  // @BUILD_ROOT@ and its like hold copies of what stands in the tree.
  std::erase_if(out.search, [](const std::string& path) { return path.find('@') != std::string::npos; });
  for (std::string& path : out.search) path = absolute(path);
  return out;
}

Value Evaluator::made_of(const std::vector<Value>& inputs, CythonCommand command) const {
  Parts parts{.line = 0, .file = file_.native()};
  for (const Value& input : inputs)
    if (input.kind == Value::Kind::string && is_cython_input(input.text, true))
      parts.sources.push_back(absolute(input.text));
  if (parts.sources.empty()) return {};
  parts.cython = std::move(command), parts.by_cython = true;
  return {.kind = Value::Kind::parts, .parts = std::make_shared<const Parts>(std::move(parts))};
}

// configure_file(input: 'config.pxi.in', output: 'config.pxi', configuration: data)
Value Evaluator::configure_file(const Node& node) {
  const fs::path input = absolute(keyword_text(node, "input"));
  fs::path output = keyword_text(node, "output");
  if (output.native().find("@PLAINNAME@") != std::string::npos) output = input.filename();
  if (output.native().find("@BASENAME@") != std::string::npos) output = input.stem();
  const fs::path made = absolute(output.native());
  if (output.empty() || !is_read_by_cython(made) || !is_below(input, tree_.root())) return {};
  std::map<std::string, std::string> settings;
  for (const auto& [key, value] : node.named)
    if (key == "configuration") {
      const Value data = eval(*value);
      if (data.settings) settings = *data.settings;
      set_all(data, settings);
    }
  const auto text = tree_.has(input.native()) ? read_file(input, 1u << 20) : Result<std::string>(Error{"not there"});
  const auto outcome = text.ok() ? configured(*text, settings) : std::nullopt;
  if (outcome) out_.cython_templates.push_back({input, made, true, *outcome});
  return of_text(made.native());
}

bool Evaluator::makes_c(const Node& node) {
  for (const Value& output : keyword(node, "output"))
    if (is_source_suffix(fs::path(output.text).extension().native())) return true;
  return false;
}

void Evaluator::add_libraries(const std::string& module, const Parts& parts, std::vector<const Parts*>& seen) {
  for (const auto& library : parts.libraries) {
    if (std::ranges::find(seen, library.get()) != seen.end()) continue;
    seen.push_back(library.get());
    add_target(module, true, *library);
    add_libraries(module, *library, seen);
  }
}

void Evaluator::extension_module(const Node& node) {
  const std::size_t first = node.kind == Node::Kind::method ? 1 : 0;
  if (node.kids.size() <= first) return;
  const Value name = eval(*node.kids[first]);
  std::string subdir = keyword_text(node, "subdir");
  if (subdir.empty()) subdir = keyword_text(node, "install_dir");
  std::string module = name.kind == Value::Kind::string ? name.text : "";
  if (!module.empty() && !subdir.empty() && subdir[0] != '/')
    module = (std::filesystem::path(subdir) / module).lexically_normal().generic_string();  // 'pkg' / '' ends in one
  std::ranges::replace(module, '/', '.');
  const Parts parts = parts_of(node, first + 1);
  for (const auto& [key, asked] : node.named) {
    if (key != "limited_api") continue;
    const Value version = eval(*asked);
    if (version.kind != Value::Kind::string || !version.text.empty())
      out_.limited_api.push_back({file_, node.line, meson_limited_api, in_doubt_ > 0 || !version.known()});
  }
  add_target(module, true, parts);
  std::vector<const Parts*> seen;
  add_libraries(module, parts, seen);
}

Value Evaluator::library(Parts parts) {
  return {.kind = Value::Kind::parts, .parts = std::make_shared<const Parts>(std::move(parts)), .library = true};
}

}  // namespace ftaudit::project::meson
