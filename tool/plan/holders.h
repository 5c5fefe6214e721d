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

// Where an object hands on a struct that it leads to (`update(self->state)`), or uses it by itself: what comes behind
// does not know the object, so a lock of the object's own is held around this.
struct Boundary {
  FunctionId function = none;
  EventId event = none;
  model::Place owner;         // `*self`
  std::string record, field;  // of the object, and its field that leads to the struct
};

// Keyword arguments of a call that has none, and what the function itself looks at before it uses it: no lock of NULL.
bool may_be_null(const analysis::Audit& audit, FunctionId id, std::uint32_t parameter);

class Holders {
 public:
  explicit Holders(const analysis::Audit& audit);

  // For every way to the access. With `around`, of the object that the struct was found under. Nothing where a way has
  // no object that could be locked.
  std::optional<std::set<Holder>> of(const analysis::Access& access) const;

  // For every way to the access on which others may have the object; none where that is not known.
  std::vector<Boundary> boundaries(const analysis::Access& access) const;
  // Who was handed the object first, of all that hand it on as this parameter and have no lock of their own; none where
  // it may be no object.
  std::set<Holder> outermost(FunctionId id, std::uint32_t parameter) const;
  // Wherever else objects of the kinds hand the same struct on: a copy of all of it is no access of any one field.
  void add_handed_on(std::vector<Boundary>& boundaries) const;

  // What the place of the event is a part of, as a place: `b` of b->n; steps up to the first field of the record.
  static std::optional<model::Place> owner_at(const model::Function& function, EventId event,
                                              const std::string& record);

 private:
  // `object`: a root of the view.
  void climb(analysis::ViewId view, std::uint32_t object, std::set<Holder>& out,
             std::set<std::pair<analysis::ViewId, std::uint32_t>>& seen) const;
  bool reach(analysis::ViewId view, EventId event, const model::Place& place, std::vector<Boundary>& out,
             std::set<std::pair<analysis::ViewId, EventId>>& seen) const;

  const analysis::Audit& audit_;
  Per<analysis::ViewId, std::vector<analysis::ViewId>> callers_;
};

}  // namespace ftaudit::plan
