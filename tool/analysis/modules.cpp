#include "analysis/modules.h"

#include <algorithm>
#include <set>

#include "analysis/module_slots.h"
#include "capi/capi.h"
#include "capi/fields.h"
#include "capi/module_calls.h"

namespace ftaudit::analysis {

using capi::ModuleCall;
using model::Event;
using model::Operand;
using model::Place;
using model::Row;
using model::Table;

namespace {

// Py_mod_gil is 4 in 3.13 and 3.14, 87 in 3.15 (Include/moduleobject.h).
bool is_gil_slot(std::int64_t id) { return id == 4 || id == 87; }

const model::Cell* cell(const Row& row, std::string_view field) {
  for (const model::Cell& c : row.cells)
    if (c.field == field) return &c;
  return nullptr;
}

std::int64_t number(const model::Cell* c) {
  return c != nullptr && c->value.kind == Operand::Kind::number ? c->value.number : 0;
}

class Finder {
 public:
  Finder(const Program& program, const Contexts& contexts, const std::set<std::string>& uncalled)
      : program_(program), contexts_(contexts), uncalled_(uncalled) {}

  std::vector<Module> run() {
    for (const model::MacroFact& macro : program_.facts.macros)
      if (!macro.definition && capi::binding_macro(macro.name) != nullptr) binding(macro);
    for (const FunctionId id : program_.facts.functions.ids()) {
      const model::Function& function = program_.function(id);
      if (const auto name = capi::initialised_module(function.name)) from_init(id, std::string(*name));
      else if (const auto hook = capi::exported_module(function.name)) from_hook(id, std::string(*hook));
    }
    misplaced();
    return std::move(modules_);
  }

 private:
  void binding(const model::MacroFact& macro) {
    const capi::Binding& system = *capi::binding_macro(macro.name);
    Module module;
    module.name = macro.arguments.empty() ? "" : macro.arguments[0];
    module.init = capi::init_function(module.name);
    module.style = Module::Style::binding;
    module.system = system.system;
    module.span = module.slots = macro.span;
    module.macro = &macro;
    module.gil = Declares::missing;
    if (system.declares == "NB_FREE_THREADED") {
      for (const model::MacroFact& defined : program_.facts.macros)
        if (defined.definition && defined.name == "NB_FREE_THREADED") module.gil = Declares::not_used;
    } else {
      for (const std::string& argument : macro.arguments) {
        if (argument.find("mod_gil_used") != std::string::npos ||
            argument.find("mod_gil_not_used(false)") != std::string::npos)
          module.gil = Declares::used;
        else if (argument.find("mod_gil_not_used") != std::string::npos) module.gil = Declares::not_used;
      }
    }
    // What a macro of the project's own stands for is seen where the tag is made.
    for (const model::Function& function : program_.facts.functions)
      if (module.gil == Declares::missing && expands(module, function))
        for (const Event& event : function.events)
          if (event.callee.ends_with("::mod_gil_not_used::mod_gil_not_used"))
            module.gil = std::any_of(event.operands.begin(), event.operands.end(),
                                     [](const Operand& given) {
                                       return given.kind == Operand::Kind::number && given.number == 0;
                                     })
                             ? Declares::used
                             : Declares::not_used;
    // Older pybind11 code says it in the body: m.set_gil_not_used().
    for (const model::Function& function : program_.facts.functions)
      for (const Event& event : function.events)
        if (event.callee == "pybind11::module_::set_gil_not_used" && function.span.file == macro.span.file)
          module.gil = Declares::not_used;
    modules_.push_back(std::move(module));
  }

  static bool expands(const Module& module, const model::Function& function) {
    return module.macro != nullptr && module.span.file == function.span.file &&
           function.span.line >= module.span.line && function.span.line <= module.span.end_line;
  }

  bool made_by_macro(const model::Function& function) const {
    return std::any_of(modules_.begin(), modules_.end(),
                       [&](const Module& module) { return expands(module, function); });
  }

  void from_init(FunctionId id, const std::string& name) {
    const model::Function& function = program_.function(id);
    if (made_by_macro(function) || uncalled_.contains(function.name)) return;
    Module module;
    module.name = name;
    module.init = function.name;
    module.system = system_of(function);
    module.span = module.slots = function.name_span;
    module.function = id;
    for (FunctionId reached : reachable(id)) {
      const model::Function& body = program_.function(reached);
      for (const EventId e : body.events.ids()) make(module, reached, body.events[e]);
    }
    if (module.style == Module::Style::single_phase && module.gil == Declares::unknown && !declares_unread(function))
      module.gil = Declares::missing;
    modules_.push_back(std::move(module));
  }

