#include "frontend/facts_cache.h"

#include <link.h>

#include <cstring>

#include <clang/Basic/Version.h>
#include <llvm/ADT/StringExtras.h>

#include "base/bytes.h"
#include "frontend/command_line.h"
#include "headers/carried.h"
#include "model/archive.h"

namespace ftaudit::frontend {
namespace {

constexpr std::size_t states_kept = 8;  // of one unit: branches, both sides of a comparison
constexpr std::string_view root_mark("\0root\0", 6);

std::string hex(std::string_view raw) { return llvm::toHex(llvm::StringRef(raw.data(), raw.size()), true); }

std::string replaced(std::string text, const std::string& from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string prefix_of(const fs::path& root) {
  const std::string text = root.string();
  return text.ends_with('/') ? text : text + '/';
}

// "/home/me/project/src/a.h" as the mark and "src/a.h".
std::string relocatable(const std::string& path, const std::string& prefix) {
  return path.starts_with(prefix) ? std::string(root_mark) + path.substr(prefix.size()) : path;
}
std::string placed(const std::string& path, const std::string& prefix) {
  return path.starts_with(root_mark) ? prefix + path.substr(root_mark.size()) : path;
}

// The note that the linker leaves of what it linked, as hex digits.
int build_note(dl_phdr_info* object, std::size_t, void* out) {
  std::string& text = *static_cast<std::string*>(out);
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = object->dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    const char* at = reinterpret_cast<const char*>(object->dlpi_addr + header.p_vaddr);
    const char* const end = at + header.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const char* const name = at + sizeof note;
      const char* const value = name + ((note.n_namesz + 3) & ~3u);
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0)
        text = hex({value, note.n_descsz});
      at = value + ((note.n_descsz + 3) & ~3u);
    }
  }
  return 1;  // the program comes first; libraries are told by Clang's version
}

}  // namespace

std::string FactsCache::build() {
  static const std::string known = [] {
    std::string note;
    ::dl_iterate_phdr(build_note, &note);
    return note + " " + clang::getClangFullVersion() + " " + headers::identity();
  }();
  return known;
}

std::string FactsCache::manifest_of(const project::Unit& unit, const Settings& settings) const {
  const std::string prefix = prefix_of(settings.root), bare = settings.root.string();
  std::string identity = build() + '\0' + salt_ + '\0' + std::string(project::name_of(unit.generated_by)) + '\0' +
                         relocatable(unit.folder.string() + "/", prefix);
  for (const std::string& argument : command_line(unit, settings))
    identity += '\0' + replaced(argument, bare, root_mark);
  return hex(digest_of(identity)) + ".unit";
}

std::vector<FactsCache::Entry> FactsCache::entries(const std::string& manifest) {
  std::vector<Entry> out;
  if (const auto bytes = store_.get(manifest)) {
    ByteReader reader(*bytes);
    reader(out);
    if (reader.failed() || !reader.at_end()) out.clear();
  }
  return out;
}

FactsCache::Seen& FactsCache::seen(const std::string& path) {
  const auto [at, is_new] = seen_.try_emplace(path);
  if (is_new) at->second.stamp = stamp_of(path, at->second.there);
  return at->second;
}

bool FactsCache::holds(const Read& read, const std::string& path) {
  Seen& now = seen(path);
  if (read.kind != Read::Kind::content || !now.there) return now.there == (read.kind != Read::Kind::absent);
  if (now.stamp == read.stamp && read.stamp != Stamp{}) return true;
  if (now.digest.empty())
    if (const auto text = read_file(path); text.ok()) now.digest = digest_of(*text);
  return now.digest == read.digest;
}

bool FactsCache::holds(const Entry& entry, const fs::path& root) {
  const std::string prefix = prefix_of(root);
  return std::all_of(entry.reads.begin(), entry.reads.end(),
                     [&](const Read& read) { return holds(read, placed(read.path, prefix)); });
}

std::optional<std::string> FactsCache::find(const project::Unit& unit, const Settings& settings) {
  const std::string manifest = manifest_of(unit, settings), here = manifest + settings.root.string();
  if (const auto known = found_.find(here); known != found_.end()) return known->second;
  for (const Entry& entry : entries(manifest))
    if (holds(entry, settings.root)) return found_[here] = entry.key;
  return std::nullopt;
}

std::optional<model::Facts> FactsCache::load(const std::string& key) {
  const auto bytes = store_.get(key);
  if (!bytes) return std::nullopt;
  auto facts = model::from_bytes(*bytes);
  return facts.ok() && !facts->units.empty() ? std::optional(std::move(*facts)) : std::nullopt;
}

std::string FactsCache::keep(const project::Unit& unit, const Settings& settings, const std::vector<Read>& reads,
                             std::string_view facts) {
  const std::string prefix = prefix_of(settings.root);
  // What names the root, in a text that a macro made of it, is true only here.
  if (facts.find(settings.root.string()) != std::string_view::npos) return {};
  const std::string manifest = manifest_of(unit, settings);
  Entry entry;
  std::string content = manifest;
  for (const Read& read : reads) {
    Read& own = entry.reads.emplace_back(read);
    own.path = relocatable(read.path, prefix);
    content += '\0' + own.path + '\0' + static_cast<char>(own.kind) + own.digest;
  }
  entry.key = hex(digest_of(content)) + ".facts";
  store_.put(entry.key, facts);
  std::vector<Entry> all{entry};
  for (Entry& other : entries(manifest))
    if (other.key != entry.key && all.size() < states_kept) all.push_back(std::move(other));
  ByteWriter writer;
  writer(all);
  store_.put(manifest, writer.bytes);
  found_[manifest + settings.root.string()] = entry.key;
  return entry.key;
}

}  // namespace ftaudit::frontend
