// Conflicts, the part that recognises a mistake by its shape: free lists, callback arguments, flags that a loop polls,
// locks of the wrong object.
#include <algorithm>
#include <set>

#include "analysis/conflicts.h"
#include "analysis/loops.h"
#include "capi/capi.h"
#include "capi/python_runs.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

// One way out of the block ends the loop as it is meant to end: by no exception.
bool ends(const model::Function& function, const std::set<std::uint32_t>& loop, std::uint32_t block) {
  const std::vector<std::uint32_t>& next = function.blocks[block].successors;
  return std::any_of(next.begin(), next.end(), [&](std::uint32_t out) {
    return out == none || (!loop.contains(out) && !throws(function, function.blocks[out]));
  });
}

// A round of the loop takes a lock: what was written before that was last given back is to be seen.
bool synchronises(const model::Function& function, const std::set<std::uint32_t>& loop) {
  return std::ranges::any_of(loop, [&](std::uint32_t block) {
    for (const EventId e : function.blocks[block].events())
      if (function.events[e].kind == Event::Kind::acquire) return true;
    return false;
  });
}

// Each round looks at another cell: what leads to it is changed in the loop, as in a walk over a list.
bool walks(const model::Function& function, const std::set<std::uint32_t>& loop, const Operand& looked_at) {
  if (looked_at.kind != Operand::Kind::place) return false;
  const model::Place& cell = function.places[looked_at.place];
  return std::ranges::any_of(loop, [&](std::uint32_t block) {
    for (const EventId e : function.blocks[block].events()) {
      const Event& event = function.events[e];
      if (event.kind != Event::Kind::write || event.place == none) continue;
      const model::Place& moved = function.places[event.place];
      if (moved.root == cell.root && moved.variable == cell.variable && moved.global == cell.global &&
          moved.call == cell.call && moved.steps.size() < cell.steps.size() &&
          std::equal(moved.steps.begin(), moved.steps.end(), cell.steps.begin()))
        return true;
    }
    return false;
  });
}

// The loop ends by itself, when what it takes one after the other has run out or is of another kind: it asks the flag
// only on its way, and does not wait for it.
bool runs_out(const model::Function& function, const Flow& flow, const std::set<std::uint32_t>& loop,
              std::uint32_t asks) {
  const auto each_event = [&](const auto& is_one) {
    return std::ranges::any_of(loop, [&](std::uint32_t block) {
      for (const EventId e : function.blocks[block].events())
        if (is_one(function.events[e])) return true;
      return false;
    });
  };
  if (each_event([](const Event& event) { return is_call(event) && capi::blocking(event.callee) != nullptr; }))
    return false;
  return std::ranges::any_of(loop, [&](std::uint32_t block) {
    const EventId decides = function.blocks[block].condition;
    if (block == asks || decides == none || !flow.dominates(block, asks) || !ends(function, loop, block)) return false;
    return std::ranges::any_of(function.events[decides].operands, [&](const Operand& operand) {
      return operand.kind == Operand::Kind::place && each_event([&](const Event& event) {
               return event.kind == Event::Kind::write && event.place == operand.place;
             });
    });
  });
}

}  // namespace

// head = head->next: the first entry of a list is taken out.
bool Conflicts::takes_next(const State& state, const Access& store) const {
  const model::Function& function = program_.function(store.site.function);
  const Event& event = function.events[store.site.event];
  if (event.operands.empty() || event.operands[0].kind != Operand::Kind::place) return false;
  const Path path = path_of(function, held_.values(store.site.function), event.operands[0], store.site.event);
  return path.root == Path::Root::global && path.global() == state.global && !path.steps.empty() &&
         path.steps.back().kind == model::Step::Kind::field;
}

// Objects or blocks kept for reuse: put in by who takes objects down, taken out by who makes them.
bool Conflicts::is_free_list(const State& state) const {
  if (state.type.kind != model::Type::Kind::array && state.type.kind != model::Type::Kind::pointer) return false;
  bool put_back = false, taken = false;
  for (const Access& access : state.accesses) {
    const bool takedown = shared_.deallocates(access.site.function);
    put_back |= takedown && access.write;
    taken |= !takedown &&
             (state.type.kind == model::Type::Kind::array ? !access.write : access.write && takes_next(state, access));
  }
  return put_back && taken;
}

