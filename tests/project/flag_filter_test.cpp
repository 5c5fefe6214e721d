#include "project/flag_filter.h"

#include <sys/stat.h>

#include <algorithm>

#include "project/outside.h"
#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

namespace {

using From = FlagFilter::From;

FlagFilter filter_for(const fs::path& root) { return FlagFilter(outside_of(root, nullptr).is_open); }

Texts kept(const Texts& words, From from = From::build) { return filter_for("/nowhere").kept(words, "/nowhere", from); }

bool notes_hold(const Project& project, const std::string& text) {
  return std::ranges::any_of(project.notes,
                             [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("of a command line only what decides the meaning stays") {
  CHECK(kept({"-I",
              "a",
              "-Ib",
              "-isystem",
              "c",
              "-D",
              "X=1",
              "-UY",
              "-std=c11",
              "-O2",
              "-Wall",
              "-g",
              "-MD",
              "-MF",
              "x.d",
              "-o",
              "x.o",
              "-c",
              "x.c",
              "-fPIC",
              "-fno-tree-vrp",
              "-mavx2",
              "-mno-fused-madd",
              "-include",
              "p.h",
              "-lfoo",
              "-L/x",
              "-flto",
              "-Wp,-D_FORTIFY_SOURCE=2"}) == Texts{"-Ia", "-Ib", "-isystem", "c", "-DX=1", "-UY", "-std=c11", "-fPIC",
                                                   "-mavx2", "-include", "p.h", "-D_FORTIFY_SOURCE=2"});
  CHECK(kept({"-I"}).empty());
  CHECK(kept({"-xc++", "--std=c++20", "-ftemplate-depth=900", "-march=armv8-a+crc"}) ==
        Texts{"-x", "c++", "-std=c++20", "-ftemplate-depth=900", "-march=armv8-a+crc"});
}

TEST_CASE("what loads, runs, reads or writes something else is taken from nobody") {
  const std::vector<Texts> hostile{{"-Xclang", "-load", "-Xclang", "./evil.so"},
                                   {"-fplugin=./evil.so"},
                                   {"-fpass-plugin=./evil.so"},
                                   {"-mllvm", "-load=./evil.so"},
                                   {"-load", "evil.so"},
                                   {"-Wp,-MD,/tmp/x"},
                                   {"-Wp,-DA,-MD,/tmp/x"},
                                   {"-Xpreprocessor", "-MD"},
                                   {"-Xclang", "-dependency-file", "-Xclang", "/tmp/x"},
                                   {"-include-pch", "x.pch"},
                                   {"-include-pchx.pch"},
                                   {"-x", "ir"},
                                   {"-xast"},
                                   {"-ivfsoverlay", "x.yaml"},
                                   {"-ivfsoverlayx.yaml"},
                                   {"-fmodules-cache-path=/tmp/x"},
                                   {"-fmodule-map-file=x"},
                                   {"-fcrash-diagnostics-dir=/tmp/x"},
                                   {"--config=x"},
                                   {"--config", "x"},
                                   {"-B", "bin"},
                                   {"-B./bin"},
                                   {"--sysroot=/x"},
                                   {"-isysroot", "/x"},
                                   {"-resource-dir", "/x"},
                                   {"-header-include-file", "/tmp/x"},
                                   {"@more"}};
  for (const Texts& words : hostile)
    for (const From from : {From::build, From::settings, From::user}) {
      CAPTURE(words);
      FlagFilter filter = filter_for("/nowhere");
      CHECK(filter.kept(words, "/nowhere", from).empty());
      CHECK_FALSE(filter.left_out().empty());
    }
  // Every build asks for files; somebody who writes so in settings is told that none is written.
  const std::vector<Texts> products{{"-MD", "-MF", "/tmp/x"},
                                    {"-MMD"},
                                    {"-MJ", "/tmp/x"},
                                    {"-MJ/tmp/x"},
                                    {"-o", "/tmp/x"},
                                    {"-save-temps=obj"},
                                    {"-serialize-diagnostics", "/tmp/x"},
                                    {"--serialize-diagnostics", "/tmp/x"},
                                    {"-ftime-trace=/tmp/x"}};
  for (const Texts& words : products) {
    CAPTURE(words);
    FlagFilter build = filter_for("/nowhere"), settings = filter_for("/nowhere");
    CHECK(build.kept(words, "/nowhere", From::build).empty());
    CHECK(build.left_out().empty());
    CHECK(settings.kept(words, "/nowhere", From::settings).empty());
    CHECK_FALSE(settings.left_out().empty());
  }
}

TEST_CASE("words that only begin like a harmless flag are not kept") {
  for (const char* word : {"-fopenmp=libevil", "-fvisibility-evil", "-std=c++99x", "-std=evil", "-march=a,b",
                           "-mavx=/x", "-ftemplate-depth=9/9", "-fPICevil", "-msse -load"}) {
    CAPTURE(word);
    CHECK(kept({word}).empty());
  }
}

TEST_CASE("folders outside are searched where they hold headers and are nobody's private ones") {
  const TreeOnDisk elsewhere{
      {"include/x.h", ""}, {"nested/lib/y.hpp", ""}, {"notes/z.txt", ""}, {"home/.keys/k.h", ""}, {"home/dev/k.h", ""}};
  const TreeOnDisk tree{{"inc/own.txt", ""}};
  const std::string out = elsewhere.root().string();
  const std::string home = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
  ::setenv("HOME", (out + "/home").c_str(), 1);
  FlagFilter filter = filter_for(tree.root());
  CHECK(filter.kept(Texts{"-I" + out + "/include", "-isystem", out + "/nested", "-I" + out + "/notes", "-Iinc",
                          "-I/usr/include", "-I/etc", "-I/", "-I" + out + "/home/.keys", "-I" + out + "/home/dev",
                          "-I" + out + "/home", "-I" + out},
                    tree.root(), From::build) == Texts{"-I" + out + "/include", "-isystem", out + "/nested", "-Iinc",
                                                       "-I/usr/include", "-I" + out + "/home/dev"});
  CHECK(filter.left_out() ==
        Texts{"-I" + out + "/notes", "-I/etc", "-I/", "-I" + out + "/home/.keys", "-I" + out + "/home", "-I" + out});
  // A link is judged by where it leads.
  fs::create_directory_symlink(out + "/home/.keys", tree.root() / "linked");
  CHECK(filter.kept(Texts{"-Ilinked"}, tree.root(), From::build).empty());
  // The user's own may lie anywhere.
  CHECK(filter.kept(Texts{"-I" + out + "/notes"}, tree.root(), From::user) == Texts{"-I" + out + "/notes"});
  ::setenv("HOME", home.c_str(), 1);
}

TEST_CASE("a file that is included first is a plain one in such a folder") {
  const TreeOnDisk elsewhere{{"notes/z.txt", ""}};
  const TreeOnDisk tree{{"inc/first.h", ""}};
  ::mkfifo((tree.root() / "pipe").c_str(), 0600);
  FlagFilter filter = filter_for(tree.root());
  CHECK(filter.kept(Texts{"-include", "inc/first.h", "-include", "stdio.h", "-imacros", "/dev/zero", "-include", "pipe",
                          "-include", elsewhere.root().string() + "/notes/z.txt", "-include", "/gone.h"},
                    tree.root(), From::build) == Texts{"-include", "inc/first.h", "-include", "stdio.h"});
  CHECK(filter.left_out().size() == 4);
}

TEST_CASE("a macro without a name costs nothing but itself") {
  const TreeOnDisk tree{{"m.c", "#include <Python.h>\nPyMODINIT_FUNC PyInit_m(void) { return NULL; }\n"},
                        {"setup.py",
                         "from setuptools import *\nsetup(ext_modules=[Extension('m', ['m.c'], "
                         "define_macros=[('', None), ('', '1'), ('A', '')], extra_compile_args=['-D', '-DB'])])"}};
  FlagFilter filter = filter_for(tree.root());
  CHECK(filter.kept(Texts{"-D", "-Iinc", "-D=1", "-U", "9", "-DA=", "-D", "_B"}, tree.root(), From::build) ==
        Texts{"-DA=", "-D_B"});
  const Project project = tree.discover();
  CHECK(has_flag(unit_of(project, "m.c"), "-DA="));
  CHECK_FALSE(has_flag(unit_of(project, "m.c"), "-D"));
}

TEST_CASE("every source of flags goes through the one list, and what was left out is told once") {
  const std::string module_c = "#include <Python.h>\nPyMODINIT_FUNC PyInit_m(void) { return NULL; }\n";
  const std::string evil = "-fplugin=./evil.so";
  const Project by_setup = TreeOnDisk{{"m.c", module_c},
                                      {"setup.py",
                                       "from setuptools import *\nsetup(ext_modules=[Extension('m', ['m.c'], "
                                       "extra_compile_args=['-fplugin=./evil.so', '-DA'])])"}}
                               .discover();
  const Project by_database =
      TreeOnDisk{{"m.c", module_c},
                 {"compile_commands.json",
                  R"([{"directory": ".", "file": "m.c", "command": "cc -fplugin=./evil.so -DA -c m.c"}])"}}
          .discover();
  const Project by_cmake = TreeOnDisk{{"m.c", module_c},
                                      {"CMakeLists.txt",
                                       "project(m C)\nPython_add_library(m MODULE m.c)\n"
                                       "target_compile_options(m PRIVATE -fplugin=./evil.so -DA)\n"}}
                               .discover();
  const Project by_settings = TreeOnDisk{{"m.c", module_c}}.discover({.project_flags = {evil, "-DA"}});
  const Project by_user = TreeOnDisk{{"m.c", module_c}}.discover({.extra_flags = {evil, "-DA"}});
  for (const Project* project : {&by_setup, &by_database, &by_cmake, &by_settings, &by_user}) {
    CHECK_FALSE(has_flag(unit_of(*project, "m.c"), evil));
    CHECK(has_flag(unit_of(*project, "m.c"), "-DA"));
    CHECK(notes_hold(*project, "left out 1 compiler flag that reading does not take: -fplugin=./evil.so"));
  }
}
