#include "plan/supposition.h"

#include <algorithm>

#include "plan/rewriting.h"

namespace ftaudit::plan {

using model::Event;
using model::Operand;
using model::Place;

namespace {

std::uint32_t place_in(model::Function& function, Place place) {
  const auto same = std::ranges::find_if(function.places, [&](const Place& known) {
    return known.root == place.root && known.variable == place.variable && known.global == place.global &&
           known.call == place.call && known.steps == place.steps;
  });
  if (same != function.places.end()) return static_cast<std::uint32_t>(same - function.places.begin());
  function.places.push_back(std::move(place));
  return static_cast<std::uint32_t>(function.places.size() - 1);
}

struct Held {
  Event acquire, release;
};

// What Py_BEGIN_CRITICAL_SECTION, PyMutex_Lock and std::mutex::lock leave in the facts.
Held held_by(model::Function& function, const Edit& edit, model::GlobalId mutex) {
  Held out;
  out.acquire.kind = Event::Kind::acquire, out.release.kind = Event::Kind::release;
  out.acquire.result_unused = out.release.result_unused = true;
  std::vector<Operand> objects;
  if (!edit.mutex.empty()) {
    Place place{.root = Place::Root::global, .global = mutex};
    place.type = {.kind = model::Type::Kind::record, .spelling = "PyMutex", .record = "PyMutex"};
    objects.push_back({.kind = Operand::Kind::address, .place = place_in(function, std::move(place))});
  }
  for (const Place& object : edit.objects)
    objects.push_back(
        {.kind = edit.by_address ? Operand::Kind::address : Operand::Kind::place, .place = place_in(function, object)});
  if (edit.lock == Edit::Lock::section) {
    const bool two = objects.size() > 1;
    const std::string name = two ? "PyCriticalSection2" : "PyCriticalSection";
    function.variables.push_back({.name = "_plan_cs" + std::to_string(function.variables.size()),
                                  .type = {.kind = model::Type::Kind::record, .spelling = name, .record = name},
                                  .storage = model::Storage::local});
    const Operand token{
        .kind = Operand::Kind::address,
        .place = place_in(function, {.root = Place::Root::variable,
                                     .variable = static_cast<std::uint32_t>(function.variables.size() - 1)})};
    out.acquire.callee = name + "_Begin", out.release.callee = name + "_End";
    out.acquire.operands = {token};
    out.acquire.operands.insert(out.acquire.operands.end(), objects.begin(), objects.end());
    out.release.operands = {token};
    const auto macro = [&](Event& event, const char* word) {
      event.macro = static_cast<std::uint32_t>(function.macros.size());
      function.macros.push_back({.name = std::string(word) + (two ? "2" : "")});
    };
    macro(out.acquire, "Py_BEGIN_CRITICAL_SECTION"), macro(out.release, "Py_END_CRITICAL_SECTION");
  } else {
    const bool native = edit.lock == Edit::Lock::native;
    out.acquire.callee = native ? "std::mutex::lock" : "PyMutex_Lock";
    out.release.callee = native ? "std::mutex::unlock" : "PyMutex_Unlock";
    out.acquire.operands = out.release.operands = objects;
  }
  return out;
}

bool is_field(const Place& place, const std::string& record, const std::string& field) {
  return !place.steps.empty() && place.steps.back().kind == model::Step::Kind::field &&
         place.steps.back().record == record && place.steps.back().field == field;
}

// Reading and writing become one access where they were one operator.
void make_atomic(model::Function& function, const std::vector<bool>& wanted, Rewriting& rewriting) {
  EventId read = none;
  for (EventId e = 0; e < function.events.size(); ++e) {
    Event& event = function.events[e];
    if ((event.kind != Event::Kind::read && event.kind != Event::Kind::write) || event.place == none ||
        !wanted[event.place])
      continue;
    event.atomic = true, event.order = event.failure = model::Order::seq_cst;
    if (event.kind == Event::Kind::read) {
      read = e;
      continue;
    }
    if (event.op == Event::Operator::update && read != none && function.events[read].place == event.place &&
        function.events[read].span.line == event.span.line && function.events[read].span.column == event.span.column)
      rewriting.take_out(read);
    read = none;
  }
}

}  // namespace

Supposition::Supposition(const model::Facts& facts, const std::vector<const Edit*>& edits) : facts_(facts) {
  std::map<FunctionId, std::vector<const Edit*>> by_function;
  for (const Edit* edit : edits) {
    if (edit->function != none) by_function[edit->function].push_back(edit);
    if (!edit->new_field_of.empty())
      for (model::Record& record : facts_.records)
        if (record.name == edit->new_field_of && std::ranges::none_of(record.fields, [&](const model::Field& field) {
              return field.name == edit->objects[0].steps.back().field;
            }))
          record.fields.push_back(
              {.name = edit->objects[0].steps.back().field,
               .type = {.kind = model::Type::Kind::record, .spelling = "PyMutex", .record = "PyMutex"},
               .span = record.span});
    if (edit->does == Edit::Does::per_thread) facts_.globals[edit->global.n].is_thread_local = true;
    if (edit->does != Edit::Does::make_atomic) continue;
    if (edit->global.n != none) facts_.globals[edit->global.n].type.is_atomic = true;
    for (model::Record& record : facts_.records)
      if (record.name == edit->record)
        for (model::Field& field : record.fields) field.type.is_atomic |= field.name == edit->field;
    for (FunctionId id = 0; id < facts_.functions.size(); ++id)
      if (std::ranges::any_of(facts_.functions[id].places, [&](const Place& place) {
            return edit->global.n != none ? place.root == Place::Root::global && place.global == edit->global
                                          : is_field(place, edit->record, edit->field);
          }))
        by_function[id].push_back(edit);
  }
  for (const auto& [id, own] : by_function) this->edit(id, own);
}

model::GlobalId Supposition::mutex(const std::string& name) {
  const auto [known, fresh] = mutexes_.try_emplace(name);
  if (fresh) {
    known->second = {static_cast<std::uint32_t>(facts_.globals.size())};
    facts_.globals.push_back({.key = "plan|" + name,
                              .name = name,
                              .type = {.kind = model::Type::Kind::record, .spelling = "PyMutex", .record = "PyMutex"},
                              .is_defined = true});
  }
  return known->second;
}

void Supposition::edit(FunctionId id, const std::vector<const Edit*>& edits) {
  model::Function& function = facts_.functions[id];
  Rewriting rewriting(function);
  for (const Edit* edit : edits) {
    switch (edit->does) {
      case Edit::Does::hold: {
        Held held = held_by(function, *edit, edit->mutex.empty() ? model::GlobalId{none} : mutex(edit->mutex));
        const bool whole = edit->first == none;
        held.acquire.span = held.release.span = whole ? function.name_span : function.events[edit->first].span;
        if (whole) rewriting.at_entry(std::move(held.acquire)), rewriting.at_exits(std::move(held.release));
        else
          rewriting.before(edit->first, std::move(held.acquire)), rewriting.after(edit->last, std::move(held.release));
        break;
      }
      case Edit::Does::make_atomic: {
        std::vector<bool> wanted;
        for (Place& place : function.places) {
          wanted.push_back(edit->global.n != none ? place.root == Place::Root::global && place.global == edit->global &&
                                                        place.steps.empty()
                                                  : is_field(place, edit->record, edit->field));
          place.type.is_atomic |= wanted.back();
        }
        make_atomic(function, wanted, rewriting);
        break;
      }
      case Edit::Does::only_read: {
        Event& event = function.events[edit->first];
        event.kind = Event::Kind::read, event.op = Event::Operator::none;
        event.operands.clear();
        break;
      }
      case Edit::Does::own: function.events[edit->first].callee = edit->callee; break;
      case Edit::Does::per_thread: break;
    }
  }
  const std::vector<EventId> now = rewriting.make();
  std::vector<EventId>& originals = originals_[id];
  originals.assign(function.events.size(), none);
  for (EventId e = 0; e < now.size(); ++e)
    if (now[e] != none) originals[now[e]] = e;
}

EventId Supposition::original(FunctionId id, EventId event) const {
  const auto known = originals_.find(id);
  return known == originals_.end() || event == none ? event : known->second[event];
}

}  // namespace ftaudit::plan
