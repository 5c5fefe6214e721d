#include "dynamic/build/backend.h"

#include <algorithm>

namespace ftaudit::dynamic {
namespace {

bool requires_package(const project::Project& project, std::string_view name) {
  return std::find(project.build_requires.begin(), project.build_requires.end(), name) != project.build_requires.end();
}

bool has(const project::Project& project, const char* file) {
  std::error_code ignored;
  return fs::exists(project.root / file, ignored);
}

Backend kind_of(const project::Project& project) {
  const std::string& declared = project.backend;
  if (declared.starts_with("maturin")) return Backend::maturin;
  if (requires_package(project, "setuptools-rust")) return Backend::setuptools_rust;
  if (declared.starts_with("mesonpy")) return Backend::meson_python;
  if (declared.starts_with("scikit_build_core")) return Backend::scikit_build_core;
  if (declared.starts_with("skbuild") || requires_package(project, "scikit-build")) return Backend::scikit_build;
  if (declared.starts_with("setuptools")) return Backend::setuptools;
  if (!declared.empty() && has(project, "pyproject.toml")) return Backend::other;
  if (has(project, "setup.py")) return Backend::setuptools;
  return has(project, "CMakeLists.txt") ? Backend::plain_cmake : Backend::none;
}

constexpr const char* rust =
    "Rust can only be instrumented with a nightly compiler and its standard library built again; build it so by hand, "
    "install it, "
    "and run `ftaudit confirm --no-build`";

}  // namespace

std::string_view name_of(Backend backend) {
  switch (backend) {
    case Backend::setuptools: return "setuptools";
    case Backend::meson_python: return "meson-python";
    case Backend::scikit_build_core: return "scikit-build-core";
    case Backend::scikit_build: return "scikit-build";
    case Backend::plain_cmake: return "CMake";
    case Backend::other: return "another backend";
    case Backend::maturin: return "maturin";
    case Backend::setuptools_rust: return "setuptools-rust";
    case Backend::none: return "none";
  }
  return "none";
}

BackendUse backend_of(const project::Project& project) {
  BackendUse use{.backend = kind_of(project)};
  switch (use.backend) {
    case Backend::meson_python:
      // Clang leaves the runtime's functions undefined in a shared object. As in a release, assertions are off.
      for (const char* option : {"-Dbuildtype=debugoptimized", "-Db_ndebug=true", "-Db_lundef=false", "-Db_lto=false"})
        use.settings.push_back(std::string("setup-args=") + option);
      break;
    case Backend::scikit_build_core:
      use.settings = {"cmake.build-type=RelWithDebInfo", "install.strip=false",
                      "cmake.define.CMAKE_INTERPROCEDURAL_OPTIMIZATION=OFF"};
      break;
    case Backend::scikit_build:
      use.environment = {"CMAKE_ARGS=-DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=OFF"};
      break;
    case Backend::maturin: use.refusal = "it is built by maturin: " + std::string(rust); break;
    case Backend::setuptools_rust: use.refusal = "it is built by setuptools-rust: " + std::string(rust); break;
    case Backend::none:
      use.refusal = "nothing in " + project.root.string() +
                    " says how it is built (no pyproject.toml, setup.py or CMakeLists.txt)";
      break;
    case Backend::setuptools:
    case Backend::plain_cmake:
    case Backend::other: break;
  }
  return use;
}

}  // namespace ftaudit::dynamic
