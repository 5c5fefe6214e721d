// meson.build, evaluated as far as literals, lists, files(), dependencies declared in the project and subdir() go.
// What meson would ask the machine is unknown here; of a condition that hangs on it, both branches are taken.
// (Long because meson's functions are many; each is a few lines.)
#include <algorithm>
#include <map>
#include <memory>

#include "base/text.h"
#include "project/cython_templates.h"
#include "project/description.h"
#include "project/meson_syntax.h"
#include "project/meson_value.h"

namespace ftaudit::project {
namespace {

using meson::index;
using meson::Node;
using meson::of_text;
using meson::of_truth;
using meson::Parts;
using meson::string_method;
using meson::Value;
using Words = std::vector<std::string>;

void add(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}
void add(CythonCommand& to, const CythonCommand& more) {
  to.cxx |= more.cxx;
  if (to.module.empty()) to.module = more.module;
  add(to.directives, more.directives), add(to.values, more.values), add(to.search, more.search);
}

class Evaluator {
 public:
  Evaluator(const Tree& tree, Description& out, fs::path top) : tree_(tree), out_(out), top_(std::move(top)) {}

  void file(const fs::path& path) {
    const std::optional<std::string> text = read_build_file(path, out_);
    if (!text) return;
    const fs::path outer_file = std::exchange(file_, path);
    const meson::Parsed parsed = meson::parse(*text);
    if (parsed.stopped_at != 0)
      out_.notes.push_back(shown_path(path, tree_.root()) + ": not understood at line " +
                           std::to_string(parsed.stopped_at));
    run(*parsed.block);
    file_ = outer_file;
  }

  // meson.options: what get_option() gives when nobody asks for anything else.
  void options(const fs::path& path) {
    auto text = read_file(path, 16 << 20);
    if (!text.ok()) return;
    const meson::Parsed parsed = meson::parse(*text);
    for (const meson::NodePtr& kid : parsed.block->kids) {
      if (kid->kind != Node::Kind::call || kid->text != "option" || kid->kids.empty()) continue;
      const std::string type = keyword_text(*kid, "type");
      Value value;
      for (const auto& [key, node] : kid->named)
        if (key == "value") value = eval(*node);
      // A feature is no value but a question: enabled(), disabled(), auto().
      if (type == "feature") value = {.text = "feature:" + (value.text.empty() ? "auto" : value.text)};
      if (type == "boolean" && value.kind == Value::Kind::string) value = of_truth(value.text == "true");
      options_[eval(*kid->kids[0]).text] = std::move(value);
    }
  }

  // Standards and arguments that project() and add_project_arguments() give to every target.
  void finish() {
    for (Target& target : targets_) {
      add(target.flags, project_flags_);
      out_.targets.push_back(std::move(target));
    }
  }

 private:
  static constexpr std::size_t step_limit = 2'000'000;
  static constexpr std::size_t weight_limit = 100'000;

  fs::path folder() const { return file_.parent_path(); }
  std::string absolute(const std::string& path) const { return (folder() / path).lexically_normal().native(); }

  void run(const Node& block) {
    for (const meson::NodePtr& kid : block.kids) statement(*kid);
  }

  void statement(const Node& node) {
    if (++steps_ > step_limit) return;
    switch (node.kind) {
      case Node::Kind::assign: {
        Value value = eval(*node.kids[0]);
        // In a branch that may not be taken, what is known already is worth more than an unknown.
        if (value.known() || in_doubt_ == 0 || !variables_.contains(node.text))
          variables_[node.text] = std::move(value);
        break;
      }
      case Node::Kind::append: append(variables_[node.text], eval(*node.kids[0])); break;
      case Node::Kind::branch: branch(node); break;
      case Node::Kind::loop: loop(node); break;
      case Node::Kind::block: run(node); break;
      default: eval(node);
    }
  }

