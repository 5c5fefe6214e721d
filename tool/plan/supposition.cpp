#include "plan/supposition.h"
#include "capi/fields.h"
#include "plan/makers.h"

#include <algorithm>
#include <utility>

namespace ftaudit::plan {

using model::Event;
using model::Operand;
using model::Place;
using model::Rewriting;

namespace {

std::uint32_t place_in(model::Function& function, Place place) {
  const auto same =
      std::ranges::find_if(function.places, [&](const Place& known) { return is_same_object(known, place); });
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
    out.release.implicit = native;  // a guard does it, whatever is thrown
  }
  return out;
}

void hold_in(const Stretch& stretch, const Held& held, Rewriting& rewriting) {
  if (stretch.first != none) rewriting.before(stretch.first, held.acquire);
  else rewriting.at_end(stretch.behind, held.acquire);
  for (const EventId last : stretch.last) rewriting.after(last, held.release);
  for (const std::uint32_t block : stretch.before) rewriting.at_beginning(block, held.release);
  for (const std::uint32_t block : stretch.after) rewriting.at_end(block, held.release);
}

// A local that the copy is put into, and the events about it.
void copy(model::Function& function, const Edit& edit, Rewriting& rewriting) {
  function.variables.push_back({.name = "_plan_copy" + std::to_string(function.variables.size()),
                                .type = edit.objects[0].type,
                                .storage = model::Storage::local});
  const std::uint32_t own = place_in(function, {.root = Place::Root::variable,
                                                .variable = static_cast<std::uint32_t>(function.variables.size() - 1),
                                                .type = edit.objects[0].type});
  const EventId first = edit.stretch->first;
  Event made, kept;
  made.callee = edit.callee;
  made.operands = {{.kind = Operand::Kind::place, .place = place_in(function, edit.objects[0])}};
  kept.kind = Event::Kind::write, kept.op = Event::Operator::assign, kept.place = own;
  kept.operands = {{.kind = Operand::Kind::call, .event = Rewriting::just_before}};
  made.span = kept.span = first != none ? function.events[first].span : function.name_span;
  for (Event* event : {&made, &kept})
    if (first != none) rewriting.before(first, *event);
    else rewriting.at_end(edit.stretch->behind, *event);
  for (const EventId e : edit.events) function.events[e].operands[0] = {.kind = Operand::Kind::place, .place = own};
}

// A reference of one's own: taken in the section where the event reads, and what uses that goes by a local then.
void own_reference(model::Function& function, const Edit& edit, const Held& held, Rewriting& rewriting) {
  Event& event = function.events[edit.first];
  const Place read = function.places[event.place];
  function.variables.push_back({.name = "_plan_own" + std::to_string(function.variables.size()),
                                .type = read.type,
                                .storage = model::Storage::local});
  const std::uint32_t own = place_in(function, {.root = Place::Root::variable,
                                                .variable = static_cast<std::uint32_t>(function.variables.size() - 1),
                                                .type = read.type});
  Event counted, kept;
  counted.callee = "Py_XNewRef";
  counted.operands = {{.kind = Operand::Kind::place, .place = event.place}};
  kept.kind = Event::Kind::write, kept.op = Event::Operator::assign, kept.place = own;
  kept.operands = {{.kind = Operand::Kind::call, .event = Rewriting::just_before}};
  counted.span = kept.span = event.span;
  for (const Event& one : {held.acquire, event, counted, kept, held.release}) rewriting.before(edit.first, one);
  for (const EventId e : edit.events)
    for (Operand& operand : function.events[e].operands)
      if (operand.kind == Operand::Kind::place && operand.place == event.place) operand.place = own;
  event.place = own;
}

bool is_field(const Place& place, const std::string& record, const std::string& field) {
  return !place.steps.empty() && place.steps.back().kind == model::Step::Kind::field &&
         place.steps.back().record == record && place.steps.back().field == field;
}

bool is_of(const Edit& edit, const Place& place) {
  return edit.global != none ? place.root == Place::Root::global && place.global == edit.global && place.steps.empty()
                             : is_field(place, edit.record, edit.field);
}

void wait_detached(model::Function& function, const Edit& edit) {
  for (Event& event : function.events)
    for (const Operand& operand : event.operands)
      if (operand.kind == Operand::Kind::address && is_of(edit, function.places[operand.place])) {
        if (event.kind == Event::Kind::acquire) event.callee = "PyMutex_Lock";
        if (event.kind == Event::Kind::release) event.callee = "PyMutex_Unlock";
      }
}

// Reading and writing become one access where they were one operator.
void make_atomic(model::Function& function, const std::vector<bool>& wanted, Rewriting& rewriting) {
  EventId read = none, update = none;
  for (const EventId e : function.events.ids()) {
    Event& event = function.events[e];
    if ((event.kind != Event::Kind::read && event.kind != Event::Kind::write) || event.place == none ||
        !wanted[event.place])
      continue;
    event.atomic = true, event.order = event.failure = model::Order::seq_cst;
    const auto same = [&](EventId other) {
      const Event& known = function.events[other];
      return known.place == event.place && known.span.line == event.span.line && known.span.column == event.span.column;
    };
    if (event.kind == Event::Kind::read) {
      // What `--n == 0` compares is what the subtraction gives back.
      if (update != none && same(update)) rewriting.take_out(e);
      else read = e;
      continue;
    }
    update = event.op == Event::Operator::update ? e : none;
    if (update != none && read != none && same(read)) rewriting.take_out(read);
    read = none;
  }
}

}  // namespace