// Stored for the time of a call that runs Python, and taken back behind it: whoever reads it in another function finds
// it there when he is called from within.
bool Conflicts::is_left_for_a_call(const State& state, const Access& store) const {
  const FunctionId id = store.site.function;
  const model::Function& function = program_.function(id);
  const Values& values = held_.values(id);
  const bool read_elsewhere = std::ranges::any_of(
      state.accesses, [&](const Access& access) { return !access.write && access.site.function != id; });
  if (!read_elsewhere) return false;
  const auto takes_back = [&](const Access& other) {
    const Event& event = function.events[other.site.event];
    if (event.kind != Event::Kind::write || event.is_update() || event.operands.empty()) return false;
    if (constant(event.operands[0]) == 0 || event.operands[0].kind == Operand::Kind::null) return true;
    if (event.operands[0].kind != Operand::Kind::place) return false;
    const Path path = path_of(function, values, event.operands[0], other.site.event);
    return path.root == Path::Root::global && path.global() == state.global;
  };
  for (EventId e = store.site.event + 1; e < function.events.next_id(); ++e) {
    const Event& call = function.events[e];
    if (!is_call(call) || !(capi::calls_object(call.callee) || capi::calls_by_binding(call.callee)) ||
        !values.reaches(store.site.event, e, none))
      continue;
    if (std::ranges::any_of(state.accesses, [&](const Access& other) {
          return other.write && other.site.function == id && other.site.event > e && takes_back(other) &&
                 values.reaches(e, other.site.event, none);
        }))
      return true;
  }
  return false;
}

// Stored, and then a function that reads it is handed to somebody who calls it. A constant, a count, or what another
// global holds, is no argument of this call: the callback would have found it by itself.
bool Conflicts::carries_callback_argument(const State& state, const Access& store) const {
  const Event& write = program_.function(store.site.function).events[store.site.event];
  if (write.kind == Event::Kind::write && write.is_update()) return false;  // a count is kept there
  if (write.kind == Event::Kind::write && !write.operands.empty()) {
    const Operand& value = write.operands[0];
    if (value.kind == Operand::Kind::null || value.kind == Operand::Kind::number || value.kind == Operand::Kind::text)
      return false;
    if (value.kind == Operand::Kind::place &&
        path_of(program_.function(store.site.function), held_.values(store.site.function), value, store.site.event)
                .root == Path::Root::global)
      return false;
  }
  for (const Edge& edge : program_.calls_from(store.site.function)) {
    if (!edge.mention || edge.event <= store.site.event || !is_call(program_.function(edge.from).events[edge.event]))
      continue;
    if (!held_.values(edge.from).reaches(store.site.event, edge.event, none)) continue;
    const bool reads = std::any_of(state.accesses.begin(), state.accesses.end(), [&](const Access& access) {
      return access.site.function == edge.to && !access.write;
    });
    if (reads) return true;
  }
  return is_left_for_a_call(state, store);
}

// Somebody writes it who does not get to this function himself: what each run of a loop is given by its own caller is
// no sign from another thread.
bool Conflicts::written_from_elsewhere(const State& state, FunctionId loops) const {
  Per<FunctionId, bool> leading(program_.facts.functions.size(), false);
  leading[loops] = true;
  leading = program_.with_callers(std::move(leading));
  const Views& views = shared_.views();
  return std::ranges::any_of(state.accesses, [&](const Access& access) {
    if (!access.write) return false;
    std::vector<ViewId> ways = access.others;
    ways.push_back(access.view);
    return shared_.on_native_thread(access.site.function) || std::ranges::any_of(ways, [&](ViewId way) {
             return std::ranges::any_of(views.view(way).entries, [&](std::uint32_t entry) {
               return !leading[views.entry(entry).function] && !shared_.deallocates(views.entry(entry).function);
             });
           });
  });
}

// A loop goes on as long as it has a value that nothing in the loop's function writes.
bool Conflicts::polled(const State& state) const {
  for (const Access& access : state.accesses) {
    if (access.write || state.contents || state.type.kind != model::Type::Kind::scalar) continue;
    const FunctionId id = access.site.function;
    const bool writes = std::any_of(state.accesses.begin(), state.accesses.end(),
                                    [&](const Access& other) { return other.write && other.site.function == id; });
    if (writes) continue;
    const model::Function& function = program_.function(id);
    const Flow& flow = program_.flow(id);
    const std::uint32_t block = flow.block_of[access.site.event];
    const EventId decides = function.blocks[block].condition;
    if (decides == none || function.events[decides].operands.empty()) continue;
    const Event& decision = function.events[decides];
    const bool flag = decision.op == Event::Operator::truth ||
                      ((decision.op == Event::Operator::equal || decision.op == Event::Operator::unequal) &&
                       decision.operands[1].kind == Operand::Kind::number);
    if (!flag || shared_.state_of(id, decision.operands[0], decides) != &state) continue;
    for (std::uint32_t head = block; head != none; head = flow.dominator[head] == head ? none : flow.dominator[head])
      if (const std::set<std::uint32_t> loop = loop_of(flow, head);
          loop.contains(block) && ends(function, loop, block) && !synchronises(function, loop) &&
          !walks(function, loop, decision.operands[0]) && !runs_out(function, flow, loop, block) &&
          written_from_elsewhere(state, id))
        return true;
  }
  return false;
}

