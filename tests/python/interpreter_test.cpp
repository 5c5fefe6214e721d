#include "python/interpreter.h"

#include <sys/utsname.h>

#include <algorithm>

#include "surroundings.h"

using namespace ftaudit;
using namespace ftaudit::python;

namespace {

// What was found below the test's own home; the machine's own Pythons are not the test's business.
std::vector<std::string> found_at_home(const Surroundings& surroundings) {
  std::vector<std::string> found;
  for (const Interpreter& one : find_interpreters())
    if (one.prefix.string().starts_with(surroundings.home().string()))
      found.push_back(one.name + " " + one.version + " " + one.origin);
  return found;
}

}  // namespace

TEST_CASE("an interpreter is known by its headers alone") {
  const Surroundings machine;
  const fs::path prefix = machine.write_python("python", "3.13.5", true, false);
  const auto found = interpreters_in(prefix, "opt");
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == "3.13t");
  CHECK(found[0].version == "3.13.5");
  CHECK(found[0].free_threaded);
  CHECK(found[0].executable.empty());
  CHECK(found[0].origin == "opt");
  CHECK(found[0].include_folders == std::vector{prefix / "include/python3.13t"});
}

TEST_CASE("headers without pyconfig.h, and PyPy's, are no CPython") {
  const Surroundings machine;
  const fs::path prefix = machine.write_python("python", "3.13.5", false, false);
  fs::remove(prefix / "include/python3.13/pyconfig.h");
  CHECK(interpreters_in(prefix, "opt").empty());
  const fs::path pypy = machine.write_python("pypy", "3.13.5", false, false);
  const fs::path patchlevel = pypy / "include/python3.13/patchlevel.h";
  REQUIRE(write_file(patchlevel, *read_file(patchlevel) + "#define PYPY_VERSION \"8.0\"\n").ok());
  CHECK(interpreters_in(pypy, "opt").empty());
}

TEST_CASE("Debian keeps pyconfig.h in a folder of the machine's own") {
  const Surroundings machine;
  const fs::path prefix = machine.write_python("usr", "3.13.5", false, false);
  utsname host{};
  ::uname(&host);
  const fs::path split_off =
      fs::path("usr/include") / (std::string(host.machine) + "-linux-gnu") / "python3.13/pyconfig.h";
  machine.write(split_off, "#define Py_GIL_DISABLED 1\n");

  SUBCASE("and a pyconfig.h that includes it") {
    machine.write("usr/include/python3.13/pyconfig.h", "#include <x86_64-linux-gnu/python3.13/pyconfig.h>\n");
    const auto found = interpreters_in(prefix, "system");
    REQUIRE(found.size() == 1);
    CHECK(found[0].free_threaded);
    CHECK(found[0].include_folders.size() == 1);
  }
  SUBCASE("or nothing beside Python.h, and then both folders are needed") {
    fs::remove(prefix / "include/python3.13/pyconfig.h");
    const auto found = interpreters_in(prefix, "system");
    REQUIRE(found.size() == 1);
    CHECK(found[0].include_folders ==
          std::vector{prefix / "include/python3.13", (machine.home() / split_off).parent_path()});
  }
}

TEST_CASE("pyenv's, uv's, ftaudit's and PATH's interpreters are found; those before 3.13 are not") {
  Surroundings machine;
  machine.write_python(".pyenv/versions/3.12.1", "3.12.1", false, true);
  machine.write_python(".pyenv/versions/3.13.0", "3.13.0", false, true);
  machine.write_python(".local/share/uv/python/cpython-3.14.2+freethreaded-linux-x86_64-gnu", "3.14.2", true, true);
  machine.write_python(".local/share/ftaudit/python/3.13t-3.13.5", "3.13.5", true, false);
  machine.write_python(".local/share/ftaudit/python/.3.13t-3.13.9.new", "3.13.9", true, false);  // a build under way
  const fs::path elsewhere = machine.write_python("opt", "3.15.0", true, true);
  machine.set("PATH", (elsewhere / "bin").string());
  CHECK(found_at_home(machine) ==
        std::vector<std::string>{"3.14t 3.14.2 uv", "3.13t 3.13.5 ftaudit", "3.15t 3.15.0 PATH", "3.13 3.13.0 pyenv"});
  CHECK(choose_interpreter("")->version == "3.14.2");
  CHECK(choose_interpreter("3.14t")->version == "3.14.2");
  CHECK(choose_interpreter("3.15.0t")->version == "3.15.0");
}

