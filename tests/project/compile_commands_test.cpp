#include "project/compile_commands.h"

#include <random>

#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

namespace {

const std::string module_c = "#include <Python.h>\nPyMODINIT_FUNC PyInit_m(void) { return NULL; }\n";

}  // namespace

TEST_CASE("a compile database gives units and flags; what belongs to no extension is left out") {
  TreeOnDisk tree{{"m.c", module_c},
                  {"lib.c", "int lib;"},
                  {"other.c", "int other;"},
                  {"late.c", module_c},
                  {"CMakeLists.txt", "project(x)"}};
  const std::string root = tree.root().string();
  tree.add(
      "build/compile_commands.json",
      R"([
{"directory": ")" +
          root +
          R"(/build", "file": "../m.c", "command": "cc -I../inc -DA='b c' -O2 -Wall -o CMakeFiles/m.dir/m.c.o -c ../m.c"},
{"directory": ")" +
          root +
          R"(/build", "file": "../lib.c", "arguments": ["cc", "-std=c99", "-c", "../lib.c", "-o", "CMakeFiles/m.dir/lib.c.o"]},
{"directory": ")" +
          root +
          R"(/build", "file": "../other.c", "arguments": ["cc", "-c", "../other.c", "-o", "CMakeFiles/o.dir/other.c.o"]},
{"directory": ")" +
          root + R"(/build", "file": "gone.c", "command": "cc -c gone.c"}
])");
  const Project project = tree.discover();
  CHECK(project.compile_commands == tree / "build/compile_commands.json");
  CHECK(units_of(project) == Texts{"lib.c", "m.c"});
  const Unit& unit = unit_of(project, "m.c");
  CHECK(unit.flags == Texts{"-x", "c", "-std=gnu17", "-I../inc", "-DA=b c"});
  CHECK(unit.folder == tree / "build");
  CHECK_FALSE(unit.guessed_flags);
  CHECK(has_flag(unit_of(project, "lib.c"), "-std=c99"));
  CHECK(unit_of(project, "lib.c").modules == Texts{"m"});
  CHECK(skip_of(project, "build/gone.c").find("not there") != std::string::npos);
  CHECK(skip_of(project, "late.c") == "not in build/compile_commands.json");
  // One file that the database does not know is audited all the same.
  CHECK(tree.discover_at(tree / "late.c").units.at(0).guessed_flags);
}

TEST_CASE("the interpreter's headers of the machine that made the database are left out") {
  const TreeOnDisk python{{"Python.h", ""}, {"also/x.h", ""}};
  TreeOnDisk tree{{"m.c", module_c}, {"setup.py", ""}};
  const std::string include = python.root().string();
  tree.add("compile_commands.json", R"([{"directory": ".", "file": "m.c", "command": "cc -I)" + include + " -isystem " +
                                        include + " -I" + include + R"(/also -DX -c m.c"}])");
  CHECK(tree.discover().units.at(0).flags == Texts{"-x", "c", "-std=gnu17", "-I" + include + "/also", "-DX"});
}

TEST_CASE("a broken compile database is an error that names file and place") {
  TreeOnDisk tree{{"m.c", module_c}, {"setup.py", ""}};
  const auto message = [&](const std::string& text) {
    tree.add("compile_commands.json", text);
    auto project = discover(tree.root());
    return project.ok() ? "no error" : project.message().substr(tree.root().string().size());
  };
  CHECK(message("[\n{\"file\": \"m.c\",,}]") ==
        "/compile_commands.json: not a compile database: broken JSON at line 2, column 16");
  CHECK(message("") == "/compile_commands.json: not a compile database: broken JSON at line 1, column 1");
  CHECK(message("{}") == "/compile_commands.json: not a compile database: a list of entries is expected");
  CHECK(message("[{\"directory\": \"x\"}]") == "/compile_commands.json: not a compile database: entry 1 names no file");
  CHECK(message("[{\"file\": \"m.c\"}]") == "/compile_commands.json: not a compile database: entry 1 has no command");
  auto missing = discover(tree.root(), {.compile_commands = tree / "nowhere"});
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.message().find("nowhere") != std::string::npos);
}

TEST_CASE("a database of other files is set aside with a note") {
  TreeOnDisk tree{{"m.c", module_c},
                  {"setup.py", ""},
                  {"compile_commands.json", "[{\"directory\": \"/x\", \"file\": \"y.c\", \"command\": \"cc y.c\"}]"}};
  const Project project = tree.discover();
  CHECK(units_of(project) == Texts{"m.c"});
  CHECK(project.units[0].guessed_flags);
  REQUIRE(project.notes.size() == 1);
}

TEST_CASE("mutilated databases are errors or databases, never harm") {
  TreeOnDisk tree{};
  const std::string whole =
      R"([{"directory": ".", "file": "m.c", "arguments": ["cc", "-I", "a", "\ud83d\ude00", "-o"], "output": "x.dir/m.o"}, {"file": "b.c", "command": "cc 'b.c"}])";
  const auto read = [&](const std::string& text) {
    tree.add("compile_commands.json", text);
    (void)read_compile_commands(tree / "compile_commands.json").ok();
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    read(whole.substr(0, i));
    for (const char c : {'"', '{', '[', '\\', '1', '\0', '\xff'}) {
      std::string changed = whole;
      changed[i] = c;
      read(changed);
    }
  }
}

TEST_CASE("no bytes bring the reader of compile databases down") {
  TreeOnDisk tree{{"m.c", module_c}};
  const std::string whole =
      R"([{"directory": "/a", "file": "../m.c", "command": "cc -I../inc -DA='b c' @more -o CMakeFiles/m.dir/m.o -c ../m.c"}, {"directory": "b", "file": "x.cc", "arguments": ["c++", "-std=c++17", "-o"]}])";
  std::mt19937 random(20262);
  std::size_t taken = 0;
  for (int i = 0; i < 3'000; ++i) {
    std::string text = whole;
    for (int n = 0; n <= i % 4; ++n) {
      const std::size_t at = random() % text.size();
      if (random() % 5 == 0) text.erase(at, 1 + random() % 20);
      else text[at] = random() % 2 == 0 ? "\"[]{},:\\\0 -@"[random() % 12] : static_cast<char>(random());
      if (text.empty()) text = "[";
    }
    REQUIRE(write_file(tree / "compile_commands.json", text).ok());
    const auto entries = read_compile_commands(tree / "compile_commands.json");
    if (!entries.ok()) continue;
    ++taken;
    for (const CompileEntry& entry : *entries) CHECK((entry.file.is_absolute() && entry.folder.is_absolute()));
  }
  CHECK(taken > 100);
}
