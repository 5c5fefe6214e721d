#include "analysis/attached.h"

#include <algorithm>
#include <optional>

#include "analysis/attached_paths.h"
#include "capi/module_calls.h"
#include "capi/thread_states.h"

namespace ftaudit::analysis {

using capi::ThreadCall;
using model::Event;
using model::Operand;

namespace {

Attached::Answer answer_of(Kind kind, const Site& since) {
  switch (kind) {
    case Kind::attached: return {Attached::State::attached, {}};
    case Kind::detached: return {Attached::State::detached, since};
    default: return {};
  }
}

Attached::Answer answer_of(const AttachedPaths& paths) {
  Attached::Answer all = answer_of(paths[0].kind, paths[0].since);
  for (const AttachedPath& path : paths) {
    const Attached::Answer one = answer_of(path.kind, path.since);
    if (one.state == all.state) continue;
    all = all.state == Attached::State::unknown || one.state == Attached::State::unknown
              ? Attached::Answer{}
              : Attached::Answer{Attached::State::mixed, all.detached.function != none ? all.detached : one.detached};
  }
  return all;
}

bool never_returns(const Event& event) {
  return is_call(event) && (capi::never_returns(event.callee) || event.callee == "longjmp");
}

// A parameter that nothing is written to: what it is, the caller says.
bool is_as_given(const model::Function& function, std::uint32_t variable) {
  return function.variables[variable].storage == model::Storage::parameter &&
         std::none_of(function.events.begin(), function.events.end(), [&](const Event& event) {
           return event.kind == Event::Kind::write && event.place != none &&
                  function.places[event.place].root == model::Place::Root::variable &&
                  function.places[event.place].variable == variable;
         });
}

// A function that does nothing to the thread state but let it go, or nothing but take it back, where a record says that
// it has to: `if (state->saved == NULL) state->saved = PyEval_SaveThread();`.
bool goes_one_way(const model::Function& function) {
  std::set<ThreadCall::Does> does;
  for (const Event& event : function.events) {
    if (is_call(event) && !event.callee_key.text.empty()) return false;
    if (const ThreadCall* change = is_call(event) ? capi::thread_call(event.callee) : nullptr)
      does.insert(change->does);
    const bool asks_caller = event.kind == Event::Kind::compare && !event.operands.empty() &&
                             event.operands[0].place != none && function.places[event.operands[0].place].steps.empty();
    if (asks_caller) return false;
  }
  return does.size() == 1 && (does.contains(ThreadCall::Does::detach) || does.contains(ThreadCall::Does::attach));
}

}  // namespace

Attached::Attached(const Program& program, const Contexts& contexts, const std::vector<EntryPoint>& entries)
    : program_(program),
      contexts_(contexts),
      entries_(program.facts.functions.size()),
      relevant_(program.facts.functions.size(), false),
      ends_(program.facts.functions.size()),
      ends_known_(program.facts.functions.size(), 0),
      answers_(program.facts.functions.size()),
      answers_known_(program.facts.functions.size(), 0),
      entry_(program.facts.functions.size()),
      entry_known_(program.facts.functions.size(), 0) {
  for (const EntryPoint& entry : entries) entries_[entry.function].push_back(&entry);
  for (const FunctionId id : relevant_.ids()) {
    const model::Function& function = program.function(id);
    relevant_[id] =
        std::any_of(function.events.begin(), function.events.end(),
                    [](const Event& event) {
                      return is_call(event) &&
                             (capi::thread_call(event.callee) != nullptr || capi::asks_if_attached(event.callee));
                    }) ||
        std::any_of(function.variables.begin(), function.variables.end(),
                    [](const model::Variable& variable) { return capi::is_thread_guard(variable.type.spelling); });
  }
  relevant_ = program.with_callers(std::move(relevant_));
}

Attached::~Attached() = default;

Attached::Answer Attached::at(const Site& site) const {
  const FunctionId id = site.function;
  if (answers_known_[id] == 1) return {};  // asked again on the way (recursion): nothing is sure
  if (answers_known_[id] == 0) {
    answers_known_[id] = 1;
    const Answer entry = on_entry(id);
    if (relevant_[id] || entry.state == State::unknown) {
      Paths paths;
      if (entry.state == State::mixed)
        paths = {{.kind = Kind::attached, .since = {}, .saved = {}},
                 {.kind = Kind::detached, .since = entry.detached, .saved = {}}};
      else
        paths = {{.kind = entry.state == State::attached   ? Kind::attached
                          : entry.state == State::detached ? Kind::detached
                                                           : Kind::unknown,
                  .since = entry.detached,
                  .saved = {}}};
      Run run;
      Per<EventId, Answer> before(program_.function(id).events.size());
      run.before = [&](EventId event, const Paths& there) { before[event] = answer_of(there); };
      flow(id, std::move(paths), run);
      answers_[id] = std::move(before);
    }
    answers_known_[id] = 2;
  }
  return answers_[id].empty() ? entry_[id] : answers_[id][site.event];
}

Attached::Answer Attached::on_entry(FunctionId id) const {
  if (entry_known_[id] == 1) return {};
  if (entry_known_[id] == 0) {
    entry_known_[id] = 1;
    entry_[id] = entered(id);
    entry_known_[id] = 2;
  }
  return entry_[id];
}

Attached::Answer Attached::entered_by(const EntryPoint& entry) const {
  const FunctionId id = entry.function;
  if (entry.called_detached) return {State::detached, {id, none}};
  if (entry.role == capi::Role::detached)
    return capi::starts_thread(entry.slot) ? Answer{State::detached, {id, none}} : Answer{};
  if (entry.role != capi::Role::callback) return {State::attached, {}};
  if (entry.slot == capi::export_entry || capi::registers_attached(entry.slot)) return {State::attached, {}};
  // Algorithms of the C++ library call back before they return.
  if (entry.slot.starts_with("std::") && entry.registered.function != none && entry.registered.function != id)
    return at(entry.registered);
  return {};
}

Attached::Answer Attached::entered(FunctionId id) const {
  Answer all;
  bool first = true;
  const auto add = [&](const Answer& one) {
    if (first) all = one;
    else if (all.state != one.state)
      all = all.state == State::unknown || one.state == State::unknown
                ? Answer{}
                : Answer{State::mixed, all.detached.function != none ? all.detached : one.detached};
    first = false;
  };
  const std::vector<Edge>& callers = program_.calls_to(id);
  const bool is_called = std::any_of(callers.begin(), callers.end(), [](const Edge& edge) { return !edge.mention; });
  for (const EntryPoint* entry : entries_[id]) add(entered_by(*entry));
  for (const Edge& edge : callers) {
    if (edge.from == id || !contexts_.reached(edge.from)) continue;
    if (!edge.mention) {
      const Answer there = at({edge.from, edge.event});
      // What differs from path to path inside a caller mostly hangs on a flag that the paths here hang on as well.
      add(there.state == State::mixed && on_entry(edge.from).state != State::mixed ? Answer{} : there);
    }
    if (edge.mention && entries_[id].empty() && !(is_called && program_.function(id).is_lambda)) add({});
  }
  return all;
}

const Attached::Paths& Attached::ends(FunctionId id) const {
  if (ends_known_[id] == 0) {
    ends_known_[id] = 1;
    ends_[id] = {Path{}};  // recursion: as if nothing changed
    Run run;
    flow(id, {Path{}}, run);
    Paths all;
    const model::Function& function = program_.function(id);
    for (Run::End& end : run.ends)
      for (Path& path : end.paths) {
        std::erase_if(path.settled, [&](const auto& one) { return !is_as_given(function, one.first); });
        if (std::find(all.begin(), all.end(), path) == all.end()) all.push_back(std::move(path));
      }
    // A guard that undoes its change only if it made one is taken to have made it.
    if (function.is_destructor && std::any_of(all.begin(), all.end(), [](const Path& path) { return path.undone > 0; }))
      std::erase_if(all, [](const Path& path) { return path.undone == 0; });
    if (function.is_constructor &&
        std::any_of(all.begin(), all.end(), [](const Path& path) { return !path.saved.empty(); }))
      std::erase_if(all, [](const Path& path) { return path.saved.empty(); });
    // What such a helper asks, the one that undoes it asks as well: its callers count on the two of them together.
    const auto unchanged = [](const Path& path) { return path.saved.empty() && path.undone == 0; };
    if (goes_one_way(function) && !std::ranges::all_of(all, unchanged)) std::erase_if(all, unchanged);
    ends_[id] = std::move(all);
    ends_known_[id] = 2;
  }
  return ends_[id];
}

void Attached::call(const Site& site, Path path, Paths& out, Run& run) const {
  const model::Function& function = program_.function(site.function);
  const Event& event = function.events[site.event];
  const auto undo = [&] {
    if (const Site by = path.put_back(); by.function == site.function) run.undone[by.event].insert(site.event);
  };
  if (const ThreadCall* change = capi::thread_call(event.callee)) {
    ThreadCall::Does does = change->does;
    if (does == ThreadCall::Does::swap) {
      const bool away = !event.operands.empty() && event.operands[0].kind == Operand::Kind::null;
      if (!away && path.kind == Kind::attached) return out.push_back(std::move(path));
      does = away ? ThreadCall::Does::detach : ThreadCall::Does::attach;
    }
    if (does == ThreadCall::Does::detach) path.change(Kind::detached, site);
    else if (does == ThreadCall::Does::ensure) path.change(Kind::attached, site);
    else undo();
    if (does == ThreadCall::Does::attach) path.kind = Kind::attached, path.since = {};
    return out.push_back(std::move(path));
  }
  const FunctionId callee = event.callee_key.text.empty() ? none : program_.find(event.callee_key);
  if (callee == none) {
    if (path.kind == Kind::unknown && capi::needs_attached(event.callee)) path.kind = Kind::attached;
    // A guard in an optional or behind a pointer: whether it is there is not to be seen.
    if (!event.operands.empty() && event.callee.starts_with("std::") &&
        event.operands[0].kind == Operand::Kind::address) {
      const model::Place& place = function.places[event.operands[0].place];
      if (place.root == model::Place::Root::variable &&
          capi::is_thread_guard(function.variables[place.variable].type.spelling))
        path.kind = Kind::unknown, path.since = {};
    }
    return out.push_back(std::move(path));
  }
  if (callee == site.function || !relevant_[callee]) return out.push_back(std::move(path));
  const Path before = path;
  for (const Path& end : ends(callee)) {
    if (!end.agrees_with(event)) continue;
    path = before;
    for (int n = 0; n < end.undone; ++n) undo();
    for (const Saved& saved : end.saved) path.change(saved.kind == Kind::entry ? path.kind : saved.kind, site);
    if (end.kind != Kind::entry && end.kind != Kind::restored)
      path.kind = end.kind, path.since = end.kind == Kind::detached ? site : Site{};
    if (std::find(out.begin(), out.end(), path) == out.end()) out.push_back(path);
  }
}

void Attached::apply(const Site& site, Path path, Paths& out, Run& run) const {
  const model::Function& function = program_.function(site.function);
  const Event& event = function.events[site.event];
  if (is_call(event)) return call(site, std::move(path), out, run);
  if (event.kind == Event::Kind::write && event.place != none &&
      function.places[event.place].root == model::Place::Root::variable)
    path.unsettle(function.places[event.place].variable);
  if (event.kind == Event::Kind::write && path.kind == Kind::detached && path.since.function == site.function &&
      event.operands.size() == 1 && event.operands[0].kind == Operand::Kind::call &&
      event.operands[0].event == path.since.event) {
    const model::Place& place = function.places[event.place];
    if (place.root == model::Place::Root::variable && place.steps.empty()) path.token = place.variable;
  }
  out.push_back(std::move(path));
}

void Attached::flow(FunctionId id, Paths entry, Run& run) const {
  const model::Function& function = program_.function(id);
  if (function.blocks.empty()) return;
  if (relevant_[id]) run.deciding = deciding_together(id);
  std::vector<Paths> in(function.blocks.size());
  std::vector<bool> pending(function.blocks.size(), false);
  in[0] = std::move(entry), pending[0] = true;
  std::vector<Paths> out(function.blocks.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
      if (!pending[b]) continue;
      pending[b] = false;
      const model::Block& block = function.blocks[b];
      Paths paths = in[b];
      for (EventId e = block.first; e < block.last && !paths.empty(); ++e) {
        if (run.before) run.before(e, paths);
        Paths next;
        for (Path& path : paths) apply({id, e}, std::move(path), next, run);
        if (next.size() > most_paths) next = {{.kind = Kind::unknown, .since = {}, .saved = {}}};
        paths = std::move(next);
      }
      out[b] = paths;
      for (std::size_t s = 0; s < block.successors.size(); ++s) {
        const std::uint32_t next = block.successors[s];
        if (next == none) continue;
        for (Path path : paths) {
          if (block.condition != none && block.successors.size() == 2 &&
              !path.decided(function, function.events[block.condition], s == 0, run))
            continue;
          if (std::find(in[next].begin(), in[next].end(), path) != in[next].end()) continue;
          if (in[next].size() >= most_paths) path = {.kind = Kind::unknown, .since = {}, .saved = {}};
          if (in[next].size() > most_paths) continue;
          in[next].push_back(std::move(path));
          pending[next] = true, changed = true;
        }
      }
    }
  }
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
    const model::Block& block = function.blocks[b];
    const auto is_end = [&](std::uint32_t n) {
      return n != none && function.blocks[n].successors.empty() && function.blocks[n].first == function.blocks[n].last;
    };
    // With more successors than its condition has outcomes, the others are where an exception would go.
    const std::size_t ordinary = std::min<std::size_t>(block.successors.size(), block.condition == none ? 1 : 2);
    const bool ends_here =
        !is_end(b) && (block.successors.empty() ||
                       (block.condition == none && block.successors.size() > 1
                            ? false
                            : std::any_of(block.successors.begin(),
                                          block.successors.begin() + static_cast<std::ptrdiff_t>(ordinary), is_end)));
    if (!ends_here || out[b].empty()) continue;
    const EventId last = block.first < block.last ? block.last - 1 : none;
    if (last == none || !never_returns(function.events[last])) run.ends.push_back({last, out[b]});
  }
}

bool Attached::changes(const Site& site) const {
  const Event& event = program_.function(site.function).events[site.event];
  if (!is_call(event)) return false;
  if (capi::thread_call(event.callee) != nullptr) return true;
  const FunctionId callee = event.callee_key.text.empty() ? none : program_.find(event.callee_key);
  if (callee == none || callee == site.function || !relevant_[callee]) return false;
  const Paths& all = ends(callee);
  return std::any_of(all.begin(), all.end(), [](const Path& path) { return path.kind != Kind::entry; });
}

}  // namespace ftaudit::analysis
