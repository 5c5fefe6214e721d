#include <doctest/doctest.h>

#include "project/project.h"

using namespace ftaudit;

TEST_CASE("a path that is not there is an error that names it") {
  auto project = project::discover("/no/such/place");
  REQUIRE_FALSE(project.ok());
  CHECK(project.message() == "/no/such/place: no such file or folder");
}
