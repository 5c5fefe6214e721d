#include "analysis/views.h"

#include <algorithm>
#include <set>

#include "analysis/arrival.h"
#include "analysis/once_calls.h"
#include "analysis/resumed.h"
#include "analysis/view_call.h"
#include "capi/arguments.h"
#include "capi/fields.h"
#include "capi/module_calls.h"
#include "capi/records.h"
#include "capi/slots.h"
#include "capi/thread_states.h"

namespace ftaudit::analysis {

using capi::Role;
using capi::SlotUse;
using model::Event;
using model::Operand;

namespace {

constexpr std::size_t most_views = 16;    // of one function; past it ways are thrown together
constexpr std::size_t most_placed = 128;  // past it what is given is no longer told by the global it lies in
constexpr std::size_t most_named = 12;    // of them, views that tell the objects apart
constexpr Origin shared_perhaps{Origin::Kind::shared, false, false};
constexpr Origin from_python{Origin::Kind::shared, true, true};

}  // namespace

Views::Views(const Program& program, const Contexts& contexts, const std::vector<EntryPoint>& entries, const Held& held,
             const Ownership& ownership)
    : ViewPaths(program, entries, held, ownership),
      contexts_(contexts),
      is_entry_(program.facts.functions.size(), false),
      takes_module_(program.facts.functions.size(), false) {
  for (const EntryPoint& entry : entries) is_entry_[entry.function] = true;
  find_module_methods();
  enter_entries();
  for (ViewId id; id < all_.next_id(); ++id) go_on(id);
  pass_flags_to_resumed(program, *this, all_);
  join_entries();
}

void Views::find_module_methods() {
  std::set<model::GlobalId> module_methods;
  const auto each_cell = [&](const auto& visit) {
    for (const model::Table& table : program_.facts.tables)
      for (const model::Row& row : table.rows)
        for (const model::Cell& cell : row.cells) visit(table, cell);
  };
  each_cell([&](const model::Table&, const model::Cell& cell) {
    if (cell.field == capi::fields::methods && cell.value.kind == Operand::Kind::global)
      module_methods.insert(cell.value.global);
  });
  each_cell([&](const model::Table& table, const model::Cell& cell) {
    if (!module_methods.contains(table.variable) || capi::slot_use(cell.field) != SlotUse::method ||
        cell.value.kind != Operand::Kind::function)
      return;
    if (const FunctionId id = program_.find(cell.value.function); id != none) takes_module_[id] = true;
  });
}

// What CPython (or whoever else calls an entry) gives it.
Origin Views::entry_origin(const EntryPoint& entry, std::uint32_t parameter) const {
  const Arrival arrival = *arrival_of(entry);
  const model::Function& function = program_.function(entry.function);
  // A binding moves out of what it has by value.
  if (parameter == 0 ? arrival == Arrival::takedown || function.is_constructor || function.is_destructor
                     : function.is_constructor && function.variables[parameter].type.spelling.ends_with("&&"))
    return {Origin::Kind::exclusive};
  const std::string& wrapped = function.variables[parameter].type.record;
  if ((wrapped.ends_with("::kwargs") || wrapped.ends_with("::args")) && capi::is_wrapped_container(wrapped))
    return {Origin::Kind::argument};
  const SlotUse use = capi::slot_use(entry.slot);
  const bool method = use == SlotUse::method;
  if ((use == SlotUse::call || (method && (entry.flags & meth_varargs) != 0)) && (parameter == 1 || parameter == 2))
    return {Origin::Kind::argument};
  // The buffer is the caller's own.
  if (arrival == Arrival::buffer && parameter == 1) return {Origin::Kind::exclusive};
  // The names of keyword arguments come as a tuple.
  const bool of_class = method && (entry.flags & meth_method) != 0;
  const bool fast = use == SlotUse::vectorcall || (method && (entry.flags & meth_fastcall) != 0);
  if (of_class ? parameter == 4 : fast && parameter == 3) return {Origin::Kind::immutable};
  // A converter ("O&") is called with an argument of the Python call.
  const bool converter = parameter == 0 && capi::parses_arguments(entry.slot);
  if (entry.role == Role::detached && is_lent(program_, held_, entry.function, parameter)) return shared_perhaps;
  return entry.role == Role::callback && !converter ? shared_perhaps : from_python;
}

// Those that Python names come first, so that the first way into a function is the one to be shown.
void Views::enter_entries() {
  std::vector<std::uint32_t> order(entries_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto rank = [&](const EntryPoint& entry) {
      return entry.python_name.empty() ? 2 : arrival_of(entry) == Arrival::takedown ? 1 : 0;
    };
    return rank(entries_[a]) < rank(entries_[b]);
  });
  for (std::uint32_t number : order) {
    const EntryPoint& entry = entries_[number];
    const std::optional<Arrival> arrival = arrival_of(entry);
    if (!arrival) continue;
    const model::Function& function = program_.function(entry.function);
    View made{.function = entry.function, .arrival = *arrival};
    for (std::uint32_t p = 0; p < function.parameters; ++p) {
      const Origin origin = entry_origin(entry, p);
      // An instance of a bound class is Python's to hand to any thread, with all that hangs off it, by whatever
      // pointer it comes.
      const model::Type& type = function.variables[p].type;
      const bool bound = entry.slot == capi::bound_slot && type.kind != model::Type::Kind::scalar;
      // The arguments of a call as an array of references: what it leads to are objects, whoever else has them.
      const bool references = origin.from_python && type.kind == model::Type::Kind::pointer && type.indirections == 2 &&
                              capi::record_named(type.record) == capi::Record::object;
      made.roots.push_back({.origin = origin,
                            .to_object = type.to_object || bound || references,
                            .module = p == 0 && takes_module_[entry.function],
                            .record = function.variables[p].type.record});
      made.given.push_back({{.root = Path::Root::given, .number = p}, origin});
    }
    add(std::move(made), none, none, number);
  }
}

