#include "analysis/reached.h"

#include <doctest/doctest.h>

#include <functional>

#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;

namespace {

// if (x) A else B; middle; if (x) C else D; end. What is left of C and D after `between` stood in the middle and the
// first question was put with `leaves` as what its true branch does.
struct Asked {
  Build b;
  Code f{b, "f", {"x", "y"}};

  void make(bool leaves, const std::function<void(Code&)>& between) {
    const EventId first = f.truth(f.value("x"));
    const auto yes = f.block();
    f.call("in_first");
    if (leaves) f.leave();
    const auto middle = f.block();
    between(f);
    const EventId second = f.compare(f.value("x"), Event::Operator::equal, number(0));
    const auto no_more = f.block();
    f.call("when_not");
    const auto still = f.block();
    f.call("when_set");
    const auto end = f.block();
    f.leave();
    f.go(0, {yes, middle}, first), f.go(middle, {no_more, still}, second), f.go(no_more, {end}), f.go(still, {end});
    f.go(yes, leaves ? std::vector<std::uint32_t>{} : std::vector{middle});
    analysis::keep_reached(b.facts);
  }
  bool has(const std::string& callee) {
    return std::any_of(f.self().events.begin(), f.self().events.end(),
                       [&](const Event& event) { return event.callee == callee; });
  }
};

const auto nothing = [](Code&) {};

}  // namespace

TEST_CASE("a question that was answered decides when it is put again") {
  Asked asked;
  asked.make(true, nothing);
  CHECK(asked.has("in_first"));
  CHECK(asked.has("when_not"));
  CHECK_FALSE(asked.has("when_set"));
}

TEST_CASE("nothing is known where both answers lead, or the local may be another") {
  Asked both, given, passed, counted;
  both.make(false, nothing);
  CHECK(both.has("when_set"));
  given.make(true, [](Code& f) { f.set("x", f.value("y")); });
  CHECK(given.has("when_set"));
  passed.make(true, [](Code& f) { f.call("fill", {f.address("x")}); });
  CHECK(passed.has("when_set"));
  counted.make(true, [](Code& f) {
    f.set("x", number(1));
    f.self().events.back().op = Event::Operator::update;
  });
  CHECK(counted.has("when_set"));
}

TEST_CASE("a number that was put there decides too") {
  Asked asked;
  asked.make(true, [](Code& f) { f.set("x", number(7)); });
  CHECK(asked.has("when_set"));
  CHECK_FALSE(asked.has("when_not"));
}

TEST_CASE("where a file was not understood nothing is taken out") {
  Asked asked;
  asked.b.facts.units[0].errors = 1;
  asked.b.facts.units[0].functions.push_back({"f"});
  asked.make(true, nothing);
  CHECK(asked.has("when_set"));
}

TEST_CASE("a loop that changes what is asked is gone through again") {
  Build b;
  Code f(b, "f", {"n"});
  f.set("found", number(0));
  const auto head = f.block();
  const EventId more = f.truth(f.value("n"));
  const auto body = f.block();
  const EventId asked = f.truth(f.value("found"));
  const auto inside = f.block();
  f.call("already");
  const auto tail = f.block();
  f.set("found", number(1));
  const auto out = f.block();
  f.leave();
  f.go(0, {head}), f.go(head, {body, out}, more), f.go(body, {inside, tail}, asked), f.go(inside, {tail});
  f.go(tail, {head});
  analysis::keep_reached(b.facts);
  CHECK(std::any_of(f.self().events.begin(), f.self().events.end(),
                    [](const Event& event) { return event.callee == "already"; }));
}
