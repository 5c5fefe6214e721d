#include "plan/growth.h"

#include <algorithm>

#include "capi/records.h"
#include "plan/words.h"

namespace ftaudit::plan {
namespace {

bool same_edit(const Edit& a, const Edit& b) {
  return a.does == b.does && a.function == b.function && a.first == b.first && a.last == b.last && a.lock == b.lock &&
         (a.stretch ? a.stretch->first : none) == (b.stretch ? b.stretch->first : none) && a.mutex == b.mutex &&
         a.global == b.global && a.record == b.record && a.field == b.field &&
         std::ranges::equal(a.objects, b.objects, is_same_object);
}

bool is_part(const Edit& edit) {
  return edit.does == Edit::Does::hold && (edit.first != none || edit.stretch) && !edit.own_reference;
}

// The first holds, all through the function, what the second holds in a part of it. A step has one mutex.
bool holds_all(const Edit& whole, const Edit& edit) {
  if (whole.does != Edit::Does::hold || edit.does != Edit::Does::hold || whole.function != edit.function ||
      whole.lock != edit.lock || whole.first != none || whole.stretch || whole.own_reference || edit.own_reference)
    return false;
  return whole.lock != Edit::Lock::section || std::ranges::all_of(edit.objects, [&](const model::Place& wanted) {
           return std::ranges::any_of(whole.objects,
                                      [&](const model::Place& held) { return is_same_object(held, wanted); });
         });
}

// Both objects, where a function uses two: one section for both.
bool take_in(Edit& known, const Edit& edit) {
  if (!is_whole_section(known) || !is_whole_section(edit) || known.function != edit.function ||
      known.objects.size() + edit.objects.size() > 2)
    return false;
  known.objects.insert(known.objects.end(), edit.objects.begin(), edit.objects.end());
  return true;
}

void say_section(const analysis::Audit& audit, Remedy& step) {
  std::vector<std::string> fields, structs;
  for (const auto& [record, names] : step.uses) {
    if (record == step.owner) fields.assign(names.begin(), names.end());
    else structs.push_back(record);
  }
  if (structs.empty()) return;
  const std::size_t count = step.functions.size();
  step.what = "hold the critical section of the " + audit.shared().type_of(step.owner) + " in the " +
              (count == 1 ? "function that uses " : std::to_string(count) + " functions that use ") + listed(fields) +
              (fields.empty() ? "its " : ", and its ") + listed(structs);
  step.because = "what it leads to belongs to it, and one section an object keeps all of that together";
}

}  // namespace

bool is_same_section(const Remedy& a, const Remedy& b) {
  return a.kind == StepKind::section && b.kind == StepKind::section && !a.owner.empty() && a.owner == b.owner;
}

std::string only_owner(const analysis::Audit& audit, const Remedy& remedy) {
  std::set<std::string> out;
  for (const Edit& edit : remedy.edits)
    for (const model::Place& object : edit.objects) {
      const bool bare = object.root == model::Place::Root::variable && object.steps.empty();
      out.insert(bare ? audit.program().function(edit.function).variables[object.variable].type.record
                      : object.type.record);
    }
  const model::Record* only = out.size() == 1 ? audit.program().record(*out.begin()) : nullptr;
  const bool named = only != nullptr && only->is_object && capi::record_named(only->name) != capi::Record::object;
  return named ? only->name : "";
}

std::string section_of_all(const std::string& owner) {
  return std::string(name_of(StepKind::section)) + " " + owner + " and what it leads to";
}

bool grow(const analysis::Audit& audit, Remedy& step, Remedy more) {
  bool grown = false;
  std::set<std::string> edited;  // functions that have something new
  for (Edit& edit : more.edits) {
    if (std::ranges::any_of(step.edits,
                            [&](const Edit& known) { return holds_all(known, edit) || same_edit(known, edit); }))
      continue;
    grown = true;
    if (edit.function != none) {
      const std::string& name = audit.program().function(edit.function).name;
      edited.insert(name);
      const auto parts =
          std::erase_if(step.edits, [&](const Edit& known) { return is_part(known) && holds_all(edit, known); });
      if (parts > 0) std::erase_if(step.places, [&](const PlanPlace& place) { return place.function == name; });
    }
    if (std::ranges::none_of(step.edits, [&](Edit& known) { return take_in(known, edit); }))
      step.edits.push_back(std::move(edit));
  }
  const bool all_known = std::ranges::all_of(more.uses, [&](const auto& use) {
    const auto known = step.uses.find(use.first);
    return known != step.uses.end() && std::ranges::includes(known->second, use.second);
  });
  if (!grown && all_known) return false;
  for (PlanPlace& place : more.places)
    if ((place.function.empty() || edited.contains(place.function)) &&
        std::ranges::none_of(step.places, [&](const PlanPlace& known) { return known.location == place.location; }))
      step.places.push_back(std::move(place));
  std::set<std::string> states(step.states.begin(), step.states.end());
  states.insert(more.states.begin(), more.states.end());
  step.states.assign(states.begin(), states.end());
  step.speaks_of.insert(more.speaks_of.begin(), more.speaks_of.end());
  step.functions.insert(more.functions.begin(), more.functions.end());
  for (auto& [record, fields] : more.uses) step.uses[record].insert(fields.begin(), fields.end());
  if (step.otherwise.empty()) step.otherwise = more.otherwise;
  if (!step.owner.empty()) say_section(audit, step);
  return grown;
}

}  // namespace ftaudit::plan
