#include "packages/wheels/wheel.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace ftaudit::packages {
namespace {

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_identifier(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c >= 0x80; });
}

// Bundled by the tools that repair wheels: NAME.libs/, NAME/.dylibs/.
bool is_bundled(std::string_view path) {
  return path.find(".libs/") != std::string_view::npos || path.find(".dylibs/") != std::string_view::npos;
}

bool is_library_name(std::string_view name) {
  return name.ends_with(".so") || name.find(".so.") != std::string_view::npos || name.ends_with(".dylib") ||
         name.ends_with(".dll") || name.ends_with(".pyd") || name.ends_with(".exe");
}

std::string megabytes(std::uint64_t bytes) { return std::to_string((bytes + (1u << 19)) >> 20) + " MB"; }

}  // namespace

bool is_extension_name(std::string_view path) {
  if (is_bundled(path)) return false;
  const std::string_view name = last_part(path);
  std::string_view stem = name;
  if (name.ends_with(".so")) stem.remove_suffix(3);
  else if (name.ends_with(".pyd")) stem.remove_suffix(4);
  else return false;
  const std::string_view tag =
      stem.find('.') == std::string_view::npos ? std::string_view() : stem.substr(stem.find('.') + 1);
  stem = stem.substr(0, stem.find('.'));
  if (!is_identifier(stem)) return false;
  return tag.empty() || tag == "abi3" || tag == "abi3t" || tag.starts_with("cpython-") || tag.starts_with("cp3") ||
         tag.starts_with("pypy");
}

bool is_native_name(std::string_view path) { return is_library_name(last_part(path)); }

std::vector<std::string> fields(std::string_view text, std::string_view key) {
  std::vector<std::string> out;
  bool inside = false;
  for (const std::string& raw : split(text, '\n')) {
    std::string_view line = raw;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;  // the description follows
    if (line[0] == ' ' || line[0] == '\t') {
      if (inside) out.back() += "\n" + std::string(trim(line));
      continue;
    }
    const std::size_t colon = line.find(':');
    inside = colon != std::string_view::npos && to_lower(line.substr(0, colon)) == to_lower(key);
    if (inside) out.emplace_back(trim(line.substr(colon + 1)));
  }
  return out;
}

Result<Wheel> read_wheel(ByteSource& source, const WheelLimits& limits, bool binaries) {
  const Result<std::vector<ZipEntry>> entries = zip_entries(source, limits.zip);
  if (!entries.ok()) return entries.error();
  Wheel out;
  bool found = false;
  std::vector<const ZipEntry*> extensions;
  for (const ZipEntry& entry : *entries) {
    const std::size_t slash = entry.name.find('/');
    if (slash != std::string::npos && entry.name.substr(0, slash).ends_with(".dist-info")) {
      const std::string_view name = std::string_view(entry.name).substr(slash + 1);
      std::string* to = name == "METADATA" ? &out.metadata : name == "WHEEL" ? &out.wheel : nullptr;
      if (to != nullptr) {
        Result<std::string> text = zip_member(source, entry, limits.zip);
        if (!text.ok()) return text.error();
        out.fetched += entry.compressed;
        *to = std::move(*text);
        found = found || name == "METADATA";
      }
    }
    if (!is_native_name(entry.name)) continue;
    if (is_bundled(entry.name)) out.bundled.push_back(entry.name);
    else if (is_extension_name(entry.name)) extensions.push_back(&entry);
    else out.foreign.push_back(entry.name);
  }
  if (!found) return Error{source.name() + ": a zip file, but no wheel: it has no .dist-info/METADATA"};
  std::sort(extensions.begin(), extensions.end(),
            [](const ZipEntry* a, const ZipEntry* b) { return a->name < b->name; });
  std::uint64_t left = limits.binaries;
  for (const ZipEntry* entry : extensions) {
    if (!binaries) {
      out.not_read.push_back(entry->name);
      continue;
    }
    if (entry->compressed > limits.binary || entry->compressed > left) {
      out.not_read.push_back(entry->name + ": " + megabytes(entry->compressed) +
                             " to fetch, more than is read of one package");
      continue;
    }
    left -= entry->compressed;
    out.fetched += entry->compressed;
    const Result<std::string> bytes = zip_member(source, *entry, limits.zip);
    out.extensions.push_back({entry->name, bytes.ok() ? read_binary(*bytes) : Result<Binary>(bytes.error())});
  }
  // A .so without an init function of its name is a library for ctypes or for the others.
  std::erase_if(out.extensions, [&](const WheelBinary& one) {
    if (!one.binary.ok() || !one.binary->modules.empty()) return false;
    out.foreign.push_back(one.path);
    return true;
  });
  std::sort(out.foreign.begin(), out.foreign.end());
  return out;
}

}  // namespace ftaudit::packages
