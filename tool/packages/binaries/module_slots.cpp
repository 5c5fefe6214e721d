#include "packages/binaries/module_slots.h"

#include <algorithm>
#include <vector>

namespace ftaudit::packages {
namespace {

// Include/moduleobject.h: ids 1 to 4 up to 3.14; Include/slots_generated.h: 84 to 87 and the rest from 3.15 on.
constexpr std::uint64_t mod_gil = 4, mod_gil_315 = 87, sub_slots = 92, mod_slots = 94, last_id = 110;
constexpr unsigned most_slots = 64;

SlotsSay from_value(std::optional<std::uint64_t> value) {
  if (!value) return {Gil::unknown, "the value of its Py_mod_gil slot is only known when it runs"};
  if (*value == 1) return {Gil::not_used, "its Py_mod_gil slot is Py_MOD_GIL_NOT_USED"};
  if (*value == 0) return {Gil::used, "its Py_mod_gil slot is Py_MOD_GIL_USED"};
  return {Gil::unknown, "its Py_mod_gil slot has a value that CPython does not know"};
}

}  // namespace

DefinitionLayout free_threaded_layout(unsigned p) {
  return p == 8 ? DefinitionLayout{56, 88} : DefinitionLayout{32, 48};
}
DefinitionLayout gil_layout(unsigned p) { return p == 8 ? DefinitionLayout{40, 72} : DefinitionLayout{20, 36}; }

SlotsSay read_module_slots(const Load& load, std::uint64_t address, unsigned pointer_size) {
  const unsigned stride = 2 * pointer_size;
  for (unsigned i = 0; i < most_slots; ++i) {
    const auto id = load(address + i * stride, 4);
    if (!id) return {Gil::unknown, "its slots are only known when it runs"};
    if (*id == 0) {
      if (i == 0) return {Gil::missing, "it has no slots"};
      return {Gil::missing, "it has no Py_mod_gil slot"};
    }
    if (*id > last_id) return {Gil::unknown, "its slots are not an array of PyModuleDef_Slot"};
    if (*id == mod_gil || *id == mod_gil_315)
      return from_value(load(address + i * stride + pointer_size, pointer_size));
  }
  return {Gil::unknown, "its slots have no end"};
}

SlotsSay read_slots(const Load& load, std::uint64_t address, unsigned nested) {
  if (nested > 4) return {Gil::unknown, "its slots are nested too deep"};
  SlotsSay inner{Gil::missing, "it has no Py_mod_gil slot"};
  for (unsigned i = 0; i < most_slots; ++i) {
    const std::uint64_t at = address + 16 * i;
    const auto id = load(at, 2), value = load(at + 8, 8);
    if (!id) return {Gil::unknown, "its slots are only known when it runs"};
    if (*id == 0) return inner;
    if (*id > last_id) return {Gil::unknown, "its slots are not an array of PySlot"};
    if (*id == mod_gil || *id == mod_gil_315) return from_value(value);
    if (*id != sub_slots && *id != mod_slots) continue;
    if (!value) return {Gil::unknown, "slots within its slots are only known when it runs"};
    const SlotsSay said = *id == sub_slots ? read_slots(load, *value, nested + 1) : read_module_slots(load, *value, 8);
    if (said.gil != Gil::missing) inner = said;
  }
  return {Gil::unknown, "its slots have no end"};
}

std::optional<FoundDefinition> find_definition(const Image& image, const std::string& name) {
  const unsigned p = image.pointer_size;
  std::vector<FoundDefinition> found;
  for (const Image::Segment& segment : image.segments) {
    if (!segment.writable) continue;
    for (const DefinitionLayout layout : {free_threaded_layout(p), gil_layout(p)}) {
      for (std::uint64_t offset = 0; offset + layout.slots + p <= segment.bytes.size(); offset += p) {
        // Memory that is zero in the file, of which there may be very much, holds no name: on to what is not.
        const std::size_t next = segment.bytes.find_first_not_of('\0', offset + layout.name);
        if (next == std::string::npos) break;
        if (next >= offset + layout.name + p) offset = (next - layout.name) / p * p;
        if (offset + layout.slots + p > segment.bytes.size()) break;
        const std::uint64_t at = segment.address + offset;
        const auto called = image.pointer(at + layout.name);
        if (!called || *called == 0 || !image.contains(*called)) continue;
        const auto text = image.text(*called);
        if (!text || (*text != name && !text->ends_with("." + name))) continue;
        // What stands before the name is zero in the file: m_init, m_index, m_copy.
        const auto size = image.pointer(at + layout.name + 2 * p);
        const auto slots = image.pointer(at + layout.slots), methods = image.pointer(at + layout.slots - p),
                   doc = image.pointer(at + layout.name + p);
        bool shaped = size && (*size < (1u << 24) || *size == (p == 8 ? ~std::uint64_t{0} : 0xffff'ffffu));
        for (unsigned i = 1; i <= 3; ++i) shaped = shaped && image.pointer(at + layout.name - i * p) == 0;
        for (const auto& pointer : {slots, methods, doc})
          shaped = shaped && pointer && (*pointer == 0 || image.contains(*pointer));
        if (shaped) found.push_back({at, *slots});
      }
    }
  }
  // A method table may look like a definition; its "slots" are no array of slots.
  std::erase_if(found, [&](const FoundDefinition& one) {
    return one.slots != 0 &&
           read_module_slots([&](std::uint64_t a, unsigned n) { return image.word(a, n); }, one.slots, p).gil ==
               Gil::unknown;
  });
  // Behind a PyObject of 32 bytes lies what could be read as one behind 16 as well: the same slots.
  if (found.size() > 1 &&
      std::any_of(found.begin(), found.end(), [&](const FoundDefinition& one) { return one.slots != found[0].slots; }))
    return std::nullopt;
  if (found.empty()) return std::nullopt;
  return found[0];
}

}  // namespace ftaudit::packages
