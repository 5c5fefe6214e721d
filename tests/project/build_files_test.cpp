#include <algorithm>

#include "project/description.h"
#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

namespace {

const std::string uses_python = "#include <Python.h>\n";

}  // namespace

TEST_CASE("pyproject.toml: names, requirements, and setuptools' own table of modules") {
  const TreeOnDisk tree{{"pyproject.toml", R"(
[build-system]
requires = ["setuptools>=74", "Some.Thing_x ; python_version > '3'"]
build-backend = "setuptools.build_meta"
[project]
name = "Pkg"
[[tool.setuptools.ext-modules]]
name = "pkg.m"
sources = ["m.c"]
include-dirs = ["inc"]
define-macros = [["A", "1"], ["B"]]
)"},
                        {"m.c", ""},
                        {"inc/x.h", ""}};
  const Project project = tree.discover();
  CHECK(project.name == "Pkg");
  CHECK(project.backend == "setuptools.build_meta");
  CHECK(project.build_requires == Texts{"setuptools", "some-thing-x"});
  const Unit& unit = unit_of(project, "m.c");
  CHECK(unit.modules == Texts{"pkg.m"});
  CHECK(has_flag(unit, "-DA=1"));
  CHECK(has_flag(unit, "-DB"));
  CHECK(has_flag(unit, "-I" + (tree / "inc").string()));
}

TEST_CASE("a build that requires a Cython before 3.1 is a note") {
  const auto noted = [](const std::string& requirement) {
    const TreeOnDisk tree{{"pyproject.toml", "[build-system]\nrequires = [\"setuptools\", \"" + requirement + "\"]\n"},
                          {"m.c", uses_python}};
    const Project project = tree.discover();
    return std::ranges::any_of(project.notes, [](const std::string& note) {
      return note.find("whose own code needs the GIL") != std::string::npos;
    });
  };
  for (const char* old : {"cython<3", "Cython>=0.29,<3.1", "cython == 3.0.*", "cython~=3.0.11", "cython==0.29.37",
                          "cython<=3.0; python_version < '3.13'", "cython < 3.1"})
    CHECK_MESSAGE(noted(old), old);
  for (const char* recent :
       {"cython", "cython>=3.1", "cython~=3.0", "cython<4", "cython==3.*", "cython!=3.0.*", "cython<3.2", "cymem<3"})
    CHECK_MESSAGE(!noted(recent), recent);
}

TEST_CASE("broken TOML is a note with its line") {
  const TreeOnDisk tree{{"pyproject.toml", "[project]\nname = \n"}, {"m.c", uses_python}};
  const Project project = tree.discover();
  CHECK(units_of(project) == Texts{"m.c"});
  REQUIRE(project.notes.size() == 1);
  CHECK(project.notes[0].starts_with("pyproject.toml: not valid TOML (line 2"));
}