std::optional<Edit> one_section(const std::vector<const Edit*>& edits) {
  std::optional<Edit> out;
  for (const Edit* edit : edits) {
    if (!is_whole_section(*edit)) continue;
    if (!out) out = Edit{.function = edit->function};
    for (const Place& object : edit->objects)
      if (std::ranges::none_of(out->objects, [&](const Place& known) { return is_same_object(known, object); }))
        out->objects.push_back(object);
  }
  return out && out->objects.size() <= 2 ? out : std::nullopt;
}

// Who makes a struct that gets a mutex makes the mutex.
static std::vector<Edit> made_mutexes(const model::Facts& facts, const std::vector<const Edit*>& edits) {
  std::map<std::string, std::string> fields;  // by record
  for (const Edit* edit : edits)
    if (!edit->new_field_of.empty()) fields[edit->new_field_of] = edit->objects[0].steps.back().field;
  std::vector<Edit> out;
  for (const auto& [record, field] : fields)
    for (const FunctionId id : facts.functions.ids())
      for (const EventId store : stores_unmade(facts.functions[id], record))
        out.push_back(
            {.does = Edit::Does::make_mutex, .function = id, .first = store, .record = record, .field = field});
  return out;
}

Supposition::Supposition(const model::Facts& facts, const std::vector<const Edit*>& edits) : facts_(facts) {
  std::map<FunctionId, std::vector<const Edit*>> by_function;
  const std::vector<Edit> mutexes = made_mutexes(facts, edits);
  for (const Edit& edit : mutexes) by_function[edit.function].push_back(&edit);
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
    if (edit->does == Edit::Does::wait_detached) {
      if (edit->global != none) facts_.globals[edit->global].type.record = "PyMutex";
      for (model::Record& record : facts_.records)
        for (model::Field& field : record.fields)
          if (record.name == edit->record && field.name == edit->field) field.type.record = "PyMutex";
    }
    if (edit->does == Edit::Does::per_thread) facts_.globals[edit->global].is_thread_local = true;
    const bool atomic = edit->does == Edit::Does::make_atomic;
    if (!atomic && edit->does != Edit::Does::wait_detached) continue;
    if (atomic && edit->global != none) facts_.globals[edit->global].type.is_atomic = true;
    for (model::Record& record : facts_.records)
      if (atomic && record.name == edit->record)
        for (model::Field& field : record.fields) field.type.is_atomic |= field.name == edit->field;
    for (const FunctionId id : facts_.functions.ids())
      if (std::ranges::any_of(facts_.functions[id].places, [&](const Place& place) {
            return edit->global != none ? place.root == Place::Root::global && place.global == edit->global
                                        : is_field(place, edit->record, edit->field);
          }))
        by_function[id].push_back(edit);
  }
  for (const auto& [id, own] : by_function) this->edit(id, own);
  for (const Edit* edit : edits)
    if (edit->does == Edit::Does::declare) declare(*edit);
}

// What a declaration leaves in the facts, by the way the module is made.
void Supposition::declare(const Edit& edit) {
  constexpr std::int64_t gil_slot = 4, newer_gil_slot = 87;  // Py_mod_gil up to 3.14, and from 3.15 on
  constexpr std::int64_t not_used = 1;
  const auto number = [](std::int64_t n) { return Operand{.kind = Operand::Kind::number, .number = n}; };
  const model::Row slot{.cells = {{.field = std::string(capi::fields::slot), .value = number(gil_slot)},
                                  {.field = std::string(capi::fields::slot_value), .value = number(not_used)}}};
  if (edit.macro != none) {
    if (edit.callee == "NB_FREE_THREADED") facts_.macros.push_back({.name = edit.callee, .definition = true});
    else facts_.macros[edit.macro].arguments.push_back(edit.callee);
    return;
  }
  for (std::size_t t = 0; t < facts_.tables.size(); ++t) {
    if (edit.global == none || !(facts_.tables[t].variable == edit.global)) continue;
    for (model::Row& row : facts_.tables[t].rows)
      if (row.cells.size() > 1 && row.cells[0].field == capi::fields::slot &&
          row.cells[0].value.kind == Operand::Kind::number &&
          (row.cells[0].value.number == gil_slot || row.cells[0].value.number == newer_gil_slot)) {
        row.cells[1].value = number(not_used);
        return;
      }
    if (facts_.tables[t].record != "PyModuleDef") {
      facts_.tables[t].rows.insert(facts_.tables[t].rows.begin(), slot);
      return;
    }
    const model::GlobalId array{static_cast<std::uint32_t>(facts_.globals.size())};
    facts_.globals.push_back({.key = "plan|slots", .name = "slots", .is_defined = true});
    facts_.tables[t].rows[0].cells.push_back(
        {.field = std::string(capi::fields::module_slots), .value = {.kind = Operand::Kind::global, .global = array}});
    facts_.tables.push_back({.variable = array, .record = "PyModuleDef_Slot", .is_array = true, .rows = {slot}});
    return;
  }
}

