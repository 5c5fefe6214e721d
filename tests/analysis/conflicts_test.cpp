// One small program for each mistake: it is told once, as what it is.
#include <doctest/doctest.h>

#include "analysis/conflicts.h"
#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using analysis::Conflict;
using analysis::Mistake;

namespace {

// The mistakes found, and nothing but them.
std::vector<Mistake> mistakes(const Build& b) {
  const Audit audit(b.facts, {});
  std::vector<Mistake> out;
  for (const Conflict& conflict : audit.conflicts().all()) out.push_back(conflict.mistake);
  return out;
}
using Only = std::vector<Mistake>;

void enter(Code& f, const std::string& object = "self") {
  f.call("PyCriticalSection_Begin", {f.address("cs"), f.value(object)});
}
void leave(Code& f) { f.call("PyCriticalSection_End", {f.address("cs")}); }
void lock(Code& f) { f.call("PyMutex_Lock", {f.address("MUTEX")}); }
void unlock(Code& f) { f.call("PyMutex_Unlock", {f.address("MUTEX")}); }

// A method that does one thing to a place, perhaps in a critical section on self.
void reads(Build& b, const std::string& name, const std::string& field, bool locked = false) {
  Code f(b, name, {"self"});
  if (locked) enter(f);
  f.read(f.field("self", {field}));
  if (locked) leave(f);
  b.method(name, name, 4);
}
void writes(Build& b, const std::string& name, const std::string& field, bool locked = false) {
  Code f(b, name, {"self"});
  if (locked) enter(f);
  f.write(f.field("self", {field}), f.value("self"));
  if (locked) leave(f);
  b.method(name, name, 4);
}
// if (!place) place = ...;
void fills(Code& f, const Operand& place, bool under_lock = false) {
  f.read(place);
  const EventId test = f.truth(place);
  const auto unset = f.block();
  if (under_lock) lock(f);
  f.write(place, result(f.call("make", {})));
  if (under_lock) unlock(f);
  const auto rest = f.block();
  f.read(place);
  f.go(0, {rest, unset}, test), f.go(unset, {rest});
}
// Takes the reference out of the field and releases it.
void drops(Code& f, const std::string& field) {
  f.read(f.field("self", {field}));
  f.set("old", f.field("self", {field}));
  f.write(f.field("self", {field}), null());
  f.call("Py_XDECREF", {f.value("old")});
}

}  // namespace

TEST_CASE("nothing at all is a plain race; fields of one record are told together") {
  Build b;
  b.field("n", scalar()), b.field("m", scalar());
  writes(b, "f", "n"), writes(b, "g", "m"), reads(b, "h", "n");
  const Audit audit(b.facts, {});
  REQUIRE(audit.conflicts().all().size() == 1);
  const Conflict& found = audit.conflicts().all()[0];
  CHECK(found.mistake == Mistake::plain);
  CHECK(found.also.size() == 1);
}

TEST_CASE("what is only read, and what all lock, is no conflict") {
  Build b;
  b.field("n", scalar()), b.field("m", scalar());
  reads(b, "f", "n"), reads(b, "g", "n"), writes(b, "h", "m", true), reads(b, "i", "m", true);
  CHECK(mistakes(b).empty());
}

TEST_CASE("filled on first use: a number, a reference in a global, a field") {
  Build number;
  Code f(number, "f", {"self"});
  number.facts.globals[number.global("TABLE")].type = scalar();
  fills(f, f.value("TABLE"));
  number.method("f", "f", 4);
  CHECK(mistakes(number) == Only{Mistake::first_use});

  Build object;
  object.facts.globals[object.global("CACHE")].type = object_pointer();
  Code g(object, "g", {"self"});
  fills(g, g.value("CACHE"));
  object.method("g", "g", 4);
  CHECK(mistakes(object) == Only{Mistake::object_cache});

  Build field;
  field.field("name", object_pointer());
  Code h(field, "h", {"self"});
  fills(h, h.field("self", {"name"}));
  field.method("h", "h", 4);
  CHECK(mistakes(field) == Only{Mistake::first_use});
}

TEST_CASE("tested without the lock under which it is filled") {
  Build b;
  b.facts.globals[b.global("TABLE")].type = pointer();
  Code f(b, "f", {"self"});
  fills(f, f.value("TABLE"), true);
  b.method("f", "f", 4);
  CHECK(mistakes(b) == Only{Mistake::double_checked});
}

