// Members: what CPython does to a field that a PyMemberDef lays open for assignment. Nobody wrote the function: it is
// PyMember_SetOne, which puts the new object there and releases the old one, in the object's critical section. Made
// here once a field, so that it is seen beside the functions that use the field. Source: C API reference, structures
// (PyMemberDef); CPython, Python/structmember.c.
#pragma once

#include "frontend/context.h"

namespace ftaudit::frontend {

// Gives each row that can be assigned its setter, in a cell of its own.
void add_member_setters(Context& context, model::Table& table);

}  // namespace ftaudit::frontend
