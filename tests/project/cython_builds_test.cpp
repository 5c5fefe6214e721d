// What build files say of sources that Cython makes C of: module, language, directives, declarations beside them.
#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

namespace {

const CythonSource& cython_of(const Project& project, const char* file) {
  for (const CythonSource& source : project.cython)
    if (shown_path(source.file, project.root) == file) return source;
  FAIL("no such Cython source: ", file);
  return project.cython.front();
}

}  // namespace

TEST_CASE("CMakeLists.txt: commands of Cython's, whatever the C is called and wherever it is made") {
  const TreeOnDisk tree{{"CMakeLists.txt", R"(
project(p)
set(C "${CMAKE_CURRENT_BINARY_DIR}/_made/_core.c")
add_custom_command(OUTPUT ${C} DEPENDS p/core.py VERBATIM
  COMMAND "${Python_EXECUTABLE}" -m cython -X boundscheck=False,wraparound=False --compile-time-env SIZE=8
    --output-file ${C} --module-name "p.sub._core" -I inc "${CMAKE_CURRENT_SOURCE_DIR}/p/core.py")
python_add_library(_core MODULE WITH_SOABI ${C})
foreach(name IN ITEMS first second)
  add_custom_command(OUTPUT "${name}.cpp" COMMAND ${CYTHON} --cplus "p/${name}.pyx" -o "${name}.cpp")
  python_add_library(${name} MODULE ${name}.cpp)
endforeach()
cython_transpile(p/third.pyx LANGUAGE CXX OUTPUT_VARIABLE third_cpp CYTHON_ARGS -Xcdivision=True)
python_add_library(third MODULE "${third_cpp}" WITH_SOABI)
add_cython_target(fourth p/fourth.pyx CXX)
add_library(fourth MODULE ${fourth})
python_extension_module(fourth)
add_custom_command(OUTPUT other.c COMMAND ${Python_EXECUTABLE} make.py tables.py)
python_add_library(other MODULE other.c)
)"},
                        {"p/__init__.py", ""},
                        {"p/core.py", "class Core: pass\n"},
                        {"p/first.pyx", ""},
                        {"p/second.pyx", ""},
                        {"p/third.pyx", ""},
                        {"p/fourth.pyx", ""},
                        {"tables.py", ""},
                        {"inc/d.pxd", ""}};
  const Project project = tree.discover();
  REQUIRE(project.cython.size() == 5);
  const CythonSource& core = cython_of(project, "p/core.py");
  CHECK(core.module == "p.sub._core");
  CHECK(core.directives == Texts{"boundscheck=False", "wraparound=False"});
  CHECK(core.values == Texts{"SIZE=8"});
  CHECK(core.search == std::vector<fs::path>{tree / "inc"});
  CHECK_FALSE(core.cxx);
  for (const char* name : {"p/first.pyx", "p/second.pyx", "p/third.pyx", "p/fourth.pyx"}) {
    CHECK(cython_of(project, name).cxx);
    CHECK(cython_of(project, name).listed);
  }
  CHECK(cython_of(project, "p/third.pyx").directives == Texts{"cdivision=True"});
  std::vector<std::string> modules;
  for (const Module& module : project.modules) modules.push_back(module.name);
  CHECK(modules == Texts{"other", "p.first", "p.fourth", "p.second", "p.sub._core", "p.third"});
  // C that something else makes stays what the build makes.
  CHECK(skip_of(project, "other.c").find("made by the build") != std::string::npos);
}

