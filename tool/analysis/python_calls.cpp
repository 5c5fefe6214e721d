#include "analysis/python_calls.h"

#include <algorithm>

#include "analysis/edges_at.h"
#include "analysis/plain_containers.h"
#include "capi/arguments.h"
#include "capi/changes.h"
#include "capi/python_runs.h"
#include "capi/records.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using capi::Chance;
using capi::Counting;
using capi::Suspends;
using model::Event;
using model::Operand;

namespace {

Runs runs(const Program& program, const std::string& callee) {
  if (program.lock_call(callee) != nullptr) return Runs::nothing;
  if (capi::calls_by_binding(callee)) return Runs::python;
  const Suspends why = capi::suspends(callee);
  if (why == Suspends::never || why == Suspends::unknown) return Runs::nothing;
  if (why == Suspends::detaches && capi::thread_call(callee) != nullptr) return Runs::detaches;
  switch (capi::chance_of_python(callee)) {
    case Chance::hardly: return Runs::perhaps;
    case Chance::usually: return why == Suspends::finalizers ? Runs::finalizers : Runs::python;
    case Chance::surely: break;
  }
  return Runs::python;
}

// From here every way throws.
bool leads_to_throw(const model::Function& function, std::uint32_t block, int depth = 0) {
  const model::Block& from = function.blocks[block];
  if (throws(function, from)) return true;
  if (from.successors.empty() || depth > 6) return false;
  // What is thrown leaves locals to destroy, or is caught here.
  if (std::ranges::all_of(from.successors,
                          [&](std::uint32_t next) { return next != none && function.blocks[next].unwinds; }))
    return true;
  return std::ranges::all_of(from.successors, [&](std::uint32_t next) {
    return next != none && next > block && leads_to_throw(function, next, depth + 1);
  });
}

}  // namespace

PythonCalls::PythonCalls(const Audit& audit)
    : audit_(audit), runs_(audit.facts().functions.size(), Runs::nothing), by_(audit.facts().functions.size(), none) {
  const auto is_plain = [this](const Site& site, const Operand& operand) { return is_plain_value(site, operand); };
  plain_fields_ = plain_containers(audit, is_plain);
  plain_fields_.merge(plain_fields(audit, is_plain));
  for (const FunctionId id : runs_.ids()) {
    const model::Function& function = audit.program().function(id);
    if (audit.contexts().entry(id) == nullptr) continue;
    for (std::uint32_t i = 0; i < function.parameters; ++i)
      if (const std::string& record = function.variables[i].type.record; capi::keeps_function(record))
        handed_.insert(record + "::operator()");
  }
  // The strongest first, each spread to all callers before the next. Who logs that something is wrong, and then throws,
  // hardly comes to it.
  std::vector<Site> on_the_way_out;
  std::vector<Edge> chosen;  // through a pointer that leads to others as well
  for (const Runs level : {Runs::python, Runs::finalizers, Runs::perhaps, Runs::detaches}) {
    std::vector<FunctionId> news;
    for (const FunctionId id : runs_.ids()) {
      const auto& events = audit.program().function(id).events;
      for (EventId e; e < events.next_id() && runs_[id] < level; ++e)
        if (is_call(events[e]) && direct({id, e}) == level) runs_[id] = level, by_[id] = e, news.push_back(id);
    }
    if (level == Runs::perhaps)
      for (const Site& site : on_the_way_out)
        if (runs_[site.function] < level)
          runs_[site.function] = level, by_[site.function] = site.event, news.push_back(site.function);
    const auto reach = [&](const Edge& edge) {
      if (runs_[edge.from] >= level) return;
      runs_[edge.from] = level, by_[edge.from] = edge.event, news.push_back(edge.from);
    };
    const auto spread = [&] {
      while (!news.empty()) {
        const FunctionId id = news.back();
        news.pop_back();
        for (const Edge& edge : audit.program().calls_to(id)) {
          if (edge.mention || runs_[edge.from] >= level) continue;
          const Site site{edge.from, edge.event};
          if (level > Runs::perhaps && is_on_the_way_out(site)) on_the_way_out.push_back(site);
          else if (level > Runs::perhaps && through_pointer(site) < level) chosen.push_back(edge);
          else reach(edge);
        }
      }
    };
    spread();
    // Whichever function it is, it does.
    for (bool changed = level > Runs::perhaps; changed;) {
      changed = false;
      for (const Edge& edge : chosen)
        if (runs_[edge.from] < level && through_pointer({edge.from, edge.event}) >= level) reach(edge), changed = true;
      spread();
    }
    if (level == Runs::perhaps)
      for (const Edge& edge : chosen) reach(edge);
    spread();
  }
}

