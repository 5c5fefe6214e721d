#include "analysis/lent_paths.h"

#include <algorithm>
#include <optional>

#include "analysis/subscripts.h"
#include "capi/capi.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

constexpr int most_calls = 5;  // deep, from what a thread runs on

bool overlap(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const std::string &whole = a.size() < b.size() ? a : b, &part = a.size() < b.size() ? b : a;
  return part.starts_with(whole) && part[whole.size()] == '.';
}

bool meet(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::any_of(a, [&](const std::string& one) { return std::ranges::find(b, one) != b.end(); });
}

// Steps of the path as text, with the number of its first element where that is written down: "[2]", and "[]" for
// others.
std::string text_of(const Path& path, std::size_t from, const std::optional<Subscript>& element) {
  std::string out;
  bool first = true;
  for (std::size_t i = from; i < path.steps.size(); ++i) {
    const Step& step = path.steps[i];
    if (step.kind == Step::Kind::deref) out += "*";
    if (step.kind == Step::Kind::field) out += "." + step.field;
    if (step.kind != Step::Kind::index) continue;
    out += "[" + (first && element && element->number ? std::to_string(*element->number) : "") + "]", first = false;
  }
  return out;
}

// Names a local of a function between the owner and its threads.
std::string local_of(FunctionId in) { return "l" + std::to_string(in.n) + "v"; }

bool hands_on(const std::string& callee) {
  return callee == "std::ref" || callee == "std::cref" || callee == "std::move" || callee == "std::forward" ||
         callee == "std::addressof" || callee == "std::reference_wrapper::reference_wrapper";
}

// In the memory of the owner, and the same for all who are given it: no pointer is followed, no element chosen.
bool is_in_owner(const std::string& place) {
  if (place.empty() || place[0] == 'l' || place.find("[]") != std::string::npos) return false;
  const std::size_t star = place.find('*');
  return star == std::string::npos ||
         (place[0] == 'p' && place.find('*', star + 1) == std::string::npos && place.find_first_of(".[") > star);
}

// To a number or a container: a class of the project has its own ways to keep threads apart.
bool is_plain_reference(const model::Type& type) {
  return type.kind == model::Type::Kind::reference && (type.record.empty() || capi::is_cxx_container(type.record));
}

}  // namespace

bool Lent::is_something() const {
  return address || (code != none && std::ranges::any_of(captured, &Lent::is_something));
}

bool LentAccess::conflicts_with(const LentAccess& other) const {
  if ((!write && !other.write) || (atomic && other.atomic) || !overlap(place, other.place)) return false;
  if (comes_first(order, other.order) || comes_first(other.order, order)) return false;
  // Two readers of one lock do not keep each other off.
  return !meet(locks, other.locks) && !meet(locks, other.readers) && !meet(readers, other.locks);
}

std::string LentPaths::named(FunctionId in, const Bindings* known, const Place& place, EventId at,
                             bool& address) const {
  const model::Function& function = program_.function(in);
  const Path path = path_of(function, held_.values(in), place, at);
  const std::optional<Subscript> element = subscript_of(function, held_.values(in), place, at);
  address = path.is_address;
  if (known == nullptr) {
    if (path.root == Path::Root::local) return "v" + std::to_string(path.number) + text_of(path, 0, element);
    // What a reference leads to is the caller's, and for all threads that are started here the same.
    const bool reference = path.root == Path::Root::parameter && path.number < function.parameters &&
                           is_plain_reference(function.variables[path.number].type) && !path.steps.empty() &&
                           path.steps[0].kind == Step::Kind::deref;
    return reference ? "p" + std::to_string(path.number) + text_of(path, 0, element) : "";
  }
  if (known->starter && path.root == Path::Root::local)
    return local_of(in) + std::to_string(path.number) + text_of(path, 0, element);
  if (path.root != Path::Root::parameter || path.number >= known->size()) return {};
  const Lent& lent = (*known)[path.number];
  if (lent.place.empty() || !lent.address) return {};
  if (path.steps.empty()) {
    // The pointer itself, which is the thread's own; a reference's address is that of what it leads to.
    address = true;
    return lent.place;
  }
  if (path.steps[0].kind != Step::Kind::deref) return {};
  return lent.place + text_of(path, 1, element);
}

