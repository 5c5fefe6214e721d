#include "analysis/python_calls.h"

#include <algorithm>

namespace ftaudit::analysis {

using capi::Suspends;
using model::Event;
using model::Operand;

namespace {

bool starts(const std::string& name, std::initializer_list<std::string_view> with) {
  return std::any_of(with.begin(), with.end(), [&](std::string_view one) { return name.starts_with(one); });
}

Runs runs(const std::string& callee) {
  if (capi::lock_call(callee) != nullptr) return Runs::nothing;
  if (callee == "PyBuffer_Release") return Runs::python;  // the exporter's hook, which may be __release_buffer__
  switch (capi::suspends(callee)) {
    case Suspends::never:
    case Suspends::unknown: return Runs::nothing;
    case Suspends::finalizers: return starts(callee, {"PyErr_"}) ? Runs::perhaps : Runs::finalizers;
    case Suspends::errors:
      return starts(callee, {"PyErr_Warn", "PyErr_Write", "PyErr_Print", "PyErr_Display", "PyErr_Check",
                             "PyErr_FormatUnraisable"})
                 ? Runs::python
                 : Runs::perhaps;
    // Formats with %R, %S or O& are the corner.
    case Suspends::conversions:
      return starts(callee,
                    {"PyErr_Format", "PyUnicode_FromFormat", "Py_BuildValue", "Py_VaBuildValue", "PyArg_UnpackTuple",
                     "PySet_New", "PyFrozenSet_New", "PyMemoryView_FromObject", "PyBytes_Concat", "PyByteArray_Concat"})
                 ? Runs::perhaps
                 : Runs::python;
    case Suspends::protocols:
    case Suspends::keyed_containers: return Runs::python;
    case Suspends::types_and_modules:
      return starts(callee, {"PySys_Get", "PySys_Set", "PyModule_Add", "PyWeakref_New", "PyContext"}) ? Runs::perhaps
                                                                                                      : Runs::python;
    case Suspends::detaches:
      return capi::thread_call(callee) != nullptr                     ? Runs::detaches
             : starts(callee, {"PyImport_Get", "PyImport_AddModule"}) ? Runs::perhaps
                                                                      : Runs::python;
  }
  return Runs::nothing;
}

}  // namespace

PythonCalls::PythonCalls(const Audit& audit)
    : audit_(audit), runs_(audit.facts().functions.size(), Runs::nothing), by_(audit.facts().functions.size(), none) {
  // The strongest first, each spread to all callers before the next.
  for (const Runs level : {Runs::python, Runs::finalizers, Runs::perhaps, Runs::detaches}) {
    std::vector<FunctionId> news;
    for (FunctionId id = 0; id < runs_.size(); ++id) {
      const std::vector<Event>& events = audit.program().function(id).events;
      for (EventId e = 0; e < events.size() && runs_[id] < level; ++e)
        if (is_call(events[e]) && direct({id, e}) == level) runs_[id] = level, by_[id] = e, news.push_back(id);
    }
    while (!news.empty()) {
      const FunctionId id = news.back();
      news.pop_back();
      for (const Edge& edge : audit.program().calls_to(id))
        if (!edge.mention && runs_[edge.from] < level)
          runs_[edge.from] = level, by_[edge.from] = edge.event, news.push_back(edge.from);
    }
  }
}

// Made of characters or digits: letting it go, hashing it or comparing it runs nothing.
bool PythonCalls::is_plain_value(const Site& site, const Operand& operand) const {
  const auto is_plain = [](const std::string& callee) {
    return starts(
        callee, {"PyLong_From", "PyFloat_From", "PyUnicode_From", "PyUnicode_Intern", "PyUnicode_Decode",
                 "PyUnicode_New", "PyUnicode_As", "PyBytes_From", "PyBool_From", "PyUnicode_Sub", "PyUnicode_Concat"});
  };
  const std::vector<Event>& events = audit_.function(site).events;
  if (operand.kind == Operand::Kind::call) return is_plain(events[operand.event].callee);
  const std::uint32_t local =
      operand.kind == Operand::Kind::place ? audit_.values(site.function).local_of(operand) : none;
  if (local == none)
    return operand.kind == Operand::Kind::null || operand.kind == Operand::Kind::address;  // &_Py_NoneStruct
  const std::vector<EventId> given = audit_.values(site.function).definitions(local, site.event);
  return !given.empty() && std::all_of(given.begin(), given.end(), [&](EventId at) {
    if (at == none || events[at].operands.empty() || events[at].kind != Event::Kind::write) return false;
    const Operand& value = events[at].operands[0];
    return value.kind == Operand::Kind::null ||
           (value.kind == Operand::Kind::call && is_plain(events[value.event].callee));
  });
}

// The local that Py_CLEAR is applied to: the macro works on it through a pointer.
std::uint32_t PythonCalls::cleared(const Site& site) const {
  const model::Function& function = audit_.function(site);
  const std::uint32_t macro = function.events[site.event].macro;
  if (macro == none || !starts(function.macros[macro].name, {"Py_CLEAR", "Py_SETREF", "Py_XSETREF"}) ||
      function.macros[macro].arguments.empty())
    return none;
  for (std::uint32_t variable = function.parameters; variable < function.variables.size(); ++variable)
    if (function.variables[variable].name == function.macros[macro].arguments[0]) return variable;
  return none;
}

// Handed in by Python to this very function, which did not ask for a type: it may be anything.
bool PythonCalls::is_anything(const Site& site, const Operand& operand) const {
  const std::uint32_t local =
      operand.kind == Operand::Kind::place ? audit_.values(site.function).local_of(operand) : none;
  if (local == none || !audit_.ownership().of(site.function, site.event, operand).from_python) return false;
  if (local < audit_.function(site).parameters) return audit_.contexts().entry(site.function) != nullptr;
  const std::vector<EventId> given = audit_.values(site.function).definitions(local, site.event);
  return std::any_of(given.begin(), given.end(), [&](EventId at) {
    return at != none && starts(audit_.function(site).events[at].callee, {"PyArg_"});
  });
}

// Made or looked up here by the C API: others hold what was looked up, and what was made has hardly got a finalizer.
bool PythonCalls::is_at_hand(const Site& site, const Operand& operand) const {
  const std::vector<Event>& events = audit_.function(site).events;
  const auto by_api = [&](EventId at) {
    return starts(events[at].callee, {"Py", "_Py"}) &&
           !starts(events[at].callee, {"PyObject_Call", "PyObject_Vectorcall", "PyObject_GetAttr", "PyObject_GetItem",
                                       "PyIter_Next", "PyEval_"});
  };
  if (operand.kind == Operand::Kind::call) return by_api(operand.event);
  const std::uint32_t local = cleared(site) != none                  ? cleared(site)
                              : operand.kind == Operand::Kind::place ? audit_.values(site.function).local_of(operand)
                                                                     : none;
  if (local == none) return false;
  const std::vector<EventId> given = audit_.values(site.function).definitions(local, site.event);
  return !given.empty() && std::all_of(given.begin(), given.end(), [&](EventId at) {
    if (at == none || events[at].operands.empty()) return false;
    if (is_call(events[at])) return by_api(at);
    const Operand& value = events[at].operands[0];
    return value.kind == Operand::Kind::null || value.kind == Operand::Kind::address ||
           (value.kind == Operand::Kind::call && by_api(value.event));
  });
}

Runs PythonCalls::direct(const Site& site) const {
  const Event& event = audit_.event(site);
  if (event.callee.empty())
    return audit_.suspension().event(audit_.function(site), event) ? Runs::python : Runs::nothing;
  if (!event.callee_key.text.empty() && audit_.program().find(event.callee_key) != none)
    return Runs::nothing;  // its body says
  const Runs found = runs(event.callee);
  if (found == Runs::finalizers &&
      (event.callee == "Py_DECREF" || event.callee == "Py_XDECREF" || event.callee == "Py_DecRef") &&
      !event.operands.empty()) {
    if (is_plain_value(site, event.operands[0])) return Runs::nothing;
    if (is_at_hand(site, event.operands[0])) return Runs::perhaps;
  }
  // Looking up a key compares keys: those that came from Python may be anything, the project's own hardly are.
  if (found == Runs::python && capi::suspends(event.callee) == Suspends::keyed_containers &&
      event.operands.size() > 1) {
    if (is_plain_value(site, event.operands[1])) return Runs::nothing;
    return is_anything(site, event.operands[1]) ? Runs::python : Runs::perhaps;
  }
  // Of the project's own numbers it knows that they are numbers.
  if (found == Runs::python && starts(event.callee, {"PyLong_As", "PyFloat_As", "PyComplex_"}) &&
      !event.operands.empty() && !is_anything(site, event.operands[0]))
    return Runs::perhaps;
  // A container made here has nothing in it yet that could be dropped.
  if (found == Runs::finalizers &&
      starts(event.callee, {"PyDict_SetItem", "PyList_SetItem", "PyDict_Update", "PyDict_Merge"}) &&
      !event.operands.empty() &&
      audit_.ownership().of(site.function, site.event, event.operands[0]).kind == Origin::Kind::fresh)
    return Runs::nothing;
  // What is in the project's own containers it knows best.
  if (found == Runs::finalizers && starts(event.callee, {"PyDict_", "PyList_", "PySet_", "PyCell_"}))
    return Runs::perhaps;
  return found;
}

Runs PythonCalls::event(const Site& site) const {
  const Event& event = audit_.event(site);
  if (!is_call(event)) return Runs::nothing;
  if (!event.callee_key.text.empty())
    if (const FunctionId callee = audit_.program().find(event.callee_key); callee != none) return runs_[callee];
  return direct(site);
}

Site PythonCalls::cause(Site site) const {
  for (int depth = 0; depth < 32; ++depth) {
    const Event& event = audit_.event(site);
    const FunctionId callee = event.callee_key.text.empty() ? none : audit_.program().find(event.callee_key);
    if (callee == none || by_[callee] == none) return site;
    site = {callee, by_[callee]};
  }
  return site;
}

}  // namespace ftaudit::analysis
