#include "trial/twins.h"

#include <doctest/doctest.h>

using namespace ftaudit;
using namespace ftaudit::trial;

TEST_CASE("builds that differ in the GIL alone are twins") {
  BuildIdentity with{.version = "3.13.5", .implementation = "cpython", .compiler = "clang-19", .optimisation = "-O2"};
  BuildIdentity without = with;
  without.free_threaded = true;
  CHECK(differences(with, without).empty());

  without.compiler = "gcc", without.link_time = true, without.version = "3.13.0";
  const std::vector<std::string> told = differences(with, without);
  REQUIRE(told.size() == 3);
  CHECK(told[0] == "version 3.13.5 and 3.13.0");
  CHECK(told[1] == "compiler clang-19 and gcc");
  CHECK(told[2] == "link-time optimisation only without the GIL");
}

TEST_CASE("what is no Python does not say how it was built") {
  const auto identity = identity_of("/bin/true");
  REQUIRE_FALSE(identity.ok());
  CHECK(identity.message().find("/bin/true") != std::string::npos);
}