// The threads that get to the state are started by the very function of this access, all of them, which is there before
// it starts them or when it has joined them: they are others' threads that it meets.
bool Conflicts::around_its_threads(const State& state, const Access& access) const {
  const FunctionId id = access.site.function;
  const model::Function& function = program_.function(id);
  const Values& values = held_.values(id);
  const Flow& flow = program_.flow(id);
  const std::uint32_t here = flow.block_of[access.site.event];
  const auto is_ordered = [&](EventId start) {
    if (!values.reaches(start, access.site.event, none)) return true;
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      const capi::Blocking* waits = is_call(event) ? capi::blocking(event.callee) : nullptr;
      // In a loop over the threads, or behind a question whether there is one.
      if (waits != nullptr && waits->for_thread && values.reaches(start, e, none) &&
          !values.reaches(access.site.event, e, none) && flow.dominates(flow.dominator[flow.block_of[e]], here) &&
          values.reaches(e, access.site.event, none))
        return true;
    }
    return false;
  };
  bool any = false;
  for (const Access& other : state.accesses) {
    if (!shared_.on_native_thread(other.site.function)) continue;
    for (const Edge& edge : program_.calls_to(other.site.function)) {
      if (edge.from != id || !edge.mention || !is_ordered(edge.event)) return false;
      any = true;
    }
  }
  return any;
}

// What is locked at the access is an object of the state's own record, but not the one accessed.
bool Conflicts::on_another(const State& state, const Access& access, bool same_type) const {
  const View& view = shared_.views().view(access.view);
  const model::Function& function = program_.function(access.site.function);
  for (const Lock& lock : shared_.views().held(view, access.site.event)) {
    const std::string what = lock.what.starts_with("&") ? lock.what.substr(1) : lock.what;
    if (what.size() < 2 || (what[0] != 'r' && what[0] != 'v')) continue;
    const std::size_t number = std::stoul(what.substr(1));
    // Of a PyObject * the type is known where the function uses the same field of it.
    const bool used_alike = std::any_of(state.accesses.begin(), state.accesses.end(), [&](const Access& other) {
      return other.view == access.view && other.base == what;
    });
    const std::string record = what[0] == 'r'                       ? view.roots[number].record
                               : number < function.variables.size() ? function.variables[number].type.record
                                                                    : "";
    if ((used_alike || record == state.record) == same_type) return true;
  }
  return false;
}

// On the way to the store, in its function or in one that called it, a field was looked at that this very function
// sets, itself or by what it calls, of the same record or of the object that has it: a mark that says the object has
// been initialised, and sends a second call away.
bool Conflicts::refuses_again(const State& state, const Access& store) const {
  bool found = false;
  // What is called has to say by a number that it has been done, and be called where it has not.
  const auto sets = [&](FunctionId id, const Access& write, bool unset) {
    if (write.site.function == id) return true;
    const Event& event = program_.function(write.site.function).events[write.site.event];
    if (!unset || event.kind != Event::Kind::write || event.is_update() || event.operands.empty() ||
        constant(event.operands[0]).value_or(0) == 0)
      return false;
    constexpr int most_calls = 3;
    std::set<FunctionId> there{id};
    for (int depth = 0; depth < most_calls && !there.contains(write.site.function); ++depth)
      for (const FunctionId caller : std::set(there))
        for (const Edge& edge : program_.calls_from(caller))
          if (!edge.mention && !edge.indirect) there.insert(edge.to);
    return there.contains(write.site.function);
  };
  const auto look_before = [&](FunctionId id, EventId at) {
    held_.values(id).each_condition(at, [&](EventId compare, bool outcome) {
      const Event& test = program_.function(id).events[compare];
      const bool zero = test.operands.size() < 2 || constant(test.operands[1]) == 0;
      const bool unset = test.op == Event::Operator::truth || test.op == Event::Operator::unequal
                             ? !outcome && zero
                             : test.op == Event::Operator::equal && outcome && zero;
      for (const Operand& operand : test.operands) {
        const State* mark = shared_.state_of(id, operand, compare);
        if (mark == nullptr || mark == &state || mark->kind != State::Kind::field ||
            mark->type.kind != model::Type::Kind::scalar)
          continue;
        const model::Record* record = program_.record(mark->record);
        if (mark->record != state.record && (record == nullptr || !record->is_object)) continue;
        found |= std::any_of(mark->accesses.begin(), mark->accesses.end(),
                             [&](const Access& access) { return access.write && sets(id, access, unset); });
      }
    });
  };
  EventId at = store.site.event;
  for (ViewId id = store.view; id != none && !found; id = shared_.views().view(id).from) {
    look_before(shared_.views().view(id).function, at);
    at = shared_.views().view(id).call;
  }
  return found;
}

}  // namespace ftaudit::analysis
