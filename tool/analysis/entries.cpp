#include "analysis/entries.h"

#include <map>
#include <set>

#include "base/text.h"

namespace ftaudit::analysis {

using model::Cell;
using model::Event;
using model::Operand;
using model::Row;
using model::Table;

namespace {

const Operand* cell(const Row& row, std::string_view field) {
  for (const Cell& c : row.cells)
    if (c.field == field) return &c.value;
  return nullptr;
}

std::string text(const Row& row, std::string_view field) {
  const Operand* value = cell(row, field);
  return value != nullptr && value->kind == Operand::Kind::text ? value->text : "";
}

bool is_group(const std::string& record) {
  return record == "PyNumberMethods" || record == "PySequenceMethods" || record == "PyMappingMethods" || record == "PyAsyncMethods" || record == "PyBufferProcs";
}

// Tables that CPython itself reads; functions in other tables are reached through pointers nobody can name.
bool is_cpython(const std::string& record) { return record.starts_with("Py") || record == "_inittab"; }

bool is_binding_call(std::string_view callee) {
  return (callee.starts_with("pybind11::") || callee.starts_with("nanobind::") || callee.starts_with("boost::python::")) && callee.find("::def") != std::string_view::npos;
}

class Finder {
 public:
  explicit Finder(const Program& program) : program_(program) {}

  std::vector<EntryPoint> run() {
    own_tables();
    for (const Table& table : program_.facts.tables) tables(table);
    for (FunctionId id = 0; id < program_.facts.functions.size(); ++id) code(id);
    exported();
    return std::move(found_);
  }

 private:
  // Which type or module a table belongs to, by the tables that point at it.
  void own_tables() {
    for (int pass = 0; pass < 2; ++pass)  // a spec names its slots, the slots name their methods
      for (const Table& table : program_.facts.tables)
        for (const Row& row : table.rows) {
          std::string name = text(row, "tp_name");
          if (name.empty()) name = text(row, "m_name");
          if (name.empty() && table.record == "PyType_Spec") name = text(row, "name");
          if (const auto owner = owner_.find(table.variable.n); name.empty() && owner != owner_.end()) name = owner->second;
          if (name.empty()) continue;
          for (const Cell& c : row.cells)
            if (c.value.kind == Operand::Kind::global) owner_.emplace(c.value.global.n, name);
        }
  }

  void add(const Operand* value, capi::Role role, std::string name, std::string slot, std::uint64_t flags = 0) {
    if (value == nullptr) return;
    if (value->kind == Operand::Kind::choice) {
      for (const Operand& part : value->parts) add(&part, role, name, slot, flags);
      return;
    }
    if (value->kind != Operand::Kind::function) return;
    const FunctionId id = program_.find(value->function);
    if (id == none || !seen_.emplace(id, role, name).second) return;
    found_.push_back({.function = id, .role = role, .python_name = std::move(name), .slot = std::move(slot), .flags = flags, .registered = {}});
  }

  static std::string join_name(const std::string& owner, const std::string& name) { return owner.empty() ? name : owner + "." + name; }

  void tables(const Table& table) {
    const std::string& owner = owner_[table.variable.n];
    for (const Row& row : table.rows) {
      if (table.record == "PyMethodDef") {
        const Operand* flags = cell(row, "ml_flags");
        add(cell(row, "ml_meth"), capi::Role::method, join_name(owner, text(row, "ml_name")), "ml_meth",
            flags != nullptr && flags->kind == Operand::Kind::number ? static_cast<std::uint64_t>(flags->number) : meth_varargs);
      } else if (table.record == "PyGetSetDef") {
        add(cell(row, "get"), capi::Role::getter, join_name(owner, text(row, "name")), "get");
        add(cell(row, "set"), capi::Role::setter, join_name(owner, text(row, "name")), "set");
      } else if (table.record == "PyTypeObject" || is_group(table.record)) {
        const std::string type = table.record == "PyTypeObject" ? text(row, "tp_name") : owner;
        for (const Cell& c : row.cells) {
          const std::string field = c.field.substr(c.field.rfind('.') + 1);
          add(&c.value, capi::role_of_slot(field), join_name(type, field), field);
        }
      } else if (table.record == "PyType_Slot") {
        const Operand* id = cell(row, "slot");
        if (id == nullptr || id->kind != Operand::Kind::number) continue;
        const std::string field(capi::slot_name(static_cast<int>(id->number)));
        add(cell(row, "pfunc"), capi::role_of_slot(field), join_name(owner, field), field);
      } else if (table.record == "PyModuleDef_Slot") {
        const Operand* id = cell(row, "slot");
        if (id == nullptr || id->kind != Operand::Kind::number) continue;
        add(cell(row, "value"), id->number == 1 ? capi::Role::module_create : capi::Role::module_exec, owner, id->number == 1 ? "Py_mod_create" : "Py_mod_exec");
      } else if (table.record == "PyModuleDef") {
        add(cell(row, "m_traverse"), capi::Role::traverse, join_name(owner_of(row), "m_traverse"), "m_traverse");
        add(cell(row, "m_clear"), capi::Role::clear, join_name(owner_of(row), "m_clear"), "m_clear");
        add(cell(row, "m_free"), capi::Role::module_free, join_name(owner_of(row), "m_free"), "m_free");
      } else if (!is_cpython(table.record)) {
        for (const Cell& c : row.cells) each_operand(c.value, [&](const Operand& value) { add(&value, capi::Role::callback, "", c.field); });
      }
    }
  }
  static std::string owner_of(const Row& row) { return text(row, "m_name"); }

