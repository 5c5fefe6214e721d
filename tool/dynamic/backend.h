// Which PEP 517 backend builds a project, and what it must be told so that a build keeps line tables, undefined sanitizer
// symbols and no link-time optimisation. Read from pyproject.toml, setup.py, meson.build and CMakeLists.txt; runs nothing.
// What compilers are told is the compiler wrapper's business (instrumented_build). Used by instrumented_build.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

enum class Backend { setuptools, meson_python, scikit_build_core, scikit_build, plain_cmake, other, maturin, setuptools_rust, none };
std::string_view name_of(Backend backend);  // "meson-python"

struct BackendUse {
  Backend backend = Backend::none;
  std::string declared;                 // as pyproject.toml has it: "mesonpy"; "" for a bare setup.py
  std::vector<std::string> requires_;   // [build-system].requires as written
  std::vector<std::string> settings;    // for pip's --config-settings: "setup-args=-Db_lundef=false"
  std::vector<std::string> environment; // "CMAKE_BUILD_TYPE=..."
  std::string refusal;                  // not empty: cannot be instrumented by ftaudit, with the reason and a way out
};

// Fails when pyproject.toml cannot be read. A folder without any build description gives Backend::none with a refusal.
Result<BackendUse> backend_of(const fs::path& root);

}  // namespace ftaudit::dynamic
