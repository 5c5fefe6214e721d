#include "analysis/stale.h"

#include <map>
#include <set>

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

using FieldName = std::pair<std::string, std::string>;  // record, field

class Finder {
 public:
  Finder(const Audit& audit, std::uint64_t& looked_at) : audit_(audit), looked_at_(looked_at) {}

  std::vector<StaleUse> run() {
    audit_.each_concurrent_function([&](FunctionId id) { replacements(id); });
    audit_.each_concurrent_function([&](FunctionId id) { uses(id); });
    return std::move(found_);
  }

 private:
  const model::Function& function(FunctionId id) const { return audit_.program().function(id); }

  // The last field of a pointer that hangs off an object, directly: self->ctx.
  bool is_field_of_object(const Place& place, FieldName& name) const {
    if (place.steps.size() < 2 || place.steps.back().kind != Step::Kind::field || place.root != Place::Root::variable)
      return false;
    if (place.type.kind != model::Type::Kind::pointer || place.type.to_object || place.type.to_function) return false;
    const model::Record* record = audit_.program().record(place.steps.back().record);
    if (record == nullptr || !record->is_object) return false;
    for (std::size_t n = 0; n + 1 < place.steps.size(); ++n)
      if (place.steps[n].kind != Step::Kind::deref) return false;
    name = {place.steps.back().record, place.steps.back().field};
    return true;
  }

  // The object itself, before the field, is everybody's: for sure, or as far as is known.
  bool is_shared(FunctionId id, EventId at, const Place& place, bool for_sure = false) const {
    const std::vector<Place>& places = function(id).places;
    for (std::uint32_t n = 0; n < places.size(); ++n)
      if (places[n].root == Place::Root::variable && places[n].variable == place.variable && places[n].steps.empty()) {
        Operand object;
        object.kind = Operand::Kind::place, object.place = n;
        const Origin origin = audit_.ownership().of(id, at, object);
        return !origin.is_private() && (origin.certain || !for_sure);
      }
    return place.variable < function(id).parameters && !audit_.contexts().exclusive(id);
  }

  static bool makes_object(const EntryPoint* entry) {
    return entry != nullptr && (entry->role == capi::Role::new_slot || entry->role == capi::Role::alloc ||
                                entry->role == capi::Role::init_slot);
  }

  void replacements(FunctionId id) {
    if (audit_.contexts().exclusive(id) || audit_.contexts().init_only(id) ||
        makes_object(audit_.contexts().entry(id)) || audit_.shared().only_initialises(id))
      return;
    const auto& events = function(id).events;
    for (const EventId e : events.ids()) {
      FieldName name;
      if (events[e].kind != Event::Kind::write || !is_field_of_object(function(id).places[events[e].place], name) ||
          !is_shared(id, e, function(id).places[events[e].place], true))
        continue;
      replaced_[name].push_back({id, e});
    }
  }

  bool survives_lock(FunctionId id, EventId at) const {
    for (const Lock& lock : audit_.held().at(id, at))
      if (lock.kind != capi::LockCall::Kind::critical_section) return true;
    return false;
  }

  // The function says in the object that it is at work, before it lets go: self->busy = 1, self->users++.
  bool is_pinned(FunctionId id, EventId detach, const std::string& record) const {
    const auto& events = function(id).events;
    for (EventId e; e < detach; ++e) {
      if (events[e].kind != Event::Kind::write || events[e].place == none) continue;
      const Place& place = function(id).places[events[e].place];
      if (!place.steps.empty() && place.steps.back().kind == Step::Kind::field && place.steps.back().record == record &&
          place.type.kind == model::Type::Kind::scalar)
        return true;
    }
    return false;
  }

  // The function takes the pointer out of the object before it lets go: nobody else has it then.
  bool is_taken_out(FunctionId id, EventId detach, const FieldName& name) const {
    const auto& events = function(id).events;
    for (EventId e; e < detach; ++e) {
      FieldName written;
      if (events[e].kind == Event::Kind::write && is_field_of_object(function(id).places[events[e].place], written) &&
          written == name)
        return true;
    }
    return false;
  }

