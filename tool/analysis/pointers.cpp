#include "analysis/pointers.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "capi/records.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

// CPython calls what its own structs hold: those functions are entries.
bool is_cpython(const Program& program, const std::string& record) {
  return capi::is_public_name(record) && program.record(record) == nullptr;
}

bool is_wrapper(const std::string& record) { return record == "std::function" || record == "std::move_only_function"; }

// Something that a function pointer can lie in, by name: "Ops.read", "g7", "f3:1" (a variable), "r3" (a result).
using Node = std::uint32_t;

class Solver {
 public:
  explicit Solver(const Program& program) : program_(program) {}

  std::vector<Edge> run() {
    for (const model::Table& table : program_.facts.tables)
      for (const model::Row& row : table.rows)
        for (const model::Cell& cell : row.cells) fill(table, cell);
    for (const FunctionId id : program_.facts.functions.ids()) {
      const model::Function& function = program_.function(id);
      for (const EventId e : function.events.ids()) event(id, e);
    }
    spread();
    std::vector<Edge> out;
    for (const Call& call : calls_) {
      const std::vector<FunctionId>& reached = holds_[call.through];
      for (FunctionId to : reached) out.push_back({call.from, to, call.event, call.wrapped, true});
    }
    return out;
  }

 private:
  struct Call {
    FunctionId from;
    EventId event;
    Node through;
    bool wrapped;  // by std::function: its arguments come one later
  };

  Node node(const std::string& name) {
    const auto [it, is_new] = nodes_.emplace(name, static_cast<Node>(holds_.size()));
    if (is_new) holds_.emplace_back(), flows_to_.emplace_back();
    return it->second;
  }

  // none where a pointer cannot be followed.
  Node node(FunctionId id, const Place& place) {
    for (auto step = place.steps.rbegin(); step != place.steps.rend(); ++step)
      if (step->kind == model::Step::Kind::field)
        return is_cpython(program_, step->record) ? none : node(step->record + "." + step->field);
    if (place.root == Place::Root::global) return node("g" + std::to_string(place.global.n));
    if (place.root == Place::Root::variable) return variable(id, place.variable);
    return none;
  }

  Node variable(FunctionId id, std::uint32_t number) {
    const std::string name = "f" + std::to_string(id.n) + ":" + std::to_string(number);
    const bool is_new = !nodes_.contains(name);
    const Node out = node(name);
    // A captured one is the variable around it.
    if (is_new && program_.function(id).variables[number].storage == model::Storage::captured)
      if (const Operand* captured = program_.captured(id, number)) give(out, program_.creation(id).in, *captured);
    return out;
  }

  static bool can_hold(const model::Type& type) { return type.to_function || is_wrapper(type.record); }

  // `to` may hold what the operand is worth.
  void give(Node to, FunctionId id, const Operand& operand) {
    if (to == none) return;
    const model::Function& function = program_.function(id);
    switch (operand.kind) {
      case Operand::Kind::function: hold(to, program_.find(operand.function)); break;
      case Operand::Kind::choice:
      case Operand::Kind::parts:
        for (const Operand& part : operand.parts) give(to, id, part);
        break;
      case Operand::Kind::place:
      case Operand::Kind::address:
        if (const Place& place = function.places[operand.place];
            can_hold(place.type) || (place.steps.empty() && place.root == Place::Root::variable &&
                                     can_hold(function.variables[place.variable].type)))
          if (const Node from = node(id, place); from != none && from != to) flows_to_[from].push_back(to);
        break;
      case Operand::Kind::call:
        if (const FunctionId callee = program_.find(function.events[operand.event].callee_key);
            callee != none && can_hold(program_.function(callee).result))
          flows_to_[node("r" + std::to_string(callee.n))].push_back(to);
        break;
      default: break;
    }
  }

  void hold(Node to, FunctionId function) {
    if (function == none) return;
    std::vector<FunctionId>& held = holds_[to];
    if (std::find(held.begin(), held.end(), function) != held.end()) return;
    held.push_back(function);
    news_.push_back(to);
  }

  void fill(const model::Table& table, const model::Cell& cell) {
    bool names_function = false;
    each_operand(cell.value, [&](const Operand& value) { names_function |= value.kind == Operand::Kind::function; });
    if (!names_function || is_cpython(program_, table.record)) return;
    const Node to =
        table.record.empty() ? node("g" + std::to_string(table.variable.n)) : node(owner_of(table.record, cell.field));
    each_operand(cell.value, [&](const Operand& value) {
      if (value.kind == Operand::Kind::function) hold(to, program_.find(value.function));
    });
  }

