#include "rules/sides.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace ftaudit::rules {

using analysis::Access;
using analysis::Audit;
using analysis::Party;
using analysis::State;

namespace {

// Of an array of locks: who has one of them has others beside him, who have the rest.
std::string shared_lock_name(const Audit& audit, const std::string& lock) {
  return lock_name(audit, lock) + (is_one_of_many(lock) ? "" : " for reading");
}

std::string what_is_held(const Audit& audit, const Access& access) {
  if (access.unknown_lock) return "a lock of the caller's";
  if (access.locks.empty() && !access.readers.empty()) return shared_lock_name(audit, access.readers[0]);
  if (access.locks.empty()) return access.other_lock ? "another object's lock" : "";
  return lock_name(audit, access.locks[0]);
}

Does done_by(const Audit& audit, const Party& party) {
  const Access& access = *party.access;
  const model::Event& event = audit.event(access.site);
  if (!access.write) return Does::read;
  if (analysis::is_call(event) && capi::frees(event.callee)) return Does::release;
  if (party.state->type.to_object && audit.conflicts().releases_old(*party.state, access.site.function))
    return Does::release;
  return event.op == model::Event::Operator::update ? Does::update : Does::write;
}

// What the state belongs to: a type, a global variable, a function with its static variables.
std::string owner_of(const Audit& audit, const State& state) {
  if (state.kind == State::Kind::field) return state.record;
  const model::Global& global = audit.facts().globals[state.global];
  if (state.kind == State::Kind::global) return global.name;
  const analysis::FunctionId function = audit.program().find(global.owner);
  return function == analysis::none ? global.name : audit.program().function(function).name;
}

void tell_declarations(Finding& finding, const Audit& audit, const State& state) {
  const auto add = [&](const model::Span& span) {
    Location location = audit.location(span);
    if (span.line != 0 &&
        std::find(finding.declared.begin(), finding.declared.end(), location) == finding.declared.end())
      finding.declared.push_back(std::move(location));
  };
  if (state.kind != State::Kind::field) return add(audit.facts().globals[state.global].span);
  const model::Record* record = audit.program().record(state.record);
  if (record == nullptr) return;
  for (const model::Field& field : record->fields)
    if (field.name == state.field.substr(0, state.field.find('.'))) add(field.span);
  // Of a record its name; a comment inside it is about one field.
  model::Span head = record->span;
  head.end_line = head.line;
  add(head);
}

}  // namespace

std::vector<std::string> entries_of(const Audit& audit, const Access& access) {
  return audit.shared().entry_names(access);
}

std::string held_by(const Audit& audit, const Access& access) {
  if (access.unknown_lock) return " (with a lock of the caller's)";
  if (access.locks.empty() && !access.readers.empty())
    return " (holding " + shared_lock_name(audit, access.readers[0]) + ")";
  if (access.locks.empty()) return access.other_lock ? " (the lock held here is another object's)" : "";
  const std::string& lock = access.locks[0];
  return " (holding " + (access.only_reads_under(lock) ? shared_lock_name(audit, lock) : lock_name(audit, lock)) + ")";
}

std::string lock_name(const Audit& audit, const std::string& lock) {
  if (lock.starts_with("section module")) return "the module's critical section";
  if (lock.starts_with("section^")) return "the critical section of the object around it";
  if (const std::size_t of = lock.rfind('.');
      lock.starts_with("section") && !lock.starts_with("sectiong") && of != std::string::npos)
    return "the critical section of its " + lock.substr(of + 1);
  if (lock.starts_with("section"))
    return lock.size() > 7 && lock[7] == 'g'
               ? "the critical section of " + audit.facts().globals[model::GlobalId(std::stoul(lock.substr(8)))].name
               : "the object's critical section";
  if (lock.starts_with("&g")) {
    const std::size_t end = lock.find_first_not_of("0123456789", 2);
    const std::string member = end == std::string::npos ? "" : lock.substr(end);
    return (is_one_of_many(lock) ? "one of " : "") +
           audit.facts().globals[model::GlobalId(std::stoul(lock.substr(2)))].name +
           (member.starts_with(".") ? member.substr(0, member.find('[')) : "");
  }
  const std::size_t field = lock.rfind('.');
  if (is_one_of_many(lock) && field != std::string::npos)
    return "one of its " + lock.substr(field + 1, lock.find('[', field) - field - 1);
  if (lock.starts_with("claim")) return "its flag " + (field == std::string::npos ? "" : lock.substr(field + 1));
  return field == std::string::npos ? "a mutex" : "its mutex " + lock.substr(field + 1);
}