  void append(Value& to, const Value& more) {
    if (to.weight + more.weight > weight_limit) return;
    if (to.kind == Value::Kind::string && more.kind == Value::Kind::string) {
      to.text += more.text;
      to.weight = to.text.size() / 16 + 1;
      return;
    }
    if (to.kind != Value::Kind::list) {
      Value list{.kind = Value::Kind::list};
      if (to.known()) list.items.push_back(to);
      to = std::move(list);
    }
    to.weight += more.weight;
    if (more.kind == Value::Kind::list) to.items.insert(to.items.end(), more.items.begin(), more.items.end());
    else if (more.known()) to.items.push_back(more);
  }

  void branch(const Node& node) {
    std::size_t i = 0;
    bool doubt = false;
    const auto take = [&](const Node& block) {
      in_doubt_ += doubt;
      run(block);
      in_doubt_ -= doubt;
    };
    // Later branches first, so that where all run the values of the first stand.
    std::vector<const Node*> taken;
    for (; i + 1 < node.kids.size(); i += 2) {
      const Value condition = eval(*node.kids[i]);
      if (condition.kind == Value::Kind::boolean) {
        if (!condition.truth) continue;
        taken.push_back(node.kids[i + 1].get());
        i = node.kids.size();
        break;
      }
      doubt = true;
      taken.push_back(node.kids[i + 1].get());
    }
    if (i < node.kids.size()) taken.push_back(node.kids[i].get());
    for (auto block = taken.rbegin(); block != taken.rend(); ++block) take(**block);
  }

  void loop(const Node& node) {
    const Value list = eval(*node.kids[0]);
    const std::size_t step = list.kind == Value::Kind::dict ? 2 : 1;
    for (std::size_t i = 0; i + step <= list.items.size() && steps_ < step_limit; i += step) {
      for (std::size_t n = 0; n < node.names.size() && n < step; ++n) variables_[node.names[n]] = list.items[i + n];
      run(*node.kids[1]);
    }
  }

  Value eval(const Node& node) {
    if (++steps_ > step_limit) return {};
    switch (node.kind) {
      case Node::Kind::string: return of_text(interpolated(node.text));
      case Node::Kind::number: return of_text(node.text);
      case Node::Kind::boolean: return of_truth(node.text == "true");
      case Node::Kind::name: {
        const auto found = variables_.find(node.text);
        return found == variables_.end() ? Value{} : found->second;
      }
      case Node::Kind::list:
      case Node::Kind::dict: {
        Value out{.kind = node.kind == Node::Kind::list ? Value::Kind::list : Value::Kind::dict};
        for (const meson::NodePtr& kid : node.kids) {
          out.items.push_back(eval(*kid));
          out.weight += out.items.back().weight;
          if (out.weight > weight_limit) return {};
        }
        return out;
      }
      case Node::Kind::call: return call(node);
      case Node::Kind::method: return method(node);
      case Node::Kind::index: return index(eval(*node.kids[0]), eval(*node.kids[1]));
      case Node::Kind::binary: return binary(node);
      case Node::Kind::negation: {
        const Value value = eval(*node.kids[0]);
        return value.kind == Value::Kind::boolean ? of_truth(!value.truth) : Value{};
      }
      case Node::Kind::choice: {
        const Value condition = eval(*node.kids[0]);
        if (condition.kind == Value::Kind::boolean) return eval(*node.kids[condition.truth ? 1 : 2]);
        Value first = eval(*node.kids[1]);
        return first.known() ? first : eval(*node.kids[2]);
      }
      default: return {};
    }
  }

  std::string interpolated(const std::string& text) const {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::size_t end = text[i] == '@' ? text.find('@', i + 1) : std::string::npos;
      if (end != std::string::npos && end > i + 1) {
        const auto found = variables_.find(text.substr(i + 1, end - i - 1));
        if (found != variables_.end() && found->second.kind == Value::Kind::string) {
          out += found->second.text;
          i = end;
          continue;
        }
      }
      out += text[i];
    }
    return out;
  }

