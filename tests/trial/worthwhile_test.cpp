#include "trial/worthwhile.h"

#include <doctest/doctest.h>

using ftaudit::trial::Worthwhile;
using namespace std::chrono_literals;

TEST_CASE("seconds are worth no run") {
  const Worthwhile worth(5s);
  CHECK_FALSE(worth(1200ms));
  CHECK(worth(5s));
}

TEST_CASE("where a run reached no test, none that may last no longer is started") {
  Worthwhile worth(5s);
  worth.learn(9s, false);
  CHECK_FALSE(worth(9s));
  CHECK(worth(12s));
  worth.learn(6s, false);
  CHECK_FALSE(worth(9s));
}

TEST_CASE("a run that reached one forbids nothing") {
  Worthwhile worth(5s);
  worth.learn(9s, true);
  CHECK(worth(6s));
}