  // The call is written there, and nobody understood the statement.
  bool declares_unread(const model::Function& function) const {
    return std::any_of(program_.facts.macros.begin(), program_.facts.macros.end(), [&](const model::MacroFact& macro) {
      return capi::module_call(macro.name) == ModuleCall::declares_gil && macro.span.file == function.span.file &&
             function.span.line <= macro.span.line && macro.span.line <= function.span.end_line;
    });
  }

  std::string system_of(const model::Function& function) const {
    for (const model::Unit& unit : program_.facts.units)
      if (unit.file == function.span.file && !unit.generator.empty()) return unit.generator;
    for (const model::MacroFact& macro : program_.facts.macros)
      if (macro.definition && macro.name == "SWIGPYTHON" && macro.span.file == function.span.file) return "swig";
    return "C API";
  }

  std::vector<FunctionId> reachable(FunctionId from) const {
    std::vector<FunctionId> out{from};
    std::set<FunctionId> seen{from};
    for (std::size_t i = 0; i < out.size() && out.size() < 2000; ++i)
      for (const Edge& edge : program_.calls_from(out[i]))
        if (!edge.mention && seen.insert(edge.to).second) out.push_back(edge.to);
    return out;
  }

  void make(Module& module, FunctionId in, const Event& event) {
    if (!is_call(event)) return;
    const ModuleCall call = capi::module_call(event.callee);
    if (call == ModuleCall::defines) {
      if (module.style != Module::Style::unknown || event.operands.empty()) return;
      module.style = Module::Style::multi_phase;
      read_definition(module, in, event);
    } else if (call == ModuleCall::creates) {
      if (module.style != Module::Style::unknown) return;  // the first one made is the module; others hang off it
      module.style = Module::Style::single_phase;
      module.slots = event.span;
    } else if (call == ModuleCall::declares_gil) {
      const bool value_known = event.operands.size() > 1 && (event.operands[1].kind == Operand::Kind::number ||
                                                             event.operands[1].kind == Operand::Kind::null);
      if (!value_known) return;
      const bool not_used = event.operands[1].kind == Operand::Kind::number && event.operands[1].number == 1;
      module.gil = not_used ? Declares::not_used : Declares::used;
      if (!not_used)
        module.defects.push_back({Module::Defect::Kind::explicitly_used, event.span, program_.function(in).name});
      if (!guarded(event.span))
        module.defects.push_back({Module::Defect::Kind::unguarded, event.span, program_.function(in).name});
    } else if (call == ModuleCall::cffi) {
      // The runtime declares for every module it makes (cffi 2.0 and newer).
      module.style = Module::Style::generated, module.system = "cffi", module.gil = Declares::not_used;
    }
  }

  bool guarded(const model::Span& span) const {
    return std::any_of(program_.facts.regions.begin(), program_.facts.regions.end(), [&](const model::Region& region) {
      return region.file == span.file && region.first_line <= span.line && span.line <= region.last_line &&
             capi::names_free_threading(region.condition);
    });
  }

  void read_definition(Module& module, FunctionId in, const Event& event) {
    const model::GlobalId def = global_of(in, event.operands[0], 0);
    if (def == none) return;
    module.slots = program_.facts.globals[def].span;
    const ModuleSlots slots = module_slots(program_, def);
    module.unread = slots.unread;
    if (!slots.known) return;
    if (slots.array == none) module.gil = Declares::missing;
    else module.slots = program_.facts.globals[slots.array].span;
    if (slots.rows != nullptr) read_slots(module, *slots.rows);
  }

  // The variable whose address an operand is, also when a helper was given it as a parameter.
  model::GlobalId global_of(FunctionId in, const Operand& operand, int depth) const {
    if (operand.kind != Operand::Kind::address && operand.kind != Operand::Kind::place) return {none};
    const model::Function& function = program_.function(in);
    const Place& place = function.places[operand.place];
    if (place.root == Place::Root::global)
      return operand.kind == Operand::Kind::address ? place.global : model::GlobalId{none};
    if (place.root != Place::Root::variable || !place.steps.empty() || place.variable >= function.parameters ||
        depth > 3)
      return {none};
    for (const Edge& edge : program_.calls_to(in)) {
      const Event& call = program_.function(edge.from).events[edge.event];
      if (edge.mention || place.variable >= call.operands.size()) continue;
      if (const model::GlobalId found = global_of(edge.from, call.operands[place.variable], depth + 1); found != none)
        return found;
    }
    return {none};
  }

