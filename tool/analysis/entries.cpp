#include "analysis/entries.h"

#include <algorithm>
#include <map>
#include <set>

#include "analysis/bindings.h"
#include "analysis/vectorcalls.h"
#include "base/text.h"
#include "capi/fields.h"
#include "capi/module_calls.h"
#include "capi/records.h"

namespace ftaudit::analysis {

namespace fields = capi::fields;

using capi::Record;
using model::Cell;
using model::Event;
using model::Operand;
using model::Row;
using model::Table;

namespace {

std::string text(const Row& row, std::string_view field) {
  const Operand* value = row.value(field);
  return value != nullptr && value->kind == Operand::Kind::text ? value->text : "";
}

// Its fields are slots of a type.
bool has_slots(Record record) { return record == Record::type_object || record == Record::slot_group; }

class Finder {
 public:
  explicit Finder(const Program& program) : program_(program) {}

  std::vector<EntryPoint> run() {
    own_assigned_tables();
    own_tables();
    vectorcalls_ = vectorcall_fields(program_, owner_);
    for (const Table& table : program_.facts.tables) tables(table);
    for (const FunctionId id : program_.facts.functions.ids()) code(id);
    exported();
    return std::move(found_);
  }

 private:
  // Which type or module a table belongs to, by the tables that point at it.
  void own_tables() {
    for (int pass = 0; pass < 2; ++pass)  // a spec names its slots, the slots name their methods
      for (const Table& table : program_.facts.tables)
        for (const Row& row : table.rows) {
          std::string name = text(row, fields::type_name);
          for (const Cell& c : row.cells)
            if (c.field == fields::base && c.value.kind == Operand::Kind::global && is_module_type(c.value.global))
              module_types_.insert(table.variable);
          if (name.empty()) name = text(row, fields::module_name);
          if (name.empty() && capi::record_named(table.record) == Record::type_spec) name = text(row, fields::name);
          if (const auto owner = owner_.find(table.variable); name.empty() && owner != owner_.end())
            name = owner->second;
          if (name.empty()) continue;
          for (const Cell& c : row.cells)
            if (c.value.kind == Operand::Kind::global) owner_.emplace(c.value.global, name);
        }
  }

  // Bag_type.tp_methods = bag_methods, before PyType_Ready.
  void own_assigned_tables() {
    for (const model::Function& function : program_.facts.functions)
      for (const Event& event : function.events) {
        if (event.kind != Event::Kind::write || event.operands.empty() || event.place == none) continue;
        const model::Place& place = function.places[event.place];
        if (place.root != model::Place::Root::global || place.steps.empty() ||
            capi::record_named(place.steps.back().record) != Record::type_object)
          continue;
        const Table* type = program_.table(place.global);
        const std::string name = type == nullptr || type->rows.empty() ? "" : text(type->rows[0], fields::type_name);
        if (place.steps.back().field == fields::base && is_module_type(function, event.operands[0]))
          module_types_.insert(place.global);
        if (name.empty()) continue;
        each_operand(event.operands[0], [&](const Operand& value) {
          if (value.kind == Operand::Kind::global) owner_.emplace(value.global, name);
          if (value.kind != Operand::Kind::place && value.kind != Operand::Kind::address) return;
          const model::Place& table = function.places[value.place];
          if (table.root == model::Place::Root::global) owner_.emplace(table.global, name);
        });
      }
  }

  bool is_module_type(const model::Function& function, const Operand& value) const {
    if (value.kind != Operand::Kind::address || value.place == none) return false;
    const model::Place& place = function.places[value.place];
    return place.root == model::Place::Root::global && place.steps.empty() && is_module_type(place.global);
  }
  bool is_module_type(model::GlobalId type) const { return capi::is_module_type(program_.facts.globals[type].name); }

  // A type of modules is taken down when its module is.
  capi::Role role_in(const Table& type, const std::string& slot) const {
    const capi::Role role = capi::role_of_slot(slot);
    const bool takes_down = role == capi::Role::dealloc || role == capi::Role::finalize || role == capi::Role::clear;
    return takes_down && module_types_.contains(type.variable) ? capi::Role::module_free : role;
  }

  void add(const Operand* value, capi::Role role, std::string name, std::string_view slot, std::uint64_t flags = 0) {
    if (value == nullptr) return;
    if (value->kind == Operand::Kind::choice) {
      for (const Operand& part : value->parts) add(&part, role, name, slot, flags);
      return;
    }
    if (value->kind == Operand::Kind::function)
      enter(program_.find(value->function), role, std::move(name), std::string(slot), flags);
  }