Lent LentPaths::of(FunctionId in, const Bindings* known, const Operand& operand, EventId at, int depth) const {
  Lent out;
  if (depth > most_calls) return out;
  const model::Function& function = program_.function(in);
  switch (operand.kind) {
    case Operand::Kind::address:
    case Operand::Kind::place: {
      const Place& place = function.places[operand.place];
      bool address = false;
      out.place = named(in, known, place, at, address);
      out.address = !out.place.empty() && (operand.kind == Operand::Kind::address || address);
      if (place.root != Place::Root::variable) return out;
      if (known != nullptr && place.variable < known->size() &&
          std::ranges::all_of(place.steps, [](const Step& step) { return step.kind == Step::Kind::deref; }))
        out.code = (*known)[place.variable].code, out.captured = (*known)[place.variable].captured;
      // A std::function in a local that was made of one thing.
      if (out.code == none && place.steps.empty() && place.type.record == "std::function")
        for (EventId e; e < at; ++e) {
          const Event& event = function.events[e];
          if (event.callee != "std::function::function" || event.operands.size() < 2 ||
              event.operands[0].kind != Operand::Kind::address || event.operands[0].place != operand.place)
            continue;
          const Lent made = of(in, known, event.operands[1], e, depth + 1);
          out.code = made.code, out.captured = made.captured;
        }
      return out;
    }
    case Operand::Kind::call: {
      const Event& event = function.events[operand.event];
      if (hands_on(event.callee) && !event.operands.empty())
        return of(in, known, event.operands.back(), operand.event, depth + 1);
      if (event.callee == "std::function::function" && event.operands.size() > 1)
        return of(in, known, event.operands[1], operand.event, depth + 1);
      return out;
    }
    case Operand::Kind::function: {
      out.code = program_.find(operand.function);
      if (out.code == none) return out;
      const Creation& made = program_.creation(out.code);
      const bool here = made.closure != nullptr && made.in == in && !made.closure->parts.empty();
      // Whoever is given the lambda calls it by its type.
      if (!here && known != nullptr && operand.parts.empty())
        if (const auto lambda = std::ranges::find(*known, out.code, &Lent::code); lambda != known->end())
          return *lambda;
      for (const Operand& part : here ? made.closure->parts : operand.parts)
        out.captured.push_back(of(in, known, part, here ? made.event : at, depth + 1));
      return out;
    }
    default: return out;
  }
}

Bindings LentPaths::given(FunctionId in, const Bindings* known, const Lent& code, const Event& event, EventId at,
                          std::size_t first) const {
  const model::Function& callee = program_.function(code.code);
  Bindings out(callee.parameters);
  for (std::uint32_t p = 0; p < callee.parameters && first + p < event.operands.size(); ++p) {
    const Operand& operand = event.operands[first + p];
    out[p] = of(in, known, operand, at);
    // What is taken by value is the callee's own.
    if (callee.variables[p].type.kind == model::Type::Kind::record && out[p].code == none) out[p] = {};
  }
  out.insert(out.end(), code.captured.begin(), code.captured.end());
  return out;
}

