// ELF as the dynamic loader sees it: program headers and the dynamic table, never sections, which wheels strip.
#include <algorithm>
#include <cstring>

#include <llvm/BinaryFormat/ELF.h>
#include <llvm/Object/ELF.h>

#include "packages/binaries/image_formats.h"

namespace ftaudit::packages {
namespace {

namespace elf = llvm::ELF;

std::string said(llvm::Error error) { return llvm::toString(std::move(error)); }

// Which numbers a machine gives to the four relocations that fill data: + base, symbol + addend, and a symbol alone.
struct RelocationKinds {
  std::uint32_t relative, absolute, got, jump;
  std::vector<std::uint32_t> harmless;  // thread-local storage and the like: never part of a module definition
};

const RelocationKinds* kinds_of(std::uint16_t machine) {
  static const RelocationKinds x86_64{8, 1, 6, 7, {16, 17, 18, 36, 37}};
  static const RelocationKinds aarch64{1027, 257, 1025, 1026, {1028, 1029, 1030, 1031, 1032}};
  static const RelocationKinds i386{8, 1, 6, 7, {14, 35, 36, 41, 42}};
  static const RelocationKinds arm{23, 2, 21, 22, {13, 17, 18, 19, 160}};
  static const RelocationKinds ppc64{22, 38, 20, 21, {67, 68, 73, 78, 248}};
  static const RelocationKinds riscv{3, 2, 2, 5, {6, 7, 8, 9, 10, 11, 58}};
  static const RelocationKinds loongarch{3, 2, 2, 5, {6, 7, 8, 9, 10, 11, 12}};
  switch (machine) {
    case elf::EM_X86_64: return &x86_64;
    case elf::EM_AARCH64: return &aarch64;
    case elf::EM_386: return &i386;
    case elf::EM_ARM: return &arm;
    case elf::EM_PPC64: return &ppc64;
    case elf::EM_RISCV: return &riscv;
    case elf::EM_LOONGARCH: return &loongarch;
    default: return nullptr;
  }
}

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case elf::EM_X86_64: return "x86-64";
    case elf::EM_AARCH64: return "arm64";
    case elf::EM_386: return "i386";
    case elf::EM_ARM: return "arm";
    case elf::EM_PPC64: return "ppc64le";
    case elf::EM_RISCV: return "riscv";
    case elf::EM_LOONGARCH: return "loongarch";
    default: return "machine " + std::to_string(machine);
  }
}