  void enter(FunctionId id, capi::Role role, std::string name, std::string slot, std::uint64_t flags = 0) {
    if (id == none || !seen_.emplace(id, role, name).second) return;
    found_.push_back({.function = id,
                      .role = role,
                      .python_name = std::move(name),
                      .slot = std::move(slot),
                      .flags = flags,
                      .registered = {}});
  }

  // Tables that CPython itself reads.
  bool is_cpython(const std::string& record) const {
    return capi::record_named(record) == Record::init_table ||
           (capi::is_public_name(record) && program_.record(record) == nullptr);
  }

  // A function kept in a table or a field: called by the project through that field, or by somebody nobody can name.
  void add_stored(const Operand& value, const std::string& field) {
    const FunctionId id = value.kind == Operand::Kind::function ? program_.find(value.function) : none;
    if (id != none && called_through_pointer(id)) return;
    add(&value, capi::Role::callback, "", field);
  }
  bool called_through_pointer(FunctionId id) const {
    const std::vector<Edge>& callers = program_.calls_to(id);
    return std::any_of(callers.begin(), callers.end(), [](const Edge& edge) { return edge.indirect; });
  }

  static std::string join_name(const std::string& owner, std::string_view name) {
    return owner.empty() ? std::string(name) : owner + "." + std::string(name);
  }

  void tables(const Table& table) {
    const std::string& owner = owner_[table.variable];
    const Record record = capi::record_named(table.record);
    for (const Row& row : table.rows) {
      if (record == Record::method_def) {
        const Operand* flags = row.value(fields::method_flags);
        add(row.value(fields::method), capi::Role::method, join_name(owner, text(row, fields::method_name)),
            fields::method,
            flags != nullptr && flags->kind == Operand::Kind::number ? static_cast<std::uint64_t>(flags->number)
                                                                     : meth_varargs);
      } else if (record == Record::getset_def) {
        add(row.value(fields::getter), capi::Role::getter, join_name(owner, text(row, fields::name)), fields::getter);
        add(row.value(fields::setter), capi::Role::setter, join_name(owner, text(row, fields::name)), fields::setter);
      } else if (record == Record::member_def) {
        add(row.value(fields::setter), capi::Role::setter, join_name(owner, text(row, fields::name)), fields::setter);
      } else if (has_slots(record)) {
        const std::string type = record == Record::type_object ? text(row, fields::type_name) : owner;
        for (const Cell& c : row.cells) {
          const std::string field = c.field.substr(c.field.rfind('.') + 1);
          add(&c.value, role_in(table, field), join_name(type, field), field);
        }
      } else if (record == Record::type_slot) {
        const Operand* id = row.value(fields::slot);
        if (id == nullptr || id->kind != Operand::Kind::number) continue;
        const std::string field(capi::slot_name(static_cast<int>(id->number)));
        add(row.value(fields::slot_function), capi::role_of_slot(field), join_name(owner, field), field);
      } else if (record == Record::module_def_slot) {
        const Operand* id = row.value(fields::slot);
        if (id == nullptr || id->kind != Operand::Kind::number) continue;
        add(row.value(fields::slot_value), id->number == 1 ? capi::Role::module_create : capi::Role::module_exec, owner,
            std::string(capi::module_slot(id->number)));
      } else if (record == Record::module_def) {
        add(row.value(fields::traverse), capi::Role::traverse, join_name(owner_of(row), fields::traverse),
            fields::traverse);
        add(row.value(fields::clear), capi::Role::clear, join_name(owner_of(row), fields::clear), fields::clear);
        add(row.value(fields::free), capi::Role::module_free, join_name(owner_of(row), fields::free), fields::free);
      } else if (!is_cpython(table.record)) {
        for (const Cell& c : row.cells)
          each_operand(c.value, [&](const Operand& value) { add_stored(value, c.field); });
      }
    }
  }
  static std::string owner_of(const Row& row) { return text(row, fields::module_name); }

