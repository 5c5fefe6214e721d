// Which PEP 517 backend builds a project, and what it must be told so that a build keeps line tables, undefined
// sanitizer symbols and no link-time optimisation. Taken from what project found in the files; runs nothing. What
// compilers are told is the compiler wrapper's business (compiler_wrapper). Used by instrumented_build.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "project/project.h"

namespace ftaudit::dynamic {

enum class Backend {
  setuptools,
  meson_python,
  scikit_build_core,
  scikit_build,
  plain_cmake,
  other,
  maturin,
  setuptools_rust,
  none
};
std::string_view name_of(Backend backend);  // "meson-python"

struct BackendUse {
  Backend backend = Backend::none;
  std::vector<std::string> settings;     // for pip's --config-settings: "setup-args=-Db_lundef=false"
  std::vector<std::string> environment;  // "CMAKE_ARGS=..."
  std::string note;                      // what people should know of it: a version that stands in for the real one
  std::string refusal;                   // not empty: ftaudit cannot instrument it; the reason and a way out
};

BackendUse backend_of(const project::Project& project);

}  // namespace ftaudit::dynamic
