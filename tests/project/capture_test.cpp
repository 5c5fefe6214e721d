#include "base/process.h"
#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

TEST_CASE("capture runs the build in a copy and takes its flags from what the compiler was told") {
  if (find_program("cc").empty()) return;
  const TreeOnDisk tree{
      {"m.c", "#include <Python.h>\n"},
      {"Python.h", ""},
      {"build.sh",
       "printf '#include <Python.h>\\n' > made.c\n$CC -I. -DSAID='a b' -c m.c -o m.o\ncc -I. -c made.c -o made.o\n"}};
  auto project = capture(tree.root(), {"/bin/sh", "build.sh"});
  INFO((project.ok() ? std::string() : project.message()));
  REQUIRE(project.ok());
  CHECK_FALSE(fs::exists(tree / "m.o"));
  CHECK(units_of(*project) == Texts{"m.c", "made.c"});
  CHECK(has_flag(unit_of(*project, "m.c"), "-DSAID=a b"));
  CHECK_FALSE(unit_of(*project, "m.c").guessed_flags);
  CHECK(project->root != tree.root());
}

TEST_CASE("a build that compiles nothing is an error with what it said") {
  const TreeOnDisk tree{{"m.c", "#include <Python.h>\n"}};
  auto project = capture(tree.root(), {"/bin/sh", "-c", "echo out of cheese >&2; exit 3"});
  REQUIRE_FALSE(project.ok());
  CHECK(project.message().find("exit code 3") != std::string::npos);
  CHECK(project.message().find("out of cheese") != std::string::npos);
}