  // "Ops", "io.read" -> "Io.read", by the type of the field io.
  std::string owner_of(std::string record, const std::string& path) const {
    std::size_t start = 0;
    for (std::size_t dot; (dot = path.find('.', start)) != std::string::npos; start = dot + 1)
      if (const model::Field* field = field_named(record, path.substr(start, dot - start))) record = field->type.record;
    return record + "." + path.substr(start);
  }
  const model::Field* field_named(const std::string& record, const std::string& name) const {
    const model::Record* known = program_.record(record);
    if (known == nullptr) return nullptr;
    const auto it = std::find_if(known->fields.begin(), known->fields.end(),
                                 [&](const model::Field& field) { return field.name == name; });
    return it == known->fields.end() ? nullptr : &*it;
  }

  void event(FunctionId id, EventId e) {
    const model::Function& function = program_.function(id);
    const Event& event = function.events[e];
    if (event.kind == Event::Kind::write && !event.operands.empty()) {
      assign(id, function.places[event.place], event.operands[0]);
    } else if (event.kind == Event::Kind::leave && !event.operands.empty() && can_hold(function.result)) {
      give(node("r" + std::to_string(id.n)), id, event.operands[0]);
    } else if (is_call(event)) {
      call(id, e);
    }
  }

  void assign(FunctionId id, const Place& place, const Operand& value) {
    // struct ops made = {read_it, write_it};
    if (value.kind == Operand::Kind::parts && place.type.kind == model::Type::Kind::record) {
      const model::Record* record = program_.record(place.type.record);
      for (std::size_t i = 0; record != nullptr && i < value.parts.size() && i < record->fields.size(); ++i)
        if (can_hold(record->fields[i].type))
          give(node(record->name + "." + record->fields[i].name), id, value.parts[i]);
      return;
    }
    const bool local = place.steps.empty() && place.root == Place::Root::variable &&
                       can_hold(program_.function(id).variables[place.variable].type);
    if (can_hold(place.type) || local || value.kind == Operand::Kind::function) give(node(id, place), id, value);
  }

  void call(FunctionId id, EventId e) {
    const model::Function& function = program_.function(id);
    const Event& event = function.events[e];
    if (event.callee.empty()) return through(id, e, event.target, false);
    if (const FunctionId callee = program_.find(event.callee_key); callee != none) {
      const model::Function& body = program_.function(callee);
      for (std::size_t i = 0; i < event.operands.size() && i < body.parameters; ++i)
        if (can_hold(body.variables[i].type))
          give(variable(callee, static_cast<std::uint32_t>(i)), id, event.operands[i]);
      return;
    }
    if (event.operands.empty() || !is_wrapper(event.callee.substr(0, event.callee.rfind("::")))) return;
    const Operand& object = event.operands[0];
    if (event.callee.ends_with("::operator()")) return through(id, e, object, true);
    if (event.operands.size() > 1 && (object.kind == Operand::Kind::address || object.kind == Operand::Kind::place))
      give(node(id, function.places[object.place]), id, event.operands[1]);
  }

  void through(FunctionId id, EventId e, const Operand& target, bool wrapped) {
    const Node meeting = node("c" + std::to_string(id.n) + ":" + std::to_string(e.n));
    if (wrapped && (target.kind == Operand::Kind::address || target.kind == Operand::Kind::place)) {
      if (const Node from = node(id, program_.function(id).places[target.place]); from != none)
        flows_to_[from].push_back(meeting);
    } else {
      give(meeting, id, target);
    }
    calls_.push_back({id, e, meeting, wrapped});
  }

  void spread() {
    while (!news_.empty()) {
      const Node from = news_.back();
      news_.pop_back();
      for (std::size_t i = 0; i < flows_to_[from].size(); ++i) {
        const Node to = flows_to_[from][i];
        for (std::size_t f = 0; f < holds_[from].size(); ++f) hold(to, holds_[from][f]);
      }
    }
  }

  const Program& program_;
  std::unordered_map<std::string, Node> nodes_;
  std::vector<std::vector<FunctionId>> holds_;
  std::vector<std::vector<Node>> flows_to_;
  std::vector<Node> news_;
  std::vector<Call> calls_;
};

}  // namespace

std::vector<Edge> calls_through_pointers(const Program& program) { return Solver(program).run(); }

}  // namespace ftaudit::analysis