void tell_sides(Finding& finding, const Audit& audit, const std::vector<Party>& parties, const std::string& lock) {
  std::map<std::pair<analysis::FunctionId, std::string>, Side> sides;
  std::map<const Side*, std::set<analysis::ViewId>> ways;
  std::set<std::string> owners, entries;
  for (const Party& party : parties) {
    const Access& access = *party.access;
    const analysis::FunctionId id = access.site.function;
    Side& side = sides[{id, what_is_held(audit, access)}];
    if (side.points.empty()) {
      side.function = audit.program().function(id).name, side.held = what_is_held(audit, access);
      side.confidence = Confidence::possible;
    }
    ways[&side].insert(access.view);
    ways[&side].insert(access.others.begin(), access.others.end());
    if (access.origin.certain && !access.unknown_lock && !audit.contexts().only_exported(id))
      side.confidence = finding.confidence;
    Side::Point point{.location = audit.location(access.site),
                      .state = party.state->name + (party.state->contents ? "[]" : ""),
                      .does = done_by(audit, party)};
    const bool known = std::any_of(side.points.begin(), side.points.end(), [&](const Side::Point& other) {
      return std::tie(other.location, other.state, other.does) == std::tie(point.location, point.state, point.does);
    });
    if (!known) side.points.push_back(std::move(point));
    owners.insert(owner_of(audit, *party.state));
    tell_declarations(finding, audit, *party.state);
  }
  const analysis::Views& views = audit.shared().views();
  finding.sides.clear();
  for (auto& [key, side] : sides) {
    std::stable_sort(side.points.begin(), side.points.end(), [](const Side::Point& a, const Side::Point& b) {
      return std::tie(a.location, a.state, a.does) < std::tie(b.location, b.state, b.does);
    });
    std::set<std::string> states;
    for (const Side::Point& point : side.points) {
      states.insert(point.state);
      if (point.does > side.does || side.location.file.empty()) side.does = point.does, side.location = point.location;
    }
    side.states.assign(states.begin(), states.end());
    std::set<std::string> names;
    for (const analysis::ViewId view : ways[&side])
      for (std::string& name : views.entry_names(views.view(view))) names.insert(std::move(name));
    side.entry_points.assign(names.begin(), names.end());
    entries.insert(names.begin(), names.end());
    finding.sides.push_back(std::move(side));
  }
  // The one the finding is placed at first, then the worst.
  const auto key = [&](const Side& side) {
    return std::tuple(side.function != finding.function, -static_cast<int>(side.confidence),
                      -static_cast<int>(side.does), side.location, side.held);
  };
  std::stable_sort(finding.sides.begin(), finding.sides.end(),
                   [&](const Side& a, const Side& b) { return key(a) < key(b); });
  entries.insert(finding.entry_points.begin(), finding.entry_points.end());
  finding.entry_points.assign(entries.begin(), entries.end());
  std::set<const analysis::State*> states;
  for (const Party& party : parties) states.insert(party.state);
  for (const analysis::State* state : states)
    for (const Access& access : state->accesses)
      finding.others_change |= access.write && std::none_of(parties.begin(), parties.end(), [&](const Party& party) {
                                 return party.access == &access;
                               });
  if (!owners.empty()) finding.owner = *owners.begin();
  if (!lock.empty()) finding.remedy = lock_name(audit, lock);
}

const analysis::Count::Change& shown_change(const analysis::Count& count) {
  const auto freeing = std::find_if(count.bare.begin(), count.bare.end(), [](const auto& c) { return c.frees; });
  return freeing == count.bare.end() ? count.bare.front() : *freeing;
}

void tell_sides(Finding& finding, const Audit& audit, const std::vector<Part>& parts) {
  std::map<analysis::FunctionId, Side> sides;
  std::set<std::string> entries;
  for (const Part& part : parts) {
    Side& side = sides[part.site.function];
    if (side.points.empty()) {
      side.function = audit.function(part.site).name, side.entry_points = audit.entry_names(part.site);
      side.confidence = audit.contexts().only_exported(part.site.function) ? Confidence::possible : finding.confidence;
      side.states = {finding.place};
      entries.insert(side.entry_points.begin(), side.entry_points.end());
    }
    if (side.points.empty() || part.does > side.does) side.does = part.does, side.location = audit.location(part.site);
    side.points.push_back({audit.location(part.site), finding.place, part.does, ""});
  }
  finding.sides.clear();
  for (auto& [function, side] : sides) finding.sides.push_back(std::move(side));
  std::stable_sort(finding.sides.begin(), finding.sides.end(),
                   [](const Side& a, const Side& b) { return a.does > b.does; });
  finding.entry_points.assign(entries.begin(), entries.end());
}

void tell_sides(Finding& finding, const Audit& audit, const analysis::Count& count) {
  std::vector<Part> parts;
  for (const analysis::Count::Change& change : count.bare)
    parts.push_back({change.site, change.frees ? Does::release : Does::update});
  tell_sides(finding, audit, parts);
}

}  // namespace ftaudit::rules
