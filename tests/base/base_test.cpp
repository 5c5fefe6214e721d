#include <doctest/doctest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "base/files.h"
#include "base/process.h"
#include "base/sha256.h"
#include "base/text.h"

using namespace ftaudit;
using namespace std::chrono_literals;

TEST_CASE("sha256 agrees with the published vectors") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("globs") {
  CHECK(glob_match("PyImport_*", "PyImport_AddModule"));
  CHECK(glob_match("*", ""));
  CHECK_FALSE(glob_match("Py?", "Py"));
  CHECK_FALSE(glob_match("PyDict_GetItem", "PyDict_GetItemRef"));
}

TEST_CASE("the closest candidate is a slip of the finger, or nothing") {
  const std::vector<std::string> ids{"FT101", "FT104", "FT801"};
  CHECK(closest("FT1O4", ids) == "FT104");
  CHECK(closest("bananas", ids) == "");
}

TEST_CASE("a child's output, exit code and input are seen whole") {
  auto outcome = run({.argv = {"/bin/sh", "-c", "cat; echo oops >&2; exit 3"}, .input = "hello"});
  REQUIRE(outcome.ok());
  CHECK(outcome->out == "hello");
  CHECK(outcome->err == "oops\n");
  CHECK(outcome->exit_code == 3);
  CHECK_FALSE(outcome->succeeded());
}

TEST_CASE("a child that hangs is killed with everything it started") {
  auto outcome = run({.argv = {"/bin/sh", "-c", "sleep 60 & sleep 60"}, .timeout = 200ms});
  REQUIRE(outcome.ok());
  CHECK(outcome->timed_out);
  CHECK(outcome->describe() == "timed out");
}

TEST_CASE("a program and what it started do not outlive us, even when we are killed") {
  auto scratch = ScratchFolder::make("test");
  REQUIRE(scratch.ok());
  const fs::path file = scratch->path() / "pid";
  const auto eventually = [](auto holds) {
    for (int i = 0; i < 500 && !holds(); ++i) std::this_thread::sleep_for(10ms);
    return holds();
  };
  const pid_t us = ::fork();
  if (us == 0) {
    (void)run({.argv = {"/bin/sh", "-c", "sleep 60 & echo $! $$ >" + file.string() + "; wait"}});
    ::_exit(0);
  }
  std::vector<std::string> pids;
  CHECK(eventually([&] {
    pids = split(trim(read_file(file).ok() ? *read_file(file) : ""), ' ');
    return pids.size() == 2;
  }));
  ::kill(us, SIGKILL);
  ::waitpid(us, nullptr, 0);
  for (const std::string& pid : pids)
    CHECK(eventually([&] {  // gone, or dead with nobody to collect it
      const auto stat = read_file("/proc/" + pid + "/stat");
      return !stat.ok() || stat->find(") Z ") != std::string::npos;
    }));
}

TEST_CASE("how a program ended is told though it sent signals to its whole group") {
  // At once, and again and again: the guard has to be ready before the program is.
  for (int i = 0; i < 50; ++i) {
    const auto outcome = run({.argv = {"/bin/sh", "-c", "trap '' TERM HUP; kill -TERM 0; kill -HUP 0; exit 5"}});
    REQUIRE(outcome.ok());
    REQUIRE(outcome->describe() == "exit code 5");
  }
  const auto killed = run({.argv = {"/bin/sh", "-c", "kill -SEGV $$"}});
  REQUIRE(killed.ok());
  CHECK(killed->signal == SIGSEGV);
}

TEST_CASE("a program starts with no signal blocked") {
  const auto outcome = run({.argv = {"/bin/sh", "-c", "sed -n 's/^SigBlk:[^0]*//p' /proc/self/status"}});
  REQUIRE(outcome.ok());
  CHECK(outcome->out == "0000000000000000\n");
}

TEST_CASE("a program that is not there is an error that names it") {
  auto outcome = run({.argv = {"no-such-program-here"}});
  REQUIRE_FALSE(outcome.ok());
  CHECK(outcome.message() == "no-such-program-here: no such program");
}

TEST_CASE("files are written whole, and errors name the path") {
  auto scratch = ScratchFolder::make("test");
  REQUIRE(scratch.ok());
  const fs::path file = scratch->path() / "a.txt";
  REQUIRE(write_file(file, "text").ok());
  CHECK(*read_file(file) == "text");
  CHECK(*sha256_of_file(file) == sha256("text"));
  auto missing = read_file(scratch->path() / "b.txt");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.message().find("b.txt: No such file") != std::string::npos);
  CHECK_FALSE(read_file(file, 2).ok());
}

TEST_CASE("what is not a regular file is written to, not replaced") {
  auto scratch = ScratchFolder::make("test");
  REQUIRE(scratch.ok());
  const fs::path real = scratch->path() / "real.txt", link = scratch->path() / "link.txt";
  REQUIRE(write_file(real, "old").ok());
  fs::create_symlink(real, link);
  REQUIRE(write_file(link, "new").ok());
  CHECK(fs::is_symlink(link));
  CHECK(*read_file(real) == "new");
}

TEST_CASE("paths are shown from the project's root") {
  CHECK(shown_path("/p/src/a.c", "/p") == "src/a.c");
  CHECK(shown_path("/q/a.c", "/p") == "/q/a.c");
}