void Views::go_on(ViewId id) {
  const FunctionId function = all_[id].function;
  const auto& events = program_.function(function).events;
  for (const Edge& edge : program_.calls_from(function)) {
    if (contexts_.init_only(edge.to) || calls_another(all_[id], edge)) continue;
    if (!edge.mention) {
      call(id, edge, true);
      continue;
    }
    const Event& event = events[edge.event];
    const bool once = once_call(program_, edge).has_value();
    if (!once && contexts_.runs_once(edge.to)) continue;
    if (once || edge.indirect || (is_call(event) && capi::calls_at_once(event.callee))) {
      call(id, edge, false);
      continue;
    }
    // Handed to somebody nobody sees, unless it is known who calls it.
    const std::vector<Edge>& callers = program_.calls_to(edge.to);
    const bool called = std::any_of(callers.begin(), callers.end(), [&](const Edge& other) {
      return other.indirect || (!other.mention && program_.function(edge.to).is_lambda);
    });
    if (is_entry_[edge.to] && program_.function(edge.to).is_lambda) start(id, edge);
    if (!is_entry_[edge.to] && !called) call(id, edge, false);
  }
}

// Through a parameter that holds, this way, a function that the caller named: who visits one kind of object for one
// caller does not visit it for another.
bool Views::calls_another(const View& view, const Edge& edge) const {
  if (!edge.indirect || edge.mention || view.closures.empty()) return false;
  const model::Function& function = program_.function(edge.from);
  const Event& event = function.events[edge.event];
  if (!event.callee.empty() || event.target.kind != Operand::Kind::place) return false;
  const model::Place& place = function.places[event.target.place];
  const bool plain =
      place.root == model::Place::Root::variable && place.variable < function.parameters &&
      std::ranges::all_of(place.steps, [](const model::Step& step) { return step.kind == model::Step::Kind::deref; });
  if (!plain || held_.values(edge.from).definitions(place.variable, edge.event) != std::vector<EventId>{none})
    return false;
  return std::ranges::any_of(view.closures, [&](const Closure& known) {
    return known.parameter == place.variable && known.lambda != edge.to && !program_.function(known.lambda).is_lambda;
  });
}

void Views::call(ViewId id, const Edge& edge, bool operands_known) {
  const model::Function& function = program_.function(edge.to);
  ViewCall call(*this, program_, held_, ownership_, all_[id], edge.event, edge.to);
  View made{.function = edge.to, .arrival = all_[id].arrival};
  const Event& event = program_.function(edge.from).events[edge.event];
  const std::optional<std::string> flag = once_flag(program_, held_, edge);
  const bool once = flag.has_value();
  // std::call_once(flag, function, arguments...)
  const bool hands_on = once && event.callee.ends_with("::call_once");
  for (std::uint32_t p = 0; p < function.parameters; ++p)
    made.given.push_back(call.given(p, operands_known || hands_on, hands_on ? 2 : 0));
  if (!function.variables.empty() && function.has_this && (function.is_constructor || function.is_destructor))
    made.given[0].origin = {Origin::Kind::exclusive};
  const bool at_once = !edge.mention || edge.indirect || capi::calls_at_once(event.callee);
  if (at_once || once) call.capture(made);
  if (operands_known) call.hand_on(made);
  if (at_once) {
    Locks there = held(all_[id], edge.event);
    for (Lock& claim : claims(all_[id], edge.event)) there.push_back(std::move(claim));
    made.locks = call.locks(std::move(there)), made.passed = call.names(passed(all_[id], edge.event));
  }
  if (!edge.mention || once) made.inside = call.names(all_[id].inside);
  if (const std::string initialised = held_.initialised_by(edge.from, edge.event); !initialised.empty())
    made.inside.push_back(initialised);
  if (once)
    for (std::string& name : call.names({absolute(all_[id], *flag)})) made.inside.push_back(std::move(name));
  call.finish(made);
  const ViewId next = add(std::move(made), id, edge.event, none);
  if (std::find(next_[id].begin(), next_[id].end(), next) == next_[id].end()) next_[id].push_back(next);
}