TEST_CASE("meson.build: variables, subdir, libraries, dependencies, options, the platform") {
  const TreeOnDisk tree{{"meson.build", R"(
project('thing', 'c', 'cpp', default_options: ['c_std=c11', 'cpp_std=c++20'])
py = import('python').find_installation(pure: false)
inc = include_directories('inc')
if host_machine.system() == 'windows'
  add_project_arguments('-DWINDOWS', language: 'c')
endif
if get_option('debugging')
  add_project_arguments('-DDEBUGGING', language: 'c')
endif
core = static_library('core', 'core.c', c_args: '-DCORE')
dep = declare_dependency(link_with: core, include_directories: inc, compile_args: ['-DDEP'])
subdir('pkg')
)"},
                        {"meson.options", "option('debugging', type: 'boolean', value: false)"},
                        {"pkg/meson.build", R"(
foreach m : [['_a', ['a.c']], ['_b', files('b.cpp')]]
  py.extension_module(m[0], m[1], dependencies: [dep, numpy_dep], c_args: extra + ['-DPKG'],
                      subdir: 'thing' / 'pkg' / '', install: true)
endforeach
)"},
                        {"core.c", "int core;"},
                        {"pkg/a.c", uses_python},
                        {"pkg/b.cpp", uses_python},
                        {"inc/x.h", ""}};
  const Project project = tree.discover();
  CHECK(project.name == "thing");
  CHECK(units_of(project) == Texts{"core.c", "pkg/a.c", "pkg/b.cpp"});
  CHECK(unit_of(project, "core.c").modules == Texts{"thing.pkg._a", "thing.pkg._b"});
  CHECK(has_flag(unit_of(project, "core.c"), "-DCORE"));
  const Unit& unit = unit_of(project, "pkg/a.c");
  CHECK(unit.modules == Texts{"thing.pkg._a"});
  for (const char* flag : {"-DDEP", "-DPKG", "-std=c11"}) CHECK(has_flag(unit, flag));
  for (const char* flag : {"-DWINDOWS", "-DDEBUGGING", "-DCORE"}) CHECK_FALSE(has_flag(unit, flag));
  CHECK(has_flag(unit, "-I" + (tree / "inc").string()));
  CHECK(has_flag(unit_of(project, "pkg/b.cpp"), "-std=c++20"));
}

