#include <doctest/doctest.h>

#include <map>

#include "dynamic/build/backend.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;

namespace {

struct Checkout {
  ScratchFolder scratch = std::move(*ScratchFolder::make("backend"));
  project::Project project;

  explicit Checkout(const std::map<std::string, std::string>& files) {
    for (const auto& [name, text] : files) {
      fs::create_directories((scratch.path() / name).parent_path());
      REQUIRE(write_file(scratch.path() / name, text).ok());
    }
    auto found = project::discover(scratch.path());
    REQUIRE(found.ok());
    project = std::move(*found);
  }
};

std::string build_system(const std::string& backend, const std::string& requirement = "setuptools") {
  return "[build-system]\nrequires = [\"" + requirement + "\"]\nbuild-backend = \"" + backend +
         "\"\n[project]\nname = \"spam\"\nversion = \"1\"\n";
}

const std::map<std::string, std::string> source{
    {"spam.c", "#include <Python.h>\nPyMODINIT_FUNC PyInit_spam(void) { return 0; }\n"}};

Backend backend_with(const std::string& name, const std::string& text) {
  std::map<std::string, std::string> files = source;
  files[name] = text;
  const Checkout checkout(files);
  return backend_of(checkout.project).backend;
}

}  // namespace

TEST_CASE("the backend is the one that the build description names") {
  CHECK(backend_with("pyproject.toml", build_system("setuptools.build_meta")) == Backend::setuptools);
  CHECK(backend_with("setup.py", "from setuptools import setup\nsetup(name='spam')\n") == Backend::setuptools);
  CHECK(backend_with("pyproject.toml", build_system("mesonpy", "meson-python")) == Backend::meson_python);
  CHECK(backend_with("pyproject.toml", build_system("scikit_build_core.build", "scikit-build-core")) ==
        Backend::scikit_build_core);
  CHECK(backend_with("pyproject.toml", build_system("setuptools.build_meta", "scikit-build")) == Backend::scikit_build);
  CHECK(backend_with("pyproject.toml", build_system("hatchling.build", "hatchling")) == Backend::other);
  CHECK(backend_with("CMakeLists.txt", "project(spam C)\n") == Backend::plain_cmake);
  CHECK(backend_with("README", "text") == Backend::none);
}

TEST_CASE("Rust is refused, with a way out; so is what nothing says how to build") {
  for (const auto& [pyproject, name] :
       {std::pair(build_system("maturin", "maturin"), "maturin"),
        std::pair(build_system("setuptools.build_meta", "setuptools-rust"), "setuptools-rust")}) {
    const Checkout checkout({{"pyproject.toml", pyproject}});
    const BackendUse use = backend_of(checkout.project);
    CHECK(use.refusal.find(std::string("built by ") + name) != std::string::npos);
    CHECK(use.refusal.find("--no-build") != std::string::npos);
  }
  const Checkout nothing({{"spam.c", "int x;\n"}});
  CHECK(backend_of(nothing.project).refusal.starts_with("nothing in "));
}

TEST_CASE("meson and CMake are kept from refusing undefined symbols, stripping and link-time optimisation") {
  const Checkout meson({{"pyproject.toml", build_system("mesonpy", "meson-python")}});
  const std::vector<std::string> settings = backend_of(meson.project).settings;
  CHECK(std::find(settings.begin(), settings.end(), "setup-args=-Db_lundef=false") != settings.end());
  CHECK(std::find(settings.begin(), settings.end(), "build-dir=ftaudit-build") != settings.end());
  const Checkout core({{"pyproject.toml", build_system("scikit_build_core.build", "scikit-build-core")}});
  const std::vector<std::string> defines = backend_of(core.project).settings;
  CHECK(std::find(defines.begin(), defines.end(), "install.strip=false") != defines.end());
}

TEST_CASE("a tree without its history gets a version that stands in, one that has its version does not") {
  std::map<std::string, std::string> files = source;
  const auto environment = [&] { return backend_of(Checkout(files).project).environment; };
  files["pyproject.toml"] = build_system("setuptools.build_meta", "setuptools-scm>=8");
  CHECK(environment() == std::vector<std::string>{"SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0"});
  CHECK(backend_of(Checkout(files).project).note.find("built as 0.0.0") != std::string::npos);
  files["pyproject.toml"] = build_system("pdm.backend", "pdm-backend");
  CHECK(environment() == std::vector<std::string>{"PDM_BUILD_SCM_VERSION=0.0.0"});
  files["PKG-INFO"] = "Metadata-Version: 2.1\nName: spam\nVersion: 1\n";
  CHECK(environment().empty());
  files.erase("PKG-INFO");
  files["pyproject.toml"] = build_system("setuptools.build_meta");
  CHECK(environment().empty());
}
