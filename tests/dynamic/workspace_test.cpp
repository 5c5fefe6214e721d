#include <unistd.h>

#include "base/text.h"
#include "dynamic/budget.h"
#include "dynamic/build/checks.h"
#include "dynamic/build/workspace.h"
#include "surroundings.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;

namespace {

python::Interpreter made_python(const Surroundings& machine) {
  python::Interpreter python{
      .name = "3.13t", .major = 3, .minor = 13, .micro = 5, .free_threaded = true, .version = "3.13.5"};
  python.executable = machine.write("python/bin/python3.13t", "#!/bin/sh\n");
  fs::permissions(python.executable, fs::perms::owner_all);
  return python;
}

}  // namespace

TEST_CASE("a copy of a project leaves behind what building and running it left") {
  const Surroundings machine;
  const fs::path root = machine.home() / "spam";
  for (const char* file :
       {"spam/setup.py", "spam/src/spam/__init__.py", "spam/src/spam/_s.cpython-311-x86_64-linux-gnu.so",
        "spam/src/spam/__pycache__/x.pyc", "spam/build/temp.linux/x.o", "spam/tools/build/__init__.py",
        "spam/venv/pyvenv.cfg", "spam/_build/CMakeCache.txt", "spam/spam.egg-info/PKG-INFO", "spam/.git/HEAD",
        "spam/lib/libhelp.so"})
    machine.write(file, "x");
  fs::create_symlink("setup.py", root / "link.py");
  const auto workspace = Workspace::make({});
  REQUIRE(workspace.ok());
  const auto copy = workspace->copy_project(root, "copy");
  REQUIRE(copy.ok());
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(*copy))
    if (!entry.is_directory()) files.push_back(entry.path().lexically_relative(*copy).string());
  std::sort(files.begin(), files.end());
  CAPTURE(join(files, " "));
  CHECK(files == std::vector<std::string>{".git/HEAD", "lib/libhelp.so", "link.py", "setup.py", "src/spam/__init__.py",
                                          "tools/build/__init__.py"});
}

TEST_CASE("a kept workspace stays and must be empty at first; another one goes") {
  const Surroundings machine;
  fs::path gone;
  {
    const auto scratch = Workspace::make({});
    REQUIRE(scratch.ok());
    gone = scratch->folder();
    CHECK(fs::exists(gone));
    REQUIRE(Workspace::make(machine.home() / "kept").ok());
  }
  CHECK_FALSE(fs::exists(gone));
  CHECK(fs::exists(machine.home() / "kept"));
  machine.write("kept/file", "x");
  CHECK(Workspace::make(machine.home() / "kept").message().find("not an empty folder") != std::string::npos);
}

TEST_CASE("an environment that shares is a few files, and points at its interpreter and at what it shares") {
  const Surroundings machine;
  const python::Interpreter python = made_python(machine);
  const auto workspace = Workspace::make({});
  const auto first = workspace->environment_sharing(python, "first", {});
  REQUIRE(first.ok());
  const auto second = workspace->environment_sharing(python, "second", *first, true);
  REQUIRE(second.ok());
  CHECK(fs::canonical(*second) == fs::canonical(python.executable));
  CHECK(read_file(workspace->folder() / "second/pyvenv.cfg")->find("include-system-site-packages = true") !=
        std::string::npos);
  CHECK(*read_file(site_packages(*second) / "ftaudit_shared.pth") == site_packages(*first).string() + "\n");
}

TEST_CASE("of a long build log, the line that says why") {
  CHECK(reason_of_failure("x\nspam.c:3:10: fatal error: Python.h: No such file\nerror: "
                          "subprocess-exited-with-error\nERROR: Failed building wheel\n") ==
        "spam.c:3:10: fatal error: Python.h: No such file");
  CHECK(reason_of_failure("Collecting nosuch\nERROR: Could not find a version that satisfies the requirement "
                          "nosuch\nERROR: No matching distribution\n") ==
        "ERROR: Could not find a version that satisfies the requirement nosuch");
  CHECK(reason_of_failure("Traceback\n  File \"setup.py\", line 3\nModuleNotFoundError: No module named 'numpy'\n") ==
        "ModuleNotFoundError: No module named 'numpy'");
  CHECK(
      reason_of_failure(
          "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<HTTPConnection object "
          "at "
          "0x1>: Failed to establish a new connection: [Errno 111] Connection refused')': /simple/spam/\nERROR: Could "
          "not find a version that satisfies the requirement spam (from versions: none)\n") ==
      "the package index cannot be reached: [Errno 111] Connection refused");
  CHECK(reason_of_failure("").empty());
  CHECK(reason_of_failure(std::string(3000, 'x')).size() < 500);
}

TEST_CASE("shares of a budget leave room for what comes after, and what is not used is not lost") {
  using namespace std::chrono_literals;
  Budget budget(100s);
  CHECK(budget.share(1, 3) <= 25s);
  CHECK(budget.share(1, 3) > 24s);
  CHECK(budget.share(1, 0) > 99s);
  CHECK_FALSE(budget.grant(50s));
  CHECK(budget.grant(200s));
  CHECK(budget.left() > 199s);
  Budget none(0s);
  CHECK(none.spent());
  CHECK(none.share(3, 1) == 0ms);
}

TEST_CASE("whether a shared object is instrumented is read out of its symbols, and a foreign runtime is named") {
  const Surroundings machine;
  const auto elf = [&](const char* name, const std::string& strings) {
    return machine.write(name, std::string("\x7f"
                                           "ELF....") +
                                   strings);
  };
  using namespace std::string_literals;
  CHECK(examine_binary(elf("a.so", "\0__tsan_func_entry\0"s))->instrumented);
  const auto plain = examine_binary(elf("b.so", "\0puts\0my__tsan_func_entry\0"s));
  CHECK_FALSE(plain->instrumented);
  CHECK(plain->other_runtime.empty());
  CHECK(examine_binary(elf("c.so", "\0__tsan_init\0libtsan.so.2\0"s))->other_runtime == "libtsan.so.2");
  CHECK_FALSE(examine_binary(machine.write("d.so", "text")).ok());
  CHECK_FALSE(examine_binary(machine.home() / "none.so").ok());
}
