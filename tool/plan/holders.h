// Holders: where to hold an object's lock for an access that lacks it. The outermost function that is handed the object
// and takes no lock of its own, so that what one method does stays together; where no function is handed it, or who is
// handed it locks already, around the access itself. The object may be handed, or what is handed may lead to it: the
// container of an iterator.
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
  std::uint32_t parameter = none;  // of the object, or of what leads to it; none: around the event
  std::vector<model::Step> steps;  // from the parameter to the object's pointer
  EventId event = none;
};
bool operator<(const Holder& a, const Holder& b);

// Where an object hands on a struct that it leads to (`update(self->state)`), or uses it by itself: what comes behind
// does not know the object, so a lock of the object's own is held around this.
struct Boundary {
  FunctionId function = none;
  EventId event = none;
  model::Place owner;         // `*self`
  std::string record, field;  // of the object, and its field that leads to the struct
};

// Keyword arguments of a call that has none, and what the function itself looks at before it uses it: no lock of NULL.
// `object`: a parameter, or a pointer that it leads to.
bool may_be_null(const analysis::Audit& audit, FunctionId id, const model::Place& object);

class Holders {
 public:
  explicit Holders(const analysis::Audit& audit);

  // For every way to the access. With `around`, of the object that the struct was found under. Nothing where a way has
  // no object that could be locked.
  std::optional<std::set<Holder>> of(const analysis::Access& access) const;

  // The pointer to the object of a holder that has a parameter; object() where it is one to an object and never NULL.
  model::Place pointer(const Holder& holder) const;
  std::optional<model::Place> object(const Holder& holder) const;
  // For every way to the access on which others may have the object; none where that is not known.
  std::vector<Boundary> boundaries(const analysis::Access& access) const;
  // Who was handed the object first, of all that hand it on as this pointer and have no lock of their own; none where
  // it may be no object.
  std::set<Holder> outermost(FunctionId id, const model::Place& pointer) const;
  // Wherever else objects of the kinds hand the same struct on: a copy of all of it is no access of any one field.
  void add_handed_on(std::vector<Boundary>& boundaries) const;

  // What the place of the event is a part of, as a place: `b` of b->n; steps up to the first field of the record.
  static std::optional<model::Place> owner_at(const model::Function& function, EventId event,
                                              const std::string& record);

 private:
  using Seen = std::set<std::pair<analysis::ViewId, std::string>>;
  // `object`: a pointer, in terms of the view. False where nobody was found who has it.
  bool climb(analysis::ViewId view, const analysis::Path& object, std::set<Holder>& out, Seen& seen) const;
  std::optional<Holder> named(const analysis::View& view, const analysis::Path& object) const;
  std::optional<analysis::Path> object_of(const analysis::Access& access, const analysis::View& view) const;
  bool is_kept(const std::vector<model::Step>& steps) const;
  bool reach(analysis::ViewId view, EventId event, const model::Place& place, std::vector<Boundary>& out,
             std::set<std::pair<analysis::ViewId, EventId>>& seen) const;

  const analysis::Audit& audit_;
  Per<analysis::ViewId, std::vector<analysis::ViewId>> callers_;
};

}  // namespace ftaudit::plan