template <class Elf> class Reader {
 public:
  Reader(const llvm::object::ELFFile<Elf>& file, LayoutBudget& budget) : file_(file), budget_(budget) {}

  Result<Image> read(std::string_view bytes) {
    const auto& header = file_.getHeader();
    if (header.e_type != elf::ET_DYN) return Error{"not a shared library (type " + std::to_string(header.e_type) + ")"};
    kinds_ = kinds_of(header.e_machine);
    image_.format = FileFormat::elf;
    image_.machine_name = machine_name(header.e_machine);
    image_.machine = header.e_machine == elf::EM_X86_64    ? Machine::x86_64
                     : header.e_machine == elf::EM_AARCH64 ? Machine::aarch64
                                                           : Machine::other;
    image_.pointer_size = Elf::Is64Bits ? 8 : 4;
    if (image_.pointer_size == 4) image_.machine = Machine::other;
    if (kinds_ == nullptr) return Error{"nothing is known of its " + image_.machine_name};
    auto segments = file_.program_headers();
    if (!segments) return Error{said(segments.takeError())};
    for (const auto& segment : *segments) {
      if (segment.p_type != elf::PT_LOAD) continue;
      if (segment.p_offset > bytes.size() || segment.p_filesz > bytes.size() - segment.p_offset)
        return Error{"truncated: a segment ends beyond the file"};
      if (Status laid =
              lay_out(image_, segment.p_vaddr, bytes.substr(segment.p_offset, segment.p_filesz), segment.p_memsz,
                      (segment.p_flags & elf::PF_X) != 0, (segment.p_flags & elf::PF_W) != 0, budget_);
          !laid.ok())
        return laid.error();
    }
    for (const auto& segment : *segments)
      if (segment.p_type == elf::PT_DYNAMIC) dynamic_table(segment.p_vaddr, segment.p_memsz);
    if (tags_.empty()) return Error{"no dynamic table: not a shared library"};
    for (const std::uint64_t name : needed_)
      if (const auto text = image_.text(tag(elf::DT_STRTAB) + name)) image_.needed.push_back(*text);
    if (Status listed = exports(); !listed.ok()) return listed.error();
    relocate();
    finish(image_);
    return std::move(image_);
  }

 private:
  using Symbol = typename Elf::Sym;

  // Read from the laid-out bytes: LLVM's own reader believes the file's offsets.
  void dynamic_table(std::uint64_t at, std::uint64_t size) {
    const unsigned p = image_.pointer_size;
    for (std::uint64_t offset = 0; offset + 2 * p <= size; offset += 2 * p) {
      const auto name = image_.pointer(at + offset), value = image_.pointer(at + offset + p);
      if (!name || !value || *name == elf::DT_NULL) return;
      if (*name == elf::DT_NEEDED) needed_.push_back(*value);
      else tags_.try_emplace(*name, *value);
    }
  }

  std::uint64_t tag(std::uint64_t name) const {
    const auto found = tags_.find(name);
    return found == tags_.end() ? 0 : found->second;
  }

  std::optional<Symbol> symbol(std::uint64_t index) const {
    const std::uint64_t at = tag(elf::DT_SYMTAB) + index * sizeof(Symbol);
    const Image::Segment* segment = image_.segment_of(at, sizeof(Symbol));
    if (segment == nullptr || tag(elf::DT_SYMTAB) == 0) return std::nullopt;
    Symbol out;
    std::memcpy(&out, segment->bytes.data() + (at - segment->address), sizeof(Symbol));
    return out;
  }

  std::string symbol_name(const Symbol& of) const {
    return image_.text(tag(elf::DT_STRTAB) + of.st_name, 4096).value_or("");
  }

  // The table has no length of its own: the hash tables know it, or what is laid out after it.
  std::uint64_t symbol_count() const {
    if (const std::uint64_t hash = tag(elf::DT_HASH)) return image_.word(hash + 4, 4).value_or(0);
    const std::uint64_t gnu = tag(elf::DT_GNU_HASH);
    if (gnu == 0)
      return tag(elf::DT_STRTAB) > tag(elf::DT_SYMTAB) ? (tag(elf::DT_STRTAB) - tag(elf::DT_SYMTAB)) / sizeof(Symbol)
                                                       : 0;
    const std::uint64_t buckets = image_.word(gnu, 4).value_or(0), first = image_.word(gnu + 4, 4).value_or(0),
                        bloom = image_.word(gnu + 8, 4).value_or(0);
    const std::uint64_t table = gnu + 16 + bloom * image_.pointer_size, chains = table + 4 * buckets;
    std::uint64_t last = 0;
    for (std::uint64_t i = 0; i < buckets; ++i) {
      const auto value = image_.word(table + 4 * i, 4);
      if (!value) return 0;
      last = std::max(last, *value);
    }
    if (last < first) return first;
    for (;; ++last) {
      const auto chain = image_.word(chains + 4 * (last - first), 4);
      if (!chain) return 0;
      if (*chain & 1) return last + 1;
    }
  }

  Status exports() {
    constexpr std::uint64_t most = 20'000'000;
    const std::uint64_t count = symbol_count();
    if (count > most) return Error{"its symbol table is larger than can be"};
    for (std::uint64_t i = 1; i < count; ++i) {
      const std::optional<Symbol> one = symbol(i);
      if (!one) return Error{"truncated: its symbol table ends beyond its segments"};
      if (one->st_shndx != elf::SHN_UNDEF && one->st_value != 0 &&
          (one->getBinding() == elf::STB_GLOBAL || one->getBinding() == elf::STB_WEAK ||
           one->getBinding() == elf::STB_GNU_UNIQUE))
        image_.exports.emplace(symbol_name(*one), one->st_value);
      else if (one->st_shndx == elf::SHN_UNDEF && one->getType() != elf::STT_TLS)
        if (std::string name = symbol_name(*one); !name.empty()) image_.address_of_import(name);
    }
    return Done{};
  }

  std::uint64_t value_of(std::uint64_t index) {
    const std::optional<Symbol> one = symbol(index);
    if (index == 0 || !one) return 0;
    if (one->st_shndx != elf::SHN_UNDEF) return one->st_value;
    const std::string name = symbol_name(*one);
    return name.empty() ? 0 : image_.address_of_import(name);
  }

  void apply(std::uint64_t where, std::uint32_t type, std::uint64_t index, std::uint64_t addend) {
    const unsigned size = image_.pointer_size;
    if (type == kinds_->relative) image_.put(where, addend, size);
    else if (type == kinds_->absolute) image_.put(where, value_of(index) + addend, size);
    else if (type == kinds_->got || type == kinds_->jump) image_.put(where, value_of(index), size);
    else if (type != 0 && std::find(kinds_->harmless.begin(), kinds_->harmless.end(), type) == kinds_->harmless.end()) {
      image_.relocations_complete = false;
      image_.note = "relocation of kind " + std::to_string(type) + " is not understood";
    }
  }

  void table(std::uint64_t at, std::uint64_t size, bool with_addend) {
    const std::uint64_t entry = with_addend ? sizeof(typename Elf::Rela) : sizeof(typename Elf::Rel);
    for (std::uint64_t offset = 0; offset + entry <= size; offset += entry) {
      const Image::Segment* segment = image_.segment_of(at + offset, entry);
      if (segment == nullptr) {
        image_.relocations_complete = false;
        image_.note = "its relocations end beyond its segments";
        return;
      }
      // A copy, for what is applied may be what is read.
      typename Elf::Rela one{};
      std::memcpy(&one, segment->bytes.data() + (at + offset - segment->address), entry);
      const std::uint64_t where = one.r_offset;
      const std::uint64_t addend = with_addend ? static_cast<std::uint64_t>(static_cast<std::int64_t>(one.r_addend))
                                               : image_.word(where, image_.pointer_size).value_or(0);
      apply(where, one.getType(false), one.getSymbol(false), addend);
    }
  }

  void relocate() {
    // Packed relative relocations (DT_RELR): the addend stands where it is applied, so nothing is to be written.
    table(tag(elf::DT_RELA), tag(elf::DT_RELASZ), true);
    table(tag(elf::DT_REL), tag(elf::DT_RELSZ), false);
    table(tag(elf::DT_JMPREL), tag(elf::DT_PLTRELSZ), tag(elf::DT_PLTREL) == elf::DT_RELA);
    if (tag(elf::DT_ANDROID_RELA) != 0 || tag(elf::DT_ANDROID_REL) != 0) {
      image_.relocations_complete = false;
      image_.note = "packed relocations of Android are not understood";
    }
  }

  const llvm::object::ELFFile<Elf>& file_;
  LayoutBudget& budget_;
  const RelocationKinds* kinds_ = nullptr;
  Image image_;
  std::map<std::uint64_t, std::uint64_t> tags_;
  std::vector<std::uint64_t> needed_;
};

template <class Elf> Result<Image> read_as(std::string_view bytes, LayoutBudget& budget) {
  auto file = llvm::object::ELFFile<Elf>::create(llvm::StringRef(bytes.data(), bytes.size()));
  if (!file) return Error{said(file.takeError())};
  return Reader<Elf>(*file, budget).read(bytes);
}

}  // namespace

Result<Image> read_elf(std::string_view bytes, LayoutBudget& budget) {
  if (bytes[5] != elf::ELFDATA2LSB) return Error{"big-endian machines are not read"};
  // LLVM's headers ask for alignment; a view into an archive has none.
  std::string aligned;
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 != 0) bytes = aligned = std::string(bytes);
  if (bytes[4] == elf::ELFCLASS64) return read_as<llvm::object::ELF64LE>(bytes, budget);
  if (bytes[4] == elf::ELFCLASS32) return read_as<llvm::object::ELF32LE>(bytes, budget);
  return Error{"neither 32-bit nor 64-bit"};
}

}  // namespace ftaudit::packages
