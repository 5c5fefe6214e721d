#include "analysis/lead.h"

#include <algorithm>
#include <optional>

#include "capi/capi.h"
#include "capi/changes.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

constexpr int deepest = 6;

class Search {
 public:
  Search(const Program& program, const Held& held) : program_(program), held_(held) {}

  // Whether the value can come from somewhere that has no name; what has one is in `found`.
  bool from(FunctionId id, const Operand& operand, EventId at, int depth) {
    const model::Function& function = program_.function(id);
    switch (operand.kind) {
      case Operand::Kind::null:
      case Operand::Kind::number: return true;
      case Operand::Kind::choice: {
        bool all = true;
        for (const Operand& part : operand.parts) all = all && from(id, part, at, depth);
        return all;
      }
      case Operand::Kind::parts: {  // base + offset: in the block that base leads to
        const Operand* pointer = pointer_among(function, operand.parts);
        return pointer != nullptr && from(id, *pointer, at, depth);
      }
      case Operand::Kind::place:
      case Operand::Kind::address:
      case Operand::Kind::call: return from(id, path_of(function, held_.values(id), operand, at), at, depth);
      default: return false;
    }
  }

  bool from(FunctionId id, const Path& path, EventId at, int depth) {
    if (depth > deepest) return false;
    switch (path.root) {
      case Path::Root::parameter:
      case Path::Root::global: return below(path);
      case Path::Root::local: return local(id, path.number, at, depth);
      case Path::Root::call: return result(id, path.call(), depth);
      default: return false;
    }
  }

  Path found() const { return found_.value_or(Path{}); }

 private:
  bool below(const Path& path) {
    if (!found_) {
      found_ = path;
      return true;
    }
    if (found_->root != path.root || found_->number != path.number) return false;
    std::size_t common = 0;
    while (common < found_->steps.size() && common < path.steps.size() && found_->steps[common] == path.steps[common])
      ++common;
    found_->steps.resize(common), found_->is_address = false;
    return true;
  }

  bool local(FunctionId id, std::uint32_t variable, EventId at, int depth) {
    const model::Function& function = program_.function(id);
    for (const auto& [in, known] : walked_)
      if (in == id && known == variable) return true;  // n = n->next: below where it was
    walked_.emplace_back(id, variable);
    std::vector<EventId> definitions = held_.values(id).definitions(variable, at);
    // An interpreter's stack pointer is moved in a thousand places, each of which reaches all others.
    std::vector<bool> reached;
    const auto reach = [&](EventId definition) {
      const std::size_t number = definition == none ? function.events.size() : definition.n;
      const bool first = !reached[number];
      reached[number] = true;
      return first;
    };
    for (std::size_t i = 0; i < definitions.size(); ++i) {
      const EventId given = definitions[i];
      bool known = false;
      if (given == none) {
        known = !is_given(function, variable) || below({.root = Path::Root::parameter, .number = variable, .at = none});
      } else if (const Event& event = function.events[given]; event.op == Event::Operator::update) {
        // n++: in the block where it was.
        if (reached.empty()) {
          reached.resize(function.events.size() + 1);
          for (const EventId known_one : definitions) reach(known_one);
        }
        for (const EventId before : held_.values(id).definitions(variable, given))
          if (reach(before)) definitions.push_back(before);
        known = true;
      } else if (event.kind == Event::Kind::write) {
        known = !event.operands.empty() && from(id, event.operands[0], given, depth + 1);
      } else if (is_call(event) && !event.operands.empty() &&
                 (capi::hands_out_held(event.callee) || capi::walks(event.callee))) {
        known = from(id, event.operands[0], given, depth + 1);
      }
      if (!known) return false;
    }
    return true;
  }

  bool result(FunctionId id, EventId call, int depth) {
    const model::Function& function = program_.function(id);
    const Event& event = function.events[call];
    if (capi::makes_fresh(event.callee) || capi::allocates(event.callee)) return true;
    if (capi::hands_out_held(event.callee) && !event.operands.empty())
      return from(id, event.operands[0], call, depth + 1);
    const FunctionId callee = event.callee_key.text.empty() ? none : program_.find(event.callee_key);
    if (callee == none || callee == id) return false;
    // In the callee's terms first, by a search of its own.
    Search inside(program_, held_);
    const model::Function& body = program_.function(callee);
    for (const EventId e : body.events.ids())
      if (body.events[e].kind == Event::Kind::leave && !body.events[e].operands.empty() &&
          !inside.from(callee, body.events[e].operands[0], e, depth + 1))
        return false;
    const Path there = inside.found();
    if (there.root == Path::Root::unknown) return true;
    if (there.root == Path::Root::global) return below(there);
    if (there.number >= event.operands.size()) return false;
    const Path base = path_of(function, held_.values(id), event.operands[there.number], call);
    if (base.root == Path::Root::parameter || base.root == Path::Root::global) return below(spliced(base, there));
    return from(id, base, call, depth + 1);
  }

  const Program& program_;
  const Held& held_;
  std::optional<Path> found_;
  std::vector<std::pair<FunctionId, std::uint32_t>> walked_;
};

}  // namespace

Path lead(const Program& program, const Held& held, FunctionId id, const Path& path, EventId at) {
  Search search(program, held);
  return search.from(id, path, path.at == none ? at : path.at, 0) ? search.found() : Path{};
}

}  // namespace ftaudit::analysis
