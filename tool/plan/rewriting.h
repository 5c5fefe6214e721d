// Rewriting: events put into a function of the facts, or taken out, and every number that names an event made to fit.
// Changes are noted first and made together, so that each is said in terms of the function as it was.
#pragma once

#include <vector>

#include "analysis/program.h"

namespace ftaudit::plan {

class Rewriting {
 public:
  // As the result that an event put in names: that of the event put in right before it.
  static constexpr analysis::EventId just_before = analysis::none - 1;

  explicit Rewriting(model::Function& function)
      : function_(function), at_(function.events.size()), blocks_(function.blocks.size()) {}

  void before(analysis::EventId at, model::Event event) { at_[at].before.push_back(std::move(event)); }
  // Those put in last come first: what is opened last is closed first.
  void after(analysis::EventId at, model::Event event) {
    at_[at].after.insert(at_[at].after.begin(), std::move(event));
  }
  void at_beginning(std::uint32_t block, model::Event event) {
    blocks_[block].after.insert(blocks_[block].after.begin(), std::move(event));
  }
  void at_end(std::uint32_t block, model::Event event) { blocks_[block].before.push_back(std::move(event)); }
  void at_entry(model::Event event) { entry_.push_back(std::move(event)); }
  void at_exits(model::Event event) { exits_.insert(exits_.begin(), std::move(event)); }
  void take_out(analysis::EventId at) { at_[at].gone = true; }

  // The events noted name no other events but by their places, or `just_before`. Gives where each old event is now;
  // none: taken out.
  std::vector<analysis::EventId> make();

 private:
  struct Spot {
    std::vector<model::Event> before, after;
    bool gone = false;
  };
  model::Function& function_;
  std::vector<Spot> at_;
  std::vector<Spot> blocks_;  // `after`: after its beginning; `before`: before its end
  std::vector<model::Event> entry_, exits_;
};

}  // namespace ftaudit::plan