TEST_CASE("one installation reached in two ways is found once") {
  Surroundings machine;
  const fs::path prefix = machine.write_python(".pyenv/versions/3.13.5t", "3.13.5", true, true);
  fs::create_directories(machine.home() / "bin");
  fs::create_symlink(prefix / "bin/python3.13t", machine.home() / "bin/python3.13t");
  CHECK(found_at_home(machine) == std::vector<std::string>{"3.13t 3.13.5 PATH"});
}

TEST_CASE("preference: free-threaded, then the newest settled minor, then the newest patch") {
  const Surroundings machine;
  std::vector<Interpreter> all;
  for (const auto& [version, free_threaded] :
       {std::pair("3.13.9", false), {"3.14.1", true}, {"3.13.2", true}, {"3.13.11", true}})
    for (const Interpreter& one : interpreters_in(machine.write_python(version, version, free_threaded, true), ""))
      all.push_back(one);
  sort_by_preference(all);
  std::string order;
  for (const Interpreter& one : all) order += one.version + " ";
  CHECK(order == "3.14.1 3.13.11 3.13.2 3.13.9 ");
}

TEST_CASE("--python takes an executable, a prefix, a folder of headers and a virtual environment") {
  const Surroundings machine;
  const fs::path prefix = machine.write_python("python", "3.13.5", true, true);
  for (const fs::path& path : {prefix, prefix / "bin/python3.13t", prefix / "include/python3.13t"}) {
    const auto chosen = choose_interpreter(path.string());
    REQUIRE(chosen.ok());
    CHECK(chosen->version == "3.13.5");
    CHECK(chosen->origin == "--python");
  }
  fs::create_directories(machine.home() / "venv/bin");
  fs::create_symlink(prefix / "bin/python3.13t", machine.home() / "venv/bin/python");
  const auto of_venv = choose_interpreter((machine.home() / "venv").string());
  REQUIRE(of_venv.ok());
  CHECK(of_venv->include_folders.front() == prefix / "include/python3.13t");
}

TEST_CASE("what cannot be chosen is an error that says why and what to do") {
  const Surroundings machine;
  CHECK(choose_interpreter("/no/such/python").message() ==
        "/no/such/python: no such Python; give a version (3.13t), an executable, its prefix or a folder of headers");
  const fs::path old = machine.write_python("old", "3.12.1", false, true);
  CHECK(choose_interpreter(old.string()).message() == old.string() + " is CPython 3.12.1; ftaudit needs 3.13 or newer");
  CHECK(choose_interpreter("3.99t").message().find("run `ftaudit python install 3.13t --headers`") !=
        std::string::npos);
  fs::create_directories(machine.home() / "empty");
  CHECK(choose_interpreter((machine.home() / "empty").string()).message().starts_with("no Python.h in "));
}

TEST_CASE("confirm's Pythons are free-threaded, run, and are of the kind that is asked for") {
  const Surroundings machine;
  const fs::path plain = machine.write_python("plain", "3.13.5", true, true),
                 sanitized = machine.write_python("sanitized", "3.13.5", true, true);
  machine.write("sanitized/lib/python3.13t/config-3.13t-x86_64-linux-gnu/Makefile",
                "CONFIGURE_CFLAGS= -fsanitize=thread\n");
  CHECK(choose_runner(plain.string(), false).ok());
  CHECK(choose_runner(sanitized.string(), true)->tsan);
  CHECK(choose_runner(plain.string(), true).message() ==
        plain.string() + " is not built with ThreadSanitizer; `ftaudit python install 3.13t --tsan` builds one");
  const fs::path locked = machine.write_python("locked", "3.13.5", false, true);
  CHECK(choose_runner(locked.string(), false).message() ==
        locked.string() + " is CPython 3.13.5 with the GIL; a free-threaded one is needed");
  CHECK(choose_runner("3.13", false).message() == "3.13 is the Python with the GIL; the free-threaded one is 3.13t");
  const fs::path headers = machine.write_python("headers", "3.13.5", true, false);
  CHECK(choose_runner(headers.string(), false).message() ==
        headers.string() + " has headers only; an interpreter that can be run is needed");
  CHECK(choose_runner("registry.example/cpython-tsan:3.14t", true)
            .message()
            .ends_with(". One in a container image is used by running ftaudit in that container"));
}
