#include "analysis/borrowed.h"

#include <algorithm>
#include <optional>

#include "capi/changes.h"
#include "capi/fields.h"

namespace ftaudit::analysis {

using model::Event;

namespace {

using Flaw = BorrowedRead::Flaw;

bool needs_object(const Use& use) { return use.kind != Use::Kind::tested; }

// Looks into the array of the list itself, which another thread may be replacing. PyCell_GET reads one pointer.
bool reads_memory(const capi::Borrowed& api) { return api.is_macro && api.container == "list"; }

// The lock the item was read under is still the one held at the use: Py_END_CRITICAL_SECTION between the two would have
// ended it. A section on the container comes before whatever else is held.
const Lock* kept_lock(const Audit& audit, const Site& read, const Use& use) {
  const Locks &before = audit.held().at(read.function, read.event), &then = audit.held().at(read.function, use.event);
  const bool section = audit.in_section_on(read, audit.event(read).operands[0]);
  for (const Lock& lock : before) {
    if (section != (lock.kind == capi::LockCall::Kind::critical_section)) continue;
    for (const Lock& other : then)
      if (other == lock && other.acquired == lock.acquired) return &other;
  }
  return nullptr;
}

// The store that gives the slot of the item another one, without releasing what was in it, under the lock that the item
// was read under and before anything can suspend that: from there on the item is this thread's own.
EventId exchanged(const Audit& audit, const Site& read) {
  const model::Function& function = audit.function(read);
  const Values& values = audit.values(read.function);
  const Flow& flow = audit.program().flow(read.function);
  const std::string container = values.identity(audit.event(read).operands[0], read.event);
  for (EventId e = read.event + 1; e < function.events.next_id() && !container.empty(); ++e) {
    const Event& event = function.events[e];
    bool stores = false;
    if (event.kind == Event::Kind::write && event.place != none) {
      model::Place slot = function.places[event.place];
      const auto items = std::find_if(slot.steps.begin(), slot.steps.end(),
                                      [](const model::Step& step) { return step.field == capi::fields::items; });
      if (items != slot.steps.end() && items + 1 != slot.steps.end() && items != slot.steps.begin()) {
        slot.steps.erase(items - 1, slot.steps.end());
        stores = values.identity(slot, e) == container;
      }
    } else if (is_call(event)) {
      stores = capi::sets_list_item(event.callee) && values.identity(event.operands[0], e) == container;
      if (!stores && audit.suspension().event(function, event)) return none;
    }
    if (stores && flow.dominates(flow.block_of[read.event], flow.block_of[e]) &&
        kept_lock(audit, read, {.kind = Use::Kind::followed, .event = e}) != nullptr)
      return e;
  }
  return none;
}

// The item was read once before, by the same name from the same place, and a reference taken to it, all under the lock
// that is held here and with nothing in between that could let another in: what is read now is this thread's own.
// Cython's `__Pyx_INCREF(GET_ITEM(list, i)); r = GET_ITEM(list, i);` is so.
bool read_and_counted_before(const Audit& audit, const Site& read) {
  const model::Function& function = audit.function(read);
  const Values& values = audit.values(read.function);
  const Flow& flow = audit.program().flow(read.function);
  const Event& event = function.events[read.event];
  const auto named = [&](EventId at) {
    std::string out = values.identity(function.events[at].operands[0], at);
    const model::Operand& key = function.events[at].operands[1];
    const std::string item =
        key.kind == model::Operand::Kind::number ? std::to_string(key.number) : values.identity(key, at);
    return out.empty() || item.empty() ? "" : out + " " + item;
  };
  if (event.operands.size() != 2) return false;
  const std::string name = named(read.event);
  for (EventId before = read.event; before-- > EventId(0) && !name.empty();) {
    const Event& earlier = function.events[before];
    const bool calls = is_call(earlier);
    if (calls && earlier.callee == event.callee && earlier.operands.size() == 2 && named(before) == name &&
        flow.dominates(flow.block_of[before], flow.block_of[read.event]) &&
        kept_lock(audit, {read.function, before}, {.kind = Use::Kind::followed, .event = read.event}) != nullptr) {
      const std::vector<Use> uses = values.uses(before, none, true);
      return std::any_of(uses.begin(), uses.end(), [&](const Use& use) {
        return use.kind == Use::Kind::counted && use.event < read.event && !use.suspended &&
               flow.dominates(flow.block_of[use.event], flow.block_of[read.event]);
      });
    }
    if (calls && (audit.suspension().event(function, earlier) || capi::drops_items(earlier.callee) ||
                  kind_of_use(earlier.callee) == Use::Kind::released))
      return false;
  }
  return false;
}

// The first call between read and use that may run Python code or detach; one that commonly does before any other.
EventId suspending_call(const Audit& audit, const Site& read, EventId use) {
  const model::Function& function = audit.function(read);
  const Values& values = audit.values(read.function);
  EventId found = none;
  for (EventId e = read.event + 1; e < use; ++e) {
    const Event& event = function.events[e];
    if (!audit.suspension().event(function, event) || !values.reaches(read.event, e, none) ||
        !values.reaches(e, use, none))
      continue;
    if (audit.suspension().commonly(function, event)) return e;
    if (found == none) found = e;
  }
  return found;
}

Flaw flaw_of(const Use& use) { return use.kind == Use::Kind::counted ? Flaw::counted : Flaw::used; }

// The same for an item that was read under a lock; nothing when the lock still protects it.
std::optional<Flaw> flaw_under_lock(const Audit& audit, const Site& read, const Use& use) {
  // Leaving ends the section, unless it is the caller's: a helper hands on what its caller protects.
  if (use.kind == Use::Kind::returned)
    return audit.held().on_entry(read.function).empty() ? std::optional(Flaw::used) : std::nullopt;
  const Lock* lock = kept_lock(audit, read, use);
  if (lock == nullptr) return flaw_of(use);
  // A mutex stays locked whatever is called; a section does not.
  if (use.suspended && lock->kind == capi::LockCall::Kind::critical_section) return Flaw::across_call;
  return std::nullopt;
}

// A container that only this thread has, because it hangs off a thread-local global; and code that runs in calls can
// take items out of it.
bool changed_by_own_thread(const Audit& audit, const Site& read) {
  const model::Operand& container = audit.event(read).operands[0];
  if (container.kind != model::Operand::Kind::place) return false;
  const model::Place& place = audit.function(read).places[container.place];
  if (place.root != model::Place::Root::global || !place.steps.empty() ||
      !audit.facts().globals[place.global].is_thread_local)
    return false;
  bool changed = false;
  audit.each_concurrent_call([](const Event& event) { return capi::drops_items(event.callee); },
                             [&](const Site& site) {
                               const Event& event = audit.event(site);
                               if (event.operands.empty() || event.operands[0].kind != model::Operand::Kind::place)
                                 return;
                               const model::Place& other = audit.function(site).places[event.operands[0].place];
                               changed |= other.root == model::Place::Root::global && other.global == place.global &&
                                          other.steps.empty();
                             });
  return changed;
}

}  // namespace

bool is_restored_state(const Audit& audit, const BorrowedRead& read) {
  const model::Function& function = audit.function(read.site);
  const Event& event = audit.event(read.site);
  if (event.operands.empty() || !audit.program().calls_to(read.site.function).empty()) return false;
  const Path path = path_of(function, audit.values(read.site.function), event.operands[0], read.site.event);
  const std::vector<std::string> names = audit.entry_names(read.site);
  return path.root == Path::Root::parameter && path.number > 0 && path.steps.empty() && !names.empty() &&
         std::ranges::all_of(names, [](const std::string& name) { return name.ends_with(".__setstate__"); });
}

bool is_container_read(const capi::Borrowed& api) {
  return api.hazard == capi::Hazard::high &&
         (api.container == "list" || api.container == "dict" || api.container == "set" || api.container == "cell" ||
          api.container.starts_with("object"));
}

std::vector<BorrowedRead> borrowed_reads(const Audit& audit, const std::function<bool(const capi::Borrowed&)>& wanted,
                                         std::uint64_t& looked_at) {
  std::vector<BorrowedRead> out;
  audit.each_concurrent_call(
      [&](const Event& event) {
        const capi::Borrowed* api = capi::borrowed_return(event.callee);
        return api != nullptr && wanted(*api);
      },
      [&](const Site& site) {
        const Event& event = audit.event(site);
        ++looked_at;
        BorrowedRead read;
        read.site = site;
        read.api = capi::borrowed_return(event.callee);
        const bool has_container = !event.operands.empty() && event.operands[0].kind != model::Operand::Kind::text;
        // No lock on a weak reference keeps alive what it refers to, nor that it stays the same itself.
        const bool weak = read.api->container == "weakref";
        const bool guarded = has_container && !weak && audit.guarded(site, event.operands[0]);
        bool own_thread = false;
        if (has_container) {
          read.container = audit.ownership().of(site.function, site.event, event.operands[0]);
          own_thread = changed_by_own_thread(audit, site);
          if (weak ? read.container.is_private()
                   : !own_thread && audit.unchanging(site, event.operands[0], read.container, true))
            return;
          read.left_to_python = audit.left_to_python(site, event.operands[0]);
        }
        bool found = !own_thread && !guarded && reads_memory(*read.api);
        if (found) read.flaw = Flaw::unlocked;
        if (guarded && !found && read_and_counted_before(audit, site)) return;
        const EventId own = guarded && !found ? exchanged(audit, site) : none;
        const Values& values = audit.values(site.function);
        for (const Use& use : values.uses(site.event, none, true)) {
          if (!needs_object(use) || (own != none && !values.reaches(site.event, use.event, none, own))) continue;
          std::optional<Flaw> flaw = guarded ? flaw_under_lock(audit, site, use) : flaw_of(use);
          if (own_thread) flaw = use.suspended ? std::optional(Flaw::across_call) : std::nullopt;
          if (!flaw) continue;
          read.across_suspension |=
              use.suspended || (use.kind == Use::Kind::passed &&
                                audit.suspension().event(audit.function(site), audit.function(site).events[use.event]));
          read.outlives_call |= use.kind == Use::Kind::stored || use.kind == Use::Kind::returned;
          if (!found) read.flaw = *flaw, read.use = use, found = true;
        }
        if (read.flaw == Flaw::across_call) read.suspended_by = suspending_call(audit, site, read.use.event);
        if (found) out.push_back(read);
      });
  return out;
}

}  // namespace ftaudit::analysis
