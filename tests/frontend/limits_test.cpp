// One bad translation unit costs itself: crashes, endless parses, huge files and files that are none.
#include <doctest/doctest.h>

#include <sys/stat.h>

#include <chrono>

#include "../base/forbidden_calls.h"
#include "base/files.h"
#include "base/sandbox.h"
#include "frontend/frontend.h"

using namespace ftaudit;
using namespace std::chrono_literals;

namespace {

struct Folder {
  ScratchFolder scratch = std::move(*ScratchFolder::make("limits"));
  frontend::Settings settings{.root = scratch.path()};
  std::vector<project::Unit> units;

  void add(const std::string& name, const std::string& text, std::vector<std::string> flags = {}) {
    REQUIRE(write_file(scratch.path() / name, text).ok());
    units.push_back({.file = scratch.path() / name, .folder = scratch.path(), .flags = std::move(flags)});
  }
  std::vector<frontend::Parsed> parse() { return frontend::parse_all(units, settings, *quiet); }
  std::unique_ptr<Progress> quiet = make_progress(false);
};

std::string reason(const frontend::Parsed& parsed) {
  return parsed.facts.omissions.empty() ? "" : parsed.facts.omissions.back().reason;
}
bool says(const frontend::Parsed& parsed, const std::string& text) {
  return reason(parsed).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("the child that reads a unit can start nothing, write nothing and read nothing else") {
  if (!sandbox::layers().seccomp) return;
  const ScratchFolder outside = std::move(*ScratchFolder::make("canary"));
  const forbidden::Canary canary{outside.path().string(), (outside.path() / "secret").string(), "/usr/bin/env"};
  REQUIRE(write_file(canary.secret, "secret").ok());
  // A page that the child shares with us: the attempt that came through.
  void* const page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(page != MAP_FAILED);
  char* const told = static_cast<char*>(page);
  Folder folder;
  folder.settings.once_confined = [&] {
    std::strcpy(told, "nothing");
    for (const forbidden::Attempt& attempt : forbidden::attempts())
      if ((!attempt.needs_landlock || sandbox::layers().landlock > 0) && attempt.came_through(canary))
        std::strcpy(told, attempt.name);
  };
  folder.add("plain.c", "#include <stdio.h>\nint f(void) { return 1; }\n");
  const std::vector<frontend::Parsed> parsed = folder.parse();
  CHECK(std::string(told) == "nothing");
  ::munmap(page, 4096);
  // And it reads all the same.
  CHECK_FALSE(parsed[0].failed);
  CHECK(parsed[0].facts.units.at(0).errors == 0);
}

TEST_CASE("a header outside the project is not read, by its name or through a link, and its text is not told") {
  for (const sandbox::Mode mode : {sandbox::Mode::off, sandbox::mode()}) {
    const sandbox::Mode before = sandbox::mode();
    sandbox::set_mode(mode);
    const ScratchFolder outside = std::move(*ScratchFolder::make("secret"));
    REQUIRE(write_file(outside.path() / "key.h", "token_of_somebody else;\n").ok());
    Folder folder;
    fs::create_symlink(outside.path() / "key.h", folder.scratch.path() / "linked.h");
    folder.add("absolute.c", "#include \"" + (outside.path() / "key.h").string() + "\"\nint f(void) { return 1; }\n");
    folder.add("linked.c", "#include \"linked.h\"\nint f(void) { return 1; }\n");
    for (const frontend::Parsed& one : folder.parse()) {
      CHECK_FALSE(one.failed);
      CHECK(one.facts.units.at(0).errors > 0);
      CHECK(one.facts.units[0].first_error.find("token") == std::string::npos);
    }
    sandbox::set_mode(before);
  }
}

TEST_CASE("code for a newer CPython is told which headers it wants") {
  Folder folder;
  folder.add("newer.c", "int f(void *m) { return PyMutex_IsLocked(m); }\n");
  folder.add("unknown.c", "int f(void *m) { return Mutex_IsLocked(m); }\n");
  const std::vector<frontend::Parsed> parsed = folder.parse();
  REQUIRE(parsed.size() == 2);
  CHECK(parsed[0].facts.units.at(0).first_error.find("install 3.14t --headers") != std::string::npos);
  CHECK(parsed[1].facts.units.at(0).errors == 1);
  CHECK(parsed[1].facts.units.at(0).first_error.find("install") == std::string::npos);
}

TEST_CASE("a crash of Clang costs its own file") {
  for (unsigned jobs : {1u, 2u}) {
    Folder folder;
    folder.settings.jobs = jobs;
    folder.add("before.c", "int before(void) { return 1; }\n");
    folder.add("crash.c", "int x;\n#pragma clang __debug crash\n");
    folder.add("fatal.c", "int y;\n#pragma clang __debug llvm_fatal_error\n");
    folder.add("after.c", "int after(void) { return 2; }\n");
    const std::vector<frontend::Parsed> parsed = folder.parse();
    REQUIRE(parsed.size() == 4);
    CHECK_FALSE(parsed[0].failed);
    CHECK(parsed[0].facts.functions.at(0).name == "before");
    CHECK(parsed[1].failed);
    CHECK(says(parsed[1], "crashed"));
    CHECK(parsed[2].failed);
    CHECK(says(parsed[2], "Clang "));
    CHECK_FALSE(parsed[3].failed);
    CHECK(parsed[3].facts.functions.at(0).name == "after");
    for (const frontend::Parsed& one : parsed) CHECK(one.facts.units.size() == 1);
  }
}

TEST_CASE("an endless parse is cut short") {
  Folder folder;
  folder.settings.jobs = 2;
  folder.settings.timeout = 1s;
  folder.add("endless.cpp",
             "template <int N, int M> struct F { static constexpr long v = F<N - 1, M>::v + F<N - 1, M + 1>::v; };\n"
             "template <int M> struct F<0, M> { static constexpr long v = M; };\nlong endless = F<900, 0>::v;\n");
  folder.add("short.cpp", "int short_one() { return 1; }\n");
  REQUIRE(::mkfifo((folder.scratch.path() / "pipe.c").c_str(), 0600) == 0);
  folder.units.push_back({.file = folder.scratch.path() / "pipe.c", .folder = folder.scratch.path()});
  const auto begun = std::chrono::steady_clock::now();
  const std::vector<frontend::Parsed> parsed = folder.parse();
  CHECK(std::chrono::steady_clock::now() - begun < 10s);
  CHECK(parsed[0].failed);
  CHECK(says(parsed[0], "did not finish within 1 s"));
  CHECK_FALSE(parsed[1].failed);
  CHECK(parsed[2].failed);
  CHECK_FALSE(reason(parsed[2]).empty());
}

TEST_CASE("recursion without end is an error of the file, not ours") {
  Folder folder;
  folder.add("deep.cpp",
             "template <int N> struct R { static constexpr int v = R<N + 1>::v; };\nint deep = R<0>::v;\nint kept() { "
             "return 1; }\n");
  folder.add("nested.c", "int nested(void) { return " + std::string(200, '(') + "1" + std::string(200, ')') + "; }\n");
  folder.add("too_nested.c", "int too_nested(void) { return " + std::string(100000, '(') + "1" +
                                 std::string(100000, ')') + "; }\nint kept(void) { return 1; }\n");
  std::string chain = "int chain(int x) {\n";
  for (int i = 0; i < 3000; ++i)
    chain += "if (x == " + std::to_string(i) + ") return " + std::to_string(i) + "; else\n";
  folder.add("chain.c", chain + "return 0; }\n");
  const std::vector<frontend::Parsed> parsed = folder.parse();
  CHECK_FALSE(parsed[0].failed);
  CHECK(parsed[0].facts.units[0].errors > 0);
  CHECK_FALSE(parsed[1].failed);
  for (const frontend::Parsed& one : parsed) CHECK((!one.failed || !reason(one).empty()));
  CHECK_FALSE(parsed[3].failed);
  CHECK(parsed[3].facts.functions.at(0).blocks.size() > 3000);
}

TEST_CASE("a generated file of 50 MB is read or named, within memory") {
  Folder folder;
  folder.settings.memory_bytes = std::uint64_t{3} << 30;
  std::string text = "static const unsigned long data[] = {\n";
  const std::string line = "                                0x1122334455667788UL, 0x99aabbccddeeff00UL,\n";
  text.reserve(51u << 20);
  while (text.size() < (50u << 20)) text += line;
  text += "};\nint last(int i) { return data[i]; }\n";
  folder.add("huge.c", text);
  folder.add("small.c", "int small_one(void) { return 1; }\n");
  const std::vector<frontend::Parsed> parsed = folder.parse();
  if (parsed[0].failed) CHECK_FALSE(reason(parsed[0]).empty());
  else CHECK(parsed[0].facts.functions.at(0).name == "last");
  CHECK_FALSE(parsed[1].failed);
}

TEST_CASE("a file that is gone, a folder, and bytes that are no text are named") {
  Folder folder;
  folder.add("bytes.c", std::string("\0\1\2\377\376", 5) + std::string(1000, '\0'));
  folder.units.push_back({.file = folder.scratch.path() / "gone.c", .folder = folder.scratch.path()});
  fs::create_directory(folder.scratch.path() / "folder.c");
  folder.units.push_back({.file = folder.scratch.path() / "folder.c", .folder = folder.scratch.path()});
  for (const frontend::Parsed& one : folder.parse()) {
    CAPTURE(one.facts.files.at(0));
    CHECK(one.failed);
    CHECK_FALSE(reason(one).empty());
  }
}

TEST_CASE("flags that Clang does not know are left out and told, and the file is read") {
  Folder folder;
  folder.add("flags.c", "int f(void) { return 1; }\n", {"--no-such-flag", "-std=klingon", "-fgcc-only-thing"});
  const frontend::Parsed parsed = std::move(folder.parse()[0]);
  CHECK_FALSE(parsed.failed);
  CHECK(parsed.facts.units.at(0).errors == 0);
  CHECK(says(parsed, "read without --no-such-flag"));
  CHECK(parsed.facts.functions.size() == 1);
}

TEST_CASE("a flag for another processor or compiler does not cost the file") {
  struct Case {
    std::vector<std::string> flags;
    const char* without;  // what is told to be left out; "" for nothing
  };
  const Case cases[] = {{{"-march=no-such-cpu", "-DSEEN"}, "-march=no-such-cpu, which is for another processor"},
                        {{"-mcpu=apple-m1", "-DSEEN"}, "-mcpu=apple-m1, which is for another processor"},
                        {{"-mfpu=neon", "-msse4.2", "-DSEEN"}, "-mfpu=neon -msse4.2, which is for another processor"},
                        {{"-std=gnu11", "-DSEEN"}, ""}};
  for (const Case& one : cases) {
    Folder folder;
    folder.add("a.c", "#ifdef SEEN\nint seen(void) { return 1; }\n#endif\n", one.flags);
    const frontend::Parsed parsed = folder.parse().at(0);
    CAPTURE(one.without);
    CHECK_FALSE(parsed.failed);
    CHECK(parsed.facts.units.at(0).errors == 0);
    REQUIRE(parsed.facts.functions.size() == 1);
    CHECK(reason(parsed) == (*one.without == 0 ? std::string() : "read without " + std::string(one.without)));
  }
  // Errors of the source itself are no reason to read it otherwise.
  Folder folder;
  folder.add("b.c", "int f(void) { return nothing; }\n", {"-msse4.2"});
  const frontend::Parsed parsed = folder.parse().at(0);
  CHECK(parsed.facts.units.at(0).errors == 1);
  CHECK(reason(parsed).empty());
}

TEST_CASE("of a very long table every function is kept") {
  Folder folder;
  std::string text =
      "typedef void (*act)(void);\nstruct row { const char *name; act does; };\nstatic void last(void) {}\n"
      "struct row rows[] = {\n";
  for (int i = 0; i < 9000; ++i) text += "{\"r\", 0},\n";
  folder.add("a.c", text + "{\"last\", last}};\n");
  const frontend::Parsed parsed = folder.parse().at(0);
  REQUIRE(parsed.facts.tables.size() == 1);
  CHECK(parsed.facts.tables[0].rows.size() == 4097);
  CHECK(parsed.facts.tables[0].rows.back().cells.back().value.kind == model::Operand::Kind::function);
  CHECK(says(parsed, "of the 9001 rows of rows"));
}
