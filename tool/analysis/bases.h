// Bases: a record that begins with another object's record is such an object, and one address is both. C reaches the
// same field as `self->base.n` and as `((Base *)self)->n`; here both become the second, so that no analysis takes them
// for two. Two records that begin with the same fields are one as far as those go, where somewhere a pointer to the one
// is used as a pointer to the other. Source: ISO C11, 6.7.2.1 (15): a pointer to a struct points to its first member.
#pragma once

#include "model/facts.h"

namespace ftaudit::analysis {

void name_bases(model::Facts& facts);

}  // namespace ftaudit::analysis
