#include <doctest/doctest.h>

#include "analysis/conflicts.h"
#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using analysis::Access;
using analysis::Race;
using analysis::Shared;
using analysis::State;
using Names = std::vector<std::string>;

namespace {

const State* named(const Audit& audit, const std::string& name, bool contents = false) {
  for (const State& state : audit.shared().states())
    if (state.name == name && state.contents == contents) return &state;
  return nullptr;
}

const Access* access(const State* state, const Code& f, EventId at) {
  for (const Access& access : state->accesses)
    if (access.site.function == f.id() && access.site.event == at) return &access;
  return nullptr;
}

void enter(Code& f, const std::string& object = "self") {
  f.call("PyCriticalSection_Begin", {f.address("cs"), f.value(object)});
}
void leave(Code& f) { f.call("PyCriticalSection_End", {f.address("cs")}); }
void lock(Code& f, std::vector<std::string> mutex = {"mu"}, const std::string& object = "self") {
  f.call("PyMutex_Lock", {f.address(object, std::move(mutex))});
}
void unlock(Code& f, std::vector<std::string> mutex = {"mu"}, const std::string& object = "self") {
  f.call("PyMutex_Unlock", {f.address(object, std::move(mutex))});
}

}  // namespace

TEST_CASE("fields of objects that methods get, under any name, are one state") {
  Build b;
  b.field("n", scalar());
  Code f(b, "f", {"self"});
  f.set("slot", f.address("self", {"n"}));
  const EventId store = f.write(f.field("slot", {"*"}), number(1));
  Code g(b, "g", {"who"});
  const EventId load = g.read(g.field("who", {"n"}));
  b.method("f", "f"), b.method("g", "g");
  const Audit audit(b.facts, {});
  const State* state = named(audit, "Object.n");
  REQUIRE(state != nullptr);
  CHECK(state->kind == State::Kind::field);
  REQUIRE(state->accesses.size() == 2);
  REQUIRE(access(state, f, store) != nullptr);
  CHECK(access(state, f, store)->write);
  CHECK(access(state, f, store)->origin.certain);
  CHECK_FALSE(access(state, g, load)->write);
  CHECK(audit.shared().conflict(*access(state, f, store), *access(state, g, load)));
}

TEST_CASE("a parameter is what each caller gives: one global here, another there") {
  Build b;
  Code helper(b, "helper", {"pool"});
  lock(helper, {"mu"}, "pool");
  const EventId store = helper.write(helper.field("pool", {"used"}), number(1));
  unlock(helper, {"mu"}, "pool");
  Code mixed(b, "mixed", {"pool"});
  mixed.write(mixed.field("pool", {"used"}), number(1));
  Code f(b, "f", {"self"});
  f.call("helper", {f.address("POOL")});
  f.call("mixed", {f.address("POOL")});
  Code g(b, "g", {"self"});
  g.call("helper", {g.address("POOL")});
  g.call("mixed", {g.address("OTHER")});
  Code h(b, "h", {"self"});
  h.call("PyMutex_Lock", {h.address("POOL", {"mu"})});
  const EventId direct = h.read(h.field("POOL", {"used"}));
  h.call("PyMutex_Unlock", {h.address("POOL", {"mu"})});
  b.method("f", "f"), b.method("g", "g"), b.method("h", "h");
  const Audit audit(b.facts, {});
  const State* state = named(audit, "POOL.used");
  REQUIRE(state != nullptr);
  CHECK(state->kind == State::Kind::global);
  REQUIRE(state->accesses.size() == 3);
  REQUIRE(named(audit, "OTHER.used") != nullptr);
  CHECK(named(audit, "OTHER.used")->accesses.size() == 1);
  CHECK(named(audit, "Object.used") == nullptr);
  // The lock got its name through the parameter, and is the same.
  CHECK(access(state, helper, store)->locks == access(state, h, direct)->locks);
  CHECK_FALSE(audit.shared().conflict(*access(state, helper, store), *access(state, h, direct)));
}

