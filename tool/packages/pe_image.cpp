// PE as Windows lays it out at its preferred address: pointers in the file are right as they stand, so base relocations
// need no applying. Tables of names are read from the laid-out bytes, where every address is checked.
#include <llvm/BinaryFormat/COFF.h>
#include <llvm/Object/COFF.h>

#include "packages/image_formats.h"

namespace ftaudit::packages {
namespace {

constexpr std::uint64_t most_names = 1'000'000;

std::string said(llvm::Error error) { return llvm::toString(std::move(error)); }

class Reader {
 public:
  Reader(const llvm::object::COFFObjectFile& file, LayoutBudget& budget) : file_(file), budget_(budget) {}

  Result<Image> read(std::string_view bytes) {
    image_.format = FileFormat::pe;
    const std::uint16_t machine = file_.getMachine();
    image_.machine = machine == llvm::COFF::IMAGE_FILE_MACHINE_AMD64 ? Machine::x86_64 : machine == llvm::COFF::IMAGE_FILE_MACHINE_ARM64 ? Machine::aarch64 : Machine::other;
    image_.machine_name = image_.machine == Machine::x86_64 ? "x86-64" : image_.machine == Machine::aarch64 ? "arm64" : machine == llvm::COFF::IMAGE_FILE_MACHINE_I386 ? "i386" : "machine " + std::to_string(machine);
    if (file_.getDOSHeader() == nullptr) return Error{"an object file, not a library"};
    image_.pointer_size = file_.is64() ? 8 : 4;
    base_ = file_.getImageBase();
    for (const llvm::object::SectionRef& section : file_.sections()) {
      const llvm::object::coff_section* header = file_.getCOFFSection(section);
      const std::uint64_t from = header->PointerToRawData, size = std::min<std::uint64_t>(header->SizeOfRawData, header->VirtualSize != 0 ? header->VirtualSize : header->SizeOfRawData);
      if (header->SizeOfRawData != 0 && (from > bytes.size() || size > bytes.size() - from)) return Error{"truncated: a section ends beyond the file"};
      const std::uint64_t memory = std::max<std::uint64_t>(header->VirtualSize, size);
      if (memory == 0) continue;
      const std::string_view raw = header->SizeOfRawData == 0 ? std::string_view() : bytes.substr(from, size);
      if (Status laid = lay_out(image_, base_ + header->VirtualAddress, raw, memory, (header->Characteristics & llvm::COFF::IMAGE_SCN_MEM_EXECUTE) != 0, (header->Characteristics & llvm::COFF::IMAGE_SCN_MEM_WRITE) != 0, budget_); !laid.ok())
        return laid.error();
    }
    exports();
    imports();
    finish(image_);
    return std::move(image_);
  }

 private:
  std::uint64_t directory(llvm::COFF::DataDirectoryIndex index) const {
    const llvm::object::data_directory* entry = file_.getDataDirectory(index);
    return entry == nullptr || entry->RelativeVirtualAddress == 0 ? 0 : base_ + entry->RelativeVirtualAddress;
  }

  std::uint64_t field(std::uint64_t at) const { return image_.word(at, 4).value_or(0); }

  void exports() {
    const std::uint64_t table = directory(llvm::COFF::EXPORT_TABLE);
    if (table == 0) return;
    const std::uint64_t count = std::min(field(table + 24), most_names);
    const std::uint64_t functions = base_ + field(table + 28), names = base_ + field(table + 32), ordinals = base_ + field(table + 36);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto name = image_.word(names + 4 * i, 4), ordinal = image_.word(ordinals + 2 * i, 2);
      if (!name || !ordinal) return;
      if (const auto text = image_.text(base_ + *name, 4096)) image_.exports.emplace(*text, base_ + field(functions + 4 * *ordinal));
    }
  }

  void imports() {
    std::uint64_t table = directory(llvm::COFF::IMPORT_TABLE), seen = 0;
    if (table == 0) return;
    for (; seen < most_names && field(table + 12) != 0; table += 20, ++seen) {
      if (const auto library = image_.text(base_ + field(table + 12))) image_.needed.push_back(*library);
      const std::uint64_t lookup = field(table) != 0 ? field(table) : field(table + 16), slots = field(table + 16);
      for (std::uint64_t i = 0; seen < most_names; ++i, ++seen) {
        const unsigned size = image_.pointer_size;
        const auto entry = image_.word(base_ + lookup + i * size, size);
        if (!entry || *entry == 0) break;
        if ((*entry >> (8 * size - 1)) != 0) continue;  // by number
        if (const auto name = image_.text(base_ + (*entry & 0x7fff'ffff) + 2, 4096)) image_.put(base_ + slots + i * size, image_.address_of_import(*name), size);
      }
    }
  }

  const llvm::object::COFFObjectFile& file_;
  LayoutBudget& budget_;
  std::uint64_t base_ = 0;
  Image image_;
};

}  // namespace

Result<Image> read_pe(std::string_view bytes, LayoutBudget& budget) {
  const std::string copy(bytes);  // LLVM reads names up to a zero byte, which a string has at its end
  auto file = llvm::object::COFFObjectFile::create(llvm::MemoryBufferRef(llvm::StringRef(copy), "library"));
  if (!file) return Error{said(file.takeError())};
  return Reader(**file, budget).read(copy);
}

}  // namespace ftaudit::packages