  void code(FunctionId id) {
    const model::Function& function = program_.function(id);
    if (function.is_initialiser)
      found_.push_back(
          {.function = id, .role = capi::Role::module_init, .python_name = "", .slot = "", .registered = {}});
    if (const auto module = capi::initialised_module(function.name))
      found_.push_back({.function = id,
                        .role = capi::Role::module_init,
                        .python_name = std::string(*module),
                        .slot = std::string(capi::init_entry),
                        .registered = {}});
    if (const auto module = capi::exported_module(function.name))
      found_.push_back({.function = id,
                        .role = capi::Role::callback,
                        .python_name = std::string(*module),
                        .slot = std::string(capi::export_entry),
                        .registered = {}});
    for (const Event& event : function.events) {
      if (event.kind == Event::Kind::write && !event.operands.empty() && event.place != none) {
        const model::Place& place = function.places[event.place];
        if (capi::record_named(place.type.record) == Record::type_slot) slots(event.operands[0], owner_of(place));
        if (place.steps.empty()) continue;
        const model::Step& last = place.steps.back();
        if (last.kind != model::Step::Kind::field && place.root == model::Place::Root::variable) continue;
        const Record record = capi::record_named(last.record);
        const std::string owner = place.root == model::Place::Root::global ? type_name(place.global) : "";
        const auto called = vectorcalls_.find(last.record + "." + last.field);
        each_operand(event.operands[0], [&](const Operand& value) {
          if (called != vectorcalls_.end()) add(&value, capi::Role::slot, called->second, fields::vectorcall_slot);
          else if (has_slots(record))
            add(&value, capi::role_of_slot(last.field), join_name(owner, last.field), last.field);
          else if (record == Record::type_slot) add_slot(slot_before(function, event), value, owner_of(place));
          else if (is_cpython(last.record)) add(&value, capi::Role::callback, "", last.field);
          else add_stored(value, last.field);
        });
      } else if (is_call(event)) {
        registration(function, event, {id, static_cast<EventId>(&event - function.events.data())});
      }
    }
  }

  // PyType_Slot arrays made by code: {{Py_tp_new, make}, {0, NULL}}, or a slot and its function one after the other.
  void slots(const Operand& value, const std::string& owner) {
    if (value.kind != Operand::Kind::parts) return;
    if (value.parts.size() == 2 && value.parts[0].kind == Operand::Kind::number)
      return add_slot(value.parts[0].number, value.parts[1], owner);
    for (const Operand& part : value.parts) slots(part, owner);
  }
  void add_slot(std::int64_t number, const Operand& value, const std::string& owner) {
    const std::string field(capi::slot_name(static_cast<int>(number)));
    add(&value, field.empty() ? capi::Role::callback : capi::role_of_slot(field), join_name(owner, field), field);
  }
  // Whose table is written: one with casts in it is filled by code before main, and is a table all the same.
  std::string owner_of(const model::Place& place) const {
    const auto owner = place.root == model::Place::Root::global ? owner_.find(place.global) : owner_.end();
    return owner == owner_.end() ? "" : owner->second;
  }
  static std::int64_t slot_before(const model::Function& function, const Event& write) {
    std::int64_t number = 0;
    for (const Event& event : function.events) {
      if (&event == &write) break;
      if (event.kind != Event::Kind::write || event.operands.empty() || event.operands[0].kind != Operand::Kind::number)
        continue;
      const std::vector<model::Step>& steps = function.places[event.place].steps;
      if (!steps.empty() && capi::record_named(steps.back().record) == Record::type_slot &&
          steps.back().field == fields::slot)
        number = event.operands[0].number;
    }
    return number;
  }

  std::string type_name(model::GlobalId variable) const {
    const Table* table = program_.table(variable);
    return table != nullptr && !table->rows.empty() ? text(table->rows[0], fields::type_name)
                                                    : program_.facts.globals[variable].name;
  }

  void registration(const model::Function& function, const Event& event, const Site& site) {
    // A project function that takes a callback calls it itself: an edge of the call graph, not an entry. So does one
    // that calls it before it returns (qsort), or what keeps it where only this function can call it. What a binding
    // library is given is Python's to call, also where its headers lie in the project.
    if (!is_binding(event.callee) && !event.callee_key.text.empty() && program_.find(event.callee_key) != none) return;
    if (event.callee.empty() || capi::calls_at_once(event.callee) || kept_here(function, event)) return;
    const bool detached = capi::registers_detached(event.callee) || makes_thread(function, event);
    bool guarded = false;
    for (const Operand& operand : event.operands)
      guarded = guarded || (operand.kind == Operand::Kind::unknown && capi::is_releasing_call_guard(operand.text));
    const std::size_t first = found_.size();
    const std::string& receiver = receiver_of(function, event);
    const capi::Role role = capi::role_of_callback(receiver);
    if (is_binding(event.callee))
      for (Bound& bound : bound_by(program_, site))
        enter(bound.function, bound.role, std::move(bound.python_name), std::string(capi::bound_slot));
    else if (!hands_on(function, event))
      for (const Operand& operand : event.operands)
        each_operand(operand, [&](const Operand& value) {
          if (role == capi::Role::module_exec) add(&value, role, "", std::string(capi::exec_slot));
          else if (detached) add(&value, capi::Role::detached, "", event.callee);
          else add(&value, capi::Role::callback, "", event.callee);
        });
    for (std::size_t i = first; i < found_.size(); ++i)
      found_[i].registered = site, found_[i].called_detached = guarded;
  }