  Value binary(const Node& node) {
    Value left = eval(*node.kids[0]), right = eval(*node.kids[1]);
    if (node.text == "and" || node.text == "or") {
      const bool decides = node.text == "or";
      for (const Value* side : {&left, &right})
        if (side->kind == Value::Kind::boolean && side->truth == decides) return of_truth(decides);
      const bool both = left.kind == Value::Kind::boolean && right.kind == Value::Kind::boolean;
      return both ? of_truth(!decides) : Value{};
    }
    if (node.text == "+") {
      append(left, right);
      return left;
    }
    const bool strings = left.kind == Value::Kind::string && right.kind == Value::Kind::string;
    if (node.text == "/") {
      if (strings) return of_text((fs::path(left.text) / right.text).native());
      // An install folder of Python's that is not known here, and a package in it.
      return right.kind == Value::Kind::string && !left.known() ? right : Value{};
    }
    if (strings && node.text == "==") return of_truth(left.text == right.text);
    if (strings && node.text == "!=") return of_truth(left.text != right.text);
    if ((node.text == "in" || node.text == "not in") && left.kind == Value::Kind::string &&
        right.kind == Value::Kind::list) {
      if (!std::ranges::all_of(right.items, [](const Value& v) { return v.kind == Value::Kind::string; })) return {};
      const bool in = std::ranges::any_of(right.items, [&](const Value& v) { return v.text == left.text; });
      return of_truth(in == (node.text == "in"));
    }
    return {};
  }

  // The arguments as one flat list.
  void flatten(const Value& value, std::vector<Value>& out) const {
    if (value.kind == Value::Kind::list)
      for (const Value& item : value.items) flatten(item, out);
    else if (value.known()) out.push_back(value);
  }
  std::vector<Value> positional(const Node& node, std::size_t from) {
    std::vector<Value> out;
    for (std::size_t i = from; i < node.kids.size(); ++i) flatten(eval(*node.kids[i]), out);
    return out;
  }
  std::vector<Value> keyword(const Node& node, std::string_view name) {
    std::vector<Value> out;
    for (const auto& [key, value] : node.named)
      if (key == name) flatten(eval(*value), out);
    return out;
  }
  std::string keyword_text(const Node& node, std::string_view name) {
    const std::vector<Value> values = keyword(node, name);
    return values.empty() ? std::string() : values[0].text;
  }