TEST_CASE("locks are named by their way to the object, whatever the object is called there") {
  Build b;
  b.field("n", scalar()), b.field("counts", pointer());
  Code section(b, "section", {"self"});
  enter(section);
  const EventId in_section = section.write(section.field("self", {"n"}), number(1));
  leave(section);
  Code helper(b, "helper", {"amount", "who"});
  const EventId in_helper = helper.write(helper.field("who", {"n"}), number(1));
  Code caller(b, "caller", {"me"});
  enter(caller, "me");
  caller.call("helper", {number(1), caller.value("me")});
  leave(caller);
  Code mutex(b, "mutex", {"self"});
  lock(mutex);
  const EventId in_mutex = mutex.write(mutex.field("self", {"n"}), number(1));
  unlock(mutex);
  Code other(b, "other", {"self", "arg"});
  lock(other, {"mu"}, "arg");
  const EventId in_other = other.write(other.field("self", {"n"}), number(1));
  unlock(other, {"mu"}, "arg");
  Code global(b, "global", {"self"});
  global.call("PyMutex_Lock", {global.address("EVERYTHING")});
  const EventId in_global = global.write(global.field("self", {"n"}), number(1));
  global.call("PyMutex_Unlock", {global.address("EVERYTHING")});
  for (const char* name : {"section", "caller", "mutex", "other", "global"})
    b.method(name, name, name == std::string("other") ? 8 : 4);
  const Audit audit(b.facts, {});
  const State* n = named(audit, "Object.n");
  REQUIRE(n != nullptr);
  CHECK(access(n, section, in_section)->locks == Names{"section"});
  CHECK(access(n, helper, in_helper)->locks == Names{"section"});
  CHECK(access(n, mutex, in_mutex)->locks == Names{"&*.mu"});
  CHECK(access(n, other, in_other)->locks.empty());
  CHECK(access(n, other, in_other)->other_lock);
  CHECK(access(n, global, in_global)->locks == Names{"&g" + std::to_string(b.global("EVERYTHING").n)});
  const Shared& shared = audit.shared();
  CHECK_FALSE(shared.conflict(*access(n, section, in_section), *access(n, helper, in_helper)));
  CHECK(shared.conflict(*access(n, section, in_section), *access(n, mutex, in_mutex)));
  CHECK(shared.conflict(*access(n, mutex, in_mutex), *access(n, other, in_other)));
}

TEST_CASE("the lock of the object around a struct is the same lock from wherever it is reached") {
  Build b;
  b.record("Counts", false);
  b.field("reads", scalar(), "Counts");
  Code f(b, "f", {"self"});
  lock(f);
  f.set("counts", f.field("self", {"counts"}));
  const EventId store = f.write(f.field("counts", {"reads"}, "Counts"), number(1));
  unlock(f);
  Code g(b, "g", {"unused", "me"});
  lock(g, {"mu"}, "me");
  g.set("counts", g.field("me", {"counts"}));
  const EventId load = g.read(g.field("counts", {"reads"}, "Counts"));
  unlock(g, {"mu"}, "me");
  b.method("f", "f"), b.method("g", "g");
  const Audit audit(b.facts, {});
  const State* reads = named(audit, "Counts.reads");
  REQUIRE(reads != nullptr);
  const Access *a = access(reads, f, store), *c = access(reads, g, load);
  REQUIRE((a != nullptr && c != nullptr));
  REQUIRE(a->locks.size() == 1);
  CHECK(a->locks[0].find('^') != std::string::npos);
  CHECK(a->locks == c->locks);
  CHECK_FALSE(audit.shared().conflict(*a, *c));
}

TEST_CASE("objects that nobody else has are no state: being made, being taken down, on the stack") {
  Build b;
  b.field("n", scalar());
  Code made(b, "made", {"type", "args", "kwargs"});
  made.set("fresh", result(made.call("PyType_GenericAlloc", {made.value("type"), number(0)})));
  made.write(made.field("fresh", {"n"}), number(1));
  made.leave({made.value("fresh")});
  Code gone(b, "gone", {"self"});
  gone.write(gone.field("self", {"n"}), number(0));
  b.type("Type", {{"tp_new", function("made")}, {"tp_dealloc", function("gone")}});
  const Audit audit(b.facts, {});
  CHECK(named(audit, "Object.n") == nullptr);
}

TEST_CASE(
    "globals: thread-local, constant and atomic ones, and locks, are nobody's to race for; initialisation runs alone") {
  Build b;
  Code exec(b, "exec", {"module"});
  exec.write(exec.value("ONCE"), number(1));
  Code f(b, "f", {"self"});
  f.read(f.value("ONCE"));
  f.write(f.value("LOCAL"), number(1));
  f.write(f.value("ATOMIC"), number(1));
  f.write(f.value("PLAIN"), number(1));
  b.facts.globals[b.global("LOCAL")].is_thread_local = true;
  b.facts.globals[b.global("ATOMIC")].type.is_atomic = true;
  b.slots("slots", {{2, function("exec")}});
  b.method("f", "f");
  const Audit audit(b.facts, {});
  CHECK(named(audit, "LOCAL") == nullptr);
  CHECK(named(audit, "ATOMIC") == nullptr);
  REQUIRE(named(audit, "PLAIN") != nullptr);
  CHECK(audit.shared().race(*named(audit, "PLAIN")));
  REQUIRE(named(audit, "ONCE") != nullptr);
  CHECK_FALSE(audit.shared().race(*named(audit, "ONCE")));
}

