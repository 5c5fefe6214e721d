#include "cython/comments.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace ftaudit;

TEST_CASE("comments that allow, and what they stand at") {
  const auto found = cython::allowances_in(split("# ftaudit: allow FT301 -- one thread\n"
                                                 "\n"
                                                 "cdef class C:\n"
                                                 "    # ftaudit: allow FT302 -- set before threads start\n"
                                                 "    # and never again\n"
                                                 "    def put(self, x):\n"
                                                 "        self.x = x  # ftaudit: allow FT302 -- here\n",
                                                 '\n'),
                                           model::FileId(7));
  REQUIRE(found.size() == 3);
  CHECK(found[0].alone);
  CHECK(found[0].next_line == 0);
  CHECK(found[1].next_line == 6);
  CHECK(found[1].text == "ftaudit: allow FT302 -- set before threads start");
  CHECK_FALSE(found[2].alone);
  CHECK(found[2].span.line == 7);
  CHECK(found[2].span.column == 21);
  CHECK(found[2].span.file.n == 7);
}

TEST_CASE("strings are no comments") {
  CHECK(cython::allowances_in(split("x = \"# ftaudit: allow FT301\"\n"
                                    "\"\"\"\n# ftaudit: allow FT301 -- in a docstring\n\"\"\"\n"
                                    "y = 'it\\'s # ftaudit: allow FT301'\n",
                                    '\n'),
                              model::FileId(0))
            .empty());
  CHECK(cython::allowances_in(split("y = 'a' # ftaudit: allow FT301 -- b", '\n'), model::FileId(0)).size() == 1);
}