TEST_CASE("CMakeLists.txt: modules of the bindings, linked libraries, globs, folders, definitions") {
  const TreeOnDisk tree{
      {"CMakeLists.txt", R"(
cmake_minimum_required(VERSION 3.18)
project(thing LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
add_definitions(-DEVERYWHERE)
if(WIN32)
  add_definitions(-DWINDOWS)
endif()
#[[ pybind11_add_module(commented x.cpp) ]]
file(GLOB SRC CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/src/*.cpp")
add_library(core STATIC core.cpp)
target_include_directories(core PUBLIC include)
pybind11_add_module(_fast MODULE ${SRC})
target_link_libraries(_fast PRIVATE core)
target_compile_definitions(_fast PRIVATE VERSION="1.0" $<$<CONFIG:Debug>:NO>)
add_subdirectory(nano)
)"},
      {"nano/CMakeLists.txt",
       "nanobind_add_module(_nano FREE_THREADED nano.cpp)\nset_target_properties(_nano PROPERTIES CXX_STANDARD 17)"},
      {"core.cpp", ""},
      {"src/a.cpp", "#include <pybind11/pybind11.h>"},
      {"nano/nano.cpp", "#include <nanobind/nanobind.h>"},
      {"include/c.h", ""}};
  const Project project = tree.discover();
  CHECK(project.name == "thing");
  CHECK(units_of(project) == Texts{"core.cpp", "nano/nano.cpp", "src/a.cpp"});
  CHECK(unit_of(project, "core.cpp").modules == Texts{"_fast"});
  CHECK(has_flag(unit_of(project, "core.cpp"), "-I" + (tree / "include").string()));
  const Unit& fast = unit_of(project, "src/a.cpp");
  CHECK(fast.modules == Texts{"_fast"});
  for (const char* flag : {"-DEVERYWHERE", "-DVERSION=\"1.0\"", "-std=gnu++20"}) CHECK(has_flag(fast, flag));
  CHECK_FALSE(has_flag(fast, "-DWINDOWS"));
  CHECK(has_flag(unit_of(project, "nano/nano.cpp"), "-DNB_FREE_THREADED"));
}

TEST_CASE("CMakeLists.txt: a target whose sources follow; of the standards that are asked for the newest counts") {
  const TreeOnDisk tree{{"CMakeLists.txt", R"(
project(thing LANGUAGES C CXX)
set(CMAKE_C_STANDARD 11)
add_library(numbers)
target_compile_features(numbers INTERFACE cxx_std_14)
add_subdirectory(src)
set(CMAKE_CXX_STANDARD 14)
pybind11_add_module(_sum sum.cpp)
set_target_properties(_sum PROPERTIES CXX_STANDARD 17)
target_link_libraries(_sum PRIVATE numbers)
pybind11_add_module(_old old.cpp)
set_target_properties(_old PROPERTIES CXX_STANDARD 11)
pybind11_add_module(_own own.cpp)
target_compile_options(_own PRIVATE -std=c++20)
)"},
                        {"src/CMakeLists.txt", "target_sources(numbers PRIVATE add.c)"},
                        {"src/add.c", ""},
                        {"sum.cpp", "#include <pybind11/pybind11.h>"},
                        {"old.cpp", "#include <pybind11/pybind11.h>"},
                        {"own.cpp", "#include <pybind11/pybind11.h>"}};
  const Project project = tree.discover();
  CHECK(project.notes.empty());
  const Unit& add = unit_of(project, "src/add.c");
  CHECK(add.modules == Texts{"_sum"});
  CHECK(add.folder.is_absolute());
  const auto standards = [&](const char* file) {
    Texts out = unit_of(project, file).flags;
    std::erase_if(out, [](const std::string& flag) { return !flag.starts_with("-std="); });
    return out;
  };
  CHECK(standards("src/add.c") == Texts{"-std=gnu11"});
  CHECK(standards("sum.cpp") == Texts{"-std=gnu++17"});
  CHECK(standards("old.cpp") == Texts{"-std=gnu++11"});
  CHECK(standards("own.cpp").back() == "-std=c++20");
}

TEST_CASE("CMakeLists.txt: lists in quotes, functions of the project, computed lists, generator expressions") {
  const TreeOnDisk tree{{"CMakeLists.txt", R"(
project(orchard C)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_SOURCE_DIR}/cmake")
include(Trees)
set(fruit apple.c crate/pear.c crate/plum_test.c crate/win.c)
list(FILTER fruit EXCLUDE REGEX "_test")
list(REMOVE_ITEM fruit crate/win.c)
foreach(kind IN ITEMS quince fig)
  list(APPEND fruit "crate/${kind}.c")
endforeach()
if(CMAKE_SYSTEM_NAME STREQUAL "Windows" OR NOT UNIX)
  list(APPEND fruit crate/win.c)
elseif(CMAKE_SYSTEM_NAME MATCHES "^(Linux|FreeBSD)$")
  list(APPEND fruit crate/posix.c)
else()
  list(APPEND fruit crate/win.c)
endif()
add_library(shared INTERFACE)
target_include_directories(shared INTERFACE inc)
target_compile_definitions(shared INTERFACE $<$<PLATFORM_ID:Linux>:ON_LINUX> $<$<PLATFORM_ID:Windows>:ON_WINDOWS>
                           $<IF:$<BOOL:OFF>,YES_OFF,NOT_OFF>)
plant(orchard SOURCES "${fruit}" LINKS shared)
add_library(plain MODULE plain.c)
target_link_libraries(plain PRIVATE Python::Module)
target_compile_options(plain PRIVATE $<$<CXX_COMPILER_ID:MSVC>:/W4> $<$<C_COMPILER_ID:GNU>:-fwrapv>)
)"},
                        {"cmake/Trees.cmake", R"(
function(plant name)
  cmake_parse_arguments(PLANT "" "" "SOURCES;LINKS" ${ARGN})
  python_add_library(${name} MODULE ${PLANT_SOURCES})
  target_link_libraries(${name} PRIVATE ${PLANT_LINKS})
endfunction()
)"},
                        {"apple.c", uses_python},
                        {"crate/pear.c", ""},
                        {"crate/plum_test.c", ""},
                        {"crate/win.c", ""},
                        {"crate/posix.c", ""},
                        {"crate/quince.c", ""},
                        {"crate/fig.c", ""},
                        {"plain.c", uses_python},
                        {"inc/orchard.h", ""}};
  const Project project = tree.discover();
  CHECK(units_of(project) ==
        Texts{"apple.c", "crate/fig.c", "crate/pear.c", "crate/posix.c", "crate/quince.c", "plain.c"});
  for (const Unit& unit : project.units)
    CHECK(unit.modules == Texts{unit.file.stem() == "plain" ? "plain" : "orchard"});
  const Unit& pear = unit_of(project, "crate/pear.c");
  for (const char* flag : {"-DON_LINUX", "-DNOT_OFF"}) CHECK(has_flag(pear, flag));
  for (const char* flag : {"-DON_WINDOWS", "-DYES_OFF"}) CHECK_FALSE(has_flag(pear, flag));
  CHECK(has_flag(pear, "-I" + (tree / "inc").string()));
  CHECK(has_flag(unit_of(project, "plain.c"), "-fwrapv"));
}

TEST_CASE("a package that is a module itself goes by the package's name") {
  const TreeOnDisk tree{{"setup.py",
                         "from setuptools import Extension\nExtension('kit.__init__', ['a.c'])\n"
                         "Extension('kit.tools.__init__', ['b.c'])\n"},
                        {"a.c", uses_python},
                        {"b.c", uses_python}};
  const Project project = tree.discover();
  CHECK(unit_of(project, "a.c").modules == Texts{"kit"});
  CHECK(unit_of(project, "b.c").modules == Texts{"kit.tools"});
}

TEST_CASE("names of distributions") {
  CHECK(name_of_requirement("Foo_Bar.baz[extra] >= 1.0 ; os_name == 'nt'") == "foo-bar-baz");
  CHECK(name_of_requirement("") == "");
}

// Every prefix of a build file, and every build file with one byte changed, is read without harm.
TEST_CASE("mutilated build files are read without harm") {
  const std::string meson =
      "project('x', default_options: ['c_std=c11'])\nif a == 'b' and not c\n  x = ['a', {'k': 1}]\nelif d\n y += "
      "f'@x@'\n"
      "else\nendif\nforeach k, v : {'a': 'b'}\n  py.extension_module('m', files('m.c'), a ? b : "
      "c)\nendforeach\n'''x'''";
  const std::string cmake =
      "set(A \"x\" [[y]])\nif(A)\nfile(GLOB S *.c)\nelse()\nendif()\npybind11_add_module(m ${S} "
      "${${A}})\n#[[c]]\ntarget_sources(m PRIVATE m.c)";
  TreeOnDisk tree{{"m.c", uses_python}};
  const Tree files(tree.root());
  const auto read = [&](const std::string& text, bool is_meson) {
    tree.add(is_meson ? "meson.build" : "CMakeLists.txt", text);
    Description out;
    if (is_meson) read_meson(tree / "meson.build", files, out);
    else read_cmake(tree / "CMakeLists.txt", files, out);
  };
  for (const bool is_meson : {true, false}) {
    const std::string& whole = is_meson ? meson : cmake;
    for (std::size_t i = 0; i <= whole.size(); ++i) {
      read(whole.substr(0, i), is_meson);
      if (i == whole.size()) continue;
      for (const char c : {'(', ')', '\'', '"', '\n', '\0', '[', '}', '#', '$'}) {
        std::string changed = whole;
        changed[i] = c;
        read(changed, is_meson);
      }
    }
  }
  for (const char* opening : {"(", "[", "{", "not ", "f(", "if a\n", "a ? ", "-", "x[", "foreach a : b\n"}) {
    std::string deep;
    for (int i = 0; i < 20'000; ++i) deep += opening;
    read(deep, true);
  }
  std::string doubling = "x = ['a']\ny = 'a'\n";
  for (int i = 0; i < 200; ++i) doubling += "x = [x, x]\ny = y + y\nz = [y, y] + [x]\n";
  read(doubling, true);
  std::string sets = "set(A x)\n";
  for (int i = 0; i < 200; ++i) sets += "set(A ${A} ${A})\n";
  read(sets, false);
}
