// Holders: where to hold an object's lock for an access that lacks it. The outermost function that is handed the object
// and takes no lock of its own, so that what one method does stays together; where no function is handed it, or who is
// handed it locks already, around the access itself.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "analysis/audit.h"
#include "plan/edit.h"

namespace ftaudit::plan {

struct Holder {
  FunctionId function = none;
  std::uint32_t parameter = none;  // of the object; none: around the event
  EventId event = none;
  auto operator<=>(const Holder&) const = default;
};

class Holders {
 public:
  explicit Holders(const analysis::Audit& audit);

  // For every way to the access. With `around`, of the object that the struct was found under. Nothing where a way has
  // no object that could be locked.
  std::optional<std::set<Holder>> of(const analysis::Access& access) const;

  // What the place of the event is a part of, as a place: `b` of b->n; steps up to the first field of the record.
  static std::optional<model::Place> owner_at(const model::Function& function, EventId event,
                                              const std::string& record);

 private:
  // `object`: a root of the view.
  void climb(analysis::ViewId view, std::uint32_t object, std::set<Holder>& out,
             std::set<std::pair<analysis::ViewId, std::uint32_t>>& seen) const;

  const analysis::Audit& audit_;
  std::vector<std::vector<analysis::ViewId>> callers_;
};

}  // namespace ftaudit::plan
