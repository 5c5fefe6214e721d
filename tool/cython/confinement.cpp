#include "cython/confinement.h"

#include <map>
#include <set>
#include <string>

#include "cython/c_names.h"

namespace ftaudit::cython {
namespace {

bool is_scope(const std::string& record) {
  return record.starts_with("__pyx_obj_") && record.find("__pyx_scope_struct_") != std::string::npos;
}

// Of CPython's own kind of object in Cython's hands: the generator itself, and functions with their defaults.
bool is_machinery(const std::string& record) {
  const std::string name = record.substr(0, record.find('@'));  // "@m.c": modules differ in it
  return name == "__pyx_CoroutineObject" || name == "__pyx_CyFunctionObject" || name == "__pyx_PyAsyncGenObject";
}

}  // namespace

void confine_generators(model::Facts& facts) {
  std::map<std::string, std::set<std::string>> users;  // record.field -> who uses it, but for who makes the record
  std::map<std::string, bool> generators;              // function key -> is the body of one
  for (const model::Function& function : facts.functions) {
    const Kind kind = taken_apart(function.name).kind;
    if (kind != Kind::body && kind != Kind::generator) continue;
    generators[function.key.text] = kind == Kind::generator;
    std::set<std::string> made;
    for (const model::Event& event : function.events)
      if (event.callee.starts_with("__pyx_tp_new_")) made.insert("__pyx_obj_" + event.callee.substr(13));
    for (const model::Place& place : function.places)
      for (const model::Step& step : place.steps)
        if (step.kind == model::Step::Kind::field && is_scope(step.record) && !made.contains(step.record))
          users[step.record + "." + step.field].insert(function.key.text);
  }
  for (model::Record& record : facts.records) {
    const bool machinery = is_machinery(record.name);
    if (!machinery && !is_scope(record.name)) continue;
    for (model::Field& field : record.fields) {
      const std::set<std::string>& who = users[record.name + "." + field.name];
      bool all = true;
      for (const std::string& key : who) all &= generators[key];
      // Temporaries kept over a yield and ways to the scope around are Cython's own in any case.
      field.confined = machinery || all || !field.name.starts_with("__pyx_v_");
    }
  }
}

}  // namespace ftaudit::cython
