// The evaluator of meson.build: statements and expressions (meson.cpp), what the functions and methods of meson's
// language answer (meson_calls.cpp), and the targets that they describe (meson_targets.cpp). What meson would ask the
// machine is unknown here; of a condition that hangs on it, both branches are taken. Private to those three.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "project/description.h"
#include "project/meson_syntax.h"
#include "project/meson_value.h"

namespace ftaudit::project::meson {

class Evaluator {
 public:
  Evaluator(const Tree& tree, Description& out, fs::path top) : tree_(tree), out_(out), top_(std::move(top)) {}

  void file(const fs::path& path);
  // meson.options: what get_option() gives when nobody asks for anything else.
  void options(const fs::path& path);
  // Standards and arguments that project() and add_project_arguments() give to every target.
  void finish();

 private:
  static constexpr std::size_t step_limit = 2'000'000;
  static constexpr std::size_t weight_limit = 100'000;

  fs::path folder() const { return file_.parent_path(); }
  std::string absolute(const std::string& path) const { return (folder() / path).lexically_normal().native(); }

  void run(const Node& block);
  void statement(const Node& node);
  void append(Value& to, const Value& more);
  void branch(const Node& node);
  void loop(const Node& node);
  Value eval(const Node& node);
  std::string interpolated(const std::string& text) const;
  Value binary(const Node& node);

  // The arguments as one flat list.
  void flatten(const Value& value, std::vector<Value>& out) const;
  std::vector<Value> positional(const Node& node, std::size_t from);
  std::vector<Value> keyword(const Node& node, std::string_view name);
  std::string keyword_text(const Node& node, std::string_view name);

  // What is described (meson_targets.cpp).
  void add_source(const Value& value, Parts& out) const;
  // Everything a target's or a dependency's arguments bring; positional ones from `from` on are sources.
  Parts parts_of(const Node& node, std::size_t from);
  // The limited API, asked for here; where a condition around it was not decided nobody knows for which builds.
  void add_flag(const std::string& flag, unsigned line, std::vector<std::string>& flags);
  static void add_standard(std::string_view option, std::vector<std::string>& flags);
  void add_target(const std::string& module, bool is_module, const Parts& parts);
  static std::vector<std::string> texts(const std::vector<Value>& values);
  CythonCommand cython_of(const std::vector<std::string>& arguments) const;
  // What comes out where Cython sources go in and C is said to come out, by whatever program.
  Value made_of(const std::vector<Value>& inputs, CythonCommand command) const;
  bool makes_c(const Node& node);
  Value configure_file(const Node& node);
  // A library linked into a module is that module's too, each once.
  void add_libraries(const std::string& module, const Parts& parts, std::vector<const Parts*>& seen);
  void extension_module(const Node& node);
  Value library(Parts parts);

  // Functions and methods (meson_calls.cpp).
  Value call(const Node& node);
  Value method(const Node& node);

  const Tree& tree_;
  Description& out_;
  fs::path top_, file_;
  std::map<std::string, Value> variables_, options_;
  std::vector<Target> targets_;
  std::vector<std::string> project_flags_;
  std::size_t steps_ = 0;
  int in_doubt_ = 0;
};

}  // namespace ftaudit::project::meson