// A thread that runs a lambda has what that one captured beside everybody else, whoever was making it until then.
void Views::start(ViewId id, const Edge& edge) {
  const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const EntryPoint& known) { return known.function == edge.to; });
  if (entry == entries_.end() || entry->role != Role::detached) return;
  const model::Function& function = program_.function(edge.to);
  ViewCall call(*this, program_, held_, ownership_, all_[id], edge.event, edge.to);
  View made{.function = edge.to, .arrival = Arrival::thread};
  for (std::uint32_t p = 0; p < function.parameters; ++p) made.given.push_back(call.given(p, false));
  call.capture(made);
  call.finish(made);
  const auto let_out = [](Origin& origin) {
    if (origin.kind == Origin::Kind::exclusive) origin = from_python;
    else if (origin.kind == Origin::Kind::fresh) origin = shared_perhaps;
  };
  // A constructor that starts one thread starts one for each object: it does not meet itself.
  const model::Function& starter = program_.function(edge.from);
  const bool one = starter.is_constructor && starter.events[edge.event].callee.ends_with("thread::thread") &&
                   !held_.values(edge.from).reaches(edge.event, edge.event, none);
  for (std::uint32_t r = 0; r < made.roots.size(); ++r) {
    Root& root = made.roots[r];
    if (one && !root.stack && root.origin.kind == Origin::Kind::exclusive)
      made.inside.push_back("&r" + std::to_string(r) + ".thread");
    if (!root.stack) let_out(root.origin);
  }
  for (Given& given : made.given)
    if (given.path.root != Path::Root::given || !made.roots[given.path.number].stack) let_out(given.origin);
  add(std::move(made), none, none, static_cast<std::uint32_t>(entry - entries_.begin()));
}

namespace {

void append(std::string& key, const Origin& origin) {
  key += static_cast<char>('0' + static_cast<int>(origin.kind) * 4 + origin.certain * 2 + origin.from_python);
}

std::string key_of(const View& view) {
  std::string key = std::to_string(view.function.n) + "/" + static_cast<char>('a' + static_cast<int>(view.arrival));
  for (const Given& given : view.given) {
    key += given.path.is_address ? ",&" : ",";
    key += given.path.text();
    append(key, given.origin);
  }
  for (const Closure& closure : view.closures) {
    key += "\\" + std::to_string(closure.lambda.n) + "@" + std::to_string(closure.parameter);
    for (const Given& given : closure.captured) key += (given.path.is_address ? ",&" : ",") + given.path.text();
  }
  key += ";";
  for (const Root& root : view.roots) {
    append(key, root.origin);
    key += static_cast<char>('0' + root.stack + root.array * 2 + root.to_object * 4 + root.module * 8);
    if (root.led.root != Path::Root::unknown) key += "<" + root.led.text();
  }
  for (const auto& [cell, value] : view.cells) key += ";" + cell + (value.is_address ? "=&" : "=") + value.text();
  std::vector<std::string> locks;
  for (const Lock& lock : view.locks)
    locks.push_back("|" + lock.what + static_cast<char>('a' + static_cast<int>(lock.kind)) + (lock.shared ? "r" : ""));
  for (const std::string& lock : locks) key += lock;
  for (const std::string& flag : view.passed) key += "!" + flag;
  for (const std::string& flag : view.inside) key += "#" + flag;
  return key;
}

bool alike(const std::vector<model::Step>& a, const std::vector<model::Step>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const model::Step& one, const model::Step& other) {
    return one.kind == other.kind && one.field == other.field;
  });
}

}  // namespace

// The same without telling objects apart: what is given is all that is known.
void Views::generalise(View& view) const {
  const Locks inside = entry_locks(view);
  view.roots.clear(), view.cells.clear(), view.locks.clear(), view.blurred = true;
  std::erase_if(view.closures, [&](const Closure& known) { return program_.function(known.lambda).is_lambda; });
  for (std::vector<std::string>* flags : {&view.passed, &view.inside})
    std::erase_if(*flags, [](const std::string& flag) { return !flag.starts_with("&g"); });
  for (std::uint32_t p = 0; p < view.given.size(); ++p) {
    Given& given = view.given[p];
    if (given.path.root == Path::Root::global) continue;
    Root root{.origin = given.origin, .to_object = program_.function(view.function).variables[p].type.to_object};
    given.path = {.root = Path::Root::given, .number = static_cast<std::uint32_t>(view.roots.size())};
    view.roots.push_back(root);
  }
  for (Lock lock : inside) {
    lock.what = absolute(view, lock.what);
    if (lock.what.starts_with("r") && lock.what.find_first_not_of("r0123456789") == std::string::npos &&
        std::stoul(lock.what.substr(1)) >= view.roots.size())
      lock.what = "?";
    view.locks.push_back(std::move(lock));
  }
}

