// Sources that no build file names, of modules that ones that it names make.
#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

namespace {

const std::string module_c = "#include <Python.h>\nPyMODINIT_FUNC PyInit_m(void) { return NULL; }\n";
const std::string helper_c = "#include <Python.h>\nvoid help(void) {}\n";
const std::string setup = "from setuptools import Extension, setup\n";

}  // namespace

TEST_CASE("a copy that no build file names is left out and told, with what lies by it") {
  for (const auto& [file, text] : std::vector<std::pair<const char*, std::string>>{
           {"setup.py", setup + "setup(ext_modules=[Extension('m', ['src/ext.c', 'src/help.c'])])\n"},
           {"CMakeLists.txt",
            "project(p C)\nset(NAME m)\npython_add_library(${NAME} MODULE src/ext.c src/help.c)\n"}}) {
    const TreeOnDisk tree{{file, text},
                          {"src/ext.c", module_c},
                          {"src/help.c", helper_c},
                          {"old/ext.c", module_c + "int was;\n"},
                          {"old/help.c", helper_c},
                          {"old/more.c", helper_c}};
    const Project project = tree.discover();
    CHECK(units_of(project) == Texts{"old/more.c", "src/ext.c", "src/help.c"});
    CHECK(skip_of(project, "old/ext.c") ==
          std::string("makes module m, as does src/ext.c, which ") + file +
              " names; no build file names this copy, which is audited when it is asked for by name");
    CHECK(skip_of(project, "old/help.c").starts_with("stands for src/help.c"));
    CHECK(std::ranges::none_of(project.skipped, &Skip::asked));
    CHECK(units_of(tree.discover_at(tree / "old/ext.c")) == Texts{"old/ext.c"});
    CHECK(units_of(tree.discover_at(tree / "old")) == Texts{"old/ext.c", "old/help.c", "old/more.c"});
  }
}

TEST_CASE("two modules of one name that the build names are no copies") {
  const TreeOnDisk tree{{"setup.py", setup + "setup(ext_modules=[Extension('a.m', ['a/ext.c']),\n"
                                             "                   Extension('b.m', ['b/ext.c'])])\n"},
                        {"a/ext.c", module_c},
                        {"b/ext.c", module_c}};
  CHECK(units_of(tree.discover()) == Texts{"a/ext.c", "b/ext.c"});
}

TEST_CASE("what the build may name all the same stays") {
  for (const char* text :
       {// Another platform's, a module whose sources are not known, one of no known name, code that is not followed.
        "import sys\nsetup(ext_modules=[Extension('m', ['win/ext.c' if sys.platform == 'win32' else 'src/ext.c'])])\n",
        "setup(ext_modules=[Extension('m', ['src/ext.c']), Extension('w.m', found())])\n",
        "setup(ext_modules=[Extension('m', ['src/ext.c']), Extension('w.m', ['src/help.c', found()])])\n",
        "import os\nfor d in os.environ['DIRS']:\n  Extension('%s.m' % d, [d + '/ext.c'])\n"
        "setup(ext_modules=[Extension('m', ['src/ext.c'])])\n",
        "where = 'win'\nsetup(ext_modules=[Extension('m', ['src/ext.c'])])\n"}) {
    const TreeOnDisk tree{{"setup.py", setup + text}, {"src/ext.c", module_c}, {"win/ext.c", module_c}};
    INFO(text);
    const Project project = tree.discover();
    CHECK(units_of(project) == Texts{"src/ext.c", "win/ext.c"});
  }
}

TEST_CASE("a project within the project, another module beside, a module that no build file names: all are read") {
  const std::string own = setup + "setup(ext_modules=[Extension('m', ['src/ext.c'])])\n";
  const TreeOnDisk within{
      {"setup.py", own}, {"src/ext.c", module_c}, {"other/Makefile", ""}, {"other/ext.c", module_c}};
  CHECK(units_of(within.discover()) == Texts{"other/ext.c", "src/ext.c"});
  const std::string two = module_c + "PyMODINIT_FUNC PyInit_n(void) { return NULL; }\n";
  const TreeOnDisk beside{{"setup.py", own}, {"src/ext.c", module_c}, {"old/ext.c", two}};
  CHECK(units_of(beside.discover()) == Texts{"old/ext.c", "src/ext.c"});
  const TreeOnDisk unnamed{{"setup.py", setup + "setup()\n"}, {"src/ext.c", module_c}, {"old/ext.c", module_c}};
  CHECK(units_of(unnamed.discover()) == Texts{"old/ext.c", "src/ext.c"});
}
