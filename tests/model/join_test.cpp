#include <doctest/doctest.h>

#include "model/archive.h"
#include "model/join.h"

using namespace ftaudit;
using namespace ftaudit::model;

namespace {

// A unit of one file that sees `header.h` as well.
Facts unit(const std::string& name) {
  Facts out;
  out.files = {name, "header.h"};
  out.units.push_back({.file = FileId(0), .language = "c", .parsed = true});
  return out;
}

Function& function(Facts& facts, const std::string& key, std::uint32_t file, std::uint32_t line,
                   bool external = false) {
  Function made;
  made.key = {key}, made.name = key.substr(key.find('|') + 1);
  made.span = made.name_span = {FileId(file), line, 1, line, 9};
  made.is_external = external;
  made.blocks.emplace_back().last = EventId(1);
  Event& event = made.events.emplace_back();
  event.callee = "PyErr_Occurred";
  event.span = {FileId(file), line, 5, line, 7};
  facts.units[0].functions.push_back(made.key);
  return facts.functions.emplace_back(std::move(made));
}

void global(Facts& facts, const std::string& key, std::uint32_t file, bool defined) {
  facts.globals.push_back(
      {.key = key, .name = key, .span = {FileId(file), 3, 1, 3, 5}, .is_external = true, .is_defined = defined});
}

}  // namespace

TEST_CASE("a header's function is kept once, under one number for its file") {
  Facts a = unit("a.c"), b = unit("b.c");
  b.files = {"b.c", "other.h", "header.h"};
  function(a, "header.h|shared", 1, 7);
  function(b, "header.h|shared", 2, 7);
  function(b, "b.c|own", 0, 3);
  const Facts whole = join({a, b});
  CHECK(whole.files == std::vector<std::string>{"a.c", "header.h", "b.c", "other.h"});
  REQUIRE(whole.functions.size() == 2);
  CHECK(whole.functions.at(0).key.text == "header.h|shared");
  CHECK(whole.functions.at(0).span.file.n == 1);
  CHECK(whole.functions.at(0).events.at(0).span.file.n == 1);
  CHECK(whole.functions.at(1).key.text == "b.c|own");
  CHECK(whole.functions.at(1).span.file.n == 2);
  REQUIRE(whole.units.size() == 2);
  CHECK(whole.units[1].file.n == 2);
}

TEST_CASE("an internal function whose bodies differ is kept twice, and each unit calls its own") {
  Facts a = unit("a.c"), b = unit("b.c"), c = unit("c.c");
  for (Facts* facts : {&a, &b, &c}) {
    function(*facts, "header.h|varies", 1, 7).events.at(0).callee = facts == &b ? "PyList_New" : "PyDict_New";
    Function& caller = function(*facts, facts->files.at(0) + "|caller", 0, 3);
    caller.events.at(0).callee = "varies";
    caller.events.at(0).callee_key = {"header.h|varies"};
  }
  const Facts whole = join({a, b, c});
  CHECK(whole.functions.size() == 5);
  const auto called = [&](const std::string& caller) {
    for (const Function& f : whole.functions)
      if (f.key.text == caller)
        for (const Function& g : whole.functions)
          if (g.key == f.events.at(0).callee_key) return g.events.at(0).callee;
    return std::string("nothing");
  };
  CHECK(called("a.c|caller") == "PyDict_New");
  CHECK(called("b.c|caller") == "PyList_New");
  CHECK(called("c.c|caller") == "PyDict_New");
  for (const Unit& each : whole.units)
    for (const FunctionKey& key : each.functions) {
      bool found = false;
      for (const Function& f : whole.functions) found |= f.key == key;
      CHECK_MESSAGE(found, key.text);
    }
}

TEST_CASE("an external function is one function, whoever saw it") {
  Facts a = unit("a.cpp"), b = unit("b.cpp");
  function(a, "_Z4sizev", 1, 7, true);
  function(b, "_Z4sizev", 1, 7, true).events.at(0).callee = "Other";
  CHECK(join({a, b}).functions.size() == 1);
}