  void uses(FunctionId id) {
    const auto& events = function(id).events;
    std::vector<EventId> detaches;
    for (const EventId e : events.ids())
      if (is_call(events[e]) && audit_.attached().changes({id, e})) detaches.push_back(e);
    if (detaches.empty()) return;
    std::set<FieldName> reported;
    for (const EventId e : events.ids(detaches.front() + 1)) {
      if (!is_call(events[e]) || capi::thread_call(events[e].callee) != nullptr ||
          audit_.program().lock_call(events[e].callee) != nullptr)
        continue;
      for (const Operand& operand : events[e].operands) {
        if (operand.kind != Operand::Kind::place) continue;
        StaleUse use;
        FieldName name;
        if (!in_region(id, e, operand, name, use) && !after_region(id, e, operand, detaches, name, use)) continue;
        ++looked_at_;
        add(id, e, name, std::move(use), reported);
      }
    }
  }

  // lib_step(self->ctx) where the thread is detached.
  bool in_region(FunctionId id, EventId at, const Operand& operand, FieldName& name, StaleUse& use) const {
    const Attached::Answer now = audit_.attached().at({id, at});
    if (now.state != Attached::State::detached || now.detached.function != id || now.detached.event == none)
      return false;
    use.detached = now.detached, use.inside = true;
    const Place& place = function(id).places[operand.place];
    if (is_field_of_object(place, name)) return is_shared(id, at, place);
    EventId read = none;
    return came_from(id, at, operand, name, read) && read < now.detached.event;
  }

  // ctx = self->ctx; BEGIN ... END; lib_step(ctx).
  bool after_region(FunctionId id, EventId at, const Operand& operand, const std::vector<EventId>& detaches,
                    FieldName& name, StaleUse& use) const {
    EventId read = none;
    if (!came_from(id, at, operand, name, read)) return false;
    const std::uint32_t local = audit_.values(id).local_of(operand);
    for (EventId detach : detaches) {
      const capi::ThreadCall* call = capi::thread_call(function(id).events[detach].callee);
      if (call == nullptr || call->does != capi::ThreadCall::Does::detach) continue;
      if (read < detach && detach < at && audit_.values(id).reaches(read, detach, local) &&
          audit_.values(id).reaches(detach, at, local)) {
        use.detached = {id, detach};
        return true;
      }
    }
    return false;
  }

  // The operand is a local that was given the value of such a field, and nothing else.
  bool came_from(FunctionId id, EventId at, const Operand& operand, FieldName& name, EventId& read) const {
    const std::uint32_t local = audit_.values(id).local_of(operand);
    if (local == none || operand.kind != Operand::Kind::place) return false;
    const std::vector<EventId> given = audit_.values(id).definitions(local, at);
    if (given.size() != 1 || given[0] == none) return false;
    const Event& event = function(id).events[given[0]];
    if (event.kind != Event::Kind::write || event.operands.size() != 1 ||
        event.operands[0].kind != Operand::Kind::place)
      return false;
    const Place& place = function(id).places[event.operands[0].place];
    read = given[0];
    return is_field_of_object(place, name) && is_shared(id, read, place);
  }

  void add(FunctionId id, EventId at, const FieldName& name, StaleUse use, std::set<FieldName>& reported) {
    const auto replaced = replaced_.find(name);
    if (replaced == replaced_.end() || survives_lock(id, at) || survives_lock(id, use.detached.event)) return;
    if (is_pinned(id, use.detached.event, name.first) || is_taken_out(id, use.detached.event, name)) return;
    for (const Site& site : replaced->second) {
      if (site.function == id && site.event < use.detached.event) continue;
      if (!reported.insert(name).second) return;
      use.use = {id, at}, use.replaced = site, use.record = name.first, use.field = name.second;
      found_.push_back(std::move(use));
      return;
    }
  }

  const Audit& audit_;
  std::uint64_t& looked_at_;
  std::map<FieldName, std::vector<Site>> replaced_;
  std::vector<StaleUse> found_;
};

}  // namespace

std::vector<StaleUse> stale_uses(const Audit& audit, std::uint64_t& looked_at) {
  return Finder(audit, looked_at).run();
}

}  // namespace ftaudit::analysis
