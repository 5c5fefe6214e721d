#include "analysis/split_update.h"

#include <algorithm>

#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

constexpr int copies_looked_through = 5;

// One atomic store, and the loads of the same place that it goes back to.
class Store {
 public:
  Store(const Audit& audit, FunctionId id, EventId at)
      : at_(at),
        flow_(audit.program().flow(id)),
        function_(audit.program().function(id)),
        values_(audit.values(id)),
        identity_(values_.identity(function_.places[function_.events[at].place], at)) {}

  // The value stored is worked out from a load of the place.
  EventId source() const { return identity_.empty() ? none : from(function_.events[at_].operands[0], at_, false, 0); }

  // A test of the place decides about the store, and more than one thread may pass it to some effect.
  EventId test() const {
    EventId found = none;
    if (identity_.empty()) return found;
    const Event& store = function_.events[at_];
    const Operand::Kind kind = store.operands[0].kind;
    const bool constant = kind == Operand::Kind::number || kind == Operand::Kind::null;
    const bool pointer = function_.places[store.place].type.kind == model::Type::Kind::pointer ||
                         function_.places[store.place].type.spelling.find('*') != std::string::npos;
    values_.each_condition(at_, [&](EventId compare, bool outcome) {
      const Event& test = function_.events[compare];
      EventId load = none;
      for (const Operand& side : test.operands)
        if (load == none) load = from(side, compare, true, 0);
      if (load == none) return;
      const bool bound = test.op == Event::Operator::less || test.op == Event::Operator::greater;
      // A number worked out once and stored by whoever comes first is the same whoever that is.
      if ((bound || (constant ? decides_more(compare, outcome) : pointer)) && !stored_since(load)) found = load;
    });
    return found;
  }

 private:
  std::uint32_t loaded(EventId e) const {
    const Event& event = function_.events[e];
    if (event.kind == Event::Kind::read && event.atomic) return event.place;
    if (!is_call(event) || !capi::is_atomic_operation(event.callee) || !function_.events.has(e + 1)) return none;
    const Event& next = function_.events[e + 1];
    return next.kind == Event::Kind::read && next.atomic ? next.place : none;
  }
  bool is_it(std::uint32_t place, EventId at) const {
    return place != none && values_.identity(function_.places[place], at) == identity_;
  }

  // The load that the operand's value comes from; `combined`: it has been computed with on the way.
  EventId from(const Operand& operand, EventId at, bool combined, int depth) const {
    if (depth > copies_looked_through) return none;
    if (operand.kind == Operand::Kind::call)
      return combined && is_it(loaded(operand.event), operand.event) ? operand.event : none;
    if (operand.kind == Operand::Kind::place) {
      if (function_.places[operand.place].type.is_atomic && is_it(operand.place, at)) return combined ? at : none;
      const std::uint32_t local = values_.local_of(operand);
      if (local == none) return none;
      for (EventId given : values_.definitions(local, at)) {
        if (given == none || function_.events[given].kind != Event::Kind::write ||
            function_.events[given].operands.empty())
          continue;
        const bool update = function_.events[given].is_update();
        const EventId found =
            from(update ? operand : function_.events[given].operands[0], given, combined || update, depth + 1);
        if (found != none) return found;
      }
      return none;
    }
    for (const Operand& part : operand.parts)
      if (const EventId found = from(part, at, combined || operand.kind == Operand::Kind::parts, depth + 1);
          found != none)
        return found;
    return none;
  }

  // Another store has answered the test already: busy = 1; ...; busy = 0.
  bool stored_since(EventId load) const {
    for (EventId e = load + 1; e < at_; ++e)
      if (function_.events[e].kind == Event::Kind::write && is_it(function_.events[e].place, e) &&
          flow_.dominates(flow_.block_of[e], flow_.block_of[at_]))
        return true;
    return false;
  }

  // Something else than the store is done on the same outcome.
  bool decides_more(EventId compare, bool outcome) const {
    for (const EventId e : function_.events.ids()) {
      const Event& event = function_.events[e];
      if (e == at_ || event.span.line == 0 || capi::is_atomic_operation(event.callee)) continue;
      const bool effect = event.kind == Event::Kind::call ||
                          (event.kind == Event::Kind::leave && !event.operands.empty()) ||
                          (event.kind == Event::Kind::write && !function_.places[event.place].steps.empty());
      if (!effect) continue;
      bool under = false;
      values_.each_condition(e, [&](EventId test, bool was) { under |= test == compare && was == outcome; });
      if (under) return true;
    }
    return false;
  }

  const EventId at_;
  const Flow& flow_;
  const model::Function& function_;
  const Values& values_;
  const std::string identity_;
};

// Others can be at the place; null when they cannot, else how sure that is.
std::optional<bool> shared_place(const Audit& audit, FunctionId id, EventId at, const Place& place) {
  const Path path = path_of(audit.program().function(id), audit.values(id), place, at);
  if (path.root == Path::Root::global)
    return audit.facts().globals[path.global()].is_thread_local ? std::nullopt : std::optional(true);
  if (path.root == Path::Root::unknown ||
      std::none_of(path.steps.begin(), path.steps.end(),
                   [](const model::Step& step) { return step.kind == model::Step::Kind::deref; }))
    return std::nullopt;
  const Origin origin = path.root == Path::Root::call ? audit.ownership().of_call(id, path.at, path.call())
                                                      : audit.ownership().of_local(id, path.at, path.number);
  return origin.is_private() ? std::nullopt : std::optional(origin.certain);
}