TEST_CASE("what modules of one project define under the same names, each keeps") {
  Facts a = unit("left.c"), b = unit("right.c"), c = unit("third.c");
  for (Facts* facts : {&a, &b}) {
    facts->records.push_back({.name = "Session", .span = {FileId(0), 2, 1, 4, 1}, .fields = {{.name = "count"}}});
    facts->records.push_back({.name = "Shared", .span = {FileId(1), 2, 1, 4, 1}, .fields = {{.name = "count"}}});
    global(*facts, "methods", 0, true);
    facts->tables.push_back({.variable = GlobalId(0)});
    Function& start = function(*facts, "start", 0, 7, true);
    start.places.push_back({.root = Place::Root::global, .global = GlobalId(0)});
    for (const char* record : {"Session", "Shared"})
      start.places[0].steps.push_back({Step::Kind::field, "count", record});
    Function& caller = function(*facts, facts->files.at(0) + "|caller", 0, 9);
    caller.events.at(0).callee_key = {"start"};
  }
  function(c, "start", 1, 7, true).body_known = false;
  const Facts whole = join({a, b, c});
  REQUIRE(whole.functions.size() == 4);
  CHECK(whole.functions.at(1).events.at(0).callee_key == whole.functions.at(0).key);
  CHECK(whole.functions.at(3).events.at(0).callee_key == whole.functions.at(2).key);
  CHECK(whole.functions.at(0).key != whole.functions.at(2).key);
  CHECK(whole.functions.at(2).name == "start");
  REQUIRE(whole.globals.size() == 2);
  CHECK(whole.tables.size() == 2);
  CHECK(whole.functions.at(2).places[0].global.n == 1);
  REQUIRE(whole.records.size() == 3);
  CHECK(whole.records[0].name == "Session");
  CHECK(whole.records[2].name == "Session@right.c");
  CHECK(whole.functions.at(0).places[0].steps[0].record == "Session");
  CHECK(whole.functions.at(2).places[0].steps[0].record == "Session@right.c");
  CHECK(whole.functions.at(2).places[0].steps[1].record == "Shared");
  CHECK(to_bytes(join({whole})) == to_bytes(whole));
}

TEST_CASE("a definition knows more than a declaration, in either order") {
  for (const bool defined_first : {true, false}) {
    Facts a = unit("a.c"), b = unit("b.c");
    global(a, "cache", 1, defined_first);
    a.globals.insert(a.globals.begin(), {.key = "first", .name = "first"});
    global(b, "cache", 0, !defined_first);
    Place place;
    place.root = Place::Root::global, place.global = GlobalId(0);
    function(b, "b.c|user", 0, 9).places.push_back(place);
    const Facts whole = join({a, b});
    REQUIRE(whole.globals.size() == 2);
    CHECK(whole.globals.at(1).name == "cache");
    CHECK(whole.globals.at(1).is_defined);
    CHECK(whole.files[whole.globals.at(1).span.file] == (defined_first ? "header.h" : "b.c"));
    CHECK(whole.functions.at(0).places[0].global.n == 1);
  }
}

TEST_CASE("tables, records, regions and remarks of headers are kept once; what was omitted, each time") {
  Facts a = unit("a.c");
  global(a, "table", 1, true);
  a.records.push_back({.name = "Box"});
  a.tables.push_back({.variable = GlobalId(0), .record = "PyMethodDef"});
  a.macros.push_back({.name = "Py_LIMITED_API", .span = {FileId(1), 2, 1, 2, 3}, .definition = true});
  a.regions.push_back({FileId(1), 4, 9, "defined(Py_GIL_DISABLED)", true});
  a.allowances.push_back({{FileId(1), 5, 1, 5, 9}, "ftaudit: allow FT101"});
  a.absences.push_back({{FileId(1), 6, 1, 6, 9}, "ob_refcnt"});
  a.omissions.push_back({FileId(0), "missing header nowhere.h"});
  Facts b = a;
  b.files.at(0) = "b.c";
  const Facts whole = join({a, b});
  CHECK(whole.records.size() == 1);
  CHECK(whole.tables.size() == 1);
  CHECK(whole.macros.size() == 1);
  CHECK(whole.regions.size() == 1);
  CHECK(whole.allowances.size() == 1);
  CHECK(whole.absences.size() == 1);
  REQUIRE(whole.omissions.size() == 2);
  CHECK(whole.files[whole.omissions[1].file] == "b.c");
}

TEST_CASE("the same units in the same order give the same bytes; joining what is joined changes nothing") {
  std::vector<Facts> units;
  for (int n = 0; n < 20; ++n) {
    Facts facts = unit("unit" + std::to_string(n) + ".c");
    function(facts, "header.h|shared", 1, 7);
    function(facts, facts.files.at(0) + "|own", 0, 3);
    global(facts, "global" + std::to_string(n % 7), 0, n % 2 == 0);
    units.push_back(std::move(facts));
  }
  const Facts whole = join(units);
  CHECK(to_bytes(whole) == to_bytes(join(units)));
  CHECK(to_bytes(join({whole})) == to_bytes(whole));
  CHECK(join({}).functions.empty());
}

TEST_CASE("the pattern of a template and its absence of a body stay in the whole") {
  Facts a = unit("a.cpp"), b = unit("b.cpp");
  for (Facts* facts : {&a, &b}) {
    Function& pattern = function(*facts, "header.h|never@3:20", 1, 3, true);
    pattern.body_known = false;
    pattern.blocks.clear(), pattern.events.clear();
  }
  const Facts whole = join({a, b});
  REQUIRE(whole.functions.size() == 1);
  CHECK_FALSE(whole.functions.at(0).body_known);
}