  // A std::function that is made for another call only: who gets the function is the one that it is given to.
  static const std::string& receiver_of(const model::Function& function, const Event& event) {
    if (event.callee != "std::function::function") return event.callee;
    const auto id = static_cast<EventId>(&event - function.events.data());
    const auto gets_it = [&](const Event& later) {
      return is_call(later) && !later.implicit && std::ranges::any_of(later.operands, [&](const Operand& operand) {
               return operand.kind == Operand::Kind::call && operand.event == id;
             });
    };
    const auto later = std::find_if(function.events.begin() + id.n + 1, function.events.end(), gets_it);
    return later == function.events.end() ? event.callee : later->callee;
  }

  // py::init(make), overload_cast<int>()(&T::f): what is given to them is bound by the call that they are given to.
  static bool hands_on(const model::Function& function, const Event& event) {
    const auto id = static_cast<EventId>(&event - function.events.data());
    if (!capi::is_binding_scope(event.callee)) return false;
    return std::any_of(function.events.begin() + id.n + 1, function.events.end(), [&](const Event& later) {
      return is_call(later) && is_binding(later.callee) &&
             std::any_of(later.operands.begin(), later.operands.end(), [&](const Operand& operand) {
               return operand.kind == Operand::Kind::call && operand.event == id && &operand != &later.operands[0];
             });
    });
  }

  // threads.emplace_back([...] {...}) of a std::vector<std::thread>.
  static bool makes_thread(const model::Function& function, const Event& event) {
    if (!event.callee.ends_with("::emplace_back") && !event.callee.ends_with("::push_back")) return false;
    const Operand& object = event.operands.empty() ? Operand{} : event.operands[0];
    if (object.kind != Operand::Kind::place && object.kind != Operand::Kind::address) return false;
    const std::string& spelling = function.places[object.place].type.spelling;
    return spelling.find("thread>") != std::string::npos;
  }

  // A std::function in a local that nothing is done with but calling it.
  bool kept_here(const model::Function& function, const Event& event) const {
    if (event.callee != "std::function::function" || event.operands.size() < 2 ||
        event.operands[0].kind != Operand::Kind::address)
      return false;
    const std::uint32_t place = event.operands[0].place;
    if (function.places[place].root != model::Place::Root::variable || !function.places[place].steps.empty())
      return false;
    const std::uint32_t variable = function.places[place].variable;
    const auto is_it = [&](const Operand& operand) {
      return operand.place != none && function.places[operand.place].root == model::Place::Root::variable &&
             function.places[operand.place].variable == variable;
    };
    return std::all_of(function.events.begin(), function.events.end(), [&](const Event& other) {
      const bool own =
          other.callee.starts_with("std::function::") && !other.operands.empty() && is_it(other.operands[0]);
      bool mentioned = false;
      for (std::size_t i = own ? 1 : 0; i < other.operands.size(); ++i) {
        if (other.operands[i].kind == Operand::Kind::function && i == 1 && own) continue;  // it may capture itself
        each_operand(other.operands[i], [&](const Operand& part) { mentioned |= is_it(part); });
      }
      return !mentioned;
    });
  }

  // What other files may call and nobody here does: entered from who knows where.
  void exported() {
    std::set<FunctionId> entered;
    for (const EntryPoint& entry : found_) entered.insert(entry.function);
    for (const FunctionId id : program_.facts.functions.ids()) {
      const model::Function& function = program_.function(id);
      // A library calls what it declared, whoever else does.
      if (function.overrides_library && !function.is_destructor && !function.is_implicit && !entered.contains(id)) {
        found_.push_back(
            {.function = id, .role = capi::Role::callback, .python_name = "", .slot = "", .registered = {}});
        continue;
      }
      if (!function.is_external || function.is_lambda || entered.contains(id) || !program_.calls_to(id).empty() ||
          function.is_instance || function.is_implicit)
        continue;
      found_.push_back({.function = id,
                        .role = capi::Role::callback,
                        .python_name = "",
                        .slot = "",
                        .registered = {},
                        .exported = true});
    }
  }

  const Program& program_;
  std::map<model::GlobalId, std::string> owner_;
  std::set<model::GlobalId> module_types_;
  std::map<std::string, std::string> vectorcalls_;
  std::set<std::tuple<FunctionId, capi::Role, std::string>> seen_;
  std::vector<EntryPoint> found_;
};

}  // namespace

std::vector<EntryPoint> find_entries(const Program& program) { return Finder(program).run(); }

}  // namespace ftaudit::analysis
