#include <doctest/doctest.h>

#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using State = analysis::Attached::State;

namespace {

State state(const Audit& audit, const Code& f, EventId at) {
  return audit.attached().at({const_cast<Code&>(f).id(), at}).state;
}
EventId native(Code& f) { return f.call("lib_work"); }
EventId detach(Code& f, const std::string& token = "save") {
  const EventId call = f.call("PyEval_SaveThread");
  f.self().variables[f.variable(token)].type = {
      .kind = model::Type::Kind::pointer, .record = "PyThreadState", .indirections = 1};
  f.set(token, result(call));
  return call;
}
EventId attach(Code& f, const std::string& token = "save") { return f.call("PyEval_RestoreThread", {f.value(token)}); }

}  // namespace

TEST_CASE("Python enters attached; between save and restore the thread is detached") {
  Build b;
  Code f(b, "f", {"self"});
  const EventId before = native(f);
  const EventId saved = detach(f);
  const EventId inside = native(f);
  attach(f);
  const EventId after = native(f);
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(state(audit, f, before) == State::attached);
  CHECK(state(audit, f, inside) == State::detached);
  CHECK(audit.attached().at({f.id(), inside}).detached == analysis::Site{f.id(), saved});
  CHECK(state(audit, f, after) == State::attached);
  CHECK(audit.attached().imbalances(f.id()).empty());
}

TEST_CASE("a test of the saved state tells the paths apart") {
  Build b;
  Code f(b, "f", {"self", "n"});
  f.set("save", null());
  const EventId big = f.truth(f.value("n"));
  const auto then = f.block();
  detach(f);
  const auto rest = f.block();
  const EventId between = native(f);
  const EventId test = f.truth(f.value("save"));
  const auto back = f.block();
  const EventId sure = attach(f);
  f.set("save", null());
  const auto end = f.block();
  const EventId after = native(f);
  f.go(0, {then, rest}, big), f.go(then, {rest}), f.go(rest, {back, end}, test), f.go(back, {end});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(state(audit, f, between) == State::mixed);
  CHECK(state(audit, f, sure) == State::detached);
  CHECK(state(audit, f, after) == State::attached);
  CHECK(audit.attached().imbalances(f.id()).empty());
}

TEST_CASE("a way out of the detached region that does not come back is an imbalance") {
  Build b;
  Code f(b, "f", {"self", "n"});
  const EventId saved = detach(f);
  const EventId test = f.truth(f.value("n"));
  const auto early = f.block();
  const EventId leave = f.leave({null()});
  const auto rest = f.block();
  attach(f);
  f.leave({f.value("self")});
  const auto end = f.block();
  f.go(0, {early, rest}, test), f.go(early, {end}), f.go(rest, {end});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  const auto found = audit.attached().imbalances(f.id());
  REQUIRE(found.size() == 1);
  CHECK(found[0].leave == leave);
  CHECK(found[0].changed == saved);
  CHECK(found[0].detached);
}

TEST_CASE("functions that only detach or only attach count by what they do") {
  Build b;
  Code begin(b, "begin", {"self"});
  begin.write(begin.field("self", {"save"}), result(begin.call("PyEval_SaveThread")));
  Code end(b, "end", {"self"});
  end.call("PyEval_RestoreThread", {end.field("self", {"save"})});
  Code f(b, "f", {"self"});
  f.call("begin", {f.value("self")});
  const EventId inside = native(f);
  f.call("end", {f.value("self")});
  const EventId after = native(f);
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(state(audit, f, inside) == State::detached);
  CHECK(state(audit, f, after) == State::attached);
  CHECK(audit.attached().imbalances(begin.id()).empty());
  CHECK(audit.attached().imbalances(f.id()).empty());
}