TEST_CASE("meson.build: generators, custom targets and meson's own Cython") {
  const TreeOnDisk tree{{"meson.build", R"(
project('p', 'c', 'cython')
py = import('python').find_installation(pure: false)
fs = import('fs')
arguments = ['-3', '--output-file', '@OUTPUT@', '--include-dir', '@BUILD_ROOT@', '@INPUT@']
if cy.version().version_compare('>=3.1.0')
  arguments += ['-Xfreethreading_compatible=True']
endif
make = generator(find_program('cython'), arguments: arguments, output: '@BASENAME@.c')
foreach file : [['_first', fs.copyfile('p/_first.pyx')], ['_second', files('p/_second.py')]]
  py.extension_module(file[0], [make.process(file[1])], subdir: 'p')
endforeach
third = custom_target('third', input: 'p/third.pyx', output: 'third.cpp', command: [cython, '-+', '@INPUT@'])
py.extension_module('third', third[0], subdir: 'p')
py.extension_module('fourth', 'p/fourth.pyx', cython_args: ['-Xboundscheck=False'],
  override_options: ['cython_language=cpp'], subdir: 'p')
py.install_sources('p/plain.py')
)"},
                        {"p/__init__.py", ""},
                        {"p/_first.pyx", ""},
                        {"p/_second.py", "import cython\n"},
                        {"p/third.pyx", ""},
                        {"p/fourth.pyx", ""},
                        {"p/plain.py", "import cython\n"}};
  const Project project = tree.discover();
  CHECK(project.cython.size() == 4);
  for (const char* name : {"p/_first.pyx", "p/_second.py"}) {
    CHECK(cython_of(project, name).directives == Texts{"freethreading_compatible=True"});
    CHECK(cython_of(project, name).search.empty());
  }
  CHECK(cython_of(project, "p/third.pyx").cxx);
  CHECK(cython_of(project, "p/fourth.pyx").cxx);
  CHECK(cython_of(project, "p/fourth.pyx").directives == Texts{"boundscheck=False"});
  std::vector<std::string> modules;
  for (const Module& module : project.modules) modules.push_back(module.name);
  CHECK(modules == Texts{"p._first", "p._second", "p.fourth", "p.third"});
}

TEST_CASE("setup.py: the C that a build makes is listed, the source is what there is") {
  const TreeOnDisk tree{{"setup.py",
                         "from setuptools import *\nsetup(ext_modules=[\n"
                         "  Extension('p._pack', ['p/_pack.c'], include_dirs=['.'], define_macros=[('A', '1')]),\n"
                         "  Extension('p.more', ['p/more.cpp'])])"},
                        {"p/__init__.py", ""},
                        {"p/_pack.pyx", ""},
                        {"p/more.pyx", ""},
                        {"p/pack.h", ""}};
  const Project project = tree.discover();
  const CythonSource& pack = cython_of(project, "p/_pack.pyx");
  CHECK(pack.listed);
  CHECK(std::ranges::find(pack.flags, "-DA=1") != pack.flags.end());
  CHECK(std::ranges::find(pack.flags, "-I" + tree.root().string()) != pack.flags.end());
  CHECK_FALSE(pack.cxx);
  CHECK(cython_of(project, "p/more.pyx").cxx);
  CHECK(project.skipped.empty());
}

TEST_CASE("setup.py: a source that its list does not name is made as all that it names") {
  const auto directives = [](const std::string& rest) {
    const TreeOnDisk tree{
        {"setup.py",
         "from setuptools import Extension, setup\nfrom Cython.Build import cythonize\n"
         "a = cythonize([Extension('p.first', ['p/first.pyx'])], compiler_directives={'binding': False})\n" +
             rest},
        {"p/__init__.py", ""},
        {"p/first.pyx", "def f(): pass"},
        {"p/second.pyx", "def g(): pass"},
        {"p/third.pyx", "def h(): pass"}};
    return cython_of(tree.discover(), "p/second.pyx").directives;
  };
  CHECK(directives("setup(ext_modules=a + others())\n") == Texts{"binding=False"});
  // Two that differ say nothing of a third.
  CHECK(directives("setup(ext_modules=a + cythonize([Extension('p.third', ['p/third.pyx'])]))\n").empty());
}

