// Discovery and unpacking happen in children that can only read, and a child that fails costs what it read.
#include <sys/mman.h>

#include "../base/forbidden_calls.h"
#include "base/conversation.h"
#include "base/sandbox.h"
#include "project/sending.h"
#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

namespace {

const std::string module_c = "#include <Python.h>\nPyMODINIT_FUNC PyInit_m(void) { return NULL; }\n";

// Text that children write for us to read.
class Page {
 public:
  Page() : text_(static_cast<char*>(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    REQUIRE(static_cast<void*>(text_) != MAP_FAILED);
  }
  ~Page() { ::munmap(text_, 4096); }
  char* text() const { return text_; }

 private:
  char* text_;
};

bool notes_hold(const Project& project, const std::string& text) {
  return std::ranges::any_of(project.notes,
                             [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("the child that looks through a project can start nothing, write nothing and read nothing else") {
  if (!sandbox::layers().seccomp) return;
  const ScratchFolder outside = std::move(*ScratchFolder::make("canary"));
  const forbidden::Canary canary{outside.path().string(), (outside.path() / "secret").string(), "/usr/bin/env"};
  REQUIRE(write_file(canary.secret, "secret").ok());
  const Page page;
  const TreeOnDisk tree{{"m.c", module_c},
                        {"setup.py", "from setuptools import *\nsetup(ext_modules=[Extension('p.m', ['m.c'])])"}};
  const Project project = tree.discover({.once_confined = [&] {
    std::strcpy(page.text(), "nothing");
    for (const forbidden::Attempt& attempt : forbidden::attempts())
      if ((!attempt.needs_landlock || sandbox::layers().landlock > 0) && attempt.came_through(canary))
        std::strcpy(page.text(), attempt.name);
  }});
  CHECK(std::string(page.text()) == "nothing");
  // And it finds all the same, what Python says of setup.py included.
  CHECK(unit_of(project, "m.c").modules == Texts{"p.m"});
}

TEST_CASE("build files that break their reader are left out, and that is told") {
  const Page page;
  const TreeOnDisk tree{{"m.c", module_c},
                        {"setup.py", "from setuptools import *\nsetup(ext_modules=[Extension('p.m', ['m.c'])])"}};
  const auto first_time = [&](auto act) {
    return [&page, act] {
      if (page.text()[0] == '\0') page.text()[0] = 'x', act();
    };
  };
  const Project crashed = tree.discover({.once_confined = first_time([] { std::abort(); })});
  CHECK(unit_of(crashed, "m.c").modules == Texts{"m"});
  CHECK(notes_hold(crashed, "the build files were not read (reading them its reader crashed"));
  page.text()[0] = '\0';
  const Project grown = tree.discover({.once_confined = first_time([] {
                                         std::vector<std::string> all;
                                         for (;;) all.emplace_back(1u << 24, 'x');
                                       })});
  CHECK(notes_hold(grown, "took more than 3072 MiB of memory"));
}

TEST_CASE("links that lead out of a project are not followed") {
  if (sandbox::layers().landlock == 0) return;
  const TreeOnDisk elsewhere{{"secret.c", module_c}};
  const TreeOnDisk tree{{"m.c", module_c}};
  fs::create_symlink(elsewhere / "secret.c", tree / "linked.c");
  const Project project = tree.discover();
  CHECK(units_of(project) == Texts{"m.c"});
  CHECK(skip_of(project, "linked.c").find("Permission denied") != std::string::npos);
}

TEST_CASE("sources that are pipes or devices are named and hold nobody up") {
  const TreeOnDisk tree{{"m.c", module_c}};
  REQUIRE(::mkfifo((tree / "pipe.c").c_str(), 0600) == 0);
  REQUIRE(::mkfifo((tree / "pyproject.toml").c_str(), 0600) == 0);
  REQUIRE(::mkfifo((tree / "CMakeLists.txt").c_str(), 0600) == 0);
  const Project project = tree.discover();
  CHECK(units_of(project) == Texts{"m.c"});
  CHECK(skip_of(project, "pipe.c") == "not a regular file");
}

TEST_CASE("a project comes out of its bytes as it was, and out of others never") {
  const TreeOnDisk tree{{"m.c", module_c},
                        {"x.pyx", "cdef int x"},
                        {"setup.py",
                         "from setuptools import *\nsetup(name='n', ext_modules=[Extension('p.m', ['m.c'], "
                         "define_macros=[('Py_LIMITED_API', '0x03090000')])])"}};
  const Project project = tree.discover();
  const std::string bytes = to_bytes(project);
  const auto again = project_from_bytes(bytes);
  REQUIRE(again.ok());
  CHECK(to_bytes(*again) == bytes);
  CHECK(again->units.at(0).flags == project.units.at(0).flags);
  CHECK(again->skipped == project.skipped);
  REQUIRE_FALSE(project.cython.empty());
  CHECK(again->cython == project.cython);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(project_from_bytes(std::string_view(bytes).substr(0, size)).ok());
}

TEST_CASE("a conversation ends with its bounds") {
  const sandbox::Ground ground = std::move(*sandbox::Ground::make({.readable = sandbox::installed_places()}));
  const auto nothing = [](char, const std::string&) -> Result<std::optional<std::string>> {
    return std::optional<std::string>();
  };
  Talk talk{.most_bytes = 1u << 20};
  Status ended = converse(
      ground, talk,
      [](Channel& channel) {
        for (;;) channel.tell('x', std::string(1000, 'x'));
      },
      nothing);
  REQUIRE_FALSE(ended.ok());
  CHECK(ended.message() == "is more than 1 MiB");
  talk.patience = std::chrono::seconds(1);
  ended = converse(
      ground, talk,
      [](Channel&) {
        for (;;) ::usleep(1000);
      },
      nothing);
  REQUIRE_FALSE(ended.ok());
  CHECK(ended.message() == "took longer than 1 s");
  // What the parent refuses ends it.
  ended = converse(
      ground, {},
      [](Channel& channel) {
        channel.tell('x', "");
        for (;;) ::usleep(1000);
      },
      [](char, const std::string&) -> Result<std::optional<std::string>> { return Error{"refused"}; });
  CHECK(ended.message() == "refused");
  // A head that promises more than there may be, and a head without its text.
  ended = converse(
      ground, talk, [](Channel&) { [[maybe_unused]] const auto n = ::write(sandbox::answer, "x\xff\xff\xff\x7f", 5); },
      nothing);
  CHECK(ended.message() == "is more than 1 MiB");
  std::string heard;
  ended = converse(
      ground, {},
      [](Channel& channel) {
        const std::string said = channel.ask('q', "two");
        channel.tell('a', said + said);
      },
      [&](char kind, const std::string& text) -> Result<std::optional<std::string>> {
        if (kind == 'q') return std::optional<std::string>(text + "!");
        heard = text;
        return std::optional<std::string>();
      });
  CHECK(ended.ok());
  CHECK(heard == "two!two!");
}
