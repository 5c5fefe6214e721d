#include <doctest/doctest.h>

#include "reports/columns.h"
#include "reports/snippet.h"

using namespace ftaudit;
using namespace ftaudit::reports;

namespace {

std::string shown(std::string text, Location location, std::size_t columns = 60) {
  location.file = "a.c";
  Sources sources([&](const std::string&) { return std::optional(text); });
  std::string out;
  for (const SnippetLine& line : snippet(sources, location, columns)) {
    CHECK(width(line.text) <= columns);
    out += std::to_string(line.number) + "|" + line.text + "\n";
    if (!line.carets.empty()) out += " |" + line.carets + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("the caret stands below the range") {
  CHECK(shown("int a;\nx = f(d);\n", {"", 2, 5, 2, 9}) == "2|x = f(d);\n |    ^^^^\n");
  CHECK(shown("\tx = f(d);\n", {"", 1, 6, 1, 7}) == "1|    x = f(d);\n |        ^\n");
  CHECK(shown("\"日本\" x\r\n", {"", 1, 10, 1, 11}) == "1|\"日本\" x\n |       ^\n");
}

TEST_CASE("a range without an end, past the end, or over lines") {
  CHECK(shown("abc\n", {"", 1, 2, 0, 0}) == "1|abc\n | ^\n");
  CHECK(shown("abc\n", {"", 1, 9, 1, 10}) == "1|abc\n |   ^\n");
  CHECK(shown("abc\n", {"", 1, 0, 0, 0}) == "1|abc\n");
  CHECK(shown("f(a,\n  b,\n  c)\n", {"", 1, 1, 3, 5}) == "1|f(a,\n |^^^^\n2|  b,\n3|  c)\n");
  CHECK(shown("f(a,\nb,\nc,\nd)\n", {"", 1, 1, 4, 3}) == "1|f(a,\n |^^^^\n2|b,\n3|c,\n4|d)\n");
  CHECK(shown("f(a,\nb,\nc,\nd,\ne)\n", {"", 1, 1, 5, 3}) == "1|f(a,\n |^^^^\n2|b,\n3|c,\n0|\n");
}

TEST_CASE("what is not there is not shown") {
  CHECK(shown("abc\n", {"", 0, 0, 0, 0}).empty());
  CHECK(shown("abc\n", {"", 7, 1, 7, 2}).empty());
  Sources none(nullptr);
  CHECK(snippet(none, {"a.c", 1, 1, 1, 2}, 60).empty());
}

TEST_CASE("a long line is cut around the caret") {
  const std::string text = std::string(200, 'a') + "PyDict_Next(d)" + std::string(5000, 'b');
  const std::string out = shown(text, {"", 1, 201, 1, 215}, 60);
  CHECK(out.find("PyDict_Next(d)") != std::string::npos);
  CHECK(out.find("^^^^^^^^^^^^^^") != std::string::npos);
  CHECK(out.starts_with("1|…"));
  const std::string start = shown(text, {"", 1, 1, 1, 3}, 60);
  CHECK(start.starts_with("1|aaa"));
  CHECK(shown(std::string(10'000'000, 'x'), {"", 1, 9'000'000, 1, 9'000'004}, 60).size() < 300);
}
