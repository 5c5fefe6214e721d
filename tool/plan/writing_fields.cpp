// Writing, where a struct gets a mutex of its own: the field, and the mutex made wherever the struct is not zeroed.
#include <algorithm>

#include "plan/makers.h"
#include "plan/writing.h"

namespace ftaudit::plan {

using model::Event;
using model::Function;
using model::Place;
using model::Type;

namespace {

bool is_record(const Type& type, const std::string& record) {
  return type.kind != Type::Kind::pointer && type.kind != Type::Kind::reference && type.indirections == 0 &&
         type.record == record;
}

// Who has structs of the kind that no allocation gives, as the end of a sentence; "" where nobody has.
std::string part_of(const analysis::Audit& audit, const std::string& record) {
  for (const model::Record& other : audit.facts().records)
    for (const model::Field& field : other.fields)
      if (is_record(field.type, record)) return "it is a part of " + other.name;
  for (const Function& function : audit.facts().functions)
    for (const model::Variable& variable : function.variables)
      if (is_record(variable.type, record)) return "it is a variable in " + function.name;
  return "";
}

}  // namespace

// Once for a remedy. A mutex of zeros is one that nobody has locked (C API reference, synchronization: PyMutex).
Status Writing::new_field(const Edit& edit, Fixes& out) {
  const std::string &name = edit.new_field_of, &field = edit.objects.at(0).steps.back().field;
  if (!new_fields_.insert(name).second) return Done{};
  const model::Record* record = audit_.program().record(name);
  const auto by_hand = [&](const std::string& why) { return Error{name + " gets its mutex by hand: " + why}; };
  if (record == nullptr || record->fields.empty()) return by_hand("its definition is not in the project");
  if (const std::string whose = part_of(audit_, name); !whose.empty()) return by_hand(whose);
  const Location last = audit_.location(record->fields.back().span);
  const Result<const SourceText*> found = source(last.file);
  if (!found.ok()) return Error{found.message()};
  const SourceText& source = **found;
  if (!is_c(last.file)) return by_hand("it is not C");
  const std::size_t at = source.offset(last.line, last.column), end = source.text().find(';', at);
  const std::size_t first = source.offset(audit_.location(record->fields.front().span).line, 1);
  if (end == std::string::npos || source.text().find('[', at) < end ||
      source.branches_at(at) != source.branches_at(first))
    return by_hand("its last field is not plain");
  const auto lines = [&](const std::string& line, const std::string& indent) {
    std::string text;
    for (const std::string& one : guarded({line}, indent, false)) text += one + std::string(source.end_of_line());
    return text;
  };
  out.push_back(source.insertion(source.text().find('\n', end) + 1,
                                 lines("PyMutex " + field + ";", source.indent_at(source.line_start(at)))));
  for (const Function& function : audit_.facts().functions) {
    if (returns_unmade(function, name)) return by_hand(function.name + " returns a new one");
    for (const EventId store : stores_unmade(function, name))
      if (Status made = make_mutex(function, store, field, out); !made.ok()) return by_hand(made.message());
  }
  return Done{};
}

// Behind the test whether there is memory at all.
Status Writing::make_mutex(const Function& function, EventId event, const std::string& field, Fixes& out) {
  const Event& store = function.events[event];
  const Place& place = function.places[store.place];
  const bool resized = capi::resizes(function.events[store.operands[0].event].callee);
  const Location at = audit_.location(store.span);
  const Result<const SourceText*> found = source(at.file);
  if (!found.ok()) return Error{found.message()};
  const SourceText& source = **found;
  const std::optional<TextRange> part = source.range(at);
  const std::string name = place.root == Place::Root::variable && place.steps.empty()
                               ? function.variables[place.variable].name
                               : std::string();
  const std::optional<std::size_t> behind =
      resized || !part || name.empty() ? std::nullopt : source.behind_test(name, *part);
  if (!behind) return Error{"how " + function.name + " makes one is not plain"};
  std::string lines;
  for (const std::string& line :
       guarded({name + "->" + field + " = (PyMutex){0};"}, source.indent_at(source.line_start(part->first)), false))
    lines += line + std::string(source.end_of_line());
  out.push_back(source.insertion(*behind, lines));
  return Done{};
}

}  // namespace ftaudit::plan
