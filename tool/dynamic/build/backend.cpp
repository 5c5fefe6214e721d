#include "dynamic/build/backend.h"

#include <algorithm>
#include <cstdlib>

namespace ftaudit::dynamic {
namespace {

bool requires_package(const project::Project& project, std::string_view name) {
  return std::find(project.build_requires.begin(), project.build_requires.end(), name) != project.build_requires.end();
}

bool has(const project::Project& project, const char* file) {
  std::error_code ignored;
  return fs::exists(project.root / file, ignored);
}

bool declares(const project::Project& project, std::string_view backend) {
  return project.backend.starts_with(backend);
}

constexpr const char* rust =
    "Rust can only be instrumented with a nightly compiler and its standard library built again; build it so by hand, "
    "install it, "
    "and run `ftaudit confirm --no-build`";

// Else it is a temporary folder, and what was made there - C from Cython, whose lines are those of a .pyx - is gone
// when a run names it.
constexpr const char* kept_build = "build-dir=ftaudit-build";

// How a project shows that it is built so, and what the build must be told then.
struct Row {
  Backend backend;
  std::string_view name;
  bool (*is)(const project::Project&);
  void (*tell)(const project::Project&, BackendUse&) = nullptr;
};

// The first that fits counts.
constexpr Row rows[] = {
    {Backend::maturin, "maturin", [](const project::Project& p) { return declares(p, "maturin"); },
     [](const project::Project&, BackendUse& use) { use.refusal = "it is built by maturin: " + std::string(rust); }},
    {Backend::setuptools_rust, "setuptools-rust",
     [](const project::Project& p) { return requires_package(p, "setuptools-rust"); },
     [](const project::Project&, BackendUse& use) {
       use.refusal = "it is built by setuptools-rust: " + std::string(rust);
     }},
    {Backend::meson_python, "meson-python", [](const project::Project& p) { return declares(p, "mesonpy"); },
     [](const project::Project&, BackendUse& use) {
       // Clang leaves the runtime's functions undefined in a shared object. As in a release, assertions are off.
       for (const char* option : {"-Dbuildtype=debugoptimized", "-Db_ndebug=true", "-Db_lundef=false", "-Db_lto=false"})
         use.settings.push_back(std::string("setup-args=") + option);
       use.settings.push_back(kept_build);
     }},
    {Backend::scikit_build_core, "scikit-build-core",
     [](const project::Project& p) { return declares(p, "scikit_build_core"); },
     [](const project::Project&, BackendUse& use) {
       use.settings = {"cmake.build-type=RelWithDebInfo", "install.strip=false",
                       "cmake.define.CMAKE_INTERPROCEDURAL_OPTIMIZATION=OFF", kept_build};
     }},
    {Backend::scikit_build, "scikit-build",
     [](const project::Project& p) { return declares(p, "skbuild") || requires_package(p, "scikit-build"); },
     [](const project::Project&, BackendUse& use) {
       use.environment = {"CMAKE_ARGS=-DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=OFF"};
     }},
    {Backend::setuptools, "setuptools", [](const project::Project& p) { return declares(p, "setuptools"); }},
    {Backend::other, "another backend",
     [](const project::Project& p) { return !p.backend.empty() && has(p, "pyproject.toml"); }},
    {Backend::setuptools, "setuptools", [](const project::Project& p) { return has(p, "setup.py"); }},
    {Backend::plain_cmake, "CMake", [](const project::Project& p) { return has(p, "CMakeLists.txt"); }},
    {Backend::none, "none", [](const project::Project&) { return true; },
     [](const project::Project& p, BackendUse& use) {
       use.refusal =
           "nothing in " + p.root.string() + " says how it is built (no pyproject.toml, setup.py or CMakeLists.txt)";
     }},
};

// Tools that read a version out of a history, and what tells them one where there is none. (versioneer does with
// "0+unknown" by itself.)
struct VersionTool {
  std::string_view requirement;
  const char* variable;
};
constexpr VersionTool version_tools[] = {{"setuptools-scm", "SETUPTOOLS_SCM_PRETEND_VERSION"},
                                         {"setuptools_scm", "SETUPTOOLS_SCM_PRETEND_VERSION"},
                                         {"hatch-vcs", "SETUPTOOLS_SCM_PRETEND_VERSION"},
                                         {"pdm-backend", "PDM_BUILD_SCM_VERSION"}};
constexpr std::string_view stand_in = "0.0.0";

// A source archive has its version in PKG-INFO, a checkout in its history; a tree without either cannot be built.
void stand_in_for_history(const project::Project& project, BackendUse& use) {
  for (const char* known : {".git", ".hg", "PKG-INFO", ".git_archival.txt"})
    if (has(project, known)) return;
  for (const VersionTool& tool : version_tools) {
    const std::string setting = tool.variable + ("=" + std::string(stand_in));
    if (!requires_package(project, tool.requirement) || std::getenv(tool.variable) != nullptr ||
        std::find(use.environment.begin(), use.environment.end(), setting) != use.environment.end())
      continue;
    use.environment.push_back(setting);
    use.note = "the tree has no history for " + std::string(tool.requirement) +
               " to read a version from; it was built as " + std::string(stand_in) + " (" + setting +
               ", unless the environment says another)";
  }
}

}  // namespace

std::string_view name_of(Backend backend) {
  return std::find_if(std::begin(rows), std::end(rows), [&](const Row& row) { return row.backend == backend; })->name;
}

BackendUse backend_of(const project::Project& project) {
  const Row& row = *std::find_if(std::begin(rows), std::end(rows), [&](const Row& one) { return one.is(project); });
  BackendUse use{.backend = row.backend};
  if (row.tell != nullptr) row.tell(project, use);
  stand_in_for_history(project, use);
  return use;
}

}  // namespace ftaudit::dynamic
