#include "analysis/suspension.h"

#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;

namespace {

bool is_common(capi::Suspends why) {
  return why == capi::Suspends::protocols || why == capi::Suspends::conversions || why == capi::Suspends::types_and_modules || why == capi::Suspends::detaches;
}

}  // namespace

Suspension::Suspension(const Program& program) : program_(program), suspends_(spread(false)), commonly_(spread(true)) {}

std::vector<bool> Suspension::spread(bool commonly) const {
  std::vector<bool> found(program_.facts.functions.size(), false);
  std::vector<FunctionId> news;
  for (FunctionId id = 0; id < found.size(); ++id) {
    const model::Function& function = program_.function(id);
    for (const Event& event : function.events)
      if (is_call(event) && known(function, event, commonly)) {
        found[id] = true;
        news.push_back(id);
        break;
      }
  }
  while (!news.empty()) {
    const FunctionId id = news.back();
    news.pop_back();
    for (const Edge& edge : program_.calls_to(id))
      if (!edge.mention && !found[edge.from]) found[edge.from] = true, news.push_back(edge.from);
  }
  return found;
}

// By the callee's own name, or by the slot it is called through.
bool Suspension::known(const model::Function& in, const Event& event, bool commonly) const {
  if (!event.callee.empty()) {
    if (!event.callee_key.text.empty() && program_.find(event.callee_key) != none) return false;  // its body says
    const capi::Suspends why = capi::suspends(event.callee);
    return commonly ? is_common(why) : why != capi::Suspends::never && why != capi::Suspends::unknown;
  }
  if (event.target.place == none) return false;
  const model::Place& place = in.places[event.target.place];
  if (place.steps.empty() || place.steps.back().kind != model::Step::Kind::field) return false;
  return place.steps.back().record == "PyTypeObject" && place.steps.back().field != "tp_alloc" && place.steps.back().field != "tp_free";
}

bool Suspension::event(const model::Function& in, const Event& event) const {
  if (!is_call(event)) return false;
  if (!event.callee_key.text.empty())
    if (const FunctionId callee = program_.find(event.callee_key); callee != none) return suspends_[callee];
  return known(in, event, false);
}

bool Suspension::commonly(const model::Function& in, const Event& event) const {
  if (!is_call(event)) return false;
  if (!event.callee_key.text.empty())
    if (const FunctionId callee = program_.find(event.callee_key); callee != none) return commonly_[callee];
  return known(in, event, true);
}

}  // namespace ftaudit::analysis
