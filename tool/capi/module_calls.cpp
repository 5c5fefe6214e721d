// Modules (C API reference: module, extension-modules, capsule, stable; HOWTO free-threading-extensions; PEP 803, 793;
// documentation of cffi 2.0, NumPy C API "import_array").
#include "capi/module_calls.h"

#include "capi/names.h"

namespace ftaudit::capi {

namespace {

struct ModuleMaker {
  std::string_view name;
  ModuleCall does;
};

constexpr std::string_view init_prefix = "PyInit_", export_prefix = "PyModExport_";

std::optional<std::string_view> behind(std::string_view prefix, std::string_view function) {
  if (!function.starts_with(prefix)) return std::nullopt;
  return function.substr(prefix.size());
}

}  // namespace

const std::vector<ModuleMaker> module_call_table{
    {"PyModuleDef_Init", ModuleCall::defines},
    {"PyModule_FromDefAndSpec", ModuleCall::defines},
    {"PyModule_FromDefAndSpec2", ModuleCall::defines},
    {"PyModule_Create", ModuleCall::creates},
    {"PyModule_Create2", ModuleCall::creates},
    {"Py_InitModule4", ModuleCall::creates},
    {"PyUnstable_Module_SetGIL", ModuleCall::declares_gil},
    {"_cffi_init", ModuleCall::cffi},
};

const std::vector<std::string_view> module_maker_table{"PyModule_Create*", "PyModule_New*", "PyModule_From*"};

const std::vector<std::string_view> module_state_table{
    "PyModule_GetState",
    "PyType_GetModuleState",
    "_PyModule_GetState",
    "_PyType_GetModuleState",
};

std::optional<std::string_view> initialised_module(std::string_view function) { return behind(init_prefix, function); }
std::optional<std::string_view> exported_module(std::string_view function) { return behind(export_prefix, function); }
std::string init_function(std::string_view module) { return std::string(init_prefix).append(module); }

// Include/moduleobject.h: Py_mod_create is 1, Py_mod_exec 2.
std::string_view module_slot(std::int64_t id) { return id == 1 ? "Py_mod_create" : exec_slot; }

ModuleCall module_call(std::string_view name) {
  const ModuleMaker* row = row_named<module_call_table>(name);
  return row == nullptr ? ModuleCall::none : row->does;
}
bool makes_module(std::string_view name) { return listed(module_maker_table, name); }
bool is_module_type(std::string_view type) { return type == "PyModule_Type"; }
bool gives_module_state(std::string_view name) { return listed(module_state_table, name); }
bool adds_attribute(std::string_view name) {
  return name == "PyModule_AddObjectRef" || name == "PyModule_AddObject" || name == "PyModule_Add";
}
bool gives_module_dict(std::string_view name) { return name == "PyModule_GetDict"; }
bool imports_capsule(std::string_view name) { return name == "PyCapsule_Import"; }
bool imports_array(std::string_view name) {
  return name == "_import_array" || name == "_import_umath" || name == "PyArray_ImportNumPyAPI";
}
bool opens_capsule(std::string_view name) { return name == "PyCapsule_GetPointer"; }

bool names_free_threading(std::string_view condition) {
  return condition.find("Py_GIL_DISABLED") != std::string_view::npos;
}
bool asks_limited_api(std::string_view macro) { return macro == "Py_LIMITED_API"; }
bool asks_shared_abi(std::string_view macro) { return macro == "Py_TARGET_ABI3T"; }

bool is_binding_version(std::string_view macro) {
  return macro == "PYBIND11_VERSION_MAJOR" || macro == "NB_VERSION_MAJOR";
}

}  // namespace ftaudit::capi
