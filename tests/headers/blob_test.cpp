#include "headers/blob.h"

#include <doctest/doctest.h>

#include "headers/linked.h"

using ftaudit::headers::Blob;

TEST_CASE("a blob knows its files, folders and their contents") {
  const Blob blob(ftaudit::headers::linked().blob);
  REQUIRE_FALSE(blob.empty());
  CHECK(blob.identity().size() == 64);
  CHECK(blob.children("") == std::vector<std::string>{"clang", "headers", "python", "sysroot"});
  CHECK(blob.children("headers") == std::vector<std::string>{"numpy-2.10.0", "numpy-2.9.1"});
  CHECK(blob.children("header").empty());
  CHECK(blob.is_folder("python/3.14t-3.14.6/include"));
  CHECK_FALSE(blob.is_folder("python/3.14t-3.14.6/inc"));
  CHECK_FALSE(blob.is_folder("clang/include/stddef.h"));
  CHECK(blob.is_file("clang/include/stddef.h"));
  CHECK_FALSE(blob.is_file("clang/include"));
  CHECK(*blob.text("clang/include/stddef.h") == "typedef unsigned long size_t;\n");
  CHECK(*blob.size("clang/include/stddef.h") == 30);
  CHECK_FALSE(blob.text("clang/include/stdarg.h"));
}

TEST_CASE("what is no blob, or half of one, holds nothing") {
  const std::string_view whole = ftaudit::headers::linked().blob;
  for (const std::size_t length : {std::size_t{0}, std::size_t{5}, std::size_t{40}, std::size_t{90}, whole.size() - 1})
    CHECK(Blob(whole.substr(0, length)).empty());
  CHECK(Blob("FTHEADERS1\nabc\n99999999999999999999\n").empty());
  CHECK(Blob("FTHEADERS1\nabc\n1\n0 9 9 a\nxx").empty());
  // Bytes that were damaged are told by their file, not handed out.
  std::string damaged(whole);
  damaged.back() = static_cast<char>(damaged.back() ^ 0x55);
  const Blob blob(damaged);
  CHECK_FALSE(blob.text("sysroot/usr/include/stdio.h"));
  CHECK(blob.text("clang/include/stddef.h"));
}