std::string LentPaths::lock_name(FunctionId in, const Bindings* known, const std::string& lock) const {
  if (lock.starts_with("g") || lock.starts_with("&g")) return lock;
  const bool address = lock.starts_with("&");
  std::string place = lock.substr(address ? 1 : 0);
  if (place.empty()) return {};
  const std::size_t digits = std::min(place.find_first_not_of("0123456789", 1), place.size());
  std::string rest = place.substr(digits);
  if (rest.starts_with("@")) rest.erase(0, std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
  if (known == nullptr) return (address ? "&" : "") + place.substr(0, digits) + rest;
  if (known->starter && place[0] == 'v')
    return (address ? "&" : "") + local_of(in) + place.substr(1, digits - 1) + rest;
  if (place[0] != 'p') return {};
  const std::size_t number = std::stoul(place.substr(1, digits - 1));
  if (number >= known->size() || !(*known)[number].address) return {};
  const std::string& lent = (*known)[number].place;
  if (rest.empty()) return address ? "" : "&" + lent;
  if (rest[0] != '*') return {};
  // `std::mutex&` captured by reference: what is named is the mutex.
  return (address ? "&" : "") + lent + rest.substr(1);
}

// An atomic of the owner's by its name there, one of an object by its field.
std::string LentPaths::flag_name(FunctionId in, const Bindings* known, const Place& place, EventId at) const {
  bool address = false;
  if (std::string own = named(in, known, place, at, address); !own.empty()) return own;
  if (place.root == Place::Root::global && place.steps.empty()) return "g" + std::to_string(place.global.n);
  const bool field = !place.steps.empty() && place.steps.back().kind == Step::Kind::field;
  return field ? place.steps.back().record + "." + place.steps.back().field : "";
}

void LentPaths::order(FunctionId in, const Bindings* known, EventId at, LentAccess& access) const {
  flags_.note(
      in, at, [&](const Place& place, EventId where) { return flag_name(in, known, place, where); }, access.order);
}

// `if (number == 0)`, of a number that each thread was given as its own.
bool LentPaths::is_of_one_thread(FunctionId in, EventId at) const {
  const model::Function& function = program_.function(in);
  bool one = false;
  held_.values(in).each_condition(at, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    if (test.operands.empty() || test.operands[0].kind != Operand::Kind::place) return;
    const bool equal = test.op == Event::Operator::equal || test.op == Event::Operator::unequal;
    const bool counted = test.operands.size() > 1 && constant(test.operands[1]).has_value();
    const Place& place = function.places[test.operands[0].place];
    const bool own = place.root == Place::Root::variable && place.steps.empty() && is_given(function, place.variable) &&
                     !function.variables[place.variable].by_reference;
    const bool is = test.op == Event::Operator::equal ? outcome : !outcome;
    one |= own && (equal ? counted && is : test.op == Event::Operator::truth && !outcome);
  });
  return one;
}

void LentPaths::note(FunctionId in, const Bindings* known, EventId at, std::string place, bool write, bool container,
                     std::vector<LentAccess>& out) const {
  if (!is_in_owner(place)) return;
  const Event& event = program_.function(in).events[at];
  LentAccess access{.site = {in, at}, .place = std::move(place), .write = write, .container = container};
  access.atomic = event.atomic || (event.place != none && program_.function(in).places[event.place].type.is_atomic);
  for (const Lock& lock : held_.at(in, at)) {
    if (lock.what == "?") return;  // held, but nobody knows what
    if (std::string name = lock_name(in, known, lock.what); !name.empty())
      (lock.shared ? access.readers : access.locks).push_back(std::move(name));
  }
  if (flags_.is_won(in, at)) return;
  order(in, known, at, access);
  access.single = known != nullptr && is_of_one_thread(in, at);
  out.push_back(std::move(access));
}

// What a call of a library does to what it is given the address of.
void LentPaths::touch(FunctionId in, const Bindings* known, EventId at, std::vector<LentAccess>& out) const {
  const model::Function& function = program_.function(in);
  const Event& event = function.events[at];
  if (event.implicit || hands_on(event.callee) || program_.lock_call(event.callee) != nullptr) return;
  const std::size_t split = event.callee.rfind("::");
  const std::string owner = split == std::string::npos ? "" : event.callee.substr(0, split);
  if (capi::is_lock_type(owner) || owner.starts_with("std::atomic") || owner.ends_with("thread")) return;
  for (std::size_t i = 0; i < event.operands.size(); ++i) {
    const Operand& operand = event.operands[i];
    if (operand.kind != Operand::Kind::address && operand.kind != Operand::Kind::place) continue;
    const model::Type& type = function.places[operand.place].type;
    if (type.is_atomic || capi::is_lock_type(type.record)) continue;
    const Lent lent = of(in, known, operand, at);
    if (!lent.address) continue;
    const bool container = capi::is_cxx_container(type.record) || capi::owns_reference(type.record);
    const bool constructs =
        i == 0 && split != std::string::npos && owner.ends_with("::" + event.callee.substr(split + 2));
    const bool member = i == 0 && container && !constructs;
    const bool assigns = i == 0 && event.callee.ends_with("::operator=") && type.kind != model::Type::Kind::pointer;
    const bool looks = event.is_const_operand(i) || (i == 0 && capi::only_looks(event.callee));
    if (looks && (container || event.callee.starts_with("std::")))
      note(in, known, at, lent.place, false, container, out);
    else if (member || assigns) note(in, known, at, lent.place, true, container, out);
  }
}

