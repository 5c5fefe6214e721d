#include <doctest/doctest.h>

#include <cstring>
#include <random>

#include "base/files.h"
#include "dynamic/runtime/layout.h"
#include "dynamic/sightings/coverage.h"
#include "dynamic/tsan/symbol_name.h"
#include "dynamic/watch/owner_table.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;

namespace {

template <class T> void append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// Three functions, two of which met five times.
std::string made_file() {
  const std::string names("_ZN4grid7Lattice3addEl\0Meter_hit\0Meter_mean\0", 45);
  std::string bytes;
  append(bytes, ftaudit_coverage_header{FTAUDIT_COVERAGE_MAGIC, 3, 4, static_cast<std::uint32_t>(names.size()), 1});
  append(bytes, ftaudit_function{10, 2, 1, 0, 1});
  append(bytes, ftaudit_function{7, 5, 5, 23, 2});
  append(bytes, ftaudit_function{0, 0, 0, 33, 0});
  append(bytes, ftaudit_pair{});
  append(bytes, ftaudit_pair{std::uint64_t{2} << 32 | 1, 5});
  append(bytes, ftaudit_pair{});
  append(bytes, ftaudit_pair{});
  return bytes + names;
}

}  // namespace

TEST_CASE("what Cython made is counted under the name of the source, its wrappers not at all") {
  const Result<ScratchFolder> scratch = ScratchFolder::make("coverage");
  REQUIRE(scratch);
  const std::string names("__pyx_pf_4mill_4silo_4Silo_2pour\0__pyx_pw_4mill_4silo_4Silo_3pour\0", 66);
  std::string bytes;
  append(bytes, ftaudit_coverage_header{FTAUDIT_COVERAGE_MAGIC, 2, 1, static_cast<std::uint32_t>(names.size()), 1});
  append(bytes, ftaudit_function{10, 0, 0, 0, 0});
  append(bytes, ftaudit_function{10, 0, 0, 33, 0});
  append(bytes, ftaudit_pair{std::uint64_t{1} << 32 | 1, 4});
  REQUIRE(write_file(scratch->path() / "1-0.coverage", bytes + names));
  Coverage coverage;
  std::vector<std::string> complaints;
  CHECK(coverage.add_folder(scratch->path(), complaints) == 1);
  CHECK(coverage.reached("Silo.pour") == 10);
  CHECK(coverage.reached("pour") == 10);
  CHECK(coverage.reached("our") == 0);
  CHECK(coverage.overlapped("Silo.pour", "Silo.pour") == 4);
}

TEST_CASE("coverage is read back under the names that findings use") {
  const Result<ScratchFolder> scratch = ScratchFolder::make("coverage");
  REQUIRE(scratch);
  REQUIRE(write_file(scratch->path() / "1-0.coverage", made_file()));
  REQUIRE(write_file(scratch->path() / "2-0.coverage", made_file()));
  REQUIRE(write_file(scratch->path() / "3-0.coverage", made_file().substr(0, 50)));
  REQUIRE(write_file(scratch->path() / "notes.txt", "nothing"));
  Coverage coverage;
  std::vector<std::string> complaints;
  CHECK(coverage.add_folder(scratch->path(), complaints) == 2);
  REQUIRE(complaints.size() == 1);
  CHECK(complaints[0].find("3-0.coverage") != std::string::npos);
  CHECK(coverage.reached("grid::Lattice::add") == 20);
  CHECK(coverage.reached("Lattice::add") == 20);
  CHECK(coverage.reached("add") == 20);
  CHECK(coverage.reached("dd") == 0);
  CHECK(coverage.reached("Meter_mean") == 0);
  CHECK(coverage.overlapped("Meter_hit", "Lattice::add") == 10);
  CHECK(coverage.overlapped("grid::Lattice::add", "Meter_hit") == 10);
  CHECK(coverage.overlapped("Meter_hit", "Meter_hit") == 0);
  Coverage sum = coverage;
  sum.add(coverage);
  CHECK(sum.reached("Meter_hit") == 28);
  CHECK(sum.overlapped("Meter_hit", "add") == 20);
}

TEST_CASE("no damage to a coverage file or an owner table is believed or fatal") {
  const Result<ScratchFolder> scratch = ScratchFolder::make("coverage");
  REQUIRE(scratch);
  const std::string good = made_file();
  std::string table(sizeof(ftaudit_owners), '\0');
  const std::uint64_t magic = FTAUDIT_OWNERS_MAGIC;
  std::memcpy(table.data(), &magic, sizeof magic);
  const fs::path path = scratch->path() / "x.coverage";
  std::mt19937 dice(1);
  unsigned refused = 0;
  for (int i = 0; i < 4000; i++) {
    std::string bytes = i % 4 == 3 ? table : good;
    const unsigned changes = 1 + dice() % 6;
    for (unsigned change = 0; change < changes && !bytes.empty(); change++) {
      switch (dice() % 4) {
        case 0: bytes[dice() % bytes.size()] = static_cast<char>(dice()); break;
        case 1: bytes.resize(dice() % (bytes.size() + 1)); break;
        case 2: bytes[dice() % std::min<std::size_t>(bytes.size(), 200)] = static_cast<char>(0xff); break;
        default: bytes.insert(dice() % (bytes.size() + 1), 1 + dice() % 9, static_cast<char>(dice())); break;
      }
    }
    std::FILE* file = std::fopen(path.c_str(), "wb");
    REQUIRE(file != nullptr);
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
    Coverage coverage;
    if (!coverage.add_file(path)) refused++;
    if (const auto locks = read_owner_table(path); locks) CHECK(locks->size() <= FTAUDIT_LOCKS);
  }
  CHECK(refused > 2000);
}

TEST_CASE("symbols are called what the source calls them") {
  CHECK(source_name("Meter_hit") == "Meter_hit");
  CHECK(source_name("Meter_hit.cold") == "Meter_hit");
  CHECK(source_name("_ZN4grid7Lattice3addEl") == "grid::Lattice::add");
  CHECK(source_name("_ZN7latticeL8distanceEdd") == "lattice::distance");
  CHECK(source_name("_ZNK4grid7LatticeIiE3addEl") == "grid::Lattice::add");
  CHECK(source_name("_ZN12_GLOBAL__N_13addEi") == "(anonymous namespace)::add");
  CHECK(source_name("_Z3addIiEvT_") == "add");
  CHECK(source_name("_ZN1AeqERKS_") == "A::operator==");
  CHECK(source_name("_ZN1AclEi") == "A::operator()");
  CHECK(source_name("_ZZL21pybind11_init_latticeRN8pybind117module_EENK3$_0clENS_3strE") ==
        "lambda in pybind11_init_lattice");
  CHECK(source_name("_Znonsense") == "_Znonsense");
  CHECK(without_parameters("std::vector<int, std::allocator<int> >::push_back(int const&)") ==
        "std::vector::push_back");
}
