// Shared: locks of an array of them, held for another element than the one that is used.
#include <algorithm>

#include "analysis/shared.h"
#include "analysis/subscripts.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

// "long[8]" -> "[8]"
std::string length_of(const Program& program, const model::Function& function, const Place& place) {
  const model::Type* type = nullptr;
  const std::size_t index = first_index(place);
  if (index == 0 && place.root == Place::Root::global) type = &program.facts.globals[place.global].type;
  if (index == 0 && place.root == Place::Root::variable) type = &function.variables[place.variable].type;
  if (index > 0 && place.steps[index - 1].kind == Step::Kind::field)
    if (const model::Record* record = program.record(place.steps[index - 1].record))
      for (const model::Field& field : record->fields)
        if (field.name == place.steps[index - 1].field) type = &field.type;
  if (type == nullptr || type->kind != model::Type::Kind::array) return {};
  const std::size_t start = type->spelling.find('[');
  return start == std::string::npos ? "" : type->spelling.substr(start, type->spelling.find(']') + 1 - start);
}

// The place with an element in it that the event is about.
const Place* place_of_use(const model::Function& function, const Event& event) {
  const auto chooses = [&](std::uint32_t place) {
    return place != none && first_index(function.places[place]) < function.places[place].steps.size();
  };
  if (!is_call(event)) return chooses(event.place) ? &function.places[event.place] : nullptr;
  for (const Operand& operand : event.operands)
    if (chooses(operand.place)) return &function.places[operand.place];
  return nullptr;
}

// One lock of an array that an access holds, and whether it is that of its element.
struct Aligned {
  Access* access = nullptr;
  std::string key;
  SameElement same = SameElement::unknown;
  bool alike = false;  // the arrays are one, or as long as each other
};

std::optional<Aligned> aligned(const Program& program, const Held& held, Access& access) {
  const auto is_element = [](const std::string& name) { return name.find('[') != std::string::npos; };
  const auto key = std::ranges::find_if(access.locks, is_element);
  if (key == access.locks.end() || std::ranges::count_if(access.locks, is_element) != 1) return std::nullopt;
  const FunctionId id = access.site.function;
  const model::Function& function = program.function(id);
  const Lock* lock = nullptr;
  for (const Lock& one : held.at(id, access.site.event)) {
    if (!is_element(one.what)) continue;
    if (lock != nullptr || one.acquired == none) return std::nullopt;
    lock = &one;
  }
  const Place* use = place_of_use(function, function.events[access.site.event]);
  const Place* taken = lock == nullptr ? nullptr : place_of_lock(program, function, lock->acquired);
  if (use == nullptr || taken == nullptr) return std::nullopt;
  const auto of_use = subscript_of(function, held.values(id), *use, access.site.event);
  const auto of_lock = subscript_of(function, held.values(id), *taken, lock->acquired);
  if (!of_use || !of_lock) return std::nullopt;
  Aligned out{&access, *key, is_same(function, *of_lock, *of_use)};
  const std::size_t index = first_index(*taken);
  Place array = *taken;
  array.steps.resize(index);
  const bool one_array = first_index(*use) == index && begins_with(*use, array, index);
  const std::string length = length_of(program, function, *use);
  out.alike = one_array || (!length.empty() && length == length_of(program, function, *taken));
  // A stripe is chosen by what the element is chosen by.
  const bool made =
      of_lock->variable != none && of_use->variable != none &&
      (is_made_of(function, *of_lock, of_use->variable) || is_made_of(function, *of_use, of_lock->variable));
  if (made && !out.alike) out.same = SameElement::unknown;
  return out;
}

}  // namespace

void drop_stray_locks(const Program& program, const Held& held, std::vector<State>& states) {
  for (State& state : states) {
    std::vector<Aligned> found;
    for (Access& access : state.accesses)
      if (auto one = aligned(program, held, access)) found.push_back(std::move(*one));
    for (const Aligned& one : found) {
      const bool for_each = std::ranges::any_of(
          found, [&](const Aligned& other) { return other.key == one.key && other.same == SameElement::yes; });
      if (one.same != SameElement::no || !(for_each || one.alike)) continue;
      std::erase(one.access->locks, one.key), std::erase(one.access->readers, one.key);
      one.access->other_lock = true;
    }
  }
}

}  // namespace ftaudit::analysis
