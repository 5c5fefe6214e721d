#include "plan/rewriting.h"

#include <algorithm>

namespace ftaudit::plan {

using analysis::EventId;
using analysis::none;

static void renumber(model::Operand& operand, const std::vector<EventId>& now) {
  if (operand.event < now.size()) operand.event = now[operand.event];
  for (model::Operand& part : operand.parts) renumber(part, now);
}

std::vector<EventId> Rewriting::make() {
  std::vector<EventId> now(function_.events.size(), none);
  std::vector<model::Event> events;
  std::vector<bool> placed(function_.events.size(), false);
  const auto put = [&](const std::vector<model::Event>& more) {
    events.insert(events.end(), more.begin(), more.end());
  };
  const auto keep = [&](EventId e) {
    placed[e] = true;
    put(at_[e].before);
    if (!at_[e].gone) now[e] = static_cast<EventId>(events.size()), events.push_back(std::move(function_.events[e]));
    put(at_[e].after);
  };
  for (std::size_t b = 0; b < function_.blocks.size(); ++b) {
    model::Block& block = function_.blocks[b];
    const EventId first = block.first, last = block.last;
    block.first = static_cast<EventId>(events.size());
    if (b == 0) put(entry_);
    put(blocks_[b].after);
    for (EventId e = first; e < last; ++e)
      if (!placed[e]) keep(e);
    put(blocks_[b].before);
    if (std::ranges::all_of(block.successors, [](std::uint32_t next) { return next == none; })) put(exits_);
    block.last = static_cast<EventId>(events.size());
  }
  for (EventId e = 0; e < placed.size(); ++e)
    if (!placed[e]) keep(e);  // of no block: kept where nobody walks
  for (model::Block& block : function_.blocks)
    if (block.condition < now.size()) block.condition = now[block.condition];
  for (model::Place& place : function_.places)
    if (place.call < now.size()) place.call = now[place.call];
  for (EventId e = 0; e < events.size(); ++e) {
    renumber(events[e].target, now);
    for (model::Operand& operand : events[e].operands) {
      renumber(operand, now);
      if (operand.event == just_before) operand.event = e - 1;
    }
  }
  function_.events = std::move(events);
  return now;
}

}  // namespace ftaudit::plan
