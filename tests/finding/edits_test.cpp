#include <doctest/doctest.h>

#include "finding/edits.h"

using namespace ftaudit;

namespace {

Fix fix(std::uint32_t line, std::uint32_t column, std::uint32_t end_line, std::uint32_t end_column, std::string text) {
  return {.range = {"a.c", line, column, end_line, end_column}, .text = std::move(text)};
}

std::string made(std::string_view text, const std::vector<Fix>& fixes, Spelling spelling = Spelling::guarded) {
  std::vector<Fix> all;
  for (const Fix& each : fixes) {
    const Result<Fix> one = fitted(each, text, spelling);
    REQUIRE(one.ok());
    CHECK_FALSE(one->plain.has_value());
    all.push_back(*one);
  }
  const Result<std::string> out = edited(text, all);
  REQUIRE_MESSAGE(out.ok(), out.message());
  return *out;
}

}  // namespace

TEST_CASE("lines are put before a line, with its indentation") {
  CHECK(made("{\n    {0, NULL},\n}\n", {fix(2, 5, 2, 5, "#if X\n{4, 1},\n#endif\n")}) ==
        "{\n#if X\n    {4, 1},\n#endif\n    {0, NULL},\n}\n");
  CHECK(made("{\n\t{0, NULL},\n}\n", {fix(2, 2, 2, 2, "{4, 1},\n")}) == "{\n\t{4, 1},\n\t{0, NULL},\n}\n");
}

TEST_CASE("lines are put between what stands on one line") {
  CHECK(made("  {{2, f}, {0, 0}};\n", {fix(1, 12, 1, 12, "#if X\n{4, 1},\n#endif\n")}) ==
        "  {{2, f}, \n#if X\n  {4, 1},\n#endif\n  {0, 0}};\n");
}

TEST_CASE("lines are put after a line") {
  CHECK(made("  while (x) {\n  }\n  next();\n", {fix(2, 4, 2, 4, "#if X\nend();\n#endif\n")}) ==
        "  while (x) {\n  }\n#if X\n  end();\n#endif\n  next();\n");
  CHECK(made("  while (x) {\n  } // done\n", {fix(2, 4, 2, 4, "end();\n")}) ==
        "  while (x) {\n  } // done\n  end();\n");
  CHECK(made("  a(); /* one */\r\n", {fix(1, 7, 1, 7, "end();\n")}) == "  a(); /* one */\r\n  end();\r\n");
  CHECK(made("  a(); /* more\n  */\n", {fix(1, 7, 1, 7, "end();\n")}) == "  a();\n  end();\n   /* more\n  */\n");
  CHECK(made("  a(); // goes on \\\nb();\n", {fix(1, 7, 1, 7, "end();\n")}) ==
        "  a();\n  end();\n   // goes on \\\nb();\n");
  Fix deep = fix(2, 14, 2, 14, "end();\n");
  deep.level = 1;
  CHECK(made("  if (x)\n      return;\n", {deep}) == "  if (x)\n      return;\n  end();\n");
  CHECK(made("  while (x) { }", {fix(1, 16, 1, 16, "end();\n")}) == "  while (x) { }\n  end();");
}

TEST_CASE("a statement is replaced, in place or by lines") {
  CHECK(made("  a(); b();\n", {fix(1, 3, 1, 7, "c();")}) == "  c(); b();\n");
  CHECK(made("  a();\n", {fix(1, 3, 1, 7, "#if X\nb();\n#else\na();\n#endif\n")}) ==
        "#if X\n  b();\n#else\n  a();\n#endif\n");
  CHECK(made("  z(); a(); b();\n", {fix(1, 8, 1, 12, "#if X\nc();\n#endif\n")}) ==
        "  z(); \n#if X\n  c();\n#endif\n   b();\n");
}

TEST_CASE("a statement that goes takes its line along, and only its own") {
  Fix gone = fix(2, 3, 2, 7, "#if X\na();\n#endif\n");
  gone.plain = "";
  CHECK(made("x\n  a();\ny\n", {gone}, Spelling::plain) == "x\ny\n");
  CHECK(made("x\n  a();\ny\n", {gone}) == "x\n#if X\n  a();\n#endif\ny\n");
  CHECK(made("x\n  a(); b();\ny\n", {gone}, Spelling::plain) == "x\n   b();\ny\n");
}

TEST_CASE("the ends of lines stay what they are") {
  CHECK(made("{\r\n  a();\r\n}\r\n", {fix(2, 3, 2, 7, "#if X\nb();\n#endif\n")}) ==
        "{\r\n#if X\r\n  b();\r\n#endif\r\n}\r\n");
  CHECK(made("{\r\n  a();\r\n}\r\n", {fix(2, 3, 2, 3, "b();\n")}) == "{\r\n  b();\r\n  a();\r\n}\r\n");
}

TEST_CASE("edits that want the same place are refused, equal ones are one") {
  const std::string text = "abcdef\n";
  CHECK_FALSE(edited(text, {fix(1, 1, 1, 4, "x"), fix(1, 3, 1, 5, "y")}).ok());
  CHECK_FALSE(edited(text, {fix(1, 3, 1, 3, "x"), fix(1, 3, 1, 3, "y")}).ok());
  CHECK(*edited(text, {fix(1, 3, 1, 3, "x"), fix(1, 3, 1, 3, "x")}) == "abxcdef\n");
  CHECK(*edited(text, {fix(1, 4, 1, 5, "y"), fix(1, 2, 1, 4, "x")}) == "axyef\n");
}

TEST_CASE("a range that is not in the text is an error") {
  for (const Fix& wrong :
       {fix(0, 0, 0, 0, "x"), fix(3, 1, 3, 2, "x"), fix(1, 9, 1, 9, "x"), fix(1, 4, 1, 2, "x"), fix(2, 1, 1, 1, "x")}) {
    CHECK_FALSE(fitted(wrong, "abc\n", Spelling::guarded).ok());
    CHECK_FALSE(edited("abc\n", {wrong}).ok());
  }
}

TEST_CASE("the difference is shown as diff -u does") {
  CHECK(unified_diff("a\nb\n", "a\nb\n", "f").empty());
  CHECK(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nx\n5\n6\n7\n8\n", "src/f.c") ==
        "--- a/src/f.c\n+++ b/src/f.c\n@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n");
  CHECK(unified_diff("a\n", "b\n", "f") == "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n+b\n");
  CHECK(unified_diff("a", "a\n", "f").empty());
  CHECK(unified_diff("a\nb", "a\nc", "f") ==
        "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n");
  // One line apart: one hunk, and what did not change is not shown as changed.
  CHECK(unified_diff("a\nkeep\nb\n", "A\nkeep\nB\n", "f") ==
        "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n-a\n+A\n keep\n-b\n+B\n");
  CHECK(unified_diff("", "a\n", "f") == "--- a/f\n+++ b/f\n@@ -0,0 +1,1 @@\n+a\n");
}

TEST_CASE("a body is named by the locks that it is under, whatever is done twice") {
  CHECK(body_under_lock("Shelf_add") == "Shelf_add_lock_held");
  CHECK(body_under_lock("Shelf_add_lock_held") == "Shelf_add_locks_held");
  CHECK(before_locks("Shelf_add_lock_held") == "Shelf_add");
  CHECK(before_locks("Shelf_add_locks_held") == "Shelf_add");
  CHECK(before_locks("Shelf_add") == "Shelf_add");
}
