#include <doctest/doctest.h>

#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using capi::Role;

namespace {

const analysis::EntryPoint* entry(const Audit& audit, FunctionId id) { return audit.contexts().entry(id); }

}  // namespace

TEST_CASE("tables make entry points, with the names Python uses") {
  Build b;
  for (const char* name : {"get", "size_get", "size_set", "init", "dealloc", "traverse", "iternext", "exec", "create",
                           "freed", "unlisted"})
    Code(b, name, {"self", "args"});
  b.table("methods", "PyMethodDef",
          {{{"ml_name", text("get")}, {"ml_meth", function("get")}, {"ml_flags", number(analysis::meth_varargs)}},
           {{"ml_name", null()}}});
  b.table("getset", "PyGetSetDef",
          {{{"name", text("size")}, {"get", function("size_get")}, {"set", function("size_set")}}});
  b.type("spam.Box", {{"tp_init", function("init")},
                      {"tp_dealloc", function("dealloc")},
                      {"tp_methods", b.global_operand("methods")},
                      {"tp_getset", b.global_operand("getset")}});
  b.table("box_slots", "PyType_Slot",
          {{{"slot", number(71)}, {"pfunc", function("traverse")}},
           {{"slot", number(63)}, {"pfunc", function("iternext")}},
           {{"slot", number(0)}}});
  b.slots("module_slots", {{1, function("create")}, {2, function("exec")}, {0, null()}});
  b.table("module", "PyModuleDef",
          {{{"m_name", text("spam")}, {"m_slots", b.global_operand("module_slots")}, {"m_free", function("freed")}}});
  const Audit audit(b.facts, {});
  const auto is = [&](const char* name, Role role, const std::string& python) {
    const analysis::EntryPoint* found = entry(audit, b.id(name));
    REQUIRE_MESSAGE(found != nullptr, name);
    CHECK_MESSAGE(found->role == role, name);
    CHECK(found->python_name == python);
  };
  is("get", Role::method, "spam.Box.get");
  is("size_get", Role::getter, "spam.Box.size");
  is("size_set", Role::setter, "spam.Box.size");
  is("init", Role::init_slot, "spam.Box.tp_init");
  is("dealloc", Role::dealloc, "spam.Box.tp_dealloc");
  CHECK(entry(audit, b.id("traverse"))->role == Role::traverse);
  CHECK(entry(audit, b.id("traverse"))->slot == "tp_traverse");
  CHECK(entry(audit, b.id("iternext"))->slot == "tp_iternext");
  is("exec", Role::module_exec, "spam");
  is("create", Role::module_create, "spam");
  is("freed", Role::module_free, "spam.m_free");
  CHECK(entry(audit, b.id("unlisted")) == nullptr);
  CHECK(entry(audit, b.id("get"))->flags == analysis::meth_varargs);
}

TEST_CASE("tables that code hands to a type go by the type's name") {
  Build b;
  for (const char* name : {"get", "size_get", "stray"}) Code(b, name, {"self", "args"});
  b.table("methods", "PyMethodDef", {{{"ml_name", text("get")}, {"ml_meth", function("get")}}});
  b.table("Getset", "PyGetSetDef", {{{"name", text("size")}, {"get", function("size_get")}}});
  b.table("others", "PyMethodDef", {{{"ml_name", text("stray")}, {"ml_meth", function("stray")}}});
  b.table("Box_type", "PyTypeObject", {{{"tp_name", text("spam.Box")}}});
  Code exec(b, "exec", {"module"});
  exec.write(exec.field("Box_type", {"tp_methods"}, "PyTypeObject"), b.global_operand("methods"));
  exec.write(exec.field("Box_type", {"tp_getset"}, "PyTypeObject"), exec.address("Getset"));
  const Audit audit(b.facts, {});
  CHECK(entry(audit, b.id("get"))->python_name == "spam.Box.get");
  CHECK(entry(audit, b.id("size_get"))->python_name == "spam.Box.size");
  CHECK(entry(audit, b.id("stray"))->python_name == "stray");
}

TEST_CASE("who gets where: the import lock, an object of one's own, everybody") {
  Build b;
  for (const char* leaf : {"only_init", "both", "only_dealloc", "everybody", "nobody"}) Code(b, leaf, {"self"});
  Code exec(b, "exec", {"module"});
  exec.call("only_init"), exec.call("both");
  Code dealloc(b, "dealloc", {"self"});
  dealloc.call("only_dealloc"), dealloc.call("everybody");
  Code method(b, "method", {"self", "arg"});
  method.call("both"), method.call("everybody");
  b.slots("slots", {{2, function("exec")}});
  b.type("spam.Box", {{"tp_dealloc", function("dealloc")}});
  b.method("method", "method");
  const Audit audit(b.facts, {});
  const analysis::Contexts& contexts = audit.contexts();
  CHECK(contexts.init_only(b.id("exec")));
  CHECK(contexts.init_only(b.id("only_init")));
  CHECK_FALSE(contexts.concurrent(b.id("only_init")));
  CHECK_FALSE(contexts.init_only(b.id("both")));
  CHECK(contexts.concurrent(b.id("both")));
  CHECK(contexts.exclusive(b.id("dealloc")));
  CHECK(contexts.exclusive(b.id("only_dealloc")));
  CHECK_FALSE(contexts.exclusive(b.id("everybody")));
  CHECK(contexts.concurrent(b.id("everybody")));
  CHECK_FALSE(contexts.concurrent(b.id("nobody")));
  CHECK(contexts.entry_names(b.id("both")) == std::vector<std::string>{"method"});
  std::vector<FunctionId> visited;
  audit.each_concurrent_function([&](FunctionId id) { visited.push_back(id); });
  CHECK(std::find(visited.begin(), visited.end(), b.id("only_init")) == visited.end());
  CHECK(std::find(visited.begin(), visited.end(), b.id("method")) != visited.end());
}

TEST_CASE("an external function that nobody here calls is entered from who knows where") {
  Build b;
  Code exported(b, "exported", {"a"}, true);
  exported.call("inner");
  Code inner(b, "inner", {"a"});
  Code internal(b, "internal", {"a"});
  const Audit audit(b.facts, {});
  REQUIRE(entry(audit, b.id("exported")) != nullptr);
  CHECK(entry(audit, b.id("exported"))->exported);
  CHECK(audit.contexts().reached(b.id("inner")));
  CHECK_FALSE(audit.contexts().reached(b.id("internal")));
}

TEST_CASE("a function handed over is entered by whom it was handed to") {
  Build b;
  Code callback(b, "callback", {"data"});
  Code pending(b, "thread", {"data"});
  Code called(b, "called", {"data"});
  Code taker(b, "taker", {"f"});
  Code exec(b, "exec", {"module"});
  exec.call("PyThread_start_new_thread", {function("thread"), null()});
  exec.call("PyCapsule_New", {null(), null(), function("callback")});
  exec.call("taker", {function("called")});
  b.slots("slots", {{2, function("exec")}});
  const Audit audit(b.facts, {});
  REQUIRE(entry(audit, b.id("thread")) != nullptr);
  CHECK(entry(audit, b.id("thread"))->role == Role::detached);
  CHECK(audit.contexts().concurrent(b.id("thread")));
  REQUIRE(entry(audit, b.id("callback")) != nullptr);
  CHECK(entry(audit, b.id("callback"))->role == Role::callback);
  // A project function that takes a callback calls it itself.
  CHECK(entry(audit, b.id("called")) == nullptr);
  CHECK(audit.contexts().init_only(b.id("called")));
}
