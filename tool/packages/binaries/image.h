// Image: a shared library as the dynamic loader would lay it out, whatever the file format: bytes at addresses with
// relocations applied, what it imports and exports. Addresses are those of the file's own numbering; an imported
// function or object is an address beyond all segments. Nothing is run. Used by
// object_file and whoever reads what a library holds.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ftaudit::packages {

enum class FileFormat : std::uint8_t { elf, macho, pe };
enum class Machine : std::uint8_t { x86_64, aarch64, other };
std::string_view name_of(FileFormat format);  // "ELF"

class Image {
 public:
  struct Segment {
    std::uint64_t address = 0;
    std::string bytes;  // zero-filled tail included, as far as limits allow
    bool executable = false, writable = false;
  };

  FileFormat format = FileFormat::elf;
  Machine machine = Machine::other;
  std::string machine_name;       // "x86-64", "arm64", "i386", ...
  unsigned pointer_size = 8;      // bytes
  std::vector<Segment> segments;  // sorted by address
  std::map<std::string, std::uint64_t, std::less<>> exports;
  std::vector<std::string> imports;                  // sorted
  std::map<std::uint64_t, std::string> imported_at;  // fake address of an import -> its name
  std::vector<std::string> needed;                   // libraries it is linked against
  bool relocations_complete = true;                  // false: some kind of relocation was not understood; see note
  std::string note;

  // Where an import lives; the same each time for the same name.
  std::uint64_t address_of_import(const std::string& name);
  static constexpr std::uint64_t first_import = 0x6000'0000'0000'0000;

  bool contains(std::uint64_t address, std::uint64_t size = 1) const;
  bool executable(std::uint64_t address) const;
  const std::string* import_at(std::uint64_t address) const;
  std::optional<std::uint64_t> word(std::uint64_t address,
                                    unsigned size) const;  // little-endian, `size` bytes, at most 8
  std::optional<std::uint64_t> pointer(std::uint64_t address) const { return word(address, pointer_size); }
  // Zero-terminated text of at most `limit` bytes; none when it does not end in the segment.
  std::optional<std::string> text(std::uint64_t address, std::size_t limit = 512) const;
  // All bytes from `address` to the end of its segment.
  std::string_view bytes(std::uint64_t address) const;

  // Used while reading; a write outside every segment is dropped and makes relocations_complete false.
  void put(std::uint64_t address, std::uint64_t value, unsigned size);
  Segment* segment_of(std::uint64_t address, std::uint64_t size = 1);
  const Segment* segment_of(std::uint64_t address, std::uint64_t size = 1) const;

 private:
  std::map<std::string, std::uint64_t, std::less<>> import_address_;
};

}  // namespace ftaudit::packages