TEST_CASE("what conflicts: a write on one side, not both atomic, no lock in common, nothing unknown") {
  Build b;
  Code f(b, "f", {"self"});
  f.here_is();
  const Audit audit(b.facts, {});
  const Shared& shared = audit.shared();
  const Access read{.locks = {}}, write{.write = true};
  CHECK(shared.conflict(write, write));
  CHECK(shared.conflict(read, write));
  CHECK_FALSE(shared.conflict(read, read));
  CHECK_FALSE(shared.conflict({.write = true, .atomic = true}, {.atomic = true}));
  CHECK(shared.conflict({.write = true, .atomic = true}, read));
  CHECK_FALSE(shared.conflict({.write = true, .locks = {"section", "&g1"}}, {.locks = {"&g1"}}));
  CHECK(shared.conflict({.write = true, .locks = {"section"}}, {.locks = {"&*.mu"}}));
  CHECK_FALSE(shared.conflict({.write = true, .unknown_lock = true}, {.locks = {"section"}}));
  CHECK(shared.conflict({.write = true, .unknown_lock = true}, read));
}

TEST_CASE("the pair that shows a race best: an unlocked write that Python reaches, and a reader in another function") {
  Build b;
  b.field("n", scalar());
  Code locked(b, "locked", {"self"});
  enter(locked);
  locked.write(locked.field("self", {"n"}), number(1));
  leave(locked);
  Code open(b, "open", {"self"});
  open.read(open.field("self", {"n"}));
  const EventId bare = open.write(open.field("self", {"n"}), number(2));
  Code reader(b, "reader", {"self"});
  const EventId seen = reader.read(reader.field("self", {"n"}));
  for (const char* name : {"locked", "open", "reader"}) b.method(name, name, 4);
  const Audit audit(b.facts, {});
  const State* n = named(audit, "Object.n");
  REQUIRE(n != nullptr);
  const std::optional<Race> race = audit.shared().race(*n);
  REQUIRE(race);
  CHECK(race->write == access(n, open, bare));
  CHECK(race->other == access(n, reader, seen));
  const std::optional<Race> by_locked =
      audit.shared().race(*n, [&](const Access& write) { return write.site.function == locked.id(); });
  REQUIRE(by_locked);
  CHECK_FALSE(by_locked->write->locks.empty());
  CHECK_FALSE(audit.shared().race(*n, [](const Access&) { return false; }));
}

TEST_CASE("a reference that is only compared is no reader") {
  Build b;
  b.field("value", object_pointer());
  Code f(b, "f", {"self"});
  const EventId asked = f.read(f.field("self", {"value"}));
  f.truth(f.field("self", {"value"}));
  Code g(b, "g", {"self"});
  enter(g);
  g.write(g.field("self", {"value"}), null());
  leave(g);
  b.method("f", "f"), b.method("g", "g");
  const Audit audit(b.facts, {});
  const State* value = named(audit, "Object.value");
  REQUIRE(value != nullptr);
  CHECK(access(value, f, asked)->tested);
  CHECK_FALSE(audit.shared().race(*value));
}

TEST_CASE("a struct that lives in frames only is not shared by the callback that gets its address") {
  const auto found = [](bool also_in_object) {
    Build b;
    b.record("Frame", false);
    b.field("n", scalar(), "Frame");
    if (also_in_object) b.field("frame", {.kind = model::Type::Kind::record, .record = "Frame"});
    Code visit(b, "visit", {"item", "data"});
    visit.write(visit.field("data", {"n"}, "Frame"), number(1));
    Code f(b, "f", {"self"});
    f.self().variables[f.variable("frame")].type = {.kind = model::Type::Kind::record, .record = "Frame"};
    f.call("walk", {function("visit"), f.address("frame")});
    b.method("f", "f", 4);
    const Audit audit(b.facts, {});
    return named(audit, "Frame.n") != nullptr;
  };
  CHECK_FALSE(found(false));
  CHECK(found(true));
}
