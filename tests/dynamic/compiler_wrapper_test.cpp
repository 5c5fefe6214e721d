#include <doctest/doctest.h>

#include "base/process.h"
#include "base/text.h"
#include "dynamic/build/compiler_wrapper.h"
#include "surroundings.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;

namespace {

// A compiler that only prints how it is called, one argument a line.
struct MadeCompilers {
  Surroundings machine;
  CompilerWrapper wrapper;

  MadeCompilers() {
    for (const char* name : {"clang-99", "clang++-99"}) {
      const fs::path file = machine.write(
          fs::path("bin") / name, std::string("#!/bin/sh\necho ") + name + "\nfor word do echo \"<$word>\"; done\n");
      fs::permissions(file, fs::perms::owner_all);
    }
    machine.set("PATH", (machine.home() / "bin").string() + ":/usr/bin:/bin");
    auto made = write_compiler_wrapper(
        machine.home() / "wrap", "clang-99",
        {{"-fsanitize=thread", "-DX=\"a b\""}, {"-fsanitize=thread", "/r/rendezvous.o"}, {"EXTRA=1"}});
    REQUIRE_MESSAGE(made.ok(), made.message());
    wrapper = *made;
  }

  std::string called(const std::string& name, std::vector<std::string> words) const {
    words.insert(words.begin(), (wrapper.folder / name).string());
    const auto done = run({.argv = words});
    REQUIRE(done.ok());
    REQUIRE(done->succeeded());
    std::string out = done->out;
    std::replace(out.begin(), out.end(), '\n', ' ');
    return out;
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every name of a compiler leads to the interpreter's, C to C and C++ to C++") {
  const MadeCompilers made;
  for (const char* name : {"cc", "gcc", "clang", "clang-99"})
    CHECK(made.called(name, {"--version"}).starts_with("clang-99 "));
  for (const char* name : {"c++", "g++", "clang++", "clang++-99"})
    CHECK(made.called(name, {"--version"}).starts_with("clang++-99 "));
  CHECK(made.wrapper.environment.front() == "CC=" + (made.wrapper.folder / "cc").string());
  CHECK(made.wrapper.environment.back() == "EXTRA=1");
}

TEST_CASE("compilations and links get their flags behind all others, questions get none") {
  const MadeCompilers made;
  const std::string compiled = made.called("gcc", {"-O3", "-c", "a b.c", "-o", "a.o"});
  CHECK(has(compiled, "<-O3> <-c> <a b.c> <-o> <a.o>"));
  CHECK(has(compiled, "<-fsanitize=thread> <-DX=\"a b\">"));
  CHECK_FALSE(has(compiled, "rendezvous.o"));
  const std::string linked = made.called("gcc", {"-shared", "a.o", "-o", "a.so"});
  CHECK(has(linked, "</r/rendezvous.o>"));
  CHECK_FALSE(has(linked, "-DX="));
  const std::string both = made.called("g++", {"-shared", "a.cpp", "-o", "a.so"});
  CHECK((has(both, "rendezvous.o") && has(both, "-DX=")));
  for (const char* question : {"--version", "-E", "-print-search-dirs", "-dumpmachine", "-v", "-Wl,--version"})
    CHECK_FALSE(has(made.called("gcc", {question, "conftest.c"}), "sanitize"));
  CHECK_FALSE(has(made.called("gcc", {"-c", "start.S"}), "sanitize"));
}

TEST_CASE("what a sanitizer cannot live with is taken out, and nothing else") {
  const MadeCompilers made;
  const std::string linked =
      made.called("gcc", {"-shared", "-flto=auto", "-Wl,--no-undefined", "-Wl,-O1,--no-undefined,--as-needed",
                          "-Wl,-z,defs", "-z", "defs", "-z", "now", "-s", "a.o", "-Werror=format", "-o", "-s.so"});
  CHECK(has(linked, "<-shared> <-Wl,-O1,--as-needed> <-z> <now> <a.o> <-o> <-s.so>"));
}

TEST_CASE("a folder with a blank is refused, and so is a compiler nobody knows or has") {
  Surroundings machine;
  CHECK(write_compiler_wrapper("/tmp/a b", "clang-19", {}).message().find("blank") != std::string::npos);
  CHECK(write_compiler_wrapper(machine.home() / "w", "tcc", {}).message().find("which C++ compiler") !=
        std::string::npos);
  CHECK(write_compiler_wrapper(machine.home() / "w", "clang-77", {}).message() ==
        "no clang-77, the compiler of the interpreter, is installed");
}
