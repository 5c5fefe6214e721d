#include "analysis/program.h"

#include <algorithm>

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

Program::Program(const model::Facts& facts_, capi::LockCalls locks)
    : facts(facts_),
      locks_(std::move(locks)),
      from_(facts_.functions.size()),
      to_(facts_.functions.size()),
      creations_(facts_.functions.size()),
      flows_(facts_.functions.size()) {
  for (const FunctionId id : facts.functions.ids()) by_key_.emplace(facts.functions[id].key.text, id);
  for (const model::Table& table : facts.tables) tables_.emplace(table.variable, &table);
  for (const model::Record& record : facts.records) records_.emplace(record.name, &record);
  for (const model::Unit& unit : facts.units) generated_[unit.file] |= !unit.generator.empty();
  link();
}

FunctionId Program::find(const model::FunctionKey& key) const {
  const auto it = by_key_.find(key.text);
  return it == by_key_.end() ? none : it->second;
}

const model::Table* Program::table(model::GlobalId variable) const {
  const auto it = tables_.find(variable);
  return it == tables_.end() ? nullptr : it->second;
}

const model::Record* Program::record(const std::string& name) const {
  const auto it = records_.find(name);
  return it == records_.end() ? nullptr : it->second;
}

// Dominators after Cooper, Harvey and Kennedy: blocks come in reverse post-order, so a few passes settle it.
const Flow& Program::flow(FunctionId id) const {
  if (flows_[id] != nullptr) return *flows_[id];
  const model::Function& function = facts.functions[id];
  auto flow = std::make_unique<Flow>();
  const std::size_t count = function.blocks.size();
  flow->predecessors.resize(count);
  flow->block_of.resize(function.events.size(), 0);
  for (std::uint32_t b = 0; b < count; ++b) {
    for (const EventId e : function.blocks[b].events()) flow->block_of[e] = b;
    for (std::uint32_t successor : function.blocks[b].successors)
      if (successor != none) flow->predecessors[successor].push_back(b);
  }
  flow->dominator.assign(count, none);
  if (count > 0) flow->dominator[0] = 0;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::uint32_t b = 1; b < count; ++b) {
      std::uint32_t common = none;
      for (std::uint32_t p : flow->predecessors[b]) {
        if (flow->dominator[p] == none) continue;
        if (common == none) {
          common = p;
          continue;
        }
        std::uint32_t a = p, c = common;
        while (a != c) {
          while (a > c) a = flow->dominator[a];
          while (c > a) c = flow->dominator[c];
        }
        common = a;
      }
      if (common != flow->dominator[b]) flow->dominator[b] = common, changed = true;
    }
  }
  flows_[id] = std::move(flow);
  return *flows_[id];
}

bool Flow::dominates(std::uint32_t a, std::uint32_t b) const {
  while (b != none && b > a) b = dominator[b];
  return a == b;
}

Location Program::location(const model::Span& span) const {
  Location out;
  if (facts.files.has(span.file)) out.file = facts.files[span.file];
  out.line = span.line, out.column = span.column, out.end_line = span.end_line, out.end_column = span.end_column;
  return out;
}

bool Program::is_written_by_hand(model::FileId file) const {
  const auto it = generated_.find(file);
  return it == generated_.end() || !it->second;
}

bool Program::is_read_in_part(model::FileId file) const {
  return std::any_of(facts.units.begin(), facts.units.end(),
                     [&](const model::Unit& unit) { return unit.file == file && unit.errors > 0; });
}

}  // namespace ftaudit::analysis
