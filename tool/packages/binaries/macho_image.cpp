// Mach-O as dyld lays it out: segments at their own addresses, chained fixups or the older bind and rebase opcodes
// applied. Pointers within the image already hold their address unless fixups are chained.
#include <cstring>

#include <llvm/BinaryFormat/MachO.h>
#include <llvm/Object/MachO.h>
#include <llvm/Object/MachOUniversal.h>

#include "packages/binaries/image_formats.h"

namespace ftaudit::packages {
namespace {

namespace macho = llvm::MachO;

std::string said(llvm::Error error) { return llvm::toString(std::move(error)); }

std::string plain(llvm::StringRef symbol) { return (symbol.starts_with("_") ? symbol.drop_front() : symbol).str(); }

class Reader {
 public:
  Reader(llvm::object::MachOObjectFile& file, LayoutBudget& budget) : file_(file), budget_(budget) {}

  Result<Image> read(std::string_view bytes) {
    image_.format = FileFormat::macho;
    const std::uint32_t type = file_.getHeader().filetype, machine = file_.getHeader().cputype;
    if (type != macho::MH_BUNDLE && type != macho::MH_DYLIB)
      return Error{"neither a bundle nor a library (type " + std::to_string(type) + ")"};
    image_.machine = machine == macho::CPU_TYPE_X86_64  ? Machine::x86_64
                     : machine == macho::CPU_TYPE_ARM64 ? Machine::aarch64
                                                        : Machine::other;
    image_.machine_name = image_.machine == Machine::x86_64    ? "x86-64"
                          : image_.machine == Machine::aarch64 ? "arm64"
                                                               : "machine " + std::to_string(machine);
    image_.pointer_size = file_.is64Bit() ? 8 : 4;
    if (!file_.is64Bit()) return Error{"32-bit"};
    for (const auto& command : file_.load_commands()) {
      if (command.C.cmd == macho::LC_SEGMENT_64) {
        if (Status laid = segment(file_.getSegment64LoadCommand(command), bytes); !laid.ok()) return laid.error();
      } else if (command.C.cmd == macho::LC_LOAD_DYLIB || command.C.cmd == macho::LC_LOAD_WEAK_DYLIB) {
        const std::uint32_t name = file_.getDylibIDLoadCommand(command).dylib.name;
        if (name < command.C.cmdsize) {
          const std::string_view all(command.Ptr + name, command.C.cmdsize - name);
          image_.needed.emplace_back(all.substr(0, all.find('\0')));
        }
      }
    }
    symbols();
    fixups();
    finish(image_);
    return std::move(image_);
  }

 private:
  Status segment(const macho::segment_command_64& of, std::string_view bytes) {
    if (of.vmsize == 0 || (of.initprot == 0 && of.filesize == 0)) return Done{};
    if (of.fileoff > bytes.size() || of.filesize > bytes.size() - of.fileoff)
      return Error{"truncated: a segment ends beyond the file"};
    if (std::string_view(of.segname, ::strnlen(of.segname, 16)) == "__TEXT") text_ = of.vmaddr;
    return lay_out(image_, of.vmaddr, bytes.substr(of.fileoff, of.filesize), of.vmsize,
                   (of.initprot & macho::VM_PROT_EXECUTE) != 0, (of.initprot & macho::VM_PROT_WRITE) != 0, budget_);
  }

  void symbols() {
    for (const llvm::object::SymbolRef& symbol : file_.symbols()) {
      auto flags = symbol.getFlags();
      auto name = symbol.getName();
      if (!flags || !name) {
        llvm::consumeError(flags.takeError());
        llvm::consumeError(name.takeError());
        continue;
      }
      if ((*flags & llvm::object::SymbolRef::SF_Undefined) != 0) {
        image_.address_of_import(plain(*name));
      } else if ((*flags & llvm::object::SymbolRef::SF_Global) != 0) {
        auto address = symbol.getAddress();
        if (address) image_.exports.emplace(plain(*name), *address);
        else llvm::consumeError(address.takeError());
      }
    }
    llvm::Error wrong = llvm::Error::success();
    for (const llvm::object::ExportEntry& entry : file_.exports(wrong))
      image_.exports.emplace(plain(entry.name()), text_ + entry.address());
    noted("its table of exports", std::move(wrong));
  }

  void noted(std::string_view what, llvm::Error wrong) {
    if (!wrong) return;
    image_.relocations_complete = false;
    image_.note = std::string(what) + ": " + said(std::move(wrong));
  }

  void fixups() {
    {
      llvm::Error wrong = llvm::Error::success();
      for (const llvm::object::MachOChainedFixupEntry& entry : file_.fixupTable(wrong)) {
        if (entry.isBind())
          image_.put(entry.address(), image_.address_of_import(plain(entry.symbolName())) + entry.addend(), 8);
        else image_.put(entry.address(), entry.pointerValue(), 8);
      }
      noted("its chained fixups", std::move(wrong));
    }
    bind(file_.bindTable(wrong_), "its table of bindings");
    bind(file_.lazyBindTable(wrong_), "its table of lazy bindings");
    bind(file_.weakBindTable(wrong_), "its table of weak bindings");
  }

  template <class Range> void bind(Range entries, std::string_view what) {
    for (const llvm::object::MachOBindEntry& entry : entries)
      image_.put(entry.address(), image_.address_of_import(plain(entry.symbolName())) + entry.addend(), 8);
    noted(what, std::move(wrong_));
    wrong_ = llvm::Error::success();
  }

  llvm::object::MachOObjectFile& file_;
  LayoutBudget& budget_;
  llvm::Error wrong_ = llvm::Error::success();
  std::uint64_t text_ = 0;
  Image image_;
};

Result<Image> read_one(llvm::object::MachOObjectFile& file, LayoutBudget& budget) {
  const llvm::StringRef data = file.getData();
  return Reader(file, budget).read(std::string_view(data.data(), data.size()));
}

}  // namespace

Result<std::vector<Image>> read_macho(std::string_view bytes, LayoutBudget& budget) {
  const std::string copy(bytes);  // LLVM reads names up to a zero byte, which a string has at its end
  const llvm::MemoryBufferRef buffer(llvm::StringRef(copy), "library");
  std::vector<Image> out;
  const bool universal = bytes.starts_with("\xca\xfe\xba");
  if (!universal) {
    auto file = llvm::object::ObjectFile::createMachOObjectFile(buffer);
    if (!file) return Error{said(file.takeError())};
    Result<Image> one = read_one(**file, budget);
    if (!one.ok()) return one.error();
    out.push_back(std::move(*one));
    return out;
  }
  auto file = llvm::object::MachOUniversalBinary::create(buffer);
  if (!file) return Error{said(file.takeError())};
  for (const auto& part : (*file)->objects()) {
    auto object = part.getAsObjectFile();
    if (!object) return Error{said(object.takeError())};
    Result<Image> one = read_one(**object, budget);
    if (!one.ok()) return one.error();
    out.push_back(std::move(*one));
  }
  if (out.empty()) return Error{"a universal file without a library in it"};
  return out;
}

}  // namespace ftaudit::packages
