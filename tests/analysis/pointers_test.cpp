// Calls through pointers: which functions they lead to, and what that says about who gets where.
#include <doctest/doctest.h>

#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using capi::Role;

namespace {

const analysis::EntryPoint* entry(const Audit& audit, FunctionId id) { return audit.contexts().entry(id); }

// A field of a project struct that holds a function pointer.
Operand pointer_field(Code& code, const std::string& object, const std::string& field) {
  Operand out = code.field(object, {field}, "Ops");
  code.self().places[out.place].type = {
      .kind = model::Type::Kind::pointer, .spelling = "int (*)(PyObject *)", .to_function = true};
  return out;
}

Operand pointer_variable(Code& code, const std::string& name) {
  Operand out = code.value(name);
  code.self().places[out.place].type.to_function = true;
  code.self().variables[code.self().places[out.place].variable].type.to_function = true;
  return out;
}

void call_through(Code& code, Operand target, std::vector<Operand> operands = {}) {
  const EventId e = code.call("", std::move(operands));
  code.self().events[e].target = std::move(target);
}

Build with_ops() {
  Build b;
  b.record("Ops", false);
  return b;
}

}  // namespace

TEST_CASE("functions in tables are called through the field they stand in") {
  Build b = with_ops();
  for (const char* name : {"read_a", "read_b", "write_a", "uncalled"}) Code(b, name, {"self"});
  b.table("ops_a", "Ops",
          {{{"read", function("read_a")}, {"write", function("write_a")}, {"close", function("uncalled")}}});
  b.table("ops_b", "Ops", {{{"read", function("read_b")}}});
  Code exec(b, "exec", {"module"});
  call_through(exec, pointer_field(exec, "module", "write"));
  Code method(b, "method", {"self", "arg"});
  call_through(method, pointer_field(method, "self", "read"));
  b.slots("slots", {{2, function("exec")}});
  b.method("method", "method");
  const Audit audit(b.facts, {});
  const analysis::Contexts& contexts = audit.contexts();
  CHECK(entry(audit, b.id("read_a")) == nullptr);
  CHECK(contexts.concurrent(b.id("read_a")));
  CHECK(contexts.concurrent(b.id("read_b")));
  CHECK(contexts.init_only(b.id("write_a")));
  CHECK(contexts.entry_names(b.id("read_b")) == std::vector<std::string>{"method"});
  // Nobody here calls it: somebody else may.
  REQUIRE(entry(audit, b.id("uncalled")) != nullptr);
  CHECK(entry(audit, b.id("uncalled"))->role == Role::callback);
}

TEST_CASE("functions passed as parameters are called where the parameter is") {
  Build b = with_ops();
  Code(b, "visit", {"item"});
  Code walk(b, "walk", {"self", "f"});
  call_through(walk, pointer_variable(walk, "f"), {walk.value("self")});
  Code outer(b, "outer", {"self", "g"});
  const Operand g = pointer_variable(outer, "g");
  outer.call("walk", {outer.value("self"), g});
  Code method(b, "method", {"self", "arg"});
  method.call("outer", {method.value("self"), function("visit")});
  b.method("method", "method");
  const Audit audit(b.facts, {});
  CHECK(entry(audit, b.id("visit")) == nullptr);
  CHECK(audit.contexts().concurrent(b.id("visit")));
  bool found = false;
  for (const analysis::Edge& edge : audit.program().calls_to(b.id("visit")))
    found |= edge.from == b.id("walk") && edge.indirect && !edge.mention;
  CHECK(found);
}

TEST_CASE("a pointer kept in a field comes back out of it") {
  Build b = with_ops();
  Code(b, "hook", {"self"});
  Code set(b, "set", {"self", "arg"});
  set.write(pointer_field(set, "self", "hook"), function("hook"));
  Code run(b, "run", {"self", "arg"});
  const Operand local = pointer_variable(run, "f");
  run.write(local, pointer_field(run, "self", "hook"));
  call_through(run, local, {run.value("self")});
  b.method("set", "set"), b.method("run", "run");
  const Audit audit(b.facts, {});
  bool found = false;
  for (const analysis::Edge& edge : audit.program().calls_to(b.id("hook"))) found |= edge.from == b.id("run");
  CHECK(found);
  CHECK(entry(audit, b.id("hook")) == nullptr);
}

