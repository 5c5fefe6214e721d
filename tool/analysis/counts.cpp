#include "analysis/counts.h"

#include <algorithm>
#include <map>
#include <set>

#include "analysis/bindings.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Step;

namespace {

// Where in a path the count lies: its last step, a plain number in a record that is no Python object.
const model::Record* counted_record(const Program& program, const Path& path, const Event& event,
                                    const model::Function& function) {
  if (path.steps.empty() || path.steps.back().kind != Step::Kind::field) return nullptr;
  const model::Type& type = function.places[event.place].type;
  if (type.kind != model::Type::Kind::scalar || type.is_atomic || event.atomic) return nullptr;
  const model::Record* record = program.record(path.steps.back().record);
  return record == nullptr || record->is_object ? nullptr : record;
}

// The record that the count lies in, as the path has it: "p0" for p0->users.
std::string holder(const Path& path) {
  std::size_t steps = path.steps.size() - 1;
  if (steps > 0 && path.steps[steps - 1].kind == Step::Kind::deref) --steps;
  return path.text(steps);
}

class Counts {
 public:
  Counts(const Program& program, const Contexts& contexts, const Held& held, const Shared& shared)
      : program_(program), contexts_(contexts), held_(held), views_(shared.views()), shared_(shared) {}

  std::vector<Count> find() {
    for (const FunctionId id : program_.facts.functions.ids())
      if (contexts_.concurrent(id)) collect(id);
    std::vector<Count> out;
    for (auto& [key, found] : found_) {
      if (!found.raised || !found.freed || found.count.bare.empty() || is_kept_by_owner(found.count)) continue;
      found.count.held_by_objects = is_held_by_objects(key.first);
      out.push_back(std::move(found.count));
    }
    return out;
  }

 private:
  struct Found {
    Count count;
    bool raised = false, freed = false;
  };

