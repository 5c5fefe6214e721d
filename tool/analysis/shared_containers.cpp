// Shared: containers of the C++ library. Their members are functions of a library that nobody reads: what they do to
// their object is what their types say, and what the standard adds ([container.requirements.dataraces],
// [res.on.data.races]).
#include <algorithm>

#include "analysis/shared.h"
#include "capi/capi.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

// Of a place, and of what a function of the project hands out by reference: `registry().insert(x)`.
static const model::Type* known_type(const Program& program, const model::Function& function, const Operand& operand) {
  if (operand.kind == Operand::Kind::address || operand.kind == Operand::Kind::place)
    return &function.places[operand.place].type;
  if (operand.kind != Operand::Kind::call) return nullptr;
  const FunctionId callee = program.find(function.events[operand.event].callee_key);
  if (callee == none || program.function(callee).result.kind == model::Type::Kind::record) return nullptr;
  return &program.function(callee).result;
}

// `table[key]` where `table.count(key)` has said that it is there: nothing is put in.
static bool is_known_key(const model::Function& function, const Values& values, EventId at) {
  const Event& event = function.events[at];
  if (!event.callee.ends_with("map::operator[]") || event.operands.size() != 2) return false;
  const auto same = [&](const Operand& a, EventId there, const Operand& b) {
    if (a.kind == Operand::Kind::text || a.kind == Operand::Kind::number)
      return a.kind == b.kind && a.text == b.text && a.number == b.number;
    const std::string name = values.identity(b, at);
    return !name.empty() && values.identity(a, there) == name;
  };
  bool found = false;
  values.each_condition(at, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    if (test.operands.empty() || test.operands[0].kind != Operand::Kind::call) return;
    const EventId asked = test.operands[0].event;
    const Event& question = function.events[asked];
    const std::string container = event.callee.substr(0, event.callee.rfind("::"));
    if (question.operands.size() != 2 ||
        (question.callee != container + "::count" && question.callee != container + "::contains"))
      return;
    const bool zero =
        test.operands.size() == 2 && test.operands[1].kind == Operand::Kind::number && test.operands[1].number == 0;
    const bool there = test.op == Event::Operator::truth             ? outcome
                       : test.op == Event::Operator::equal && zero   ? !outcome
                       : test.op == Event::Operator::unequal && zero ? outcome
                                                                     : false;
    found |= there && same(question.operands[0], asked, event.operands[0]) &&
             same(question.operands[1], asked, event.operands[1]);
  });
  return found;
}

void Shared::touched_containers(FunctionId id, std::vector<Touched>& out) const {
  const model::Function& function = program_.function(id);
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    // Making and destroying is done by whoever has the object alone; the initialiser of a static local runs once.
    if (!is_call(event) || event.once || event.implicit) continue;
    // std::atomic_store(&pointer, ...): the others of its arguments are this call's own.
    const bool atomic = capi::is_atomic_operation(event.callee);
    for (std::size_t i = 0; i < (atomic ? std::min<std::size_t>(event.operands.size(), 1) : event.operands.size());
         ++i) {
      const Operand& operand = event.operands[i];
      const model::Type* known = known_type(program_, function, operand);
      if (known == nullptr) continue;
      const model::Type& type = *known;
      if (!(capi::is_cxx_container(type.record) || capi::owns_reference(type.record)) || type.indirections > 1 ||
          (type.is_const && operand.kind == Operand::Kind::address))
        continue;
      Path path = path_of(function, held_.values(id), operand, e);
      if (path.is_address) path.is_address = false;
      else if (type.indirections == 1 || type.kind == model::Type::Kind::reference ||
               operand.kind == Operand::Kind::address)
        path.steps.push_back({model::Step::Kind::deref, {}, {}});
      const Touch touched = !atomic ? touch(event, i) : event.is_const_operand(i) ? Touch::read : Touch::write;
      if (touched == Touch::none) continue;
      // `*pointer` as an argument: what it leads to may be changed, the pointer is only followed.
      const bool followed =
          operand.kind == Operand::Kind::place && type.indirections == 0 && type.kind == model::Type::Kind::record;
      const bool write =
          touched == Touch::write && !followed && !(i == 0 && is_known_key(function, held_.values(id), e));
      Touched container{.event = e, .path = std::move(path), .write = write, .atomic = atomic, .container = true};
      if (write) container.before = ready_flags_.set_after(views_, id, e);
      container.won = ready_flags_.won(views_, id, e);
      out.push_back(std::move(container));
    }
  }
}

Shared::Touch Shared::touch(const Event& event, std::size_t operand) const {
  if (event.callee.ends_with("::operator()") && operand == 0) return Touch::read;
  // A function of the project says itself what it does to what it is given.
  if (event.callee.empty() || program_.find(event.callee_key) != none) return Touch::none;
  if (event.is_const_operand(operand) || (operand == 0 && capi::only_looks(event.callee))) return Touch::read;
  // A constructor of a library takes what it copies by reference to const; by value it is a copy.
  const std::size_t split = event.callee.rfind("::");
  const bool member =
      split != std::string::npos && operand == 0 &&
      (capi::is_cxx_container(event.callee.substr(0, split)) || capi::owns_reference(event.callee.substr(0, split)));
  const bool constructs = member && event.callee.substr(0, split).ends_with("::" + event.callee.substr(split + 2));
  if (constructs) return Touch::none;
  return member || event.callee.starts_with("std::") ? Touch::write : Touch::none;
}

const State* Shared::holder_of(const State& state) const {
  if (!state.contents) return nullptr;
  const auto holds = [&](const State& other) {
    return !other.contents && other.kind == state.kind && other.global == state.global &&
           other.record == state.record && other.field == state.field;
  };
  const auto holder = std::find_if(containers_.states.begin(), containers_.states.end(), holds);
  return holder == containers_.states.end() ? nullptr : &*holder;
}

}  // namespace ftaudit::analysis
