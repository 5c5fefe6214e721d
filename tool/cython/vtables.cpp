#include "cython/vtables.h"

#include <algorithm>
#include <map>
#include <set>

#include "cython/c_names.h"

namespace ftaudit::cython {
namespace {

using model::Event;
using model::Function;
using model::Operand;
using model::Place;

using Slot = std::pair<std::string, std::string>;  // the record of the table, and the field in it

bool is_call(const Event& event) { return event.kind <= Event::Kind::release; }

class Resolver {
 public:
  explicit Resolver(model::Facts& facts) : facts_(facts) {
    for (const model::FunctionId i : facts.functions.ids()) {
      by_key_[facts.functions[i].key.text] = i;
      by_name_[facts.functions[i].name].push_back(i);
    }
  }

  void run() {
    for (Function& function : facts_.functions)
      if (function.name.starts_with("__Pyx_")) read_tables(function);
    std::vector<Function> dispatchers;
    for (Function& function : facts_.functions) {
      if (function.name.starts_with("__pyx_tp_new_")) made_by_type(function);
      if (function.name.starts_with("__pyx_vectorcall_") || function.name.starts_with("__pyx_tp_vectorcall_"))
        set_up_new(function);
      for (Event& event : function.events) {
        if (is_call(event) && event.callee.empty()) resolve(function, event, dispatchers);
        if (is_call(event) && event.callee.starts_with("__Pyx_CallTp") && event.callee.ends_with("AsVectorcall"))
          hand_over(event);
        // In a `nogil` function a prange lets go of the GIL only where it is held, and takes back what it let go: on
        // the whole, nothing changes.
        if (event.callee == "__Pyx_SaveUnknownThread" || event.callee == "__Pyx_RestoreUnknownThread")
          event.callee = "PyGILState_Check", event.callee_key = {};
      }
    }
    drop_exports();
    for (Function& dispatcher : dispatchers) facts_.functions.push_back(std::move(dispatcher));
  }

 private:
  // __pyx_vtable_m_C.grow = __pyx_f_m_C_grow; as a value it is nobody's to call but through the table.
  void read_tables(Function& function) {
    for (Event& event : function.events) {
      if (event.kind != Event::Kind::write || event.place == model::none || event.operands.empty() ||
          event.operands[0].kind != Operand::Kind::function)
        continue;
      const Place& place = function.places[event.place];
      if (place.root != Place::Root::global || place.steps.empty()) continue;
      const model::Step& last = place.steps.back();
      if (last.kind != model::Step::Kind::field || !last.record.starts_with("__pyx_vtabstruct_")) continue;
      std::vector<std::string>& known = tables_[{last.record, last.field}];
      const std::string& key = event.operands[0].function.text;
      if (std::find(known.begin(), known.end(), key) == known.end()) known.push_back(key);
      event.operands[0] = {};
    }
  }

  // The memory of an instance comes from the type's tp_alloc or from the base class of another module: new either way.
  static void made_by_type(Function& function) {
    for (const Event& event : function.events) {
      if (event.kind != Event::Kind::write || event.place == model::none || event.operands.empty() ||
          event.operands[0].kind != Operand::Kind::call)
        continue;
      const Place& place = function.places[event.place];
      if (place.root != Place::Root::variable || !place.steps.empty() || function.variables[place.variable].name != "o")
        continue;
      Event& call = function.events[event.operands[0].event];
      if (call.callee.starts_with("__pyx_tp_new_")) continue;
      call.callee = "PyType_GenericAlloc", call.callee_key = {}, call.target = {};
    }
  }

  // From 3.3 on a type makes and sets up an instance in one go: __init__ has that one to itself. What matters is that
  // it can be called again, which tp_init says.
  static void set_up_new(Function& function) {
    for (Event& event : function.events)
      if (event.callee.starts_with("__pyx_pw_") && event.callee.ends_with("__init__"))
        event.callee.clear(), event.callee_key = {}, event.target = {};
  }

  // From 3.3 on tp_init(o, args, kwds) hands a method that takes a vector to a helper: f(o, vector, its size, names).
  void hand_over(Event& event) {
    if (event.operands.size() != 4 || event.operands[0].kind != Operand::Kind::function) return;
    const std::string method = event.operands[0].function.text;
    event.operands = {event.operands[1], Operand{}, Operand{}, Operand{}};
    call(event, method);
  }