TEST_CASE("a free list: put in by dealloc, taken out by methods") {
  Build b;
  b.facts.globals[b.global("SPARE")].type.kind = model::Type::Kind::array;
  Code take(b, "take", {"self"});
  take.read(take.value("SPARE"));
  Code gone(b, "gone", {"self"});
  gone.write(gone.value("SPARE"), gone.value("self"));
  b.method("take", "take", 4);
  b.type("Type", {{"tp_dealloc", function("gone")}});
  CHECK(mistakes(b) == Only{Mistake::free_list});
}

TEST_CASE("a global that carries an argument into a callback") {
  Build b;
  b.facts.globals[b.global("ARGUMENT")].type = pointer();
  Code compare(b, "compare", {"a", "b"});
  compare.read(compare.value("ARGUMENT"));
  Code f(b, "f", {"self"});
  f.write(f.value("ARGUMENT"), f.value("self"));
  f.call("qsort", {null(), number(1), number(1), function("compare")});
  b.method("f", "f", 4);
  CHECK(mistakes(b) == Only{Mistake::callback_argument});
}

TEST_CASE("locked in most places; and every write locked, for many readers that are not") {
  Build most;
  most.field("n", scalar());
  writes(most, "f", "n", true), reads(most, "g", "n", true), writes(most, "h", "n");
  CHECK(mistakes(most) == Only{Mistake::inconsistent});

  Build writers;
  writers.field("n", scalar());
  writes(writers, "f", "n", true), reads(writers, "g", "n"), reads(writers, "h", "n");
  const Audit audit(writers.facts, {});
  REQUIRE(audit.conflicts().all().size() == 1);
  CHECK(audit.conflicts().all()[0].mistake == Mistake::inconsistent);
  CHECK(audit.conflicts().all()[0].lock == "section");
}

TEST_CASE("atomic on one side only") {
  Build b;
  b.field("n", scalar());
  writes(b, "f", "n");
  Code g(b, "g", {"self"});
  g.read(g.field("self", {"n"}), true);
  b.method("g", "g", 4);
  CHECK(mistakes(b) == Only{Mistake::mixed_atomic});
}

TEST_CASE("a loop that goes on until another thread says stop") {
  Build b;
  b.facts.globals[b.global("STOP")].type = scalar();
  Code run(b, "run", {"self"});
  const auto head = run.block();
  run.read(run.value("STOP"));
  const EventId test = run.truth(run.value("STOP"));
  const auto body = run.block();
  run.call("step");
  const auto out = run.block();
  run.here_is();
  run.go(0, {head}), run.go(head, {out, body}, test), run.go(body, {head});
  Code stop(b, "stop", {"self"});
  stop.write(stop.value("STOP"), number(1));
  b.method("run", "run", 4), b.method("stop", "stop", 4);
  CHECK(mistakes(b) == Only{Mistake::stop_flag});
}

TEST_CASE("a number that one function sets and others go by is a setting; not so what its own call goes by") {
  for (const std::string reader : {"another method", "its own callee", "itself"}) {
    CAPTURE(reader);
    Build b;
    b.facts.globals[b.global("LEVEL")].type = scalar();
    if (reader == "its own callee") {
      Code helper(b, "helper", {});
      helper.read(helper.value("LEVEL"));
    }
    Code set(b, "set", {"self"});
    set.write(set.value("LEVEL"), set.value("self"));
    if (reader == "its own callee") set.call("helper");
    if (reader == "itself") set.read(set.value("LEVEL"));
    b.method("set", "set", 4);
    Code get(b, "get", {"self"});
    get.read(get.value("LEVEL"));
    b.method("get", "get", 4);
    const Audit audit(b.facts, {});
    REQUIRE(audit.conflicts().all().size() == 1);
    CHECK(audit.conflicts().all()[0].setting == (reader == "another method"));
  }
}

TEST_CASE("a number that is only compared is a flag, whatever is stored there; not so one that is worked with") {
  for (const bool worked_with : {false, true}) {
    CAPTURE(worked_with);
    Build b;
    b.facts.globals[b.global("LEVEL")].type = scalar();
    Code set(b, "set", {"self"});
    set.write(set.value("LEVEL"), result(set.call("PyLong_AsLong", {set.value("self")})));
    b.method("set", "set", 8);
    Code get(b, "get", {"self"});
    get.read(get.value("LEVEL"));
    if (worked_with) get.call("work", {get.value("LEVEL")});
    else get.truth(get.value("LEVEL"));
    b.method("get", "get", 4);
    const Audit audit(b.facts, {});
    REQUIRE(audit.conflicts().all().size() == 1);
    CHECK(audit.conflicts().all()[0].flag == !worked_with);
  }
}