  void add_source(const Value& value, Parts& out) const {
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

  // Everything a target's or a dependency's arguments bring; positional ones from `from` on are sources.
  Parts parts_of(const Node& node, std::size_t from) {
    Parts out{.line = node.line, .file = file_.native()};
    for (const Value& value : positional(node, from)) add_source(value, out);
    for (const Value& value : keyword(node, "sources")) add_source(value, out);
    if (const Words arguments = texts(keyword(node, "cython_args")); !arguments.empty())
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

  // The limited API, asked for here; where a condition around it was not decided nobody knows for which builds.
  void add_flag(const std::string& flag, unsigned line, std::vector<std::string>& flags) {
    if (flag.starts_with("-DPy_LIMITED_API")) {
      out_.limited_api.push_back({file_, line, "Py_LIMITED_API", in_doubt_ > 0});
      if (in_doubt_ > 0) return;
    }
    flags.push_back(flag);
  }

  static void add_standard(std::string_view option, std::vector<std::string>& flags) {
    for (const std::string_view key : {"c_std=", "cpp_std="})
      if (option.starts_with(key) && option.find("none") == std::string_view::npos)
        flags.push_back("-std=" + std::string(split(option.substr(key.size()), ',')[0]));
  }

  void add_target(const std::string& module, bool is_module, const Parts& parts) {
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

  static Words texts(const std::vector<Value>& values) {
    Words out;
    for (const Value& value : values)
      if (value.kind == Value::Kind::string) out.push_back(value.text);
    return out;
  }

  CythonCommand cython_of(const Words& arguments) const {
    CythonCommand out = read_cython_command(arguments);
    // @BUILD_ROOT@ and its like hold copies of what stands in the tree.
    std::erase_if(out.search, [](const std::string& path) { return path.find('@') != std::string::npos; });
    for (std::string& path : out.search) path = absolute(path);
    return out;
  }

  // What comes out where Cython sources go in and C is said to come out, by whatever program.
  Value made_of(const std::vector<Value>& inputs, CythonCommand command) const {
    Parts parts{.line = 0, .file = file_.native()};
    for (const Value& input : inputs)
      if (input.kind == Value::Kind::string && is_cython_input(input.text, true))
        parts.sources.push_back(absolute(input.text));
    if (parts.sources.empty()) return {};
    parts.cython = std::move(command), parts.by_cython = true;
    return {.kind = Value::Kind::parts, .parts = std::make_shared<const Parts>(std::move(parts))};
  }

  // Of a value that is not known the name stays unset, and what asks for it is not made.
  static void set(const std::string& how, const std::string& name, const Value& value,
                  std::map<std::string, std::string>& settings) {
    if (value.kind == Value::Kind::string) settings[name] = how == "set_quoted" ? '"' + value.text + '"' : value.text;
    else if (value.kind == Value::Kind::boolean) settings[name] = value.truth ? "1" : "0";
  }
  static void set_all(const Value& dict, std::map<std::string, std::string>& settings) {
    if (dict.kind != Value::Kind::dict) return;
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2)
      set("set", dict.items[i].text, dict.items[i + 1], settings);
  }

  // configure_file(input: 'config.pxi.in', output: 'config.pxi', configuration: data)
  Value configure_file(const Node& node) {
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
    const auto outcome = text.ok() ? meson::configured(*text, settings) : std::nullopt;
    if (outcome) out_.cython_templates.push_back({input, made, true, *outcome});
    return of_text(made.native());
  }

  bool makes_c(const Node& node) {
    for (const Value& output : keyword(node, "output"))
      if (is_source_suffix(fs::path(output.text).extension().native())) return true;
    return false;
  }

  // A library linked into a module is that module's too, each once.
  void add_libraries(const std::string& module, const Parts& parts, std::vector<const Parts*>& seen) {
    for (const auto& library : parts.libraries) {
      if (std::ranges::find(seen, library.get()) != seen.end()) continue;
      seen.push_back(library.get());
      add_target(module, true, *library);
      add_libraries(module, *library, seen);
    }
  }

  void extension_module(const Node& node) {
    const std::size_t first = node.kind == Node::Kind::method ? 1 : 0;
    if (node.kids.size() <= first) return;
    const Value name = eval(*node.kids[first]);
    std::string subdir = keyword_text(node, "subdir");
    if (subdir.empty()) subdir = keyword_text(node, "install_dir");
    std::string module = name.kind == Value::Kind::string ? name.text : "";
    if (!module.empty() && !subdir.empty() && subdir[0] != '/') module = subdir + "/" + module;
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

  Value library(Parts parts) {
    return {.kind = Value::Kind::parts, .parts = std::make_shared<const Parts>(std::move(parts)), .library = true};
  }

  Value call(const Node& node) {
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

  Value method(const Node& node) {
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

  const Tree& tree_;
  Description& out_;
  fs::path top_, file_;
  std::map<std::string, Value> variables_, options_;
  std::vector<Target> targets_;
  std::vector<std::string> project_flags_;
  std::size_t steps_ = 0;
  int in_doubt_ = 0;
};

}  // namespace

void read_meson(const fs::path& file, const Tree& tree, Description& out) {
  Evaluator evaluator(tree, out, file.parent_path());
  for (const char* name : {"meson_options.txt", "meson.options"})
    if (const fs::path options = file.parent_path() / name; tree.has(options.native())) evaluator.options(options);
  evaluator.file(file);
  evaluator.finish();
}

}  // namespace ftaudit::project
