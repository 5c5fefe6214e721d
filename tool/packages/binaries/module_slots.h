// The data of a module definition, as CPython lays it out: its array of slots and what that says about the GIL, and the
// definition itself, found by its shape and name. Used by declaration and initialisation.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "finding/document.h"
#include "packages/binaries/image.h"

namespace ftaudit::packages {

// What an array of slots says about the GIL. `load` reads memory: the image's, or one path's.
struct SlotsSay {
  Gil gil = Gil::unknown;
  std::string how;
};
using Load = std::function<std::optional<std::uint64_t>(std::uint64_t address, unsigned size)>;

// PyModuleDef_Slot: {int slot; void* value}, 16 bytes, ended by slot 0. Both numberings of Py_mod_gil: 4, and 87
// (3.15).
SlotsSay read_module_slots(const Load& load, std::uint64_t address, unsigned pointer_size);
// PySlot of CPython 3.15: {uint16 id; uint16 flags; uint32 reserved; 8 bytes value}, with nested arrays.
SlotsSay read_slots(const Load& load, std::uint64_t address, unsigned nested = 0);

// Where PyModuleDef keeps its name and its slots: behind a PyObject of 32 bytes in free-threaded builds, of 16 in
// others.
struct DefinitionLayout {
  std::uint64_t name, slots;
};
DefinitionLayout free_threaded_layout(unsigned pointer_size);
DefinitionLayout gil_layout(unsigned pointer_size);

// The PyModuleDef of the module called `name` (its m_name is that, or ends in ".name"); none, or more than one:
// nothing.
struct FoundDefinition {
  std::uint64_t address = 0, slots = 0;
};
std::optional<FoundDefinition> find_definition(const Image& image, const std::string& name);

}  // namespace ftaudit::packages