// Made of characters or digits: letting it go, hashing it or comparing it runs nothing.
bool PythonCalls::is_plain_value(const Site& site, const Operand& operand, unsigned depth) const {
  const auto& events = audit_.function(site).events;
  if (operand.kind == Operand::Kind::call) return capi::makes_plain_value(events[operand.event].callee);
  if (operand.kind == Operand::Kind::place &&
      plain_fields_.contains(field_reached(audit_, site, audit_.function(site).places[operand.place])))
    return true;
  const std::uint32_t local =
      operand.kind == Operand::Kind::place ? audit_.values(site.function).local_of(operand) : none;
  if (local == none)
    return operand.kind == Operand::Kind::null || operand.kind == Operand::Kind::address;  // &_Py_NoneStruct
  const std::vector<EventId> given = audit_.values(site.function).definitions(local, site.event);
  return !given.empty() && std::all_of(given.begin(), given.end(), [&](EventId at) {
    if (at == none || events[at].operands.empty() || events[at].kind != Event::Kind::write) return false;
    const Operand& value = events[at].operands[0];
    // `old = result` with a result that is NULL still.
    if (value.kind == Operand::Kind::place && depth < 4) return is_plain_value({site.function, at}, value, depth + 1);
    return value.kind == Operand::Kind::null ||
           (value.kind == Operand::Kind::call && capi::makes_plain_value(events[value.event].callee));
  });
}

// The local that Py_CLEAR is applied to: the macro works on it through a pointer.
std::uint32_t PythonCalls::cleared(const Site& site) const {
  const model::Function& function = audit_.function(site);
  const std::uint32_t macro = function.events[site.event].macro;
  if (macro == none || function.macros[macro].arguments.empty()) return none;
  const Counting does = capi::counting(function.macros[macro].name);
  if (does != Counting::clears && does != Counting::replaces) return none;
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
    return at != none && capi::parses_arguments(audit_.function(site).events[at].callee);
  });
}

// The exception that the function has just taken from its thread: what runs is the code of the exception's own class.
bool PythonCalls::is_exception(const Site& site, const Operand& operand) const {
  const model::Function& function = audit_.function(site);
  const Values& values = audit_.values(site.function);
  const Path asked = path_of(function, values, operand, site.event);
  if (asked.root == Path::Root::unknown) return false;
  for (EventId e; e < site.event; ++e) {
    if (!is_call(function.events[e]) || !capi::gives_exception(function.events[e].callee)) continue;
    if (asked.root == Path::Root::call && asked.call() == e && asked.steps.empty()) return true;
    for (const Operand& given : function.events[e].operands)
      if (path_of(function, values, given, e).text() == asked.text()) return true;
  }
  return false;
}

