#include "model/rewriting.h"

#include <algorithm>

namespace ftaudit::model {

static void renumber(Operand& operand, const std::vector<std::uint32_t>& now) {
  if (operand.event < now.size()) operand.event = now[operand.event];
  for (Operand& part : operand.parts) renumber(part, now);
}

std::vector<std::uint32_t> Rewriting::make() {
  std::vector<std::uint32_t> now(function_.events.size(), none);
  std::vector<Event> events;
  std::vector<bool> placed(function_.events.size(), false);
  const auto put = [&](const std::vector<Event>& more) { events.insert(events.end(), more.begin(), more.end()); };
  const auto keep = [&](std::uint32_t e) {
    placed[e] = true;
    put(at_[e].before);
    if (!at_[e].gone)
      now[e] = static_cast<std::uint32_t>(events.size()), events.push_back(std::move(function_.events[e]));
    put(at_[e].after);
  };
  for (std::size_t b = 0; b < function_.blocks.size(); ++b) {
    Block& block = function_.blocks[b];
    const std::uint32_t first = block.first, last = block.last;
    block.first = static_cast<std::uint32_t>(events.size());
    if (b == 0) put(entry_);
    put(blocks_[b].after);
    for (std::uint32_t e = first; e < last; ++e)
      if (!placed[e]) keep(e);
    put(blocks_[b].before);
    if (std::ranges::all_of(block.successors, [](std::uint32_t next) { return next == none; })) put(exits_);
    block.last = static_cast<std::uint32_t>(events.size());
  }
  for (std::uint32_t e = 0; e < placed.size(); ++e)
    if (!placed[e]) keep(e);  // of no block: kept where nobody walks
  for (Block& block : function_.blocks)
    if (block.condition < now.size()) block.condition = now[block.condition];
  for (Place& place : function_.places)
    if (place.call < now.size()) place.call = now[place.call];
  for (std::uint32_t e = 0; e < events.size(); ++e) {
    renumber(events[e].target, now);
    for (Operand& operand : events[e].operands) {
      renumber(operand, now);
      if (operand.event == just_before) operand.event = e - 1;
    }
  }
  function_.events = std::move(events);
  return now;
}

}  // namespace ftaudit::model
