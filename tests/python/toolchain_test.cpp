#include "python/toolchain.h"

#include <doctest/doctest.h>

#include "surroundings.h"

using namespace ftaudit;

namespace {

// A compiler that says where its resource folder is; with a runtime of ThreadSanitizer in it or not.
void write_clang(const Surroundings& machine, const std::string& name, bool with_runtime) {
  const fs::path folder = machine.home() / "lib" / name;
  machine.write("bin/" + name, "#!/bin/sh\necho '" + folder.string() + "'\n");
  fs::permissions(machine.home() / "bin" / name, fs::perms::owner_all);
  if (with_runtime) machine.write("lib/" + name + "/lib/linux/libclang_rt.tsan-any.a", "");
}

}  // namespace

TEST_CASE("the newest clang of those that are there builds the runs, unless one is named") {
  Surroundings machine;
  machine.set("FTAUDIT_CC", "");
  CHECK(python::find_clang().empty());
  write_clang(machine, "clang", false);
  CHECK(python::find_clang() == "clang");
  write_clang(machine, "clang-17", true);
  CHECK(python::find_clang() == "clang");  // 17 is too old to be looked for
  write_clang(machine, "clang-18", true);
  write_clang(machine, "clang-20", true);
  CHECK(python::find_clang() == "clang-20");
  machine.set("FTAUDIT_CC", "/opt/llvm/bin/clang-18");
  CHECK(python::find_clang() == "/opt/llvm/bin/clang-18");
  machine.set("FTAUDIT_CC", "gcc");
  CHECK(python::find_clang() == "clang-20");
}

TEST_CASE("a clang without ThreadSanitizer's runtime is told from one with it, and so is what to do") {
  Surroundings machine;
  machine.set("FTAUDIT_CC", "");
  write_clang(machine, "clang-21", false);
  write_clang(machine, "clang-22", true);
  CHECK(python::tsan_runtime("").empty());
  CHECK(python::tsan_runtime("clang-21").empty());
  CHECK(python::tsan_runtime("clang-22").filename() == "libclang_rt.tsan-any.a");
  CHECK(python::tsan_remedy("clang-21") == "install the runtime libraries (compiler-rt) of clang-21");
  machine.write("bin/apt-get", "#!/bin/sh\n");
  fs::permissions(machine.home() / "bin/apt-get", fs::perms::owner_all);
  CHECK(python::tsan_remedy("clang-21") == "apt-get install libclang-rt-21-dev");
  CHECK(python::clang_remedy().starts_with("apt-get install clang-"));
}
