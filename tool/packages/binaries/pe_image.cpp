// PE as Windows lays it out at its preferred address: pointers in the file are right as they stand, so base relocations
// need no applying. LLVM names the structures; they are copied out of the file here, for LLVM's own reader believes the
// offsets it finds. Tables of names are read from the laid-out bytes, where every address is checked.
#include <algorithm>
#include <cstring>

#include <llvm/BinaryFormat/COFF.h>
#include <llvm/Object/COFF.h>

#include "packages/binaries/image_formats.h"

namespace ftaudit::packages {
namespace {

constexpr std::uint64_t most_names = 1'000'000;

namespace coff = llvm::COFF;
namespace object = llvm::object;

// A structure of the file, copied; none where the file ends before it does.
template <class T> std::optional<T> structure(std::string_view bytes, std::uint64_t at) {
  if (at > bytes.size() || sizeof(T) > bytes.size() - at) return std::nullopt;
  T out;
  std::memcpy(static_cast<void*>(&out), bytes.data() + at, sizeof(T));
  return out;
}

class Reader {
 public:
  Reader(std::string_view bytes, LayoutBudget& budget) : bytes_(bytes), budget_(budget) {}

  Result<Image> read() {
    image_.format = FileFormat::pe;
    const auto dos = structure<object::dos_header>(bytes_, 0);
    const std::uint64_t at = dos ? std::uint64_t{dos->AddressOfNewExeHeader} : 0;
    const auto header = structure<object::coff_file_header>(bytes_, at + 4);
    if (!dos || !header || bytes_.substr(at, 4) != std::string_view("PE\0\0", 4))
      return Error{"truncated or no library: it has no PE header"};
    const std::uint16_t machine = header->Machine;
    image_.machine = machine == coff::IMAGE_FILE_MACHINE_AMD64   ? Machine::x86_64
                     : machine == coff::IMAGE_FILE_MACHINE_ARM64 ? Machine::aarch64
                                                                 : Machine::other;
    image_.machine_name = image_.machine == Machine::x86_64          ? "x86-64"
                          : image_.machine == Machine::aarch64       ? "arm64"
                          : machine == coff::IMAGE_FILE_MACHINE_I386 ? "i386"
                                                                     : "machine " + std::to_string(machine);
    if (Status optional = optional_header(at + 4 + sizeof(object::coff_file_header)); !optional.ok())
      return optional.error();
    const std::uint64_t table = at + 4 + sizeof(object::coff_file_header) + header->SizeOfOptionalHeader;
    for (unsigned i = 0; i < header->NumberOfSections; ++i) {
      const auto one = structure<object::coff_section>(bytes_, table + i * sizeof(object::coff_section));
      if (!one) return Error{"truncated: its table of sections ends beyond the file"};
      if (Status laid = section(*one); !laid.ok()) return laid.error();
    }
    if (image_.segments.empty()) return Error{"it has no sections"};
    exports();
    imports();
    finish(image_);
    return std::move(image_);
  }

 private:
  Status optional_header(std::uint64_t at) {
    const auto wide = structure<object::pe32plus_header>(bytes_, at);
    const auto narrow = structure<object::pe32_header>(bytes_, at);
    std::uint64_t size = 0, count = 0;
    if (wide && wide->Magic == coff::PE32Header::PE32_PLUS) {
      image_.pointer_size = 8, base_ = wide->ImageBase, size = sizeof *wide, count = wide->NumberOfRvaAndSize;
    } else if (narrow && narrow->Magic == coff::PE32Header::PE32) {
      image_.pointer_size = 4, base_ = narrow->ImageBase, size = sizeof *narrow, count = narrow->NumberOfRvaAndSize;
      image_.machine = Machine::other;
    } else {
      return Error{"truncated or no library: its header says neither 32-bit nor 64-bit"};
    }
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, 16); ++i) {
      const auto one = structure<object::data_directory>(bytes_, at + size + i * sizeof(object::data_directory));
      directories_.push_back(one ? std::uint32_t{one->RelativeVirtualAddress} : 0);
    }
    return Done{};
  }

  Status section(const object::coff_section& of) {
    const std::uint64_t from = of.PointerToRawData, raw = of.SizeOfRawData,
                        memory = of.VirtualSize != 0 ? std::uint64_t{of.VirtualSize} : raw;
    const std::uint64_t size = std::min(raw, memory);
    if (raw != 0 && (from > bytes_.size() || size > bytes_.size() - from))
      return Error{"truncated: a section ends beyond the file"};
    if (memory == 0) return Done{};
    return lay_out(image_, base_ + of.VirtualAddress, raw == 0 ? std::string_view() : bytes_.substr(from, size), memory,
                   (of.Characteristics & coff::IMAGE_SCN_MEM_EXECUTE) != 0,
                   (of.Characteristics & coff::IMAGE_SCN_MEM_WRITE) != 0, budget_);
  }

  std::uint64_t directory(unsigned index) const {
    return index >= directories_.size() || directories_[index] == 0 ? 0 : base_ + directories_[index];
  }

  std::uint64_t field(std::uint64_t at) const { return image_.word(at, 4).value_or(0); }

  void exports() {
    const std::uint64_t table = directory(coff::EXPORT_TABLE);
    if (table == 0) return;
    const std::uint64_t count = std::min(field(table + 24), most_names);
    const std::uint64_t functions = base_ + field(table + 28), names = base_ + field(table + 32),
                        ordinals = base_ + field(table + 36);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto name = image_.word(names + 4 * i, 4), ordinal = image_.word(ordinals + 2 * i, 2);
      if (!name || !ordinal) return;
      if (const auto text = image_.text(base_ + *name, 4096))
        image_.exports.emplace(*text, base_ + field(functions + 4 * *ordinal));
    }
  }

  void imports() {
    std::uint64_t table = directory(coff::IMPORT_TABLE), seen = 0;
    if (table == 0) return;
    for (; seen < most_names && field(table + 12) != 0; table += 20, ++seen) {
      if (const auto library = image_.text(base_ + field(table + 12))) image_.needed.push_back(*library);
      const std::uint64_t lookup = field(table) != 0 ? field(table) : field(table + 16), slots = field(table + 16);
      for (std::uint64_t i = 0; seen < most_names; ++i, ++seen) {
        const unsigned size = image_.pointer_size;
        const auto entry = image_.word(base_ + lookup + i * size, size);
        if (!entry || *entry == 0) break;
        if ((*entry >> (8 * size - 1)) != 0) continue;  // by number
        if (const auto name = image_.text(base_ + (*entry & 0x7fff'ffff) + 2, 4096))
          image_.put(base_ + slots + i * size, image_.address_of_import(*name), size);
      }
    }
  }

  std::string_view bytes_;
  LayoutBudget& budget_;
  std::vector<std::uint32_t> directories_;
  std::uint64_t base_ = 0;
  Image image_;
};

}  // namespace

Result<Image> read_pe(std::string_view bytes, LayoutBudget& budget) { return Reader(bytes, budget).read(); }

}  // namespace ftaudit::packages
