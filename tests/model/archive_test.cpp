#include <doctest/doctest.h>

#include <random>
#include <sstream>

#include "model/archive.h"
#include "model/join.h"
#include "model/print.h"
#include "whole_facts.h"

using namespace ftaudit;
using namespace ftaudit::model;

namespace {

std::string printed(const Facts& facts) {
  std::ostringstream out;
  print(out, facts);
  return out.str();
}

// How many members a struct has: as many as it can be initialised with.
struct Anything {
  template <class T> operator T() const;
};
template <class T, class... Given> constexpr std::size_t members() {
  if constexpr (requires { T{Given{}..., Anything{}}; }) return members<T, Given..., Anything>();
  else return sizeof...(Given);
}

struct Count {
  std::size_t fields = 0;
  template <class... V> void operator()(const V&...) { fields = sizeof...(V); }
};
template <class T> bool whole() {
  Count count;
  const T value{};
  fields(count, value);
  return count.fields == members<T>();
}

}  // namespace

TEST_CASE("every field is named in fields.h") {
  CHECK(whole<Span>());
  CHECK(whole<Type>());
  CHECK(whole<Variable>());
  CHECK(whole<Global>());
  CHECK(whole<Field>());
  CHECK(whole<Record>());
  CHECK(whole<Step>());
  CHECK(whole<Place>());
  CHECK(whole<Operand>());
  CHECK(whole<MacroUse>());
  CHECK(whole<Event>());
  CHECK(whole<Shape>());
  CHECK(whole<Block>());
  CHECK(whole<Function>());
  CHECK(whole<Cell>());
  CHECK(whole<Row>());
  CHECK(whole<Table>());
  CHECK(whole<MacroFact>());
  CHECK(whole<Region>());
  CHECK(whole<Allowance>());
  CHECK(whole<Absence>());
  CHECK(whole<Remark>());
  CHECK(whole<Demand>());
  CHECK(whole<Omission>());
  CHECK(whole<Source>());
  CHECK(whole<Unit>());
  CHECK(whole<Facts>());
  CHECK(members<Span>() == 5);
  CHECK(members<Facts>() == 14);
}

TEST_CASE("facts come back as they went") {
  const Facts facts = test::whole_facts();
  const std::string bytes = to_bytes(facts);
  const auto again = from_bytes(bytes);
  REQUIRE(again.ok());
  CHECK(to_bytes(*again) == bytes);
  CHECK(printed(*again) == printed(facts));
  CHECK(again->functions.at(1).events.at(1).operands[1].parts[1].number ==
        facts.functions.at(1).events.at(1).operands[1].parts[1].number);
  CHECK(again->functions.at(1).events.at(1).operands[1].parts[1].number < -1000000007LL);
  CHECK(again->units[1].missing_headers == facts.units[1].missing_headers);
  CHECK(from_bytes(to_bytes(Facts{})).ok());
}

TEST_CASE("numbers at their limits") {
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1}, INT64_MAX, INT64_MIN,
                               std::int64_t{127}, std::int64_t{128}, std::int64_t{-129}}) {
    Facts facts;
    facts.functions.emplace_back().events.emplace_back().operands.emplace_back().number = n;
    const auto again = from_bytes(to_bytes(facts));
    REQUIRE(again.ok());
    CHECK(again->functions.at(0).events.at(0).operands[0].number == n);
    CHECK(again->functions.at(0).events.at(0).place == none);
  }
}

TEST_CASE("no part of the bytes passes for the whole") {
  const std::string bytes = to_bytes(test::whole_facts());
  REQUIRE(bytes.size() > 1000);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    REQUIRE_FALSE(from_bytes(std::string_view(bytes).substr(0, size)).ok());
  CHECK_FALSE(from_bytes(bytes + '\0').ok());
  CHECK_FALSE(from_bytes("ftaudit-facts-0\n" + bytes.substr(16)).ok());
}

TEST_CASE("operands that nest without end, and sizes that are no sizes") {
  Facts facts;
  Operand* operand = &facts.functions.emplace_back().events.emplace_back().operands.emplace_back();
  for (int i = 0; i < 5000; ++i) operand = &operand->parts.emplace_back();
  CHECK_FALSE(from_bytes(to_bytes(facts)).ok());
  const std::string empty = to_bytes(Facts{});
  CHECK_FALSE(from_bytes(empty.substr(0, 16) + std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10)).ok());
}

TEST_CASE("whatever the bytes are, what is accepted can be printed and joined") {
  const std::string bytes = to_bytes(test::whole_facts());
  std::mt19937 random(20250101);
  unsigned accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string mutated = bytes;
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
      const std::size_t at = 16 + random() % (mutated.size() - 16);
      switch (random() % 4) {
        case 0: mutated[at] = static_cast<char>(random()); break;
        case 1: mutated.erase(at, 1 + random() % 3); break;
        case 2: mutated.insert(at, 1 + random() % 3, static_cast<char>(random())); break;
        case 3: mutated[at] = static_cast<char>(mutated[at] ^ 1 << random() % 8); break;
      }
    }
    auto facts = from_bytes(mutated);
    if (!facts.ok()) continue;
    ++accepted;
    const std::string text = printed(*facts);
    CHECK_FALSE(text.empty());
    CHECK_FALSE(printed(join({*facts, test::whole_facts(), std::move(*facts)})).empty());
  }
  CHECK(accepted > 100);
  CHECK(accepted < 20000);
}
