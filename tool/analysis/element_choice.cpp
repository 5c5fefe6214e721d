#include "analysis/element_choice.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

template <class Visit> void each_part(const std::string& text, Visit visit) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    visit(std::string_view(text).substr(start, end - start));
    start = end + 1;
  }
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::int64_t out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional<std::uint64_t>(out)
                                                                         : std::nullopt;
}

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 31)) * 0x9e3779b97f4a7c15u;
  return (value ^ (value >> 29)) * 0xbf58476d1ce4e5b9u;
}

std::optional<std::uint64_t> applied(std::string_view name, std::uint64_t a, std::uint64_t b) {
  if (name == "+") return a + b;
  if (name == "-") return a - b;
  if (name == "*") return a * b;
  if (name == "&") return a & b;
  if (name == "|") return a | b;
  if (name == "^") return a ^ b;
  if (name == "<<" && b < 64) return a << b;
  if (name == ">>" && b < 64) return a >> b;
  if (name == "/" && b != 0) return a / b;
  if (name == "%" && b != 0) return a % b;
  return std::nullopt;
}

using Given = std::map<std::string, std::uint64_t, std::less<>>;  // values of variables and fields

// Functions are taken to be what good hashes are. Nothing for what has no value there.
std::optional<std::uint64_t> value_of(const std::string& text, const Given& given) {
  std::vector<std::uint64_t> stack;
  bool known = true;
  each_part(text, [&](std::string_view part) {
    if (!known) return;
    if (const auto number = number_in(part)) return stack.push_back(*number);
    if (const auto variable = given.find(part); variable != given.end()) return stack.push_back(variable->second);
    if (const std::size_t slash = part.rfind('/'); slash != std::string_view::npos && slash > 0) {
      const std::uint64_t count = number_in(part.substr(slash + 1)).value_or(stack.size() + 1);
      known = count <= stack.size();
      std::uint64_t hash = std::hash<std::string_view>{}(part);
      for (std::uint64_t i = 0; known && i < count; ++i) hash = mixed(hash ^ stack.back()), stack.pop_back();
      return stack.push_back(hash);
    }
    const std::size_t wanted = part == "~" ? 1 : 2;
    known = stack.size() >= wanted;
    if (!known) return;
    const std::uint64_t last = stack.back();
    stack.pop_back();
    if (wanted == 1) return stack.push_back(~last);
    const auto result = applied(part, stack.back(), last);
    known = result.has_value();
    stack.back() = result.value_or(0);
  });
  return known && stack.size() == 1 ? std::optional(stack[0]) : std::nullopt;
}

// Numbers that lead to one element and to different locks.
bool differs(const ElementChoice& lock, std::optional<std::uint64_t> locks, const ElementChoice& element,
             std::optional<std::uint64_t> elements, const std::vector<std::string>& names, Given given,
             LocksOfElements& known) {
  constexpr std::array<std::uint64_t, 4> ranges{16, 64, 1024, 1u << 20};
  known.clear();
  for (std::uint64_t sample = 0; sample < 1024; ++sample) {
    for (std::size_t i = 0; i < names.size(); ++i)
      given[names[i]] =
          names.size() == 1 && sample < 512 ? sample : mixed(sample * 7 + i + 1) % ranges[sample % ranges.size()];
    const auto taken = value_of(lock.text, given), used = value_of(element.text, given);
    if (!taken || !used || (locks && *taken >= *locks) || (elements && *used >= *elements)) continue;
    if (known.emplace(*used, *taken).first->second != *taken) return true;
  }
  return false;
}

// A parameter of the accessor, as the caller gives it.
std::optional<ElementChoice> given_by(const model::Function& caller, const Values& values, EventId call,
                                      std::uint32_t parameter) {
  const Event& event = caller.events[call];
  if (parameter >= event.operands.size()) return std::nullopt;
  const Operand& given = event.operands[parameter];
  if (const auto number = constant(given)) return ElementChoice{std::to_string(*number), {}};
  const std::uint32_t variable = values.local_of(given);
  if (variable == none) return std::nullopt;
  return ElementChoice{"v" + std::to_string(variable),
                       {{.number = {}, .variable = variable, .given = values.definitions(variable, call)}}};
}

// The place that an accessor answers with, on its one way out.
const Place* answered(const model::Function& accessor, EventId& leave) {
  const Place* found = nullptr;
  for (const EventId e : accessor.events.ids()) {
    const Event& event = accessor.events[e];
    if (event.kind != Event::Kind::leave) continue;
    if (found != nullptr || event.operands.size() != 1 || event.operands[0].place == none) return nullptr;
    found = &accessor.places[event.operands[0].place], leave = e;
  }
  return found;
}

}  // namespace