// Who calls holds its locks meanwhile.
void LentPaths::call(FunctionId in, const Bindings* known, EventId at, FunctionId callee, const Bindings& given,
                     std::vector<LentAccess>& out, int depth) const {
  const std::size_t before = out.size();
  all(callee, given, out, depth + 1);
  if (out.size() > before && flags_.is_won(in, at)) return out.resize(before);
  for (std::size_t i = before; i < out.size(); ++i) order(in, known, at, out[i]);
  const Locks& locks = held_.at(in, at);
  if (out.size() == before || locks.empty()) return;
  if (std::ranges::any_of(locks, [](const Lock& lock) { return lock.what == "?"; })) return out.resize(before);
  for (const Lock& lock : locks)
    if (const std::string name = lock_name(in, known, lock.what); !name.empty())
      for (std::size_t i = before; i < out.size(); ++i) (lock.shared ? out[i].readers : out[i].locks).push_back(name);
}

void LentPaths::at(FunctionId in, const Bindings* known, EventId e, std::vector<LentAccess>& out, int depth) const {
  const model::Function& function = program_.function(in);
  const Event& event = function.events[e];
  if (event.once) return;
  if (!is_call(event)) {
    if (event.place == none || (event.kind != Event::Kind::read && event.kind != Event::Kind::write)) return;
    const Place& place = function.places[event.place];
    if (capi::is_lock_type(place.type.record) || (known == nullptr && event.op == Event::Operator::initialise)) return;
    bool address = false;
    std::string name = named(in, known, place, e, address);
    if (!address) note(in, known, e, std::move(name), event.kind == Event::Kind::write, false, out);
    return;
  }
  if (depth > most_calls || event.implicit) return;
  if (event.callee.ends_with("operator()")) {
    const Operand& called =
        event.callee == "std::function::operator()" && !event.operands.empty() ? event.operands[0] : event.target;
    const Lent code = of(in, known, called, e);
    if (code.code != none)
      return call(in, known, e, code.code, given(in, known, code, event, e, event.callee == "operator()" ? 0 : 1), out,
                  depth);
  }
  if (const FunctionId callee = program_.find(event.callee_key); callee != none) {
    // A lambda that was handed on is called by its type.
    Lent code{.code = callee};
    if (known != nullptr && program_.function(callee).is_lambda)
      if (const auto lambda = std::ranges::find(*known, callee, &Lent::code); lambda != known->end()) code = *lambda;
    const Bindings bound = given(in, known, code, event, e, 0);
    if (std::ranges::any_of(bound, &Lent::is_something)) call(in, known, e, callee, bound, out, depth);
    return;
  }
  if (event.callee.empty()) {
    const Lent code = of(in, known, event.target, e);
    if (code.code != none) call(in, known, e, code.code, given(in, known, code, event, e, 0), out, depth);
    return;
  }
  if (capi::calls_at_once(event.callee) && !capi::runs_once(event.callee))
    for (const Operand& operand : event.operands)
      if (const Lent code = operand.kind == Operand::Kind::function ? of(in, known, operand, e) : Lent{};
          code.code != none) {
        Bindings bound(program_.function(code.code).parameters);
        bound.insert(bound.end(), code.captured.begin(), code.captured.end());
        call(in, known, e, code.code, bound, out, depth);
      }
  touch(in, known, e, out);
}

void LentPaths::all(FunctionId code, const Bindings& known, std::vector<LentAccess>& out, int depth) const {
  if (depth > most_calls || std::ranges::none_of(known, &Lent::is_something)) return;
  for (const EventId e : program_.function(code).events.ids()) at(code, &known, e, out, depth);
}

}  // namespace ftaudit::analysis