  void resolve(Function& function, Event& event, std::vector<Function>& dispatchers) {
    if (event.target.kind != Operand::Kind::place) return;
    const Place& place = function.places[event.target.place];
    if (place.root == Place::Root::global && place.steps.empty())
      return imported(event, facts_.globals[place.global].name);
    if (place.steps.empty()) return;
    for (auto step = place.steps.rbegin(); step != place.steps.rend(); ++step) {
      if (step->kind != model::Step::Kind::field) continue;
      const auto known = tables_.find({step->record, step->field});
      if (known == tables_.end()) return;
      if (known->second.size() == 1) return call(event, known->second.front());
      return call(event, dispatcher(known->first, known->second, dispatchers));
    }
  }

  // A pointer to another module's function, which importing that module fills.
  void imported(Event& event, const std::string& name) {
    if (!name.starts_with("__pyx_f_")) return;
    const auto known = by_name_.find(name);
    if (known != by_name_.end() && known->second.size() == 1) call(event, facts_.functions[known->second[0]].key.text);
  }

  void call(Event& event, const std::string& key) {
    event.callee_key = {key};
    event.callee = by_key_.contains(key) ? facts_.functions[by_key_[key]].name : key;
    event.target = {};
    called_.insert(key);
  }

  // Stands for all that a call through the table may reach.
  std::string dispatcher(const Slot& slot, const std::vector<std::string>& implementations,
                         std::vector<Function>& dispatchers) {
    const std::string key = "through " + slot.first + "." + slot.second;
    if (!made_.insert(key).second) return key;
    const auto first = by_key_.find(implementations.front());
    if (first == by_key_.end()) return implementations.front();
    const Function& model = facts_.functions[first->second];
    Function out;
    out.key = {key}, out.name = model.name, out.span = model.span, out.name_span = model.name_span;
    out.result = model.result, out.parameters = model.parameters, out.is_support = true;
    out.variables.assign(model.variables.begin(), model.variables.begin() + model.parameters);
    for (std::uint32_t i = 0; i < out.parameters; ++i) {
      Place place;
      place.root = Place::Root::variable, place.variable = i, place.type = out.variables[i].type;
      out.places.push_back(std::move(place));
    }
    const auto count = static_cast<std::uint32_t>(implementations.size());
    out.blocks.resize(count + 2);
    for (std::uint32_t i = 0; i < count; ++i) {
      model::Block& block = out.blocks[i + 1];
      out.blocks[0].successors.push_back(i + 1);
      block.first = out.events.next_id(), block.successors = {count + 1};
      Event made;
      made.kind = Event::Kind::call, made.span = model.span;
      for (std::uint32_t p = 0; p < out.parameters; ++p) {
        Operand operand;
        operand.kind = Operand::Kind::place, operand.place = p;
        made.operands.push_back(std::move(operand));
      }
      call(made, implementations[i]);
      out.events.push_back(std::move(made));
      Event leave;
      leave.kind = Event::Kind::leave, leave.span = model.span;
      Operand result;
      result.kind = Operand::Kind::call, result.event = block.first;
      leave.operands.push_back(std::move(result));
      out.events.push_back(std::move(leave));
      block.last = out.events.next_id();
    }
    out.blocks[count + 1].first = out.blocks[count + 1].last = out.events.next_id();
    dispatchers.push_back(std::move(out));
    return key;
  }

  // Offered to other modules, and called by those of this project: they are who calls.
  void drop_exports() {
    for (Function& function : facts_.functions)
      for (Event& event : function.events) {
        if (!is_call(event) || !event.callee.starts_with("__Pyx_ExportFunction")) continue;
        for (Operand& operand : event.operands)
          if (operand.kind == Operand::Kind::function && called_.contains(operand.function.text)) operand = {};
      }
  }

  model::Facts& facts_;
  std::map<std::string, model::FunctionId> by_key_;
  std::map<std::string, std::vector<model::FunctionId>> by_name_;
  std::map<Slot, std::vector<std::string>> tables_;
  std::set<std::string> made_, called_;
};

}  // namespace

void resolve_calls(model::Facts& facts) { Resolver(facts).run(); }

}  // namespace ftaudit::cython
