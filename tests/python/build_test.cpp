#include <sys/stat.h>

#include "made_archive.h"
#include "python/build.h"
#include "python/doctor.h"
#include "python/source.h"
#include "surroundings.h"

using namespace ftaudit;
using namespace ftaudit::python;

namespace {

// A release whose source is an archive the test made: a configure and a make that only lay files out.
struct MadeRelease {
  fs::path archive;
  std::string sum;
  PythonRelease release;

  MadeRelease(const Surroundings& machine, const std::string& configure)
      : archive(make_archive(machine.home() / "Python-3.13.99.tar.xz", {{"Python-3.13.99/configure", configure, ""},
                                                                        {"Python-3.13.99/Doc/long.rst", "words", ""}})),
        sum(*sha256_of_file(archive)),
        release{"3.13.99", sum} {}

  PythonBuild build(bool headers_only) const {
    return {.choice = {&release, true}, .headers_only = headers_only, .force = true, .source = archive};
  }
};

constexpr const char* good_configure =
    "#!/bin/sh\n"
    "test -d \"$(dirname \"$0\")/Doc\" && exit 9\n"
    "for word; do case $word in --prefix=*) prefix=${word#--prefix=};; esac; done\n"
    "cat >Makefile <<END\n"
    "all:\n"
    "inclinstall:\n"
    "\tmkdir -p \\$(DESTDIR)$prefix/include/python3.13t\n"
    "\ttouch \\$(DESTDIR)$prefix/include/python3.13t/Python.h\n"
    "altinstall: inclinstall\n"
    "\tmkdir -p \\$(DESTDIR)$prefix/bin\n"
    "\ttouch \\$(DESTDIR)$prefix/bin/python3.13t\n"
    "END\n";

}  // namespace

TEST_CASE("releases are chosen by name or version; the t takes the GIL away") {
  const auto newest = choose_release("3.13t");
  REQUIRE(newest.ok());
  CHECK(newest->free_threaded);
  CHECK(newest->name() == "3.13t");
  CHECK(newest->folder_name() == "3.13t-" + std::string(newest->release->version));
  CHECK_FALSE(choose_release("3.13")->free_threaded);
  CHECK(choose_release(std::string(newest->release->version) + "t").ok());
  CHECK(choose_release("3.9t").message().starts_with("ftaudit cannot install Python '3.9t'; it can install 3.13t ("));
  CHECK_FALSE(choose_release("").ok());
  for (const PythonRelease& release : python_releases()) CHECK(release.sha256.size() == 64);
}

TEST_CASE("a source with another SHA-256 is refused, and both sums are named") {
  const Surroundings machine;
  const fs::path file = machine.write("Python-3.13.5.tar.xz", "not CPython");
  const auto progress = make_progress(false);
  const PythonRelease& release = *choose_release("3.13t")->release;
  const auto refused = obtain_source(release, file, *progress);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.message().find(std::string(release.sha256)) != std::string::npos);
  CHECK(refused.message().find(*sha256_of_file(file)) != std::string::npos);
  CHECK_FALSE(obtain_source(release, machine.home() / "nothing.tar.xz", *progress).ok());
}

TEST_CASE("an optimised build is one beside the plain one, with the options that make it so") {
  Surroundings machine;
  machine.set("PATH", "/usr/bin:/bin");
  const std::string told = (machine.home() / "told").string();
  const MadeRelease made(machine, "#!/bin/sh\necho \"$@\" >>" + told + "\n" +
                                      std::string(good_configure).substr(std::string_view("#!/bin/sh\n").size()));
  const auto progress = make_progress(false);
  PythonBuild build = made.build(false);
  const auto plain = build_python(build, *progress);
  REQUIRE_MESSAGE(plain.ok(), plain.message());
  const auto before = read_file(told, 1 << 20);
  REQUIRE(before.ok());
  CHECK(before->find("--enable-optimizations") == std::string::npos);
  build.choice.optimized = true;
  const auto built = build_python(build, *progress);
  REQUIRE_MESSAGE(built.ok(), built.message());
  CHECK(built->prefix == pythons_folder() / "3.13t-optimized-3.13.99");
  CHECK(fs::exists(plain->prefix / "bin/python3.13t"));
  CHECK(read_file(told, 1 << 20)->find("--enable-optimizations --with-lto") != std::string::npos);
}

TEST_CASE("a build appears under its name when it is whole") {
  Surroundings machine;
  machine.set("PATH", "/usr/bin:/bin");
  const MadeRelease made(machine, good_configure);
  const auto progress = make_progress(false);
  for (const bool headers_only : {true, false}) {
    const auto built = build_python(made.build(headers_only), *progress);
    REQUIRE_MESSAGE(built.ok(), built.message());
    CHECK(built->prefix == pythons_folder() / "3.13t-3.13.99");
    CHECK(fs::exists(built->prefix / "include/python3.13t/Python.h"));
    CHECK(fs::exists(built->prefix / "bin/python3.13t") == !headers_only);
  }
  PythonBuild again = made.build(false);
  again.force = false;
  CHECK(build_python(again, *progress)->already_there);
  CHECK(build_python(made.build(true), *progress)->already_there);  // headers do not take an interpreter's place
  CHECK(fs::exists(pythons_folder() / "3.13t-3.13.99/bin/python3.13t"));
  for (const auto& entry : fs::directory_iterator(pythons_folder()))
    CHECK_MESSAGE((entry.path().filename() == ".lock" || entry.path().filename() == "3.13t-3.13.99"), entry.path());
}

TEST_CASE("a build that fails leaves its log, names it, and keeps what was there") {
  Surroundings machine;
  machine.set("PATH", "/usr/bin:/bin");
  const auto progress = make_progress(false);
  const MadeRelease good(machine, good_configure);
  REQUIRE(build_python(good.build(true), *progress).ok());
  const MadeRelease bad(machine,
                        "#!/bin/sh\necho checking for sanity\necho 'configure: error: no sanity' >&2\nexit 1\n");
  const auto failed = build_python(bad.build(true), *progress);
  REQUIRE_FALSE(failed.ok());
  const fs::path log = pythons_folder() / "3.13t-3.13.99.log";
  CHECK(failed.message() == "configure failed: configure: error: no sanity (its output is in " + log.string() + ")");
  CHECK(read_file(log)->find("checking for sanity") != std::string::npos);
  CHECK(fs::exists(pythons_folder() / "3.13t-3.13.99/include/python3.13t/Python.h"));

  const MadeRelease empty(machine, "#!/bin/sh\nprintf 'inclinstall:\\n' >Makefile\n");
  CHECK(build_python(empty.build(true), *progress).message() == "the build of CPython finished without 3.13t in it");
}

TEST_CASE("a machine without a compiler or make is told what to install") {
  Surroundings machine;
  const MadeRelease made(machine, good_configure);
  const auto progress = make_progress(false);
  machine.set("CC", "");
  CHECK(build_python(made.build(true), *progress).message() ==
        "no C compiler found (clang, gcc or cc); install one, for example `apt-get install gcc`");
  fs::create_directories(machine.home() / "bin");
  fs::create_symlink("/bin/true", machine.home() / "bin/gcc");
  CHECK(build_python(made.build(true), *progress).message() ==
        "no make found; install it, for example `apt-get install make`");
}

TEST_CASE("only what a scan needs makes the doctor say no") {
  CHECK(scan_can_work({{"a", Check::State::ok, "", ""}, {"b", Check::State::optional, "", ""}}));
  CHECK_FALSE(scan_can_work({{"a", Check::State::missing, "", ""}}));
  for (const Check& check : examine_machine()) CHECK_FALSE(check.what.empty());
}
