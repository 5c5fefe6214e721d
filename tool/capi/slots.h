// What the slots of CPython's tables are for, where analyses and rules go by one: which arguments its function gets,
// who calls it. Roles, which say who can run beside it, are role_of_slot's in capi.h. A table of facts.
#pragma once

#include <cstdint>
#include <string_view>

namespace ftaudit::capi {

enum class SlotUse : std::uint8_t {
  other,
  method,      // ml_meth: by the flags of its row
  call,        // tp_new, tp_init, tp_call: positional arguments as a tuple, keyword arguments as a dict
  vectorcall,  // tp_vectorcall: names of keyword arguments as a tuple
  next,        // tp_iternext, am_anext
  hash,        // tp_hash: the same number as long as the object lives (Python's glossary: hashable)
  buffer,      // bf_getbuffer, bf_releasebuffer: the buffer is the caller's own
  attribute,   // tp_getattr, tp_setattro and the like
  allocation,  // tp_alloc: makes the object
  freeing,     // tp_free: gives its memory back
  tracking,    // tp_is_gc: whether the collector tracks the object
  module,      // m_traverse, m_clear, m_free: of a module and not of its objects
};
SlotUse slot_use(std::string_view slot);

// The protocol of a type that a slot belongs to: its functions are written as one.
enum class Protocol : std::uint8_t { none, awaitables, attributes, numbers, containers };
Protocol protocol_of_slot(std::string_view slot);

}  // namespace ftaudit::capi