model::GlobalId Supposition::mutex(const std::string& name) {
  const auto [known, fresh] = mutexes_.try_emplace(name);
  if (fresh) {
    known->second = facts_.globals.next_id();
    facts_.globals.push_back({.key = "plan|" + name,
                              .name = name,
                              .type = {.kind = model::Type::Kind::record, .spelling = "PyMutex", .record = "PyMutex"},
                              .is_defined = true});
  }
  return known->second;
}

// Guarded as a build without the GIL wants it.
void Supposition::set_gil(model::Function& function, EventId made, Rewriting& rewriting) {
  Event call;
  call.callee = "PyUnstable_Module_SetGIL";
  call.operands = {{.kind = Operand::Kind::call, .event = made}, {.kind = Operand::Kind::number, .number = 1}};
  call.span = function.events[made].span;
  call.result_unused = true;
  facts_.regions.push_back({.file = call.span.file,
                            .first_line = call.span.line,
                            .last_line = call.span.line,
                            .condition = "defined(Py_GIL_DISABLED)"});
  rewriting.after(made, std::move(call));
}

void Supposition::edit(FunctionId id, const std::vector<const Edit*>& edits) {
  model::Function& function = facts_.functions[id];
  Rewriting rewriting(function);
  const std::optional<Edit> section = one_section(edits);
  bool is_open = false;
  for (const Edit* edit : edits) {
    if (section && is_whole_section(*edit)) {
      if (std::exchange(is_open, true)) continue;
      edit = &*section;
    }
    switch (edit->does) {
      case Edit::Does::hold: {
        Held held = held_by(function, *edit, edit->mutex.empty() ? model::GlobalId{none} : mutex(edit->mutex));
        const EventId from = edit->stretch ? edit->stretch->first : edit->first;
        const bool whole = from == none;
        held.acquire.span = held.release.span = whole ? function.name_span : function.events[from].span;
        if (edit->own_reference) own_reference(function, *edit, held, rewriting);
        else if (edit->stretch) hold_in(*edit->stretch, held, rewriting);
        else if (whole) rewriting.at_entry(std::move(held.acquire)), rewriting.at_exits(std::move(held.release));
        else
          rewriting.before(edit->first, std::move(held.acquire)), rewriting.after(edit->last, std::move(held.release));
        break;
      }
      case Edit::Does::make_atomic: {
        std::vector<bool> wanted;
        for (Place& place : function.places) {
          wanted.push_back(is_of(*edit, place));
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
      case Edit::Does::call: function.events[edit->first].callee = edit->callee; break;
      case Edit::Does::copy: copy(function, *edit, rewriting); break;
      case Edit::Does::swap: std::swap(function.events[edit->first], function.events[edit->last]); break;
      case Edit::Does::let_go_first:
        rewriting.before(edit->first, function.events[edit->last]);
        rewriting.take_out(edit->last);
        break;
      case Edit::Does::use_accessor:
        function.events[edit->first].macro = static_cast<std::uint32_t>(function.macros.size());
        function.macros.push_back({.name = "Py_TYPE"});
        break;
      case Edit::Does::take_out_test: function.events[edit->first].operands.clear(); break;
      case Edit::Does::wait_detached: wait_detached(function, *edit); break;
      case Edit::Does::declare: set_gil(function, edit->first, rewriting); break;
      case Edit::Does::make_mutex: {
        Event made;
        Place mutex = function.places[function.events[edit->first].place];
        mutex.steps.push_back({.kind = model::Step::Kind::deref});
        mutex.steps.push_back({.kind = model::Step::Kind::field, .field = edit->field, .record = edit->record});
        mutex.type = {.kind = model::Type::Kind::record, .spelling = "PyMutex", .record = "PyMutex"};
        made.kind = Event::Kind::write, made.op = Event::Operator::assign, made.place = place_in(function, mutex);
        made.operands = {{.kind = Operand::Kind::number}}, made.span = function.events[edit->first].span;
        rewriting.after(edit->first, made);
        break;
      }
      case Edit::Does::per_thread: break;
    }
  }
  const Per<EventId, EventId> now = rewriting.make();
  Per<EventId, EventId>& originals = originals_[id];
  originals.assign(function.events.size(), none);
  for (const EventId e : now.ids())
    if (now[e] != none) originals[now[e]] = e;
}

EventId Supposition::original(FunctionId id, EventId event) const {
  const auto known = originals_.find(id);
  return known == originals_.end() || event == none ? event : known->second[event];
}

}  // namespace ftaudit::plan