TEST_CASE("helpers are entered as their callers call them; threads detached; unknown callers unknown") {
  Build b;
  Code helper(b, "helper", {"n"});
  const EventId in_helper = native(helper);
  Code both(b, "both", {"n"});
  const EventId in_both = native(both);
  Code f(b, "f", {"self"});
  f.call("both", {f.value("self")});
  detach(f);
  f.call("helper", {f.value("self")});
  f.call("both", {f.value("self")});
  attach(f);
  Code thread(b, "thread", {"arg"});
  const EventId start = native(thread);
  thread.set("g", result(thread.call("PyGILState_Ensure")));
  const EventId ensured = native(thread);
  thread.call("PyGILState_Release", {thread.value("g")});
  const EventId released = native(thread);
  Code callback(b, "callback", {"arg"});
  const EventId called = native(callback);
  callback.here_is();
  const EventId touched = native(callback);
  Code g(b, "g", {"self"});
  g.call("pthread_create", {null(), null(), function("thread"), null()});
  g.call("lib_on_event", {function("callback")});
  b.facts.functions.back().events.back().callee_key = {};
  b.method("f", "f"), b.method("g", "g");
  const Audit audit(b.facts, {});
  CHECK(state(audit, helper, in_helper) == State::detached);
  CHECK(state(audit, both, in_both) == State::mixed);
  CHECK(state(audit, thread, start) == State::detached);
  CHECK(state(audit, thread, ensured) == State::attached);
  CHECK(state(audit, thread, released) == State::detached);
  CHECK(state(audit, callback, called) == State::unknown);
  CHECK(state(audit, callback, touched) == State::attached);
}

namespace {

// if (n) ensure(); work(); if (m) release(); with what is written to `n` in between, if anything is.
analysis::FunctionId ensuring(Code& f, const char* first, const char* second, bool written) {
  const EventId needs = f.truth(f.value(first));
  const auto take = f.block();
  f.set("state", result(f.call("PyGILState_Ensure")));
  const auto rest = f.block();
  f.call("lib_work");
  if (written) f.set(first, result(f.call("lib_flag")));
  const EventId took = f.truth(f.value(second));
  const auto give = f.block();
  f.call("PyGILState_Release", {f.value("state")});
  const auto end = f.block();
  f.call("lib_done");
  f.go(0, {take, rest}, needs), f.go(take, {rest}), f.go(rest, {give, end}, took), f.go(give, {end});
  return f.id();
}

}  // namespace

TEST_CASE("what two tests of one flag decide happens together") {
  Build b;
  Code same(b, "same", {"n", "m"}), other(b, "other", {"n", "m"}), changed(b, "changed", {"n", "m"});
  ensuring(same, "n", "n", false), ensuring(other, "n", "m", false), ensuring(changed, "n", "n", true);
  const auto caller = [&](const char* name, const char* callee) {
    Code f(b, name, {"arg"});
    f.set("state", result(f.call("PyGILState_Ensure")));
    f.call(callee, {number(0), number(0)});
    f.call("PyGILState_Release", {f.value("state")});
    f.call(callee, {f.value("arg"), f.value("arg")});
    f.leave();
    return f.id();
  };
  const auto to_same = caller("to_same", "same"), to_other = caller("to_other", "other"),
             to_changed = caller("to_changed", "changed");
  const Audit audit(b.facts, {});
  CHECK(audit.attached().imbalances(to_same).empty());
  CHECK_FALSE(audit.attached().imbalances(to_other).empty());
  CHECK_FALSE(audit.attached().imbalances(to_changed).empty());
}

TEST_CASE("code that nothing leads to hangs on nothing") {
  Build b;
  Code f(b, "f", {"self"});
  native(f);
  const auto dead = f.block();
  detach(f);
  attach(f);
  const auto end = f.block();
  f.go(0, {end}), f.go(dead, {end});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(audit.attached().imbalances(f.id()).empty());
}

TEST_CASE("guards nest, and end where they are destroyed") {
  Build b;
  Code f(b, "f", {"self"});
  f.call("pybind11::gil_scoped_release::gil_scoped_release", {f.address("r")});
  const EventId out = native(f);
  f.call("pybind11::gil_scoped_acquire::gil_scoped_acquire", {f.address("a")});
  const EventId in = native(f);
  f.call("pybind11::gil_scoped_acquire::~gil_scoped_acquire", {f.address("a")});
  const EventId again = native(f);
  f.call("pybind11::gil_scoped_release::~gil_scoped_release", {f.address("r")});
  const EventId after = native(f);
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(state(audit, f, out) == State::detached);
  CHECK(state(audit, f, in) == State::attached);
  CHECK(state(audit, f, again) == State::detached);
  CHECK(state(audit, f, after) == State::attached);
}