// Made or looked up here by the C API: others hold what was looked up, and what was made has hardly got a finalizer.
bool PythonCalls::is_at_hand(const Site& site, const Operand& operand) const {
  const auto& events = audit_.function(site).events;
  const auto by_api = [&](EventId at) {
    return capi::is_api_name(events[at].callee) && !capi::gives_anything(events[at].callee);
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

// A type object in a global that is declared to hold one, by value or by pointer.
bool PythonCalls::is_own_class(const Site& site, const Operand& operand) const {
  const model::Function& function = audit_.function(site);
  if (operand.kind != Operand::Kind::place && operand.kind != Operand::Kind::address) return false;
  const model::Place& place = function.places[operand.place];
  return place.root == model::Place::Root::global &&
         capi::record_named(audit_.facts().globals[place.global].type.record) == capi::Record::type_object;
}

Runs PythonCalls::direct(const Site& site) const {
  const Event& event = audit_.event(site);
  if (event.callee.empty() && has_targets(site)) return Runs::nothing;  // their bodies say
  if (event.callee.empty())
    return audit_.suspension().event(audit_.function(site), event) ? Runs::python : Runs::nothing;
  if (!event.callee_key.text.empty() && audit_.program().find(event.callee_key) != none)
    return Runs::nothing;  // its body says
  // What somebody here put into it is what is called, unless it came from Python.
  if (handed_.contains(event.callee)) {
    const bool given =
        !event.operands.empty() && audit_.contexts().entry(site.function) != nullptr &&
        path_of(audit_.function(site), audit_.values(site.function), event.operands[0], site.event).root ==
            Path::Root::parameter;
    return has_targets(site) && !given ? Runs::perhaps : Runs::python;
  }
  const Runs found = runs(audit_.program(), event.callee);
  if (found == Runs::finalizers && capi::counting(event.callee) == Counting::drops && !event.operands.empty()) {
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
  if (found == Runs::python && capi::converts_number(event.callee) && !event.operands.empty() &&
      !is_anything(site, event.operands[0]))
    return Runs::perhaps;
  // Whether an object is of a class of the project's own: its type says, and its __class__ is asked for only where that
  // is another one, which then seldom is code.
  if (found == Runs::python && capi::asks_class(event.callee) && event.operands.size() > 1 &&
      is_own_class(site, event.operands[1]))
    return Runs::perhaps;
  if (found == Runs::python && !capi::calls_object(event.callee) && !event.operands.empty() &&
      is_exception(site, event.operands[0]))
    return Runs::perhaps;
  // A container made here has nothing in it yet that could be dropped.
  if (found == Runs::finalizers && capi::fills(event.callee) && !event.operands.empty() &&
      audit_.ownership().of(site.function, site.event, event.operands[0]).kind == Origin::Kind::fresh)
    return Runs::nothing;
  // What is in the project's own containers it knows best.
  if (found == Runs::finalizers && capi::works_on_container(event.callee)) return Runs::perhaps;
  return found;
}

Runs PythonCalls::event(const Site& site) const {
  const Event& event = audit_.event(site);
  if (!is_call(event)) return Runs::nothing;
  if (event.callee.empty() && has_targets(site)) return through_pointer(site);
  if (const FunctionId callee = called(site); callee != none)
    return runs_[callee] > Runs::perhaps && is_on_the_way_out(site) ? Runs::perhaps : runs_[callee];
  return direct(site);
}

// Nobody knows here which of its functions a pointer leads to: what all of them do it does, what one does perhaps.
Runs PythonCalls::through_pointer(const Site& site) const {
  if (!audit_.event(site).callee.empty() || !has_targets(site)) return Runs::python;
  Runs least = Runs::python, most = Runs::nothing;
  for (const Edge& edge : edges_at(audit_.program(), site.function, site.event))
    if (edge.indirect) least = std::min(least, runs_[edge.to]), most = std::max(most, runs_[edge.to]);
  return least > Runs::perhaps ? least : std::min(most, Runs::perhaps);
}

bool PythonCalls::has_targets(const Site& site) const {
  return std::ranges::any_of(edges_at(audit_.program(), site.function, site.event), &Edge::indirect);
}

bool PythonCalls::is_on_the_way_out(const Site& site) const {
  return leads_to_throw(audit_.function(site), audit_.program().flow(site.function).block_of[site.event]);
}

// The function of the project that the call leads to; of the overriders of a virtual method the one that runs most.
FunctionId PythonCalls::called(const Site& site) const {
  const Event& event = audit_.event(site);
  FunctionId out = event.callee_key.text.empty() ? none : audit_.program().find(event.callee_key);
  if (!event.is_virtual) return out;
  for (const Edge& edge : edges_at(audit_.program(), site.function, site.event))
    if (!edge.mention && (out == none || runs_[edge.to] > runs_[out])) out = edge.to;
  return out;
}

Site PythonCalls::cause(Site site) const {
  for (int depth = 0; depth < 32; ++depth) {
    const FunctionId callee = called(site);
    if (callee == none || by_[callee] == none) return site;
    site = {callee, by_[callee]};
  }
  return site;
}

}  // namespace ftaudit::analysis