// Nor which global it is that something lies in.
void Views::forget_globals(View& view) const {
  view.roots.clear(), view.closures.clear();
  for (std::uint32_t p = 0; p < view.given.size(); ++p) {
    Given& given = view.given[p];
    given.path = {.root = Path::Root::given, .number = p};
    view.roots.push_back(
        {.origin = given.origin, .to_object = program_.function(view.function).variables[p].type.to_object});
  }
  std::erase_if(view.locks,
                [](const Lock& lock) { return !lock.what.starts_with("g") && !lock.what.starts_with("&g"); });
}

// The view of the same function that is given the same, whoever it may be: what one of them may hold, all hold.
std::optional<ViewId> Views::joined(const View& made) {
  const auto called = [](const Closure& known) { return std::pair(known.parameter, known.lambda); };
  for (const ViewId other : of_[made.function]) {
    View& view = all_[other];
    const bool same =
        view.blurred && view.arrival == made.arrival && view.given.size() == made.given.size() &&
        std::ranges::equal(view.closures, made.closures, {}, called, called) &&
        std::equal(view.given.begin(), view.given.end(), made.given.begin(), [](const Given& a, const Given& b) {
          return a.origin.is_private() == b.origin.is_private() && a.path.root == b.path.root &&
                 a.path.number == b.path.number && alike(a.path.steps, b.path.steps);
        });
    if (!same) continue;
    const std::size_t before = view.locks.size();
    std::erase_if(view.locks, [&](const Lock& lock) {
      return std::find(made.locks.begin(), made.locks.end(), lock) == made.locks.end();
    });
    const std::size_t flags = view.passed.size();
    view.passed = common(view.passed, made.passed);
    view.inside = common(view.inside, made.inside);
    if (view.locks.size() != before || view.passed.size() != flags) go_on(other);
    return other;
  }
  return std::nullopt;
}

ViewId Views::add(View made, ViewId from, EventId call, std::uint32_t entry) {
  std::string key = key_of(made);
  auto known = known_.find(key);
  std::vector<ViewId>& others = of_[made.function];
  if (known == known_.end() && others.size() >= most_named) {
    generalise(made);
    ++merged_;
    key = key_of(made);
    known = known_.find(key);
  }
  if (known == known_.end() && others.size() >= most_views) {
    std::optional<ViewId> other = joined(made);
    if (!other && others.size() >= most_placed) {
      forget_globals(made);
      key = key_of(made);
      known = known_.find(key);
      if (known == known_.end()) other = joined(made);
    }
    if (other) return known_.emplace(std::move(key), *other), *other;
  }
  if (known != known_.end()) {
    if (entry != none) all_[known->second].entries.push_back(entry);
    return known->second;
  }
  const ViewId id = all_.next_id();
  made.from = from, made.call = call;
  if (entry != none) made.entries.push_back(entry);
  others.push_back(id), known_.emplace(std::move(key), id);
  all_.push_back(std::move(made));
  next_.emplace_back();
  return id;
}

// Every entry leads to where the views it leads to go on to.
void Views::join_entries() {
  const std::size_t words = entries_.size() / 64 + 1;
  Per<ViewId, std::vector<std::uint64_t>> sets(all_.size(), std::vector<std::uint64_t>(words, 0));
  std::vector<ViewId> queue;
  Per<ViewId, bool> queued(all_.size(), true);
  for (const ViewId id : all_.ids()) {
    for (std::uint32_t entry : all_[id].entries) sets[id][entry / 64] |= std::uint64_t{1} << (entry % 64);
    queue.push_back(id);
  }
  while (!queue.empty()) {
    const ViewId id = queue.back();
    queue.pop_back();
    queued[id] = false;
    for (ViewId next : next_[id]) {
      bool more = false;
      for (std::size_t w = 0; w < words; ++w) {
        more |= (sets[id][w] & ~sets[next][w]) != 0;
        sets[next][w] |= sets[id][w];
      }
      if (more && !queued[next]) queued[next] = true, queue.push_back(next);
    }
  }
  for (const ViewId id : all_.ids()) {
    all_[id].entries.clear();
    for (std::uint32_t e = 0; e < entries_.size(); ++e)
      if ((sets[id][e / 64] >> (e % 64) & 1) != 0) all_[id].entries.push_back(e);
  }
}

}  // namespace ftaudit::analysis
