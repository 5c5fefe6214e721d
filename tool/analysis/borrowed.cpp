#include "analysis/borrowed.h"

#include <algorithm>

namespace ftaudit::analysis {

using model::Event;

namespace {

bool needs_object(const Use& use) { return use.kind != Use::Kind::tested; }

// A read inside the container's section is good until something suspends the section or the section ends.
bool covered(const Audit& audit, const Site& read, const Use& use, const model::Operand& container) {
  if (use.suspended) return false;
  const Event& event = audit.function(read).events[use.event];
  // The object is taken into a local of the caller's for good only with a reference: leaving ends the section.
  if (use.kind == Use::Kind::returned) return false;
  const std::string identity = audit.values(read.function).identity(container, read.event);
  const Locks &before = audit.held().at(read.function, read.event), &then = audit.held().at(read.function, use.event);
  // The same lock, still held: Py_END_CRITICAL_SECTION between the two would have ended it.
  return std::any_of(before.begin(), before.end(), [&](const Lock& lock) {
    return std::any_of(then.begin(), then.end(), [&](const Lock& other) { return other == lock && other.acquired == lock.acquired; });
  }) && (event.kind != Event::Kind::leave);
}

}  // namespace

bool is_container_read(const capi::Borrowed& api) {
  return api.hazard == capi::Hazard::high && (api.container == "list" || api.container == "dict" || api.container == "set" || api.container == "cell" || api.container.starts_with("object"));
}

std::vector<BorrowedRead> borrowed_reads(const Audit& audit, const std::function<bool(const capi::Borrowed&)>& wanted, std::uint64_t& looked_at) {
  std::vector<BorrowedRead> out;
  audit.each_concurrent_call(
      [&](const Event& event) {
        const capi::Borrowed* api = capi::borrowed_return(event.callee);
        return api != nullptr && wanted(*api);
      },
      [&](const Site& site) {
        const Event& event = audit.event(site);
        ++looked_at;
        BorrowedRead read;
        read.site = site;
        read.api = capi::borrowed_return(event.callee);
        const bool has_container = !event.operands.empty() && event.operands[0].kind != model::Operand::Kind::text;
        const bool guarded = has_container && audit.guarded(site, event.operands[0]);
        if (has_container) {
          read.container = audit.ownership().of(site.function, site.event, event.operands[0]);
          if (audit.unchanging(site, event.operands[0], read.container)) return;
        }
        bool found = false;
        for (const Use& use : audit.values(site.function).uses(site.event, none, true)) {
          if (!needs_object(use)) continue;
          if (guarded && covered(audit, site, use, event.operands[0])) continue;
          if (guarded && use.kind == Use::Kind::returned) {
            // A helper that hands on what its caller protects.
            const Locks& inherited = audit.held().on_entry(site.function);
            if (!inherited.empty()) continue;
          }
          read.across_suspension |= use.suspended || (use.kind == Use::Kind::passed && audit.suspension().event(audit.function(site), audit.function(site).events[use.event]));
          read.outlives_call |= use.kind == Use::Kind::stored || use.kind == Use::Kind::returned;
          if (!found) read.use = use, found = true;
        }
        if (found) out.push_back(read);
      });
  return out;
}

}  // namespace ftaudit::analysis
