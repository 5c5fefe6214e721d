#include "packages/binaries/declaration.h"

#include <algorithm>

#include "packages/binaries/initialisation.h"
#include "packages/binaries/module_slots.h"

namespace ftaudit::packages {
namespace {

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
