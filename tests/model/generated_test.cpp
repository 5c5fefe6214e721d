#include "model/generated.h"

#include <doctest/doctest.h>

using namespace ftaudit::model;

TEST_CASE("a generator's runtime is its own, what it made of declarations is not") {
  Facts facts;
  facts.files = {"wrap.c", "hand.c"};
  for (const char* generator : {"swig", ""}) {
    Unit unit;
    unit.file = FileId(facts.units.size()), unit.generator = generator;
    facts.units.push_back(unit);
  }
  const auto add = [&](const char* name, std::uint32_t file) {
    Function function;
    function.name = name, function.span.file = FileId(file);
    facts.functions.push_back(function);
  };
  add("SWIG_Python_ConvertPtrAndOwn", 0), add("_wrap_area", 0), add("SwigPyObject_dealloc", 0), add("SWIG_Init", 1);
  mark_generated(facts);
  CHECK(facts.functions.at(0).is_support);
  CHECK_FALSE(facts.functions.at(1).is_support);
  CHECK(facts.functions.at(2).is_support);
  CHECK_FALSE(facts.functions.at(3).is_support);
}
