#include "project/setup_py_answers.h"

#include <sys/stat.h>

#include <cstdlib>
#include <random>
#include <thread>

#include "base/process.h"
#include "base/sandbox.h"
#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

namespace {

// A store, and a python3 first on PATH that writes down each time it is started.
class Counted {
 public:
  Counted()
      : path_(std::getenv("PATH")),
        python_(find_program("python3")),
        scratch_(std::move(*ScratchFolder::make("answers"))),
        store(scratch_.path() / "store", 1u << 20) {
    const fs::path stand_in = scratch_.path() / "bin/python3", system = "/usr/bin/python3";
    fs::create_directories(stand_in.parent_path());
    REQUIRE(write_file(stand_in, "#!/bin/sh\necho . >> " + count().string() + "\nexec " +
                                     (fs::exists(system) ? system : python_).string() + " \"$@\"\n")
                .ok());
    ::chmod(stand_in.c_str(), 0755);
    ::setenv("PATH", (stand_in.parent_path().string() + ":" + path_).c_str(), 1);
    // A reader that writes is what the sandbox forbids.
    sandbox::set_mode(sandbox::Mode::off);
  }
  ~Counted() {
    ::setenv("PATH", path_.c_str(), 1);
    sandbox::set_mode(sandbox::Mode::on);
  }

  // What changed in the moment of the question is not kept; tests are faster than the clock of the file system.
  Project discover(const TreeOnDisk& tree) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
    return tree.discover({.memory = &store});
  }
  std::size_t runs() const {
    const auto text = read_file(count());
    return text.ok() ? text->size() / 2 : 0;
  }

 private:
  fs::path count() const { return scratch_.path() / "count"; }

  std::string path_;
  fs::path python_;
  ScratchFolder scratch_;

 public:
  Store store;
};

const char* const globbing = R"(
import glob, os
from setuptools import setup, Extension
import more
here = os.path.dirname(os.path.abspath(__file__))
sources = sorted(glob.glob("src/*.c"))
if os.path.exists("extra/extra.c"):
    sources.append("extra/extra.c")
setup(ext_modules=[Extension(more.name, sources, include_dirs=[os.path.join(here, "inc")])])
)";

TreeOnDisk globbing_tree() {
  return {
      {"setup.py", globbing}, {"more.py", "name = 'fast'\n"}, {"src/a.c", "#include <Python.h>\n"}, {"inc/a.h", ""}};
}

}  // namespace

TEST_CASE("what a setup.py says is asked of Python once, as long as nothing it looks at changes") {
  Counted counted;
  TreeOnDisk tree = globbing_tree();
  CHECK(units_of(counted.discover(tree)) == Texts{"src/a.c"});
  CHECK(units_of(counted.discover(tree)) == Texts{"src/a.c"});
  CHECK(counted.runs() == 1);

  tree.add("src/b.c", "int b;");  // a glob finds it
  CHECK(units_of(counted.discover(tree)) == Texts{"src/a.c", "src/b.c"});
  CHECK(counted.runs() == 2);
  tree.add("extra/extra.c", "int extra;");  // a test for its being there
  CHECK(units_of(counted.discover(tree)) == Texts{"extra/extra.c", "src/a.c", "src/b.c"});
  CHECK(counted.runs() == 3);
  tree.add("more.py", "name = 'faster'\n");  // a module beside it
  CHECK(unit_of(counted.discover(tree), "src/b.c").modules == Texts{"faster"});
  CHECK(counted.runs() == 4);
  tree.add("setup.py", std::string(globbing) + "setup(ext_modules=[Extension('second', ['extra/extra.c'])])\n");
  CHECK(unit_of(counted.discover(tree), "extra/extra.c").modules == Texts{"faster", "second"});
  CHECK(counted.runs() == 5);

  tree.add("setup.py", globbing);  // both sides of a comparison stay known
  CHECK(unit_of(counted.discover(tree), "extra/extra.c").modules == Texts{"faster"});
  CHECK(counted.runs() == 5);
}

TEST_CASE("answers about a setup.py hold for the same project elsewhere, with its own folders") {
  Counted counted;
  TreeOnDisk tree = globbing_tree(), copy = globbing_tree();
  counted.discover(tree);
  const Project project = counted.discover(copy);
  CHECK(counted.runs() == 1);
  CHECK(units_of(project) == Texts{"src/a.c"});
  CHECK(has_flag(unit_of(project, "src/a.c"), "-I" + (copy / "inc").string()));
  CHECK_FALSE(has_flag(unit_of(project, "src/a.c"), "-I" + (tree / "inc").string()));
}

TEST_CASE("answers about a setup.py that cannot be told to hold are not kept") {
  Counted counted;
  SUBCASE("a literal below a wildcard: nobody listed that folder") {
    TreeOnDisk tree{{"setup.py",
                     "import glob\nfrom setuptools import setup, Extension\nsetup(ext_modules=[Extension('m', "
                     "glob.glob('*/one.c'))])\n"},
                    {"src/one.c", "#include <Python.h>\n"}};
    for (int i = 0; i < 2; ++i) CHECK(units_of(counted.discover(tree)) == Texts{"src/one.c"});
    tree.add("lib/one.c", "int one;");
    CHECK(unit_of(counted.discover(tree), "lib/one.c").modules == Texts{"m"});
    CHECK(counted.runs() == 3);
  }
  SUBCASE("the text names the folder it lies in") {
    TreeOnDisk tree{{"src/one.c", "#include <Python.h>\n"}};
    tree.add("inc/one.h", "");
    tree.add(
        "setup.py",
        "from setuptools import setup, Extension\nsetup(ext_modules=[Extension('m', ['src/one.c'], include_dirs=['" +
            (tree / "inc").string() + "'])])\n");
    for (int i = 0; i < 2; ++i)
      CHECK(has_flag(unit_of(counted.discover(tree), "src/one.c"), "-I" + (tree / "inc").string()));
    CHECK(counted.runs() == 2);
  }
  SUBCASE("it cannot be parsed") {
    TreeOnDisk tree{{"setup.py", "print 'two'\n"}, {"one.c", "#include <Python.h>\n"}};
    for (int i = 0; i < 2; ++i)
      CHECK(counted.discover(tree).notes.at(0).find("not the syntax of Python 3") != std::string::npos);
  }
}

TEST_CASE("damaged answers about a setup.py are asked for again") {
  Counted counted;
  TreeOnDisk tree = globbing_tree();
  counted.discover(tree);
  fs::path entry;
  for (const auto& file : fs::recursive_directory_iterator(counted.store.folder()))
    if (file.is_regular_file()) entry = file.path();
  const std::string key = entry.parent_path().filename().string() + entry.filename().string();
  const std::string whole = *counted.store.get(key);
  std::mt19937 random(20261);
  for (int i = 0; i < 300; ++i) {
    // Past the checksum: what its reader must bear with. Answers themselves are believed, so the front is what is
    // spoilt.
    std::string bytes = whole;
    const std::size_t at = random() % bytes.size();
    if (i % 3 == 0) bytes.resize(at);
    else bytes[at] = static_cast<char>(random());
    counted.store.put(key, bytes);
    tree.discover({.memory = &counted.store});
  }
  REQUIRE(write_file(entry, "nothing").ok());
  CHECK(units_of(counted.discover(tree)) == Texts{"src/a.c"});
}