TEST_CASE("templates go with what they become, unless that is there or nobody can tell it") {
  const TreeOnDisk tree{{"a.pyx.in", "{{for t in types}}\ncdef {{t}} f_{{t}}()\n{{endfor}}\n"},
                        {"b.templ.pyx", "cdef int x\n### {{if HAVE}}\ncdef int y\n### {{endif}}\n"},
                        {"c.pyx", "def f(x):\n    return f'{{if }}' + '{{' + str({x: {1}})\n"},
                        {"d.pyx.in", "cdef int @X@\n"},
                        {"d.pyx", "cdef int x\n"},
                        {"e.pyx.j2", "{% if x %}"},
                        {"f.pyx.in", "cdef int @X@\n"},
                        {"g.pxi.in", "DEF A = {{1 + 1}}\n"}};
  const Project project = tree.discover();
  CHECK(skip_of(project, "e.pyx.j2").starts_with("template of a Cython source"));
  CHECK(skip_of(project, "f.pyx.in").find("--capture") != std::string::npos);
  std::vector<std::string> sources, made;
  for (const CythonSource& source : project.cython) sources.push_back(source.file.filename().native());
  CHECK(sources == std::vector<std::string>{"a.pyx.in", "b.templ.pyx", "c.pyx", "d.pyx"});
  for (const CythonTemplate& each : project.cython_templates) {
    CHECK_FALSE(each.expanded);
    made.push_back(each.made.filename().native());
  }
  CHECK(made == std::vector<std::string>{"a.pyx", "b.pyx", "g.pxi"});
}

TEST_CASE("the C that a build names and its .pyx are one module, whatever the C is called") {
  const auto made = [](const char* source) {
    return "/* Generated by Cython 3.0.11 */\n#include \"Python.h\"\nstatic const char *__pyx_f[] = {\n  \"" +
           std::string(source) + "\",\n  \"array.pxd\",\n};\nPyMODINIT_FUNC PyInit_pair(void) { return 0; }\n";
  };
  const std::string setup =
      "import os\nfrom setuptools import Extension, setup\n"
      "src = 'pair.pyx' if os.getenv('USE_CYTHON') else 'pair.gen.cpp'\n"
      "setup(ext_modules=[Extension('pair', [src, 'lib/pair.cpp'], include_dirs=['lib/include'], language='c++')])\n";
  const TreeOnDisk tree{{"setup.py", setup},
                        {"pair.pyx", "x = 1\n"},
                        {"pair.gen.cpp", made("pair.pyx")},
                        {"lib/pair.cpp", ""},
                        {"lib/include/pair.h", ""}};
  const Project project = tree.discover();
  const CythonSource& pair = cython_of(project, "pair.pyx");
  CHECK(pair.made == tree / "pair.gen.cpp");
  CHECK(pair.listed);
  CHECK(pair.cxx);
  CHECK(std::ranges::count(pair.flags, "-I" + (tree / "lib/include").string()) == 1);
  CHECK(units_of(project) == Texts{"lib/pair.cpp", "pair.gen.cpp"});

  // Beside a source that the build names; and two modules that are made of one text, which are what they were.
  const TreeOnDisk beside{{"setup.py", "from setuptools import *\nExtension('p.pair', ['p/pair.pyx'])\n"},
                          {"p/pair.pyx", "x = 1\n"},
                          {"p/pair.gen.c", made("p/pair.pyx")}};
  CHECK(cython_of(beside.discover(), "p/pair.pyx").made == beside / "p/pair.gen.c");
  const TreeOnDisk twice{
      {"setup.py", "from setuptools import *\nExtension('fast', ['fast.c'])\nExtension('slow', ['slow.c'])\n"},
      {"pair.pyx", "x = 1\n"},
      {"fast.c", made("pair.pyx")},
      {"slow.c", made("pair.pyx")}};
  CHECK(cython_of(twice.discover(), "pair.pyx").made.empty());
  CHECK(units_of(twice.discover()) == Texts{"fast.c", "slow.c"});
}

TEST_CASE("a .pyx that another includes from a folder of the build is read with it, and no module of its own") {
  const char* setup =
      "from setuptools import Extension, setup\nsetup(ext_modules=[Extension('m', ['src/m.pyx'], "
      "include_dirs=['inc'])])\n";
  const TreeOnDisk tree{{"setup.py", setup}, {"src/m.pyx", "include 'shared.pyx'\n"}, {"inc/shared.pyx", "x = 1\n"}};
  const Project project = tree.discover();
  REQUIRE(project.cython.size() == 1);
  CHECK(skip_of(project, "inc/shared.pyx") == "included by src/m.pyx, translated with it");
  // Nobody includes this one; it only has the name.
  const TreeOnDisk other{{"setup.py", setup}, {"src/m.pyx", "include 'other.pxi'\n"}, {"inc/shared.pyx", "x = 1\n"}};
  CHECK(other.discover().cython.size() == 2);
}
