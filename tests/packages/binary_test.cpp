// Libraries broken in thousands of ways: each is read or refused, never a crash, and always within limits. What whole
// ones declare is compared with an interpreter by agreement.py.
#include "packages/binaries/binary.h"

#include <doctest/doctest.h>

#include <random>

#include "base/files.h"
#include "packages/binaries/declaration.h"
#include "packages/binaries/module_slots.h"

using namespace ftaudit;
using namespace ftaudit::packages;

namespace {

Load memory(const std::vector<std::uint64_t>& words) {
  return [words](std::uint64_t at, unsigned size) -> std::optional<std::uint64_t> {
    if (at + size > words.size() * 8) return std::nullopt;
    const std::uint64_t word = words[at / 8] >> (8 * (at % 8));
    return size >= 8 ? word : word & ((std::uint64_t{1} << (8 * size)) - 1);
  };
}

// The test program itself is no extension module, but a real library of the machine's own format.
std::string library() {
  const Result<std::string> bytes = read_file(FTAUDIT_TEST_MODULE);
  REQUIRE(bytes.ok());
  return *bytes;
}

}  // namespace

TEST_CASE("a library that can make no module does not keep silent: its module's maker speaks") {
  const Result<std::string> bytes = read_file(FTAUDIT_TEST_HANDED);
  REQUIRE(bytes.ok());
  const Result<Binary> binary = read_binary(*bytes);
  REQUIRE(binary.ok());
  REQUIRE(binary->modules.size() == 1);
  CHECK(binary->modules[0].gil == Gil::unknown);
  CHECK(binary->modules[0].style == InitStyle::delegated);
  CHECK(binary->modules[0].delegate == "the_maker");
}

TEST_CASE("slots of PyModuleDef in both numberings") {
  CHECK(read_module_slots(memory({2, 0x1000, 4, 1, 0, 0}), 0, 8).gil == Gil::not_used);
  CHECK(read_module_slots(memory({2, 0x1000, 4, 0, 0, 0}), 0, 8).gil == Gil::used);
  CHECK(read_module_slots(memory({85, 0x1000, 87, 1, 0, 0}), 0, 8).gil == Gil::not_used);
  CHECK(read_module_slots(memory({2, 0x1000, 3, 2, 0, 0}), 0, 8).gil == Gil::missing);
  CHECK(read_module_slots(memory({0, 0}), 0, 8).gil == Gil::missing);
  CHECK(read_module_slots(memory({2, 0x1000}), 0, 8).gil == Gil::unknown);
  CHECK(read_module_slots(memory({4, 7, 0, 0}), 0, 8).gil == Gil::unknown);
  CHECK(read_module_slots(memory({123456, 7, 0, 0}), 0, 8).gil == Gil::unknown);
}

TEST_CASE("slots of CPython 3.15, nested and with flags") {
  CHECK(read_slots(memory({100, 0x1000, 87 | (0x10 << 16), 1, 0, 0}), 0).gil == Gil::not_used);
  CHECK(read_slots(memory({92, 32, 0, 0, 4, 1, 0, 0}), 0).gil == Gil::not_used);
  CHECK(read_slots(memory({94, 32, 0, 0, 4, 0, 0, 0}), 0).gil == Gil::used);
  CHECK(read_slots(memory({100, 0x1000, 0, 0}), 0).gil == Gil::missing);
  CHECK(read_slots(memory({92, 0, 0, 0}), 0).gil == Gil::unknown);  // slots within themselves
}

TEST_CASE("a module compiled here is read as it was written") {
  const Result<Binary> binary = read_binary(library());
  REQUIRE(binary.ok());
  std::map<std::string, const Declaration*> by_name;
  for (const Declaration& one : binary->modules) by_name[one.module] = &one;
  REQUIRE(by_name.size() == 6);
  CHECK(by_name["declares"]->gil == Gil::not_used);
  CHECK(by_name["declares"]->style == InitStyle::multi_phase);
  CHECK(by_name["keeps"]->gil == Gil::used);
  CHECK(by_name["silent"]->gil == Gil::missing);
  CHECK(by_name["calls"]->gil == Gil::not_used);
  CHECK(by_name["calls"]->style == InitStyle::single_phase);
  CHECK(by_name["written"]->gil == Gil::not_used);
  CHECK(by_name["hands_over"]->style == InitStyle::delegated);
  CHECK(by_name["hands_over"]->delegate == "other__mypyc");
  CHECK(binary->borrowed_calls == std::vector<std::string>{"PyDict_GetItemString"});
}

TEST_CASE("cut and changed in thousands of places it is read or refused") {
  const std::string whole = library();
  std::mt19937 random(20260102);
  std::size_t refused = 0, told = 0;
  constexpr int rounds = 3000;
  for (int i = 0; i < rounds; ++i) {
    std::string broken = whole;
    if (i % 4 == 0) broken.resize(random() % broken.size());
    else
      // Headers and tables rather than code: that is where a reader believes what it should not.
      for (unsigned n = 1 + random() % 6; n > 0; --n)
        broken[i % 2 == 0 ? random() % 1024 : random() % broken.size()] = static_cast<char>(random());
    const Result<Binary> binary = read_binary(broken);
    if (!binary.ok()) ++refused;
    else if (!binary->modules.empty()) ++told;
  }
  CHECK(refused > 300);
  CHECK(told > 300);
}

TEST_CASE("beginnings of other formats followed by noise are refused") {
  std::mt19937 random(20260103);
  for (const std::string& magic : {std::string("MZ"), std::string("\xcf\xfa\xed\xfe"), std::string("\xca\xfe\xba\xbe"),
                                   std::string("\x7f"
                                               "ELF\x02\x01\x01")})
    for (int i = 0; i < 1000; ++i) {
      std::string noise = magic;
      while (noise.size() < 2048) noise += static_cast<char>(random() % 3 == 0 ? random() : 0);
      CHECK_FALSE(read_binary(noise).ok());
    }
}