  void collect(FunctionId id) {
    const model::Function& function = program_.function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.kind != Event::Kind::write || event.op != Event::Operator::update || event.place == none) continue;
      const Path path = path_of(function, held_.values(id), function.places[event.place], e);
      if (counted_record(program_, path, event, function) == nullptr) continue;
      Found& found = found_[{path.steps.back().record, path.steps.back().field}];
      found.count.record = path.steps.back().record, found.count.field = path.steps.back().field;
      const bool frees = is_freed_at_zero(id, e, path);
      (frees ? found.freed : found.raised) = true;
      if (is_locked(id, e, path)) found.count.locked_elsewhere = true;
      else found.count.bare.push_back({{id, e}, frees});
    }
  }

  // Behind the change the count is compared with zero, and that decides about a call that frees the record.
  bool is_freed_at_zero(FunctionId id, EventId change, const Path& path) const {
    const model::Function& function = program_.function(id);
    const Values& values = held_.values(id);
    const std::string record = holder(path);
    const auto is_record = [&](const Operand& operand, EventId at) {
      return (operand.kind == Operand::Kind::place || operand.kind == Operand::Kind::address) &&
             path_of(function, values, operand, at).text() == record;
    };
    for (const EventId call : function.events.ids(change + 1)) {
      const Event& event = function.events[call];
      if (!is_call(event) || event.operands.empty() || !is_record(event.operands[0], call)) continue;
      if (!capi::frees(event.callee) && !disposes(program_.find(event.callee_key))) continue;
      bool decided = false;
      values.each_condition(call, [&](EventId compare, bool) {
        if (compare > change) decided |= asks_for_zero(id, compare, path);
      });
      if (decided) return true;
    }
    return false;
  }

  // Nothing but the count and zero are compared, or one by who looks at the count before. A length is compared with
  // other things too, and what it decides about then is room.
  bool asks_for_zero(FunctionId id, EventId compare, const Path& path) const {
    bool counted = false;
    for (const Operand& operand : program_.function(id).events[compare].operands) {
      if (operand.kind == Operand::Kind::null) continue;
      if (operand.kind == Operand::Kind::number && (operand.number == 0 || operand.number == 1)) continue;
      if (operand.kind != Operand::Kind::place || !is_count(id, compare, operand, path)) return false;
      counted = true;
    }
    return counted;
  }

  // The function frees what its first argument leads to, or puts it away for later use, itself or by way of others:
  // emptying a record that stays is neither.
  bool disposes(FunctionId id, int depth = 0) const {
    if (id == none || depth > 4) return false;
    const model::Function& function = program_.function(id);
    const Values& values = held_.values(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.operands.empty() || (!is_call(event) && event.kind != Event::Kind::write)) continue;
      const Operand& given = event.operands[0];
      if (given.kind != Operand::Kind::place) continue;
      const Path path = path_of(function, values, given, e);
      if (path.root != Path::Root::parameter || path.number != 0 || !path.steps.empty()) continue;
      if (is_call(event)) {
        if (capi::frees(event.callee) || disposes(program_.find(event.callee_key), depth + 1)) return true;
      } else if (event.place != none) {
        const Path kept = path_of(function, values, function.places[event.place], e);
        if (kept.root == Path::Root::global || !kept.steps.empty()) return true;
      }
    }
    return false;
  }

  // The count itself, or a local that was given it.
  bool is_count(FunctionId id, EventId at, const Operand& operand, const Path& path) const {
    const model::Function& function = program_.function(id);
    if (path_of(function, held_.values(id), operand, at).text() == path.text()) return true;
    const std::uint32_t local = held_.values(id).local_of(operand);
    if (local == none) return false;
    for (const EventId given : held_.values(id).definitions(local, at))
      if (given != none && function.events[given].kind == Event::Kind::write &&
          !function.events[given].operands.empty())
        if (const Operand& value = function.events[given].operands[0]; value.kind == Operand::Kind::place)
          if (path_of(function, held_.values(id), value, given).text() == path.text()) return true;
    return false;
  }

  // A mutex of the process, or one in the record. The section of an object is that object's alone.
  bool is_locked(FunctionId id, EventId at, const Path& path) const {
    const auto common = [&](const Locks& locks, const std::string& record) {
      return std::any_of(locks.begin(), locks.end(), [&](const Lock& lock) {
        const std::string what = lock.what.starts_with("&") ? lock.what.substr(1) : lock.what;
        return what == "?" || what.starts_with("g") ||
               (lock.kind != capi::LockCall::Kind::critical_section && !record.empty() && lies_in(what, record));
      });
    };
    if (common(held_.at(id, at), holder(path))) return true;
    const std::vector<ViewId>& views = views_.of(id);
    return !views.empty() && std::all_of(views.begin(), views.end(), [&](ViewId view) {
      return common(views_.held(views_.view(view), at), holder(views_.lifted(views_.view(view), path)));
    });
  }

  // One mutex of the object that the records belong to is held wherever the count is touched, and no record goes over
  // to another such object, whose mutex is another one.
  bool is_kept_by_owner(const Count& count) const {
    const auto state = std::ranges::find_if(shared_.states(), [&](const State& known) {
      return known.kind == State::Kind::field && known.record == count.record && known.field == count.field &&
             !known.contents;
    });
    if (state == shared_.states().end() || state->accesses.empty()) return false;
    return std::ranges::any_of(state->accesses[0].locks,
                               [&](const std::string& lock) {
                                 return lock.starts_with('&') &&
                                        std::ranges::all_of(state->accesses, [&](const Access& access) {
                                          return !access.unknown_lock && !access.only_reads_under(lock) &&
                                                 std::ranges::find(access.locks, lock) != access.locks.end();
                                        });
                               }) &&
           stays_with_owner(count.record);
  }

  // Each function that puts such records somewhere does so for one object, and puts there new ones or that one's own.
  bool stays_with_owner(const std::string& record) const {
    for (const FunctionId id : program_.facts.functions.ids()) {
      const model::Function& function = program_.function(id);
      std::set<std::string> objects;
      for (const EventId e : function.events.ids()) {
        const Event& event = function.events[e];
        if (event.kind != Event::Kind::write || event.place == none || event.operands.empty()) continue;
        const model::Place& place = function.places[event.place];
        if (place.steps.empty() || place.type.record != record || place.type.kind != model::Type::Kind::pointer)
          continue;
        const Operand& value = event.operands[0];
        if (constant(value)) continue;
        if (value.kind != Operand::Kind::place && value.kind != Operand::Kind::call) return false;
        for (const Path& path :
             {path_of(function, held_.values(id), place, e), path_of(function, held_.values(id), value, e)}) {
          const bool made = path.root == Path::Root::call && capi::allocates(function.events[path.call()].callee);
          if (path.root == Path::Root::unknown || (path.root == Path::Root::call && !made)) return false;
          if (!made) objects.insert(path.text(0));
        }
      }
      if (objects.size() > 1) return false;
    }
    return true;
  }

  // Classes that a binding makes classes of Python: each of their objects lies in one of Python's.
  std::set<std::string> bound_records() const {
    std::set<std::string> out;
    for (const model::Function& function : program_.facts.functions)
      for (const Event& event : function.events)
        if (is_call(event) && !event.instance.empty() && is_binding(event.callee)) out.insert(event.instance);
    return out;
  }

  // An object has a field that leads to the record, to a class that is built on it, or to one that counts for others.
  bool is_held_by_objects(const std::string& record) const {
    std::set<std::string> holders{record};
    const std::set<std::string> bound = bound_records();
    for (bool grown = true; grown;) {
      grown = false;
      for (const model::Record& one : program_.facts.records) {
        const bool holds =
            std::ranges::any_of(one.fields, [&](const auto& field) { return holders.contains(field.type.record); }) ||
            std::ranges::any_of(one.bases, [&](const std::string& base) { return holders.contains(base); });
        if (holds && (one.is_object || bound.contains(one.name))) return true;
        grown |= holds && holders.insert(one.name).second;
      }
    }
    return false;
  }

  const Program& program_;
  const Contexts& contexts_;
  const Held& held_;
  const Views& views_;
  const Shared& shared_;
  std::map<std::pair<std::string, std::string>, Found> found_;
};

}  // namespace

std::vector<Count> plain_counts(const Program& program, const Contexts& contexts, const Held& held,
                                const Shared& shared) {
  return Counts(program, contexts, held, shared).find();
}

}  // namespace ftaudit::analysis
