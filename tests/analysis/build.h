// Facts by hand: a program in a few lines, for tests of what analyses conclude from it. No compiler is in the loop.
//
//   Build b;
//   Code f(b, "bump", {"self"});
//   f.call("PyMutex_Lock", {f.address("self", {"mu"})});
//   const EventId inside = f.write(f.field("self", {"count"}), number(1));
//   f.call("PyMutex_Unlock", {f.address("self", {"mu"})});
//   b.method("spam.Spam.bump", "bump");
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/audit.h"
#include "capi/capi.h"
#include "model/facts.h"

namespace ftaudit::test {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using model::Event;
using model::Operand;
using model::Place;

inline Operand number(std::int64_t n) {
  Operand out;
  out.kind = Operand::Kind::number, out.number = n;
  return out;
}
inline Operand null() {
  Operand out;
  out.kind = Operand::Kind::null;
  return out;
}
inline model::Type scalar() { return {.kind = model::Type::Kind::scalar, .spelling = "long"}; }
inline model::Type pointer() { return {.kind = model::Type::Kind::pointer, .spelling = "char *", .indirections = 1}; }
inline model::Type object_pointer() {
  return {.kind = model::Type::Kind::pointer,
          .spelling = "PyObject *",
          .record = "PyObject",
          .indirections = 1,
          .to_object = true};
}
inline Operand text(std::string value) {
  Operand out;
  out.kind = Operand::Kind::text, out.text = std::move(value);
  return out;
}
inline Operand function(std::string key) {
  Operand out;
  out.kind = Operand::Kind::function, out.function = {std::move(key)};
  return out;
}
inline Operand result(EventId event) {
  Operand out;
  out.kind = Operand::Kind::call, out.event = event;
  return out;
}

// The extension around the functions.
class Build {
 public:
  model::Facts facts;

  Build() {
    facts.files = {"spam.c"};
    facts.units.push_back({.file = model::FileId(0), .language = "c", .parsed = true});
    record("Object", true);
    record("Plain", false);
  }

  void record(const std::string& name, bool object) { facts.records.push_back({.name = name, .is_object = object}); }
  void field(const std::string& name, model::Type type, const std::string& of = "Object") {
    for (model::Record& record : facts.records)
      if (record.name == of) record.fields.push_back({.name = name, .type = std::move(type)});
  }
  model::GlobalId global(const std::string& name) {
    for (const model::GlobalId id : facts.globals.ids())
      if (facts.globals[id].name == name) return id;
    facts.globals.push_back({.key = name, .name = name, .is_defined = true});
    return facts.globals.last_id();
  }
  Operand global_operand(const std::string& name) {
    Operand out;
    out.kind = Operand::Kind::global, out.global = global(name);
    return out;
  }

  using Cells = std::vector<std::pair<std::string, Operand>>;
  void table(const std::string& variable, const std::string& of, std::vector<Cells> rows) {
    model::Table made{.variable = global(variable), .record = of, .is_array = rows.size() != 1};
    for (Cells& cells : rows) {
      model::Row& row = made.rows.emplace_back();
      for (auto& [field, value] : cells)
        row.cells.push_back({field, std::move(value), {model::FileId(0), ++line_, 1, line_, 2}});
    }
    facts.tables.push_back(std::move(made));
  }
  // One row of a method table of its own.
  void method(const std::string& python_name, const std::string& key, std::int64_t flags = 8) {
    table("methods of " + python_name, "PyMethodDef",
          {{{"ml_name", text(python_name)}, {"ml_meth", function(key)}, {"ml_flags", number(flags)}}});
  }
  void type(const std::string& name, Cells slots) {
    slots.insert(slots.begin(), {"tp_name", text(name)});
    table(name, "PyTypeObject", {std::move(slots)});
  }
  // `{{4, number(1)}, {0, null()}}` as a PyModuleDef_Slot array.
  void slots(const std::string& variable, std::vector<std::pair<int, Operand>> rows) {
    std::vector<Cells> out;
    for (auto& [id, value] : rows) out.push_back({{"slot", number(id)}, {"value", std::move(value)}});
    table(variable, "PyModuleDef_Slot", std::move(out));
  }

  FunctionId id(const std::string& name) const {
    for (const FunctionId id : facts.functions.ids())
      if (facts.functions[id].name == name) return id;
    return model::none;
  }
  std::uint32_t next_line() { return ++line_; }

 private:
  std::uint32_t line_ = 0;
};

// One function being written. Events go to the block opened last; blocks are opened in reverse post-order.
class Code {
 public:
  Code(Build& build, const std::string& name, const std::vector<std::string>& parameters, bool external = false)
      : build_(build), id_(build.facts.functions.next_id()) {
    model::Function made;
    made.key = {name}, made.name = name, made.is_external = external;
    made.parameters = static_cast<std::uint32_t>(parameters.size());
    made.span = made.name_span = {model::FileId(0), build.next_line(), 1, 0, 0};
    build.facts.functions.push_back(std::move(made));
    for (const std::string& parameter : parameters)
      self().variables.push_back({.name = parameter, .type = object(), .storage = model::Storage::parameter});
    self().blocks.emplace_back();
  }

