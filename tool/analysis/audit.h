// Audit: everything a rule may ask about one extension, in one place. Analyses are made when first asked for. A rule
// reads facts through here and never sees how an answer was found.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "analysis/attached.h"
#include "analysis/kept.h"
#include "analysis/loads.h"
#include "analysis/modules.h"

namespace ftaudit::analysis {

// What the project says outside its sources.
struct Build {
  struct LimitedApi {
    Location location;
    std::string what;
    bool unless_free_threaded = false;
  };
  std::vector<LimitedApi> limited_api;
  // C in the tree that a generator of old made, and that was not read: what it was made from was translated anew.
  struct OldC {
    Location location;
    std::string file, version;
  };
  std::vector<OldC> old_c;
  // Init functions that nobody calls: what defines them is linked into modules of other names.
  std::set<std::string> linked_into_others;
  bool freethreading_compatible_cython = false;
  std::map<std::string, Contract> contracts;  // of types, by their Python names or those of their records
  capi::LockCalls locks;                      // functions of its own that lock in a way the sources do not show
};

class LockOrder;

class Audit {
 public:
  Audit(const model::Facts& facts, Build build);
  ~Audit();

  const model::Facts& facts() const { return program_.facts; }
  const Program& program() const { return program_; }
  const Build& build() const { return build_; }
  const Contexts& contexts() const { return contexts_; }
  const std::vector<EntryPoint>& entries() const { return entries_; }
  const std::vector<Module>& modules() const { return modules_; }
  const Held& held() const { return held_; }
  const Ownership& ownership() const { return ownership_; }
  const Views& views() const { return views_; }
  const Shared& shared() const;
  const Conflicts& conflicts() const;
  const std::vector<Count>& counts() const;  // reference counts in plain numbers
  const LockOrder& lock_order() const;
  const std::vector<Load>& loads() const;
  const Suspension& suspension() const { return suspension_; }
  const Attached& attached() const { return attached_; }
  const Values& values(FunctionId id) const { return held_.values(id); }

  // Every function but the support code that a generator puts into each file (Cython's __Pyx_*): its authors answer for
  // it.
  void each_function(const std::function<void(FunctionId)>& visit) const;
  // Of these, functions that may run beside themselves and others; init-only and unreachable code is left out.
  void each_concurrent_function(const std::function<void(FunctionId)>& visit) const;
  // Calls of `callees` in such functions, macros of those names included; each once however a macro expands.
  void each_concurrent_call(const std::function<bool(const model::Event&)>& wanted,
                            const std::function<void(const Site&)>& visit) const;

  const model::Function& function(const Site& site) const { return program_.function(site.function); }
  const model::Event& event(const Site& site) const { return function(site).events[site.event]; }
  Location location(const Site& site) const { return program_.location(event(site).span); }
  Location location(const model::Span& span) const { return program_.location(span); }
  // "self->items", for messages.
  std::string text(const Site& site, const model::Operand& operand) const;
  std::vector<std::string> entry_names(const Site& site) const { return contexts_.entry_names(site.function); }

  // The call whose result the operand is, directly or through a local, if it is one of those; else none.
  EventId made_by(const Site& site, const model::Operand& operand, bool (*is_one)(std::string_view callee)) const;

  // A lock is held at the event that keeps others from changing `container`: the section of the container itself or of
  // an object it hangs off, or, for state of the project's own, any lock. The container cannot change any more, or
  // nobody else can get at it: what is borrowed from it stays. With `may_grow` keys may be added to it.
  bool unchanging(const Site& site, const model::Operand& container, const Origin& origin, bool may_grow = false) const;
  bool guarded(const Site& site, const model::Operand& container) const;
  // Nothing in the extension takes anything out of the container: only Python code can, which gets at it as an
  // attribute of the module or through pickle.
  bool left_to_python(const Site& site, const model::Operand& container) const;
  bool runs_once(FunctionId id) const { return contexts_.runs_once(id); }
  // The innermost critical section open at the site is on `object` (or one it hangs off).
  bool in_section_on(const Site& site, const model::Operand& object) const;

 private:
  Program program_;
  Build build_;
  std::vector<EntryPoint> entries_;
  Contexts contexts_;
  Suspension suspension_;
  Held held_;
  Attached attached_;
  Ownership ownership_;
  Views views_;
  Kept kept_;
  std::vector<Module> modules_;
  mutable std::unique_ptr<Shared> shared_;
  mutable std::optional<std::vector<Count>> counts_;
  mutable std::unique_ptr<Conflicts> conflicts_;
  mutable std::unique_ptr<LockOrder> lock_order_;
  mutable std::optional<std::vector<Load>> loads_;
};

}  // namespace ftaudit::analysis
