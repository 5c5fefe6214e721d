#include <doctest/doctest.h>

#include "packages/names/name.h"

using namespace ftaudit::packages;

TEST_CASE("names are compared as indexes compare them") {
  CHECK(normal_name("Foo.Bar_baz") == "foo-bar-baz");
  CHECK(normal_name("a--_.b") == "a-b");
  CHECK(normal_name("PyYAML") == "pyyaml");
}

TEST_CASE("what may name a distribution") {
  CHECK(is_name("zope.interface"));
  CHECK(is_name("A"));
  CHECK_FALSE(is_name(""));
  CHECK_FALSE(is_name("-a"));
  CHECK_FALSE(is_name("a_"));
  CHECK_FALSE(is_name("a b"));
  CHECK_FALSE(is_name("caf\xc3\xa9"));
}