  void read_slots(Module& module, const Table& slots) {
    module.has_slots = true;
    module.gil = Declares::missing;
    bool ended = false;
    int seen = 0;
    for (const Row& row : slots.rows) {
      const model::Cell* id = cell(row, capi::fields::slot);
      const model::Cell* value = cell(row, capi::fields::slot_value);
      if (id == nullptr || (id->value.kind == Operand::Kind::null) ||
          (id->value.kind == Operand::Kind::number && id->value.number == 0)) {
        if (!ended) module.terminator = row.span;
        ended = true;
        continue;
      }
      if (!is_gil_slot(number(id))) continue;
      if (ended) {
        module.defects.push_back({Module::Defect::Kind::after_terminator, id->span, ""});
        continue;
      }
      module.slots = id->span;
      if (++seen > 1) module.defects.push_back({Module::Defect::Kind::twice, id->span, ""});
      const bool not_used = number(value) == 1;
      const bool known =
          value != nullptr && (value->value.kind == Operand::Kind::number || value->value.kind == Operand::Kind::null);
      if (!known)
        module.unread = value == nullptr || value->value.text.empty() ? std::string(capi::gil_slot) : value->value.text;
      module.gil = !known ? Declares::unknown : not_used ? Declares::not_used : Declares::used;
      if (known && !not_used) module.defects.push_back({Module::Defect::Kind::explicitly_used, id->span, ""});
    }
  }

  void from_hook(FunctionId id, const std::string& name) {
    const model::Function& function = program_.function(id);
    Module module;
    module.name = name;
    module.init = function.name;
    module.style = Module::Style::export_hook;
    module.system = "C API";
    module.span = module.slots = function.name_span;
    module.function = id;
    for (const Event& event : function.events) {
      if (event.kind != Event::Kind::leave || event.operands.empty() ||
          event.operands[0].kind != Operand::Kind::address)
        continue;
      const Place& place = function.places[event.operands[0].place];
      if (place.root != Place::Root::global) continue;
      const Table* slots = program_.table(place.global);
      if (slots == nullptr) continue;
      module.has_slots = true;
      module.slots = program_.facts.globals[place.global].span;
      module.gil = Declares::missing;
      for (const Row& row : slots->rows) {
        const bool gil = std::any_of(row.cells.begin(), row.cells.end(), [](const model::Cell& c) {
          return c.field == "sl_id" && is_gil_slot(number(&c));
        });
        const bool not_used = std::any_of(row.cells.begin(), row.cells.end(),
                                          [](const model::Cell& c) { return c.field == "sl_ptr" && number(&c) == 1; });
        if (gil) module.gil = not_used ? Declares::not_used : Declares::used;
      }
    }
    modules_.push_back(std::move(module));
  }

  // Code that makes modules while the program runs declares for what it has just made.
  bool makes_module(FunctionId id) const {
    return std::any_of(program_.function(id).events.begin(), program_.function(id).events.end(),
                       [](const Event& event) { return is_call(event) && capi::makes_module(event.callee); });
  }

  // PyUnstable_Module_SetGIL must be called while the module is made: elsewhere it does nothing good.
  void misplaced() {
    if (modules_.empty()) return;
    for (const FunctionId id : program_.facts.functions.ids())
      for (const Event& event : program_.function(id).events)
        if (is_call(event) && capi::module_call(event.callee) == ModuleCall::declares_gil && contexts_.reached(id) &&
            contexts_.concurrent(id) && !makes_module(id))
          modules_.front().defects.push_back(
              {Module::Defect::Kind::outside_init, event.span, program_.function(id).name});
  }

  const Program& program_;
  const Contexts& contexts_;
  const std::set<std::string>& uncalled_;
  std::vector<Module> modules_;
};

}  // namespace

std::vector<Module> find_modules(const Program& program, const Contexts& contexts,
                                 const std::set<std::string>& uncalled) {
  return Finder(program, contexts, uncalled).run();
}

}  // namespace ftaudit::analysis
