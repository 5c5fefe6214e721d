// Reliance: a call on a container that acts on what an earlier call on the same one said, with no lock held from the
// one to the other. Which calls so go together is capi's; that the second is decided by the first is found here.
#pragma once

#include <optional>

#include "analysis/audit.h"
#include "capi/changes.h"

namespace ftaudit::analysis {

struct Reliant {
  Site act;  // the second call
  const capi::Reliance* pair = nullptr;
  bool certain = false;   // others surely have the container
  bool computed = false;  // what it puts there is made of what the first call gave
};

// The first call that relies on `check`, a call that asks; nothing where none does, or nobody comes in between.
std::optional<Reliant> relying_on(const Audit& audit, const Site& check);

// The call asks something that others rely on.
bool is_asking(const model::Event& event);

}  // namespace ftaudit::analysis