TEST_CASE("a comparator runs where qsort is called") {
  Build b;
  Code(b, "compare", {"a", "b"});
  Code exec(b, "exec", {"module"});
  exec.call("PyErr_Occurred");
  const EventId sort = exec.call("qsort", {exec.value("module"), number(3), number(8), function("compare")});
  exec.self().events[sort].callee_key = {};
  b.slots("slots", {{2, function("exec")}});
  const Audit audit(b.facts, {});
  CHECK(entry(audit, b.id("compare")) == nullptr);
  CHECK(audit.contexts().init_only(b.id("compare")));
}

TEST_CASE("slots filled by code are entries of their kind") {
  Build b;
  for (const char* name : {"make", "free_it", "later"}) Code(b, name, {"self"});
  Code exec(b, "exec", {"module"});
  const Operand array = exec.value("slots");
  exec.self().places[array.place].type = {
      .kind = model::Type::Kind::array, .spelling = "PyType_Slot[3]", .record = "PyType_Slot"};
  const auto row = [](std::int64_t slot, const std::string& key) {
    Operand out;
    out.kind = Operand::Kind::parts, out.parts = {number(slot), test::function(key)};
    return out;
  };
  Operand all;
  all.kind = Operand::Kind::parts, all.parts = {row(65, "make"), row(52, "free_it")};
  exec.write(array, std::move(all));
  exec.write(exec.field("slots", {"[]", "slot"}, "PyType_Slot"), number(62));
  exec.write(exec.field("slots", {"[]", "pfunc"}, "PyType_Slot"), function("later"));
  b.slots("module_slots", {{2, function("exec")}});
  const Audit audit(b.facts, {});
  REQUIRE(entry(audit, b.id("make")) != nullptr);
  CHECK(entry(audit, b.id("make"))->role == Role::new_slot);
  REQUIRE(entry(audit, b.id("free_it")) != nullptr);
  CHECK(entry(audit, b.id("free_it"))->role == Role::dealloc);
  REQUIRE(entry(audit, b.id("later")) != nullptr);
  CHECK(entry(audit, b.id("later"))->slot == "tp_iter");
}

TEST_CASE("the shortest way from an entry point") {
  Build b;
  Code(b, "leaf", {"self"});
  Code middle(b, "middle", {"self"});
  const EventId last = middle.call("leaf");
  Code exec(b, "exec", {"module"});
  exec.call("leaf");
  Code method(b, "method", {"self", "arg"});
  method.here_is();
  const EventId first = method.call("middle");
  b.slots("slots", {{2, function("exec")}});
  b.method("method", "method");
  const Audit audit(b.facts, {});
  const std::vector<analysis::Site> path = audit.contexts().entry_path(b.id("leaf"));
  REQUIRE(path.size() == 2);
  CHECK(path[0].function == b.id("method"));
  CHECK(path[0].event == first);
  CHECK(path[1].function == b.id("middle"));
  CHECK(path[1].event == last);
  CHECK(audit.contexts().entry_path(b.id("method")).empty());
}

TEST_CASE("what runs when the module is loaded is init") {
  Build b;
  Code(b, "setup", {});
  Code initialiser(b, "initialiser of cache", {});
  initialiser.self().is_initialiser = true;
  initialiser.call("setup");
  const Audit audit(b.facts, {});
  CHECK(audit.contexts().init_only(b.id("setup")));
}

TEST_CASE("a captured variable is the one around the lambda") {
  Build b;
  Code lambda(b, "lambda", {"n"});
  lambda.self().is_lambda = true;
  lambda.self().variables.push_back({.name = "self", .storage = model::Storage::captured});
  Code method(b, "method", {"self"});
  Operand closure = function("lambda");
  closure.parts.push_back(method.value("self"));
  const EventId made = method.set("f", closure);
  method.self().places[method.self().events[made].place].type = {.kind = model::Type::Kind::record,
                                                                 .spelling = "(lambda)"};
  method.call("lambda", {number(1)});
  b.method("method", "method");
  const Audit audit(b.facts, {});
  const analysis::Program& program = audit.program();
  CHECK(program.creation(b.id("lambda")).in == b.id("method"));
  CHECK(program.creation(b.id("lambda")).event == made);
  REQUIRE(program.captured(b.id("lambda"), 1) != nullptr);
  CHECK(program.captured(b.id("lambda"), 1)->kind == Operand::Kind::place);
  CHECK(program.captured(b.id("lambda"), 0) == nullptr);
  for (const analysis::Edge& edge : program.calls_to(b.id("lambda"))) CHECK_FALSE(edge.mention);
}
