// Measuring: what the steps of a plan end, lessen and bring, told from the runs of the analyses with these steps
// supposed. Each step after those before it where that costs little; else all at once, and in between only where two
// steps could be what a finding ends with.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cython/retelling.h"
#include "finding/plan.h"
#include "plan/planning.h"

namespace ftaudit::plan {

class Measuring {
 public:
  Measuring(Planning& planning, const cython::Retold& retold) : planning_(planning), retold_(retold) {}

  // The plan with these steps of the planning, whose numbers stay; singly or together, by what it costs.
  Plan plan(const std::vector<std::size_t>& steps);
  Plan singly(const std::vector<std::size_t>& steps);
  Plan together(const std::vector<std::size_t>& steps);
  // A step ends all that it is there for: nobody looks.
  Plan unmeasured(const std::vector<std::size_t>& steps);
  // The same without the steps that others make needless, as far as all that ended ends without them. `made` has all
  // steps of the planning; those that go leave it, too.
  Plan without_needless(Plan made);

 private:
  Plan begun(const std::vector<std::size_t>& steps, Measured how);
  // `now`: what has become of the findings with these steps.
  Plan finished(Plan out, const Outcome& now, const std::vector<std::size_t>& steps);
  PlanStep described(std::size_t step) const;
  void say_both(std::size_t step, PlanStep& out) const;
  PlanFinding named(std::size_t finding) const;
  Outcome nothing_ended() const;
  bool is_about(std::size_t step, std::size_t finding);
  bool may_be_spared(std::size_t step) const;
  void tell_brought(PlanStep& step, const Finding& finding);
  void tell_rest(Plan& out, const Outcome& now, const std::vector<std::size_t>& steps) const;
  std::vector<std::size_t> lost_without(const Plan& made, const std::vector<std::size_t>& kept) const;

  Planning& planning_;
  const cython::Retold& retold_;
  std::map<std::size_t, std::vector<std::size_t>> about_;  // findings that a step is there for
  std::set<std::string> brought_;                          // fingerprints of what was told to be brought
  // Keys of the steps that a finding was seen to need besides those that it seems to end with.
  std::map<std::size_t, std::set<std::string>> needs_;
};

}  // namespace ftaudit::plan
