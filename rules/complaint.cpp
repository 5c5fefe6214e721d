#include "rules/complaint.h"

#include <algorithm>

#include "capi/capi.h"
#include "capi/python_runs.h"
#include "capi/references.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;
using model::Event;
using model::Operand;

namespace {

// Sets an exception: by the C API, or a function that gives nothing back and does just that.
bool complains(const Audit& audit, const Event& event) {
  if (capi::raises_error(event.callee) || capi::never_returns(event.callee)) return true;
  const analysis::FunctionId callee = audit.program().find(event.callee_key);
  if (callee == analysis::none || audit.program().function(callee).result.spelling != "void") return false;
  return std::ranges::any_of(audit.program().function(callee).events,
                             [](const Event& inner) { return capi::raises_error(inner.callee); });
}

// As far as nothing else is decided: `goto error` leads to where it complains.
const Event* complaint_behind(const Audit& audit, const model::Function& function, std::uint32_t block) {
  for (int steps = 0; steps < 4 && block != analysis::none; ++steps) {
    const model::Block& here = function.blocks[block];
    for (const analysis::EventId e : here.events())
      if (complains(audit, function.events[e])) return &function.events[e];
    block = here.successors.size() == 1 ? here.successors[0] : analysis::none;
  }
  return nullptr;
}

// What an assert finds out nobody relies on: -O leaves it out.
bool is_assert(const Audit& audit, const model::Function& function, const Event& complaint) {
  return std::ranges::any_of(complaint.operands, [&](const Operand& operand) {
    return operand.place != analysis::none && operand.place < function.places.size() &&
           function.places[operand.place].root == model::Place::Root::global &&
           capi::is_assertion_error(audit.program().facts.globals[function.places[operand.place].global].name);
  });
}

// After the question the function does no more than let go of the object.
bool only_lets_go(const model::Function& function, analysis::EventId asked, const Operand& object) {
  if (object.place == analysis::none || function.places[object.place].root != model::Place::Root::variable)
    return false;
  for (const analysis::EventId e : function.events.ids(asked + 1)) {
    const Event& event = function.events[e];
    const capi::Counting counting = capi::counting(event.callee);
    if (counting == capi::Counting::drops || counting == capi::Counting::clears || capi::tells_count(event.callee))
      continue;
    bool used = false;
    const auto is_it = [&](const Operand& operand) {
      used |= operand.place != analysis::none && operand.place < function.places.size() &&
              function.places[operand.place].root == model::Place::Root::variable &&
              function.places[operand.place].variable == function.places[object.place].variable;
    };
    analysis::each_operand(event, is_it);
    if (event.place != analysis::none) is_it({.kind = Operand::Kind::place, .place = event.place});
    if (used) return false;
  }
  return true;
}

// The block ends with the question, or with one about the local that its answer was put into (Cython's assert).
bool decides(const model::Function& function, const model::Block& block, analysis::EventId question) {
  if (block.condition == question) return true;
  if (block.condition == analysis::none || function.events[block.condition].operands.empty()) return false;
  const Operand& asked = function.events[block.condition].operands[0];
  if (asked.place == analysis::none) return false;
  for (analysis::EventId e = question + 1; e < block.condition; ++e) {
    const Event& event = function.events[e];
    if (event.kind == Event::Kind::write && event.place == asked.place && !event.operands.empty() &&
        event.operands[0].kind == Operand::Kind::call && event.operands[0].event == question)
      return true;
  }
  return false;
}

}  // namespace

// "At least this many, or it is an error": what has fewer references is broken, not unshared. And "so many, or it is an
// error" where nothing is done with the object for it: a test.
bool only_complains(const Audit& audit, const Site& site, int side, const Operand& object) {
  const model::Function& function = audit.program().function(site.function);
  const Event& event = function.events[site.event];
  const model::Block& decider = function.blocks[audit.program().flow(site.function).block_of[site.event]];
  if (!decides(function, decider, site.event) || decider.successors.size() != 2) return false;
  const auto complaint = [&](int way) { return complaint_behind(audit, function, decider.successors[way]); };
  if (event.op == Event::Operator::greater || event.op == Event::Operator::less)
    return decider.condition == site.event && complaint((event.op == Event::Operator::less) == (side == 0) ? 0 : 1);
  for (const int way : {0, 1})
    if (const Event* found = complaint(way))
      return is_assert(audit, function, *found) || only_lets_go(function, site.event, object);
  return false;
}

}  // namespace ftaudit::rules
