// Slots (C API reference: typeobj, buffer, structures ("PyMethodDef"), module ("PyModuleDef")).
#include "capi/slots.h"

#include "capi/names.h"

namespace ftaudit::capi {

namespace {

struct Use {
  std::string_view name;
  SlotUse use;
};

}  // namespace

const std::vector<Use> slot_use_table{
    {"ml_meth", SlotUse::method},
    {"tp_new", SlotUse::call},
    {"tp_init", SlotUse::call},
    {"tp_call", SlotUse::call},
    {"tp_vectorcall", SlotUse::vectorcall},
    {"tp_iternext", SlotUse::next},
    {"am_anext", SlotUse::next},
    {"tp_hash", SlotUse::hash},
    {"bf_getbuffer", SlotUse::buffer},
    {"bf_releasebuffer", SlotUse::buffer},
    {"tp_getattr", SlotUse::attribute},
    {"tp_getattro", SlotUse::attribute},
    {"tp_setattr", SlotUse::attribute},
    {"tp_setattro", SlotUse::attribute},
    {"tp_alloc", SlotUse::allocation},
    {"tp_free", SlotUse::freeing},
    {"tp_is_gc", SlotUse::tracking},
    {"m_traverse", SlotUse::module},
    {"m_clear", SlotUse::module},
    {"m_free", SlotUse::module},
};

SlotUse slot_use(std::string_view slot) {
  const Use* row = row_named<slot_use_table>(slot);
  return row == nullptr ? SlotUse::other : row->use;
}

Protocol protocol_of_slot(std::string_view slot) {
  if (slot_use(slot) == SlotUse::attribute) return Protocol::attributes;
  if (slot.starts_with("nb_")) return Protocol::numbers;
  if (slot.starts_with("am_")) return Protocol::awaitables;
  return slot.starts_with("sq_") || slot.starts_with("mp_") ? Protocol::containers : Protocol::none;
}

}  // namespace ftaudit::capi