TEST_CASE("a number that a function stores and looks at again is its argument, and no flag; by helpers, too") {
  for (const bool by_helpers : {false, true}) {
    CAPTURE(by_helpers);
    Build b;
    b.facts.globals[b.global("LAST")].type = scalar();
    if (by_helpers) {
      Code keep(b, "keep", {"value"});
      keep.write(keep.value("LAST"), keep.value("value"));
      Code find(b, "find", {});
      find.read(find.value("LAST"));
      find.truth(find.value("LAST"));
    }
    Code run(b, "run", {"self"});
    const Operand given = result(run.call("PyLong_AsLong", {run.value("self")}));
    if (by_helpers) {
      run.call("keep", {given});
      run.call("find", {});
    } else {
      run.write(run.value("LAST"), given);
      run.read(run.value("LAST"));
      run.truth(run.value("LAST"));
    }
    b.method("run", "run", 8);
    const Audit audit(b.facts, {});
    REQUIRE(audit.conflicts().all().size() == 1);
    CHECK_FALSE(audit.conflicts().all()[0].flag);
  }
}

TEST_CASE("native threads beside methods: being attached was the lock") {
  Build b;
  b.facts.globals[b.global("DONE")].type = scalar();
  Code work(b, "work", {"arg"});
  work.write(work.value("DONE"), number(1));
  Code start(b, "start", {"self"});
  start.call("pthread_create", {null(), null(), function("work"), null()});
  Code ask(b, "ask", {"self"});
  ask.read(ask.value("DONE"));
  b.method("start", "start", 4), b.method("ask", "ask", 4);
  CHECK(mistakes(b) == Only{Mistake::gil_as_lock});
}

TEST_CASE("references: swapped by a method, dropped at the end of an iteration, replaced by __init__") {
  Build swapped;
  swapped.field("value", object_pointer());
  Code set(swapped, "set", {"self"});
  drops(set, "value");
  swapped.method("set", "set", 4);
  {
    const Audit audit(swapped.facts, {});
    REQUIRE(audit.conflicts().all().size() == 1);
    CHECK(audit.conflicts().all()[0].mistake == Mistake::swapped_reference);
    CHECK(audit.conflicts().all()[0].releases);
  }

  Build exhausted;
  exhausted.field("value", object_pointer());
  Code next(exhausted, "next", {"self"});
  drops(next, "value");
  exhausted.type("Type", {{"tp_iternext", function("next")}});
  CHECK(mistakes(exhausted) == Only{Mistake::exhausted});

  Build again;
  again.field("value", object_pointer());
  Code init(again, "init", {"self", "args", "kwargs"});
  drops(init, "value");
  reads(again, "get", "value");
  again.type("Type", {{"tp_init", function("init")}});
  CHECK(mistakes(again) == Only{Mistake::init_again});
}

TEST_CASE("plain fields by who writes them: __init__, an iteration, a buffer export") {
  const auto written_by = [](const std::string& slot) {
    Build b;
    b.field("n", scalar());
    Code f(b, "f", {"self", "a", "b"});
    f.read(f.field("self", {"n"}));
    f.write(f.field("self", {"n"}), f.value("a"));
    reads(b, "get", "n");
    b.type("Type", {{slot, function("f")}});
    return mistakes(b);
  };
  CHECK(written_by("tp_init") == Only{Mistake::init_again});
  CHECK(written_by("tp_iternext") == Only{Mistake::cursor});
  CHECK(written_by("bf_getbuffer") == Only{Mistake::buffer_count});
  CHECK(written_by("tp_repr") == Only{Mistake::plain});
  CHECK(written_by("tp_dealloc").empty());
}

TEST_CASE("__init__ that only ever stores one number is no conflict") {
  Build b;
  b.field("ready", scalar());
  Code init(b, "init", {"self", "args", "kwargs"});
  init.write(init.field("self", {"ready"}), number(1));
  reads(b, "get", "ready");
  b.type("Type", {{"tp_init", function("init")}});
  CHECK(mistakes(b).empty());
}

TEST_CASE("the wrong lock: of a second object of the type, or of something else") {
  const auto with = [](bool uses_both) {
    Build b;
    b.field("n", scalar());
    writes(b, "f", "n", true), reads(b, "g", "n", true);
    Code h(b, "h", {"self", "arg"});
    enter(h, "arg");
    if (uses_both) h.read(h.field("arg", {"n"}));
    h.read(h.field("self", {"n"}));
    leave(h);
    b.method("h", "h");
    return mistakes(b);
  };
  CHECK(with(true) == Only{Mistake::second_object});
  CHECK(with(false) == Only{Mistake::wrong_object});
}
