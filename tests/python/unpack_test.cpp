#include "python/unpack.h"

#include "made_archive.h"
#include "surroundings.h"

using namespace ftaudit;
using namespace ftaudit::python;

namespace {
fs::path as_it_is(std::string_view member) { return fs::path(member); }
}  // namespace

TEST_CASE("only the members asked for are unpacked, where they are wanted") {
  const Surroundings machine;
  for (const char* name : {"a.tar.xz", "a.zip"}) {
    const fs::path archive = make_archive(
        machine.home() / name, {{"top/in.h", "in", ""}, {"top/out.h", "out", ""}, {"top/configure", "#!", ""}});
    const fs::path folder = machine.home() / "unpacked" / name;
    REQUIRE(unpack(archive, folder, [](std::string_view member) {
              return member == "top/out.h" ? fs::path() : fs::path(member.substr(4));
            }).ok());
    CHECK(*read_file(folder / "in.h") == "in");
    CHECK_FALSE(fs::exists(folder / "out.h"));
    CHECK((fs::status(folder / "configure").permissions() & fs::perms::owner_exec) != fs::perms::none);
    CHECK((fs::status(folder / "in.h").permissions() & fs::perms::owner_exec) == fs::perms::none);
  }
}

TEST_CASE("a member that points outside is refused, asked for or not") {
  const Surroundings machine;
  for (const char* member : {"../evil", "top/../../evil", "/tmp/evil-ftaudit"}) {
    const fs::path archive = make_archive(machine.home() / "evil.tar.xz", {{member, "x", ""}});
    const Status refused = unpack(archive, machine.home() / "in", [](std::string_view) { return fs::path(); });
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.message().find("points outside the folder") != std::string::npos);
  }
  CHECK_FALSE(fs::exists(machine.home() / "evil"));
}

TEST_CASE("links are refused, so that no later member is written through one") {
  const Surroundings machine;
  const fs::path archive =
      make_archive(machine.home() / "link.tar.xz", {{"include", "", "/etc"}, {"include/passwd", "x", ""}});
  CHECK(unpack(archive, machine.home() / "in", as_it_is)
            .message()
            .ends_with("its member 'include' is a link or a device"));
  CHECK(unpack(archive, machine.home() / "in2", [](std::string_view member) {
          return member == "include" ? fs::path() : fs::path(member);
        }).ok());
  CHECK(*read_file(machine.home() / "in2/include/passwd") == "x");
}

TEST_CASE("what is no archive, or only half of one, is an error that names it") {
  const Surroundings machine;
  const fs::path text = machine.write("not.tar.xz", "hello");
  CHECK(unpack(text, machine.home() / "in", as_it_is).message().starts_with("cannot unpack " + text.string() + ": "));
  const fs::path whole =
      make_archive(machine.home() / "whole.tar.xz", {{"a", std::string(200000, 'a'), ""}, {"b", "b", ""}});
  const std::string bytes = *read_file(whole);
  const fs::path half = machine.write("half.tar.xz", bytes.substr(0, bytes.size() / 2));
  CHECK_FALSE(unpack(half, machine.home() / "in", as_it_is).ok());
  CHECK_FALSE(unpack(machine.home() / "missing.zip", machine.home() / "in", as_it_is).ok());
}
