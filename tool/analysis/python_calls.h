// Python calls: which calls may run code of somebody else's on this thread, how surely, and through which functions of
// the project. Suspension says whether a section is let go; this says what can come back and ask for a lock again.
// Source: C API reference; PEP 442 (finalizers); HOWTO free-threading-extensions.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

enum class Runs : std::uint8_t {
  nothing,
  detaches,    // lets the thread state go and takes it back
  perhaps,     // only in corners: raising an error, building a value
  finalizers,  // the last reference to an object may go
  python,      // calls, attributes, comparisons, conversions, imports
};

class PythonCalls {
 public:
  explicit PythonCalls(const Audit& audit);
  // What the event may run, callees of the project included.
  Runs event(const Site& site) const;
  // The call that does it: the event itself, or the first one in the callees.
  Site cause(Site site) const;

 private:
  FunctionId called(const Site& site) const;
  Runs direct(const Site& site) const;
  Runs through_pointer(const Site& site) const;
  bool has_targets(const Site& site) const;
  bool is_on_the_way_out(const Site& site) const;
  bool is_plain_value(const Site& site, const model::Operand& operand, unsigned depth = 0) const;
  std::uint32_t cleared(const Site& site) const;
  bool is_own_class(const Site& site, const model::Operand& operand) const;
  bool is_anything(const Site& site, const model::Operand& operand) const;
  bool is_exception(const Site& site, const model::Operand& operand) const;
  bool is_at_hand(const Site& site, const model::Operand& operand) const;
  const Audit& audit_;
  std::set<std::string> plain_fields_;  // what is in them runs nothing when it is let go
  std::set<std::string> handed_;        // what calls a function of a class that Python's functions are handed in as
  Per<FunctionId, Runs> runs_;
  Per<FunctionId, EventId> by_;  // the event of the function that makes it so
};

}  // namespace ftaudit::analysis
