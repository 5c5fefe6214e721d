#include <doctest/doctest.h>

#include "reports/columns.h"

using namespace ftaudit::reports;

TEST_CASE("text a terminal would obey is made visible") {
  CHECK(printable("a\x1b[31mb") == "a␛[31mb");
  CHECK(printable("bell\x07 nul" + std::string(1, '\0')) == "bell␇ nul␀");
  CHECK(printable("\xc2\x9b"
                  "31m") == "\uFFFD31m");  // CSI as one C1 character
  CHECK(printable("\xe2\x80\xae"
                  "abc") == "\uFFFDabc");  // right-to-left override
  CHECK(printable("two\nlines\tand\r") == "two lines and ");
  CHECK(printable("café 日本") == "café 日本");
}

TEST_CASE("text that a workflow's runner would obey is none of its commands") {
  CHECK(leading("::error file=x::m.c") == "./::error file=x::m.c");
  CHECK(leading("  ::error::m.c") == "./  ::error::m.c");
  CHECK(leading("a\n::error::m.c") == "a ::error::m.c");
  CHECK(leading("src/m.c") == "src/m.c");
  // Such a word never begins a line.
  CHECK(wrap("one two ::error::x three", 7) == std::vector<std::string>{"one two ::error::x", "three"});
}

TEST_CASE("broken UTF-8 is replaced byte by byte") {
  CHECK(printable("\xff") == "\uFFFD");
  CHECK(printable("\xc0\xaf") == "\uFFFD\uFFFD");            // an overlong '/'
  CHECK(printable("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");  // a surrogate
  CHECK(printable("\xe6\x97") == "\uFFFD\uFFFD");            // cut short
  CHECK(printable("\xf5\x80\x80\x80").size() == 12);
}

TEST_CASE("widths") {
  CHECK(width("") == 0);
  CHECK(width("café") == 4);
  CHECK(width("日本") == 4);
  CHECK(width("e\xcc\x81") == 1);  // e and a combining acute accent
}

TEST_CASE("tabs go to the next stop") {
  std::string shown;
  for (const Glyph& glyph : glyphs("a\tb\t\tc")) shown += glyph.shown;
  CHECK(shown == "a   b       c");
}

TEST_CASE("wrapping") {
  using Lines = std::vector<std::string>;
  CHECK(wrap("one two three", 7) == Lines{"one two", "three"});
  CHECK(wrap("one two three", 7, 5) == Lines{"", "one two", "three"});
  CHECK(wrap("one two three", 9, 5) == Lines{"one", "two three"});
  CHECK(wrap("a_word_longer_than_that b", 7) == Lines{"a_word_longer_than_that", "b"});
  CHECK(wrap("  blanks \n  go ", 20) == Lines{"blanks go"});
  CHECK(wrap("", 20) == Lines{""});
}