// Control can leave the function without the store, although the compare event came out like that.
bool goes_around(const Audit& audit, const Site& store, EventId compare, bool outcome) {
  const model::Function& function = audit.function(store);
  const Flow& flow = audit.program().flow(store.function);
  const std::uint32_t wall = flow.block_of[store.event];
  const model::Block& decider = function.blocks[flow.block_of[compare]];
  if (decider.condition != compare || decider.successors.size() != 2) return false;
  std::vector<bool> seen(function.blocks.size());
  std::vector<std::uint32_t> queue{decider.successors[outcome ? 0 : 1]};
  while (!queue.empty()) {
    const std::uint32_t block = queue.back();
    queue.pop_back();
    if (block == none || block == wall || seen[block]) continue;
    if (function.blocks[block].successors.empty()) return true;
    seen[block] = true;
    queue.insert(queue.end(), function.blocks[block].successors.begin(), function.blocks[block].successors.end());
  }
  return false;
}

// The place only ever gets this one constant, for a reason of its own, and nothing hangs on who stores it: from then on
// it stays as it is, whoever tested it before.
bool is_latch(const Audit& audit, const Site& store, EventId load) {
  const Event& event = audit.function(store).events[store.event];
  if (event.operands[0].kind != Operand::Kind::number) return false;
  const std::int64_t number = event.operands[0].number;
  const Place& place = audit.function(store).places[event.place];
  if (place.steps.empty() || place.steps.back().kind != model::Step::Kind::field) return false;
  for (const FunctionId id : audit.facts().functions.ids()) {
    const model::Function& function = audit.program().function(id);
    for (const EventId e : function.events.ids()) {
      const Event& other = function.events[e];
      if (other.kind != Event::Kind::write || other.place == none) continue;
      const Place& written = function.places[other.place];
      if (written.steps.empty() || written.steps.back() != place.steps.back()) continue;
      const bool same = other.op != Event::Operator::update && !other.operands.empty() &&
                        other.operands[0].kind == Operand::Kind::number && other.operands[0].number == number;
      if (!same && shared_place(audit, id, e, written)) return false;
    }
  }
  // What decides last is something else than the place, or several things are.
  std::optional<bool> about_it;
  audit.values(store.function).each_condition(store.event, [&](EventId compare, bool outcome) {
    if (about_it) return;
    const Event& test = audit.function(store).events[compare];
    about_it = std::any_of(test.operands.begin(), test.operands.end(), [&](const Operand& operand) {
      return operand.kind == Operand::Kind::call && operand.event == load;
    });
    if (*about_it && goes_around(audit, store, compare, outcome)) about_it = false;
  });
  return about_it == false;
}

}  // namespace

bool is_atomic_store(const Event& event) {
  return event.kind == Event::Kind::write && event.atomic && event.op == Event::Operator::assign &&
         !event.operands.empty() && !event.once;
}

std::optional<SplitUpdate> split_update(const Audit& audit, const Site& store) {
  const model::Function& function = audit.function(store);
  const std::optional<bool> sure =
      shared_place(audit, store.function, store.event, function.places[function.events[store.event].place]);
  if (!sure || !audit.held().at(store.function, store.event).empty()) return std::nullopt;
  const Store search(audit, store.function, store.event);
  const EventId source = search.source(), load = source != none ? source : search.test();
  if (load == none || (source == none && is_latch(audit, store, load))) return std::nullopt;
  // A thread of the project's own may be the only one that writes.
  const bool one_thread =
      audit.shared().on_native_thread(store.function) && audit.contexts().entry_names(store.function, 1).empty();
  return SplitUpdate{.load = {store.function, load}, .computed = source != none, .certain = *sure && !one_thread};
}

namespace {

bool takes_result_of(const Event& event, EventId call) {
  return std::ranges::any_of(event.operands, [&](const Operand& operand) {
    return operand.kind == Operand::Kind::call && (operand.event == call || operand.event + 1 == call);
  });
}

// The block that is gone to when the compare event says equal releases memory.
bool frees_when_equal(const model::Function& function, EventId compare) {
  for (const model::Block& block : function.blocks) {
    if (block.condition != compare || block.successors.size() != 2) continue;
    for (const EventId e : function.blocks[block.successors[0]].events())
      if (is_call(function.events[e]) && capi::frees(function.events[e].callee)) return true;
  }
  return false;
}

}  // namespace

std::vector<SplitDrop> split_drops(const Audit& audit, FunctionId id) {
  std::vector<SplitDrop> out;
  const model::Function& function = audit.program().function(id);
  const auto place = [&](EventId e) {
    return path_of(function, audit.values(id), function.places[function.events[e].place], e).text();
  };
  for (const EventId drop : function.events.ids()) {
    const Event& event = function.events[drop];
    if (event.kind != Event::Kind::write || !event.atomic || event.op != Event::Operator::update ||
        event.place == none || !audit.held().at(id, drop).empty())
      continue;
    EventId load = none;
    for (EventId e = drop + 1; e < function.events.next_id(); ++e) {
      const Event& later = function.events[e];
      if (later.kind != Event::Kind::compare) {
        if (later.kind == Event::Kind::read && later.atomic && later.place != none && place(e) == place(drop)) load = e;
        continue;
      }
      if (takes_result_of(later, drop)) break;  // the step itself says what is left
      const bool zero = std::ranges::any_of(later.operands, [](const Operand& operand) {
        return operand.kind == Operand::Kind::number && operand.number == 0;
      });
      if (load == none || later.op != Event::Operator::equal || !zero || !takes_result_of(later, load)) continue;
      if (frees_when_equal(function, e)) out.push_back({{id, drop}, {id, load}});
      break;
    }
  }
  return out;
}

}  // namespace ftaudit::analysis
