// Rewriting: events put into a function of the facts, or taken out, and every number that names an event made to fit.
// Changes are noted first and made together, so that each is said in terms of the function as it was.
#pragma once

#include <vector>

#include "model/facts.h"

namespace ftaudit::model {

class Rewriting {
 public:
  // As the result that an event put in names: that of the event put in right before it.
  static constexpr EventId just_before{none - 1};

  explicit Rewriting(Function& function)
      : function_(function), at_(function.events.size()), blocks_(function.blocks.size()) {}

  void before(EventId at, Event event) { at_[at].before.push_back(std::move(event)); }
  // Those put in last come first: what is opened last is closed first.
  void after(EventId at, Event event) { at_[at].after.insert(at_[at].after.begin(), std::move(event)); }
  void at_beginning(std::uint32_t block, Event event) {
    blocks_[block].after.insert(blocks_[block].after.begin(), std::move(event));
  }
  void at_end(std::uint32_t block, Event event) { blocks_[block].before.push_back(std::move(event)); }
  void at_entry(Event event) { entry_.push_back(std::move(event)); }
  void at_exits(Event event) { exits_.insert(exits_.begin(), std::move(event)); }
  void take_out(EventId at) { at_[at].gone = true; }

  // The events noted name no other events but by their places, or `just_before`. Gives where each old event is now;
  // none: taken out.
  Per<EventId, EventId> make();

 private:
  struct Spot {
    std::vector<Event> before, after;
    bool gone = false;
  };
  Function& function_;
  Per<EventId, Spot> at_;
  std::vector<Spot> blocks_;  // `after`: after its beginning; `before`: before its end
  std::vector<Event> entry_, exits_;
};

}  // namespace ftaudit::model
