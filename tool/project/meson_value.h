// Values of meson.build's language as far as its evaluator knows them, and what its strings, lists and dicts answer.
// What meson would have to ask the machine is a value of kind unknown. Used by the evaluator alone.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "project/cython_command.h"

namespace ftaudit::project::meson {

// What a target, a library or a declared dependency brings with it.
struct Parts {
  std::vector<std::string> sources, include_dirs, flags;
  CythonCommand cython;  // how its Cython sources are made C of; of no source in particular
  bool by_cython = false;
  std::vector<std::shared_ptr<const Parts>> libraries;  // compiled with flags of their own
  unsigned line = 0;
  std::string file;
};

struct Value {
  enum class Kind { unknown, boolean, string, list, dict, parts, folders, generator, settings };
  Kind kind = Kind::unknown;
  bool truth = false;
  std::string text;
  std::vector<Value> items;            // of a list; of a dict: key, value, key, value
  std::shared_ptr<const Parts> parts;  // a library (compiled), a dependency (only handed on), or a generator's Cython
  bool library = false;
  std::shared_ptr<std::map<std::string, std::string>> settings;  // of configuration_data(): one, whoever holds it
  std::size_t weight = 1;                                        // of values within values, so that doubling ends

  bool known() const { return kind != Kind::unknown; }
};

Value of_text(std::string text);
Value of_truth(bool truth);

// What configure_file() makes of a text: each @name@ becomes what was set; none where a name was not, as far as is
// known.
std::optional<std::string> configured(std::string_view text, const std::map<std::string, std::string>& settings);
// Of a value that is not known the name stays unset, and what asks for it is not made.
void set(const std::string& how, const std::string& name, const Value& value,
         std::map<std::string, std::string>& settings);
void set_all(const Value& dict, std::map<std::string, std::string>& settings);

// owner[key]; unknown where there is no such element.
Value index(const Value& owner, const Value& key);
// text.name(arguments...)
Value string_method(const std::string& text, const std::string& name, const std::vector<Value>& arguments);

}  // namespace ftaudit::project::meson
