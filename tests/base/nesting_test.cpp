#include "base/nesting.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace ftaudit;

namespace {

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("keys and brackets that nest too deep are told with their line") {
  CHECK_FALSE(check_toml_nesting(repeated("a.", 60000) + "a = 1").ok());
  CHECK_FALSE(check_toml_nesting("x = " + repeated("[", 70)).ok());
  CHECK_FALSE(check_toml_nesting("x = " + repeated("{a = ", 70)).ok());
  CHECK_FALSE(check_json_nesting(repeated("[", 100000)).ok());
  CHECK_FALSE(check_json_nesting(repeated("{\"a\": ", 65)).ok());
  CHECK(check_json_nesting("[\n\n" + repeated("[", 70)).message() == "3: nested deeper than 64 levels");
}

TEST_CASE("what stands in strings and comments, or beside each other, does not nest") {
  CHECK(check_toml_nesting("# " + repeated("[.", 100)).ok());
  CHECK(check_toml_nesting("x = \"" + repeated("[.", 100) + "\"").ok());
  CHECK(check_toml_nesting("x = '" + repeated("[.\\", 100) + "'").ok());
  CHECK(check_toml_nesting("x = \"\"\"\n" + repeated("\"[.\n", 100) + "\"\"\"").ok());
  CHECK(check_toml_nesting("x = [" + repeated("1.5, [2.5],\n", 100) + "]").ok());
  CHECK(check_toml_nesting(repeated("a.b.c = 1\n", 100)).ok());
  CHECK(check_json_nesting("[" + repeated("{\"a\": [\"]]\\\"[[\"]},", 1000) + "1]").ok());
  CHECK_FALSE(check_toml_nesting("x = \"closed\"\ny = " + repeated("[", 70)).ok());
}