  model::Function& self() { return build_.facts.functions[id_]; }
  FunctionId id() const { return id_; }

  // Opens the next block.
  std::uint32_t block() {
    self().blocks.push_back({.first = self().events.next_id(), .last = self().events.next_id()});
    return static_cast<std::uint32_t>(self().blocks.size() - 1);
  }
  void go(std::uint32_t from, std::vector<std::uint32_t> to, EventId condition = model::none) {
    self().blocks[from].successors = std::move(to);
    self().blocks[from].condition = condition;
  }

  // Variables come into being when first named.
  std::uint32_t variable(const std::string& name) {
    std::vector<model::Variable>& all = self().variables;
    for (std::uint32_t n = 0; n < all.size(); ++n)
      if (all[n].name == name) return n;
    all.push_back({.name = name, .type = object()});
    return static_cast<std::uint32_t>(all.size() - 1);
  }
  // `name->a->b` of a local or parameter; an upper-case name is a global; "[]" is an element, "*" what is pointed to.
  Operand field(const std::string& name, std::vector<std::string> fields, const std::string& record = "Object") {
    return operand(Operand::Kind::place, place(name, std::move(fields), record));
  }
  Operand value(const std::string& name) { return field(name, {}); }
  Operand address(const std::string& name, std::vector<std::string> fields = {}) {
    return operand(Operand::Kind::address, place(name, std::move(fields), "Object"));
  }

  EventId call(const std::string& callee, std::vector<Operand> operands = {}) {
    Event& event = emit(Event::Kind::call);
    event.callee = callee;
    if (!callee.starts_with("Py")) event.callee_key = {callee};
    event.operands = std::move(operands);
    if (const capi::LockCall* lock = capi::LockCalls().find(callee);
        lock != nullptr && lock->does != capi::LockCall::Does::try_acquire)
      event.kind = lock->does == capi::LockCall::Does::acquire ? Event::Kind::acquire : Event::Kind::release;
    return last();
  }
  EventId read(const Operand& from, bool atomic = false) {
    Event& event = emit(Event::Kind::read);
    event.place = from.place, event.atomic = atomic;
    return last();
  }
  EventId set(const std::string& local, Operand from) { return write(value(local), std::move(from)); }
  EventId write(const Operand& to, Operand from) {
    Event& event = emit(Event::Kind::write);
    event.op = Event::Operator::assign, event.place = to.place;
    event.operands.push_back(std::move(from));
    return last();
  }
  EventId compare(Operand left, Event::Operator op, Operand right) {
    Event& event = emit(Event::Kind::compare);
    event.op = op;
    event.operands = {std::move(left), std::move(right)};
    return last();
  }
  EventId truth(Operand what) {
    Event& event = emit(Event::Kind::compare);
    event.op = Event::Operator::truth;
    event.operands.push_back(std::move(what));
    return last();
  }
  EventId leave(std::vector<Operand> what = {}) {
    emit(Event::Kind::leave).operands = std::move(what);
    return last();
  }
  // An event that nobody minds, to ask questions at.
  EventId here_is() { return call("PyErr_Occurred"); }

 private:
  static model::Type object() { return object_pointer(); }
  EventId last() { return self().events.last_id(); }

  Event& emit(Event::Kind kind) {
    Event& event = self().events.emplace_back();
    event.kind = kind;
    event.span = {model::FileId(0), build_.next_line(), 5, 0, 0};
    self().blocks.back().last = self().events.next_id();
    return event;
  }
  std::uint32_t place(const std::string& name, std::vector<std::string> fields, const std::string& record) {
    Place out;
    out.type = object();
    if (name[0] >= 'A' && name[0] <= 'Z') out.root = Place::Root::global, out.global = build_.global(name);
    else out.root = Place::Root::variable, out.variable = variable(name);
    for (std::string& one : fields) {
      if (one == "[]") {
        out.steps.push_back({model::Step::Kind::index, "", ""});
        continue;
      }
      if (one == "*") {
        out.steps.push_back({model::Step::Kind::deref, "", ""});
        continue;
      }
      if (out.root == Place::Root::variable || !out.steps.empty())
        out.steps.push_back({model::Step::Kind::deref, "", ""});
      out.steps.push_back({model::Step::Kind::field, one, record});
    }
    std::vector<Place>& all = self().places;
    const auto same = std::find_if(all.begin(), all.end(), [&](const Place& known) {
      return known.root == out.root && known.variable == out.variable && known.global == out.global &&
             known.steps == out.steps;
    });
    if (same != all.end()) return static_cast<std::uint32_t>(same - all.begin());
    all.push_back(std::move(out));
    return static_cast<std::uint32_t>(all.size() - 1);
  }
  static Operand operand(Operand::Kind kind, std::uint32_t place) {
    Operand out;
    out.kind = kind, out.place = place;
    return out;
  }

  Build& build_;
  FunctionId id_;
};

}  // namespace ftaudit::test