std::optional<ElementChoice> choice_of(const model::Function& function, const Values& values, const Place& place,
                                       EventId at) {
  const std::size_t index = first_index(place);
  if (index == place.steps.size()) return std::nullopt;
  if (!place.steps[index].field.starts_with("=")) {
    const std::optional<Subscript> simple = subscript_of(function, values, place, at);
    if (!simple) return std::nullopt;
    if (simple->number) return ElementChoice{std::to_string(*simple->number), {}};
    return ElementChoice{"v" + std::to_string(simple->variable), {*simple}};
  }
  ElementChoice out{place.steps[index].field.substr(1), {}};
  each_part(out.text, [&](std::string_view part) {
    const auto number = part.starts_with("v") ? number_in(part.substr(1)) : std::nullopt;
    const auto variable = static_cast<std::uint32_t>(number.value_or(none));
    if (!number || variable >= function.variables.size()) return;
    if (std::ranges::find(out.variables, variable, &Subscript::variable) == out.variables.end())
      out.variables.push_back({.number = {}, .variable = variable, .given = values.definitions(variable, at)});
  });
  return out;
}

std::optional<ChosenLock> chosen_lock(const Program& program, const Held& held, FunctionId id, EventId taken) {
  const model::Function& function = program.function(id);
  if (const Place* place = place_of_lock(program, function, taken); place != nullptr) {
    auto choice = choice_of(function, held.values(id), *place, taken);
    return choice ? std::optional(ChosenLock{place, id, std::move(*choice)}) : std::nullopt;
  }
  const Event& event = function.events[taken];
  const capi::LockCall* call = program.lock_call(event.callee);
  if (call == nullptr || call->lock < 0 || call->lock >= static_cast<int>(event.operands.size())) return std::nullopt;
  const Operand& lock = event.operands[static_cast<std::size_t>(call->lock)];
  if (lock.kind != Operand::Kind::call) return std::nullopt;
  const FunctionId accessor = program.find(function.events[lock.event].callee_key);
  EventId leave = none;
  const Place* place = accessor == none ? nullptr : answered(program.function(accessor), leave);
  if (place == nullptr) return std::nullopt;
  const auto inside = choice_of(program.function(accessor), held.values(accessor), *place, leave);
  if (!inside) return std::nullopt;
  ChosenLock out{place, accessor, {}};
  bool known = true;
  each_part(inside->text, [&](std::string_view part) {
    std::string now(part);
    if (const auto number = part.starts_with("v") ? number_in(part.substr(1)) : std::nullopt) {
      const auto given = given_by(function, held.values(id), lock.event, static_cast<std::uint32_t>(*number));
      known &= given.has_value() && *number < program.function(accessor).parameters;
      if (!known) return;
      now = given->text;
      out.choice.variables.insert(out.choice.variables.end(), given->variables.begin(), given->variables.end());
    }
    out.choice.text += (out.choice.text.empty() ? "" : " ") + now;
  });
  return known ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<std::uint64_t> length_of(const Program& program, const model::Function& function, const Place& place) {
  const model::Type* type = nullptr;
  const std::size_t index = first_index(place);
  if (index == 0 && place.root == Place::Root::global) type = &program.facts.globals[place.global].type;
  if (index == 0 && place.root == Place::Root::variable) type = &function.variables[place.variable].type;
  if (index > 0 && place.steps[index - 1].kind == Step::Kind::field)
    if (const model::Record* record = program.record(place.steps[index - 1].record))
      for (const model::Field& field : record->fields)
        if (field.name == place.steps[index - 1].field) type = &field.type;
  if (type == nullptr) return std::nullopt;
  const std::string& text = type->spelling;
  const bool array = type->kind == model::Type::Kind::array;
  if (!array && type->record != "std::array") return std::nullopt;
  const std::size_t before = array ? text.find('[') : text.rfind(' ');
  if (before == std::string::npos) return std::nullopt;
  const std::size_t end = text.find_first_not_of("0123456789", before + 1);
  return number_in(std::string_view(text).substr(before + 1, std::min(end, text.size()) - before - 1));
}

bool is_same_choice(const ElementChoice& a, const ElementChoice& b) {
  return a.text == b.text && std::ranges::equal(a.variables, b.variables, {}, &Subscript::given, &Subscript::given);
}

SameElement goes_with(const ElementChoice& lock, std::optional<std::uint64_t> locks, const ElementChoice& element,
                      std::optional<std::uint64_t> elements, LocksOfElements& found) {
  // An array without a length is as long as whoever chooses needs it to be.
  if (!locks && lock.is_bare() && !element.is_bare()) return SameElement::unknown;
  std::vector<std::string> names, fields;
  for (const std::string* text : {&lock.text, &element.text})
    each_part(*text, [&](std::string_view part) {
      std::vector<std::string>& list = part.starts_with("f:") ? fields : names;
      const bool named = part.starts_with("f:") || (part.starts_with("v") && number_in(part.substr(1)));
      if (named && std::ranges::find(list, part) == list.end()) list.emplace_back(part);
    });
  for (const Subscript& one : lock.variables)
    for (const Subscript& other : element.variables)
      if (one.variable == other.variable && one.given != other.given) return SameElement::unknown;
  // Masks and lengths stay as they are, whatever they are.
  for (const std::uint64_t fixed : {7u, 8u, 15u, 16u}) {
    Given given;
    for (const std::string& field : fields) given[field] = fixed;
    if (!differs(lock, locks, element, elements, names, given, found)) return SameElement::yes;
    if (fields.empty()) break;
  }
  return SameElement::no;
}

}  // namespace ftaudit::analysis
