#include "model/rewriting.h"

#include <algorithm>

namespace ftaudit::model {

static void renumber(Operand& operand, const Per<EventId, EventId>& now) {
  if (now.has(operand.event)) operand.event = now[operand.event];
  for (Operand& part : operand.parts) renumber(part, now);
}

Per<EventId, EventId> Rewriting::make() {
  Per<EventId, EventId> now(function_.events.size(), none);
  Per<EventId, Event> events;
  Per<EventId, bool> placed(function_.events.size(), false);
  const auto put = [&](const std::vector<Event>& more) { events.insert(events.end(), more.begin(), more.end()); };
  const auto keep = [&](EventId e) {
    placed[e] = true;
    put(at_[e].before);
    if (!at_[e].gone) now[e] = events.next_id(), events.push_back(std::move(function_.events[e]));
    put(at_[e].after);
  };
  for (std::size_t b = 0; b < function_.blocks.size(); ++b) {
    Block& block = function_.blocks[b];
    const Ids<EventId> old = block.events();
    block.first = events.next_id();
    if (b == 0) put(entry_);
    put(blocks_[b].after);
    for (const EventId e : old)
      if (!placed[e]) keep(e);
    put(blocks_[b].before);
    if (std::ranges::all_of(block.successors, [](std::uint32_t next) { return next == none; })) put(exits_);
    block.last = events.next_id();
  }
  for (const EventId e : placed.ids())
    if (!placed[e]) keep(e);  // of no block: kept where nobody walks
  for (Block& block : function_.blocks)
    if (now.has(block.condition)) block.condition = now[block.condition];
  for (Place& place : function_.places)
    if (now.has(place.call)) place.call = now[place.call];
  for (const EventId e : events.ids()) {
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
