#include <doctest/doctest.h>

#include "build.h"

using namespace ftaudit;
using namespace ftaudit::test;
using analysis::EntryPoint;
using capi::Role;

namespace {

const EntryPoint* entry(const Audit& audit, const std::string& python_name) {
  for (const EntryPoint& one : audit.entries())
    if (one.python_name == python_name) return &one;
  return nullptr;
}

// class_<Box>(m, NAME), then what is chained to it.
EventId make_class(Code& code, const std::string& system, const std::string& name) {
  const EventId made = code.call(system + "::class_::class_", {Operand{}, code.value("m"), text(name)});
  code.self().events[made].callee_key = {};
  code.self().events[made].instance = "Box";
  return made;
}
EventId chain(Code& code, EventId to, const std::string& member, std::vector<Operand> operands) {
  operands.insert(operands.begin(), result(to));
  const EventId made = code.call(member, std::move(operands));
  code.self().events[made].callee_key = {};
  return made;
}

}  // namespace

TEST_CASE("what a class binds goes by the class's name, wherever it stands in the chain") {
  for (const std::string system : {"pybind11", "nanobind", "boost::python"}) {
    CAPTURE(system);
    Build b;
    for (const char* name : {"Box::put", "Box::size", "Box::resize", "make_box", "Box::grow"}) Code(b, name, {"this"});
    Code(b, "Box::~Box", {"this"}).self().is_destructor = true;
    Code bind(b, "bind", {"m"});
    EventId at = make_class(bind, system, "Crate");
    const EventId factory = bind.call("pybind11::init", {function("make_box")});
    bind.self().events[factory].callee_key = {};
    at = chain(bind, at, system + "::class_::def", {result(factory)});
    const EventId chosen =
        bind.call("pybind11::detail::overload_cast_impl::operator()", {Operand{}, function("Box::grow")});
    bind.self().events[chosen].callee_key = {};
    at = chain(bind, at, system + "::class_::def", {text("put"), function("Box::put")});
    at = chain(bind, at, system + "::class_::def", {text("grow"), result(chosen)});
    chain(bind, at, system + "::class_::def_property", {text("size"), function("Box::size"), function("Box::resize")});
    const Audit audit(b.facts, {});
    struct Expected {
      std::string name, function;
      Role role;
    };
    for (const Expected& one : std::vector<Expected>{{"Crate.put", "Box::put", Role::method},
                                                     {"Crate.grow", "Box::grow", Role::method},
                                                     {"Crate.__init__", "make_box", Role::new_slot},
                                                     {"Crate.tp_dealloc", "Box::~Box", Role::dealloc}}) {
      CAPTURE(one.name);
      const EntryPoint* found = entry(audit, one.name);
      REQUIRE(found != nullptr);
      CHECK(audit.program().function(found->function).name == one.function);
      CHECK(found->role == one.role);
    }
    for (const EntryPoint& one : audit.entries())
      if (one.python_name == "Crate.size")
        CHECK(one.role == (audit.program().function(one.function).name == "Box::size" ? Role::getter : Role::setter));
    // What is only handed on on the way is no callback of its own.
    CHECK(std::none_of(audit.entries().begin(), audit.entries().end(),
                       [](const EntryPoint& one) { return one.role == Role::callback && !one.exported; }));
  }
}

TEST_CASE("what pickles an object and what makes one of the pickle have the names that Python asks for") {
  Build b;
  for (const char* name : {"state_of", "of_state"}) Code(b, name, {"box"});
  Code bind(b, "bind", {"m"});
  const EventId at = make_class(bind, "pybind11", "Crate");
  const EventId pair = bind.call("pybind11::pickle", {function("state_of"), function("of_state")});
  bind.self().events[pair].callee_key = {};
  chain(bind, at, "pybind11::class_::def", {result(pair)});
  const Audit audit(b.facts, {});
  const EntryPoint *get = entry(audit, "Crate.__getstate__"), *set = entry(audit, "Crate.__setstate__");
  REQUIRE(get != nullptr);
  REQUIRE(set != nullptr);
  CHECK(audit.program().function(get->function).name == "state_of");
  CHECK(get->role == Role::method);
  CHECK(audit.program().function(set->function).name == "of_state");
  CHECK(set->role == Role::new_slot);
}

TEST_CASE("a function bound to the module has its own name alone") {
  Build b;
  Code(b, "weigh", {"box"});
  Code bind(b, "bind", {"m"});
  const EventId at = bind.call("pybind11::module_::def", {bind.value("m"), text("weigh"), function("weigh")});
  bind.self().events[at].callee_key = {};
  const Audit audit(b.facts, {});
  REQUIRE(entry(audit, "weigh") != nullptr);
  CHECK(entry(audit, "weigh")->role == Role::method);
}

TEST_CASE("a call through a vtable reaches what overrides it, by signature") {
  Build b;
  Code below(b, "Square::area", {"this"});
  below.self().key = {"_ZN6Square4areaEi"};
  below.self().overrides = {{"_ZN5Shape4areaEi"}};
  Code other(b, "Square::area", {"this"});
  other.self().key = {"_ZN6Square4areaEd"};
  Code caller(b, "measure", {"shape"});
  const EventId at = caller.call("Shape::area", {caller.value("shape")});
  caller.self().events[at].callee_key = {"_ZN5Shape4areaEi"};
  caller.self().events[at].is_virtual = true;
  const Audit audit(b.facts, {});
  CHECK(audit.program().calls_to(FunctionId(0)).size() == 1);
  CHECK(audit.program().calls_to(FunctionId(1)).empty());
}

TEST_CASE("what overrides a library's method is called by the library") {
  Build b;
  Code listener(b, "Listener::heard", {"this"});
  listener.self().overrides_library = true;
  Code(b, "Listener::idle", {"this"});
  const Audit audit(b.facts, {});
  REQUIRE(audit.contexts().entry(FunctionId(0)) != nullptr);
  CHECK(audit.contexts().entry(FunctionId(0))->role == Role::callback);
  CHECK(!audit.contexts().entry(FunctionId(0))->exported);
  CHECK(audit.contexts().entry(FunctionId(1)) == nullptr);
}
