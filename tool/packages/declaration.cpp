#include "packages/declaration.h"

#include <algorithm>

#include "packages/initialisation.h"

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

bool imports(const Image& image, std::string_view name) {
  return std::binary_search(image.imports.begin(), image.imports.end(), name);
}

bool mentions(const Image& image, std::string_view text) {
  return std::any_of(image.segments.begin(), image.segments.end(),
                     [&](const Image::Segment& s) { return s.bytes.find(text) != std::string::npos; });
}

// Whether the file can make a module at all. One that cannot hands out what another one made: cffi's do.
bool makes_modules(const Image& image) {
  constexpr std::string_view makers[] = {
      "PyModule_Create2",   "PyModule_FromDefAndSpec2", "PyModule_FromSlotsAndSpec", "PyModule_New",
      "PyModule_NewObject", "PyImport_AddModule",       "PyImport_AddModuleObject",  "PyImport_AddModuleRef",
      "PyModuleDef_Init"};
  return std::any_of(std::begin(makers), std::end(makers),
                     [&](std::string_view one) { return imports(image, one) || mentions(image, one); });
}

constexpr std::string_view set_gil = "PyUnstable_Module_SetGIL";

// What the data alone tells, for code that could not be followed.
void from_data(const Image& image, Declaration& out, const std::string& why_not_code) {
  const std::optional<FoundDefinition> found = find_definition(image, out.module);
  const bool may_set = imports(image, set_gil) || mentions(image, set_gil);
  if (found && found->slots != 0) {
    const SlotsSay said = read_module_slots([&](std::uint64_t a, unsigned n) { return image.word(a, n); }, found->slots,
                                            image.pointer_size);
    out.style = InitStyle::multi_phase;
    out.gil = said.gil, out.how = said.how;
    return;
  }
  if (!may_set && makes_modules(image) && !imports(image, "PyModuleDef_Init")) {
    out.style = InitStyle::single_phase;
    out.gil = Gil::missing, out.how = "it makes its module itself and never calls PyUnstable_Module_SetGIL";
    return;
  }
  if (found && !may_set) {
    out.how = "its definition has no slots as it stands in the file";
  } else {
    out.how = found ? "it may call PyUnstable_Module_SetGIL" : "its module definition was not found";
  }
  if (!why_not_code.empty()) out.how += "; " + why_not_code;
}

Declaration declare(const Image& image, const std::string& init, std::string_view module, std::uint64_t address) {
  Declaration out{.module = std::string(module), .init = init};
  if (!image.executable(address)) {
    out.how = init + " is no function of this file";
    return out;
  }
  const bool hook = init.starts_with("PyModExport_");
  const Initialisation run = follow_initialisation(image, address, hook);
  out.style = run.style, out.gil = run.gil, out.how = run.how, out.delegate = run.delegate;
  if (run.elsewhere) return out;
  if (run.style == InitStyle::single_phase && run.gil == Gil::unknown && !run.reached_set_gil &&
      !imports(image, set_gil) && !mentions(image, set_gil)) {
    out.gil = Gil::missing, out.how = "it makes its module itself and never calls PyUnstable_Module_SetGIL";
    if (!makes_modules(image)) {
      out.gil = Gil::unknown, out.style = InitStyle::delegated;
      out.how = "its module is made by " + (out.delegate.empty() ? "another one" : out.delegate) +
                ", which declares it or does not";
    }
  }
  if (!hook && out.gil == Gil::unknown && out.style != InitStyle::delegated && !run.reached_set_gil) {
    Declaration other = out;
    other.style = InitStyle::unknown;
    from_data(image, other, run.how);
    if (other.gil != Gil::unknown || out.style == InitStyle::unknown) out = other;
  }
  if (!image.relocations_complete && out.gil != Gil::unknown && out.style == InitStyle::multi_phase &&
      out.gil != Gil::not_used) {
    out.gil = Gil::unknown,
    out.how = image.note.empty() ? "some of its relocations lie outside its segments" : image.note;
  }
  return out;
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

std::vector<Declaration> declarations(const Image& image) {
  std::vector<Declaration> out;
  for (const std::string_view prefix : {"PyInit_", "PyModExport_"})
    for (auto at = image.exports.lower_bound(prefix); at != image.exports.end() && at->first.starts_with(prefix); ++at)
      if (at->first.size() > prefix.size())
        out.push_back(declare(image, at->first, std::string_view(at->first).substr(prefix.size()), at->second));
  std::stable_sort(out.begin(), out.end(),
                   [](const Declaration& a, const Declaration& b) { return a.module < b.module; });
  return out;
}

}  // namespace ftaudit::packages
