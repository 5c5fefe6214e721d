// How a module comes to be, by the names that CPython looks for and the calls that make it, and what asks for which
// ABI. A table of facts; used by analysis and rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ftaudit::capi {

// The module whose init function or export hook (CPython 3.15) the function is.
std::optional<std::string_view> initialised_module(std::string_view function);
std::optional<std::string_view> exported_module(std::string_view function);
std::string init_function(std::string_view module);

// What an entry is registered as, where it is not by a slot of a table but by its name.
inline constexpr std::string_view init_entry = "PyInit", export_entry = "PyModExport";

// The slots of a module definition that are functions, and the one that says whether it does without the GIL.
std::string_view module_slot(std::int64_t id);  // "Py_mod_create" or "Py_mod_exec"
inline constexpr std::string_view exec_slot = "Py_mod_exec", gil_slot = "Py_mod_gil";
// Not a slot of CPython's: what a C++ binding library was given to call.
inline constexpr std::string_view bound_slot = "def";

enum class ModuleCall : std::uint8_t {
  none,
  defines,       // multi-phase: PyModuleDef_Init
  creates,       // single-phase: PyModule_Create
  declares_gil,  // PyUnstable_Module_SetGIL
  cffi,          // the runtime makes it, and declares for it
};
ModuleCall module_call(std::string_view name);
// Makes a module object, at whatever time.
bool makes_module(std::string_view name);
// The type of modules themselves: "PyModule_Type".
bool is_module_type(std::string_view type);
// The state that all functions of a module share, the module's dict, a table that another module lends.
bool gives_module_state(std::string_view name);
bool gives_module_dict(std::string_view name);
// Makes an object an attribute of a module, where all code finds it.
bool adds_attribute(std::string_view name);
bool imports_capsule(std::string_view name);
bool imports_array(std::string_view name);  // NumPy's table of functions
bool opens_capsule(std::string_view name);  // returns the pointer that it holds

// A condition of the preprocessor knows of builds without the GIL.
bool names_free_threading(std::string_view condition);
// Macros by which the sources or their build ask for the limited API, and for the ABI that all builds share (3.15).
bool asks_limited_api(std::string_view macro);
bool asks_shared_abi(std::string_view macro);

// What the headers of a C++ binding library define as their version.
bool is_binding_version(std::string_view macro);

}  // namespace ftaudit::capi
