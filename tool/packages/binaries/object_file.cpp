#include "packages/binaries/object_file.h"

#include "packages/binaries/image_formats.h"

namespace ftaudit::packages {

Result<std::vector<Image>> read_images(std::string_view bytes, std::uint64_t memory_limit) {
  if (bytes.size() < 64) return Error{"too short for a library: " + std::to_string(bytes.size()) + " bytes"};
  LayoutBudget budget{memory_limit};
  const auto magic = [&](std::string_view m) { return bytes.starts_with(m); };
  if (magic("\x7f"
            "ELF")) {
    Result<Image> one = read_elf(bytes, budget);
    if (!one.ok()) return Error{"ELF: " + one.message()};
    std::vector<Image> out;
    out.push_back(std::move(*one));
    return out;
  }
  if (magic("MZ")) {
    Result<Image> one = read_pe(bytes, budget);
    if (!one.ok()) return Error{"PE: " + one.message()};
    std::vector<Image> out;
    out.push_back(std::move(*one));
    return out;
  }
  if (magic("\xcf\xfa\xed\xfe") || magic("\xce\xfa\xed\xfe") || magic("\xca\xfe\xba\xbe") ||
      magic("\xca\xfe\xba\xbf")) {
    Result<std::vector<Image>> all = read_macho(bytes, budget);
    if (!all.ok()) return Error{"Mach-O: " + all.message()};
    return all;
  }
  return Error{"neither ELF, Mach-O nor PE"};
}

}  // namespace ftaudit::packages