  void code(FunctionId id) {
    const model::Function& function = program_.function(id);
    if (function.name.starts_with("PyInit_")) found_.push_back({.function = id, .role = capi::Role::module_init, .python_name = function.name.substr(7), .slot = "PyInit", .registered = {}});
    if (function.name.starts_with("PyModExport_")) found_.push_back({.function = id, .role = capi::Role::callback, .python_name = function.name.substr(12), .slot = "PyModExport", .registered = {}});
    for (const Event& event : function.events) {
      if (event.kind == Event::Kind::write && !event.operands.empty() && event.place != none) {
        const model::Place& place = function.places[event.place];
        if (place.steps.empty()) continue;
        const model::Step& last = place.steps.back();
        if (last.kind != model::Step::Kind::field && place.root == model::Place::Root::variable) continue;
        const bool slot = last.record == "PyTypeObject" || is_group(last.record);
        const std::string owner = place.root == model::Place::Root::global ? type_name(place.global) : "";
        each_operand(event.operands[0], [&](const Operand& value) {
          if (slot) add(&value, capi::role_of_slot(last.field), join_name(owner, last.field), last.field);
          else add(&value, capi::Role::callback, "", last.field);
        });
      } else if (is_call(event)) {
        registration(event, {id, static_cast<EventId>(&event - function.events.data())});
      }
    }
  }

  std::string type_name(model::GlobalId variable) const {
    const Table* table = program_.table(variable);
    return table != nullptr && !table->rows.empty() ? text(table->rows[0], "tp_name") : program_.facts.globals[variable.n].name;
  }

  void registration(const Event& event, const Site& site) {
    // A project function that takes a callback calls it itself: an edge of the call graph, not an entry.
    if (!event.callee_key.text.empty() && program_.find(event.callee_key) != none) return;
    std::string name;
    bool guarded = false;
    for (const Operand& operand : event.operands) {
      if (operand.kind == Operand::Kind::text && name.empty()) name = operand.text;
      guarded = guarded || (operand.kind == Operand::Kind::unknown && capi::is_releasing_call_guard(operand.text));
    }
    const std::size_t first = found_.size();
    for (const Operand& operand : event.operands)
      each_operand(operand, [&](const Operand& value) {
        if (is_binding_call(event.callee)) add(&value, capi::Role::method, name, "def");
        else if (event.callee == "pybind11::detail::init_slots") add(&value, capi::Role::module_exec, "", "Py_mod_exec");  // what PYBIND11_MODULE expands to
        else if (capi::registers_detached(event.callee)) add(&value, capi::Role::detached, "", event.callee);
        else add(&value, capi::Role::callback, "", event.callee);
      });
    for (std::size_t i = first; i < found_.size(); ++i) found_[i].registered = site, found_[i].called_detached = guarded;
  }

  // What other files may call and nobody here does: entered from who knows where.
  void exported() {
    std::set<FunctionId> entered;
    for (const EntryPoint& entry : found_) entered.insert(entry.function);
    for (FunctionId id = 0; id < program_.facts.functions.size(); ++id) {
      const model::Function& function = program_.function(id);
      if (!function.is_external || function.is_lambda || entered.contains(id) || !program_.calls_to(id).empty() || function.is_instance || function.is_implicit) continue;
      found_.push_back({.function = id, .role = capi::Role::callback, .python_name = "", .slot = "exported", .registered = {}});
    }
  }

  const Program& program_;
  std::map<std::uint32_t, std::string> owner_;
  std::set<std::tuple<FunctionId, capi::Role, std::string>> seen_;
  std::vector<EntryPoint> found_;
};

}  // namespace

std::vector<EntryPoint> find_entries(const Program& program) { return Finder(program).run(); }

}  // namespace ftaudit::analysis
