#include "plan/lone.h"

#include <map>

#include "capi/slots.h"

namespace ftaudit::plan {

using analysis::Access;
using model::Event;

bool is_lone_number(const analysis::Audit& audit, const analysis::State& state) {
  if (state.type.kind != model::Type::Kind::scalar || state.contents || state.is_container() ||
      state.field.find('.') != std::string::npos)
    return false;
  std::map<analysis::FunctionId, std::pair<bool, bool>> reads_and_writes;
  for (const Access& access : state.accesses) {
    const Event& event = audit.event(access.site);
    if (event.kind != Event::Kind::read && event.kind != Event::Kind::write)
      return false;  // handed to somebody by address
    auto& [reads, writes] = reads_and_writes[access.site.function];
    if (access.write) {
      writes = true;
      continue;
    }
    // The half of `n++` that reads.
    bool half = false;
    for (const Access& other : state.accesses)
      half |= other.write && other.site.function == access.site.function && audit.event(other.site).is_update() &&
              audit.location(other.site) == audit.location(access.site);
    if (!half) {
      const auto& events = audit.function(access.site).events;
      const auto next = access.site.event + 1;
      half = events.has(next) && events[next].kind == Event::Kind::write && events[next].is_update() &&
             events[next].place == event.place && events[next].span.line == event.span.line;
    }
    reads |= !half;
  }
  for (const auto& [id, does] : reads_and_writes)
    if (does.first && does.second) return false;
  return true;
}

bool is_kept_hash(const analysis::Audit& audit, const analysis::State& state) {
  if (state.type.kind != model::Type::Kind::scalar || state.contents || state.field.find('.') != std::string::npos)
    return false;
  bool kept = false;
  for (const Access& access : state.accesses) {
    const Event& event = audit.event(access.site);
    if (event.kind != Event::Kind::read && event.kind != Event::Kind::write) return false;
    // One that may be new is being made, not unset.
    if (!access.write || !access.origin.certain) continue;
    const analysis::EntryPoint* entry = audit.contexts().entry(access.site.function);
    kept = entry != nullptr && capi::slot_use(entry->slot) == capi::SlotUse::hash &&
           event.op == Event::Operator::assign && audit.conflicts().unset_test(state, access) != nullptr;
    if (!kept) return false;
  }
  return kept;
}

void make_atomic(const analysis::Audit& audit, const std::string& record, const std::string& field, Remedy& remedy) {
  Edit edit{.does = Edit::Does::make_atomic};
  edit.record = record, edit.field = field;
  remedy.edits.push_back(std::move(edit));
  const model::Record* known = audit.program().record(record);
  if (known == nullptr) return;
  for (const model::Field& one : known->fields)
    if (one.name == field && one.span.line != 0)
      remedy.places.push_back({.location = audit.location(one.span),
                               .write = "an atomic type, and atomic loads, stores and additions wherever it is used"});
}

std::set<analysis::FunctionId> writers_of(const analysis::State& state) {
  std::set<analysis::FunctionId> out;
  for (const Access& access : state.accesses)
    if (access.write) out.insert(access.site.function);
  return out;
}

}  // namespace ftaudit::plan
