// Paths: what memory a place names once locals that are only names for something else are looked through:
// `arena->blocks` with `arena = &pool` is pool.blocks, `*slot` with `slot = &self->items` is self->items.
// Used by analyses that ask whether two places may be the same memory.
#pragma once

#include <string>
#include <vector>

#include "analysis/values.h"

namespace ftaudit::analysis {

struct Path {
  // `given`: one of what a view of the function starts from (Views).
  // A parameter may be what a lambda captured, too.
  enum class Root : std::uint8_t { unknown, parameter, local, global, call, given };
  Root root = Root::unknown;
  std::uint32_t number = none;  // variable, global, or the event whose result it starts from
  EventId at = none;            // where the root has the value meant
  std::vector<model::Step> steps;
  bool is_address = false;  // the address of that memory, not what is in it

  model::GlobalId global() const { return model::GlobalId(number); }
  EventId call() const { return EventId(number); }

  // As Values::identity writes it: "p0*.items".
  std::string text(std::size_t count) const;
  std::string text() const { return text(steps.size()); }
};

Path path_of(const model::Function& function, const Values& values, const model::Place& place, EventId at);
Path path_of(const model::Function& function, const Values& values, const model::Operand& operand, EventId at);

// What a place in a block is computed from besides numbers, as in `base + offset`: the one that may be a pointer. Null
// for none, and for several.
const model::Operand* pointer_among(const model::Function& function, const std::vector<model::Operand>& parts);

// Steps that lead through a pointer: an explicit one, and indexing what is not an array.
// `rest` with its root replaced by `base`: &x followed is x.
Path spliced(const Path& base, const Path& rest);

bool follows_pointer(const Program& program, const model::Function& function, const Path& path, std::size_t step);

}  // namespace ftaudit::analysis
