#include "packages/wheels/zip.h"

#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "base/text.h"

namespace ftaudit::packages {
namespace {

constexpr std::uint64_t end_size = 22, locator_size = 20, end64_size = 56, longest_comment = 65535;
constexpr std::uint32_t end_mark = 0x06054b50, locator_mark = 0x07064b50, end64_mark = 0x06064b50,
                        entry_mark = 0x02014b50, local_mark = 0x04034b50;

std::uint64_t number(std::string_view bytes, std::size_t at, unsigned size) {
  std::uint64_t out = 0;
  for (unsigned i = 0; i < size && at + i < bytes.size(); ++i)
    out |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return out;
}

struct Directory {
  std::uint64_t offset = 0, size = 0, entries = 0;
  std::uint64_t end = 0;  // where its own end record lies: members end before
};

Result<Directory> find_directory(ByteSource& source, std::uint64_t total) {
  const std::uint64_t tail = std::min(total, end_size + longest_comment + locator_size);
  if (total < end_size) return Error{"too short for a zip file (" + std::to_string(total) + " bytes)"};
  // Almost no wheel has a comment: a first look at a little saves fetching 64 KiB.
  Result<std::string> read =
      source.read(total - std::min<std::uint64_t>(tail, 4096), std::min<std::uint64_t>(tail, 4096));
  if (!read.ok()) return read.error();
  std::size_t at = read->rfind("PK\x05\x06");
  if (at == std::string::npos && tail > 4096) {
    read = source.read(total - tail, tail);
    if (!read.ok()) return read.error();
    at = read->rfind("PK\x05\x06");
  }
  if (at == std::string::npos || number(*read, at, 4) != end_mark || at + end_size > read->size())
    return Error{"not a zip file, or cut short: it has no table of contents"};
  Directory out{.offset = number(*read, at + 16, 4),
                .size = number(*read, at + 12, 4),
                .entries = number(*read, at + 10, 2),
                .end = total - read->size() + at};
  if (number(*read, at + 4, 2) != 0 && number(*read, at + 4, 2) != 0xffff) return Error{"a zip file in several parts"};
  if (out.offset != 0xffff'ffff && out.size != 0xffff'ffff && out.entries != 0xffff) return out;
  if (out.end < locator_size) return Error{"cut short: its ZIP64 table of contents is missing"};
  Result<std::string> locator = source.read(out.end - locator_size, locator_size);
  if (!locator.ok()) return locator.error();
  // Exactly 65535 entries need no ZIP64.
  if (number(*locator, 0, 4) != locator_mark)
    return out.offset != 0xffff'ffff && out.size != 0xffff'ffff
               ? Result<Directory>(out)
               : Error{"cut short: its ZIP64 table of contents is missing"};
  const std::uint64_t where = number(*locator, 8, 8);
  if (where > total || total - where < end64_size) return Error{"its ZIP64 table of contents lies outside the file"};
  Result<std::string> end = source.read(where, end64_size);
  if (!end.ok()) return end.error();
  if (number(*end, 0, 4) != end64_mark) return Error{"its ZIP64 table of contents is broken"};
  return Directory{
      .offset = number(*end, 48, 8), .size = number(*end, 40, 8), .entries = number(*end, 32, 8), .end = where};
}

// Why a name may not be in a wheel; "" when it may.
std::string objection(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.find('\0') != std::string_view::npos) return "has a zero byte";
  if (name.find('\\') != std::string_view::npos) return "has a backslash";
  if (name.starts_with("/")) return "is absolute";
  if (name.size() > 1 && name[1] == ':') return "begins with a drive";
  for (const std::string& part : split(name, '/'))
    if (part == "..") return "reaches outside the archive";
  return {};
}

// Sizes and offset may stand in the extra field with id 1 instead, in this order, each only when its own place is full
// of ones.
void from_extra(std::string_view extra, ZipEntry& entry) {
  for (std::size_t at = 0; at + 4 <= extra.size();) {
    const std::uint64_t id = number(extra, at, 2), size = number(extra, at + 2, 2);
    if (id == 1) {
      std::size_t field = at + 4;
      const std::size_t end = std::min<std::size_t>(field + size, extra.size());
      for (std::uint64_t* value : {&entry.size, &entry.compressed, &entry.offset}) {
        if (*value != 0xffff'ffff || field + 8 > end) continue;
        *value = number(extra, field, 8);
        field += 8;
      }
      return;
    }
    at += 4 + size;
  }
}

Status check_overlap(std::vector<ZipEntry> entries, std::uint64_t end) {
  std::sort(entries.begin(), entries.end(), [](const ZipEntry& a, const ZipEntry& b) { return a.offset < b.offset; });
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::uint64_t limit = i + 1 < entries.size() ? entries[i + 1].offset : end;
    // The local header has 30 bytes and the name again at least.
    const std::uint64_t needed = 30 + entries[i].name.size();
    if (entries[i].offset > limit || entries[i].compressed > limit - entries[i].offset ||
        limit - entries[i].offset - entries[i].compressed < needed)
      return Error{i + 1 < entries.size()
                       ? "its entries " + entries[i].name + " and " + entries[i + 1].name + " overlap"
                       : "its entry " + entries[i].name + " ends beyond the file"};
  }
  return Done{};
}

}  // namespace

Result<std::vector<ZipEntry>> zip_entries(ByteSource& source, const ZipLimits& limits) {
  const auto refuse = [&](const std::string& why) { return Error{source.name() + ": " + why}; };
  const Result<std::uint64_t> total = source.size();
  if (!total.ok()) return total.error();
  const Result<Directory> directory = find_directory(source, *total);
  if (!directory.ok()) return refuse(directory.message());
  if (directory->entries > limits.entries)
    return refuse("its table of contents lists " + std::to_string(directory->entries) +
                  " entries, more than any wheel");
  if (directory->size > limits.directory)
    return refuse("its table of contents has " + std::to_string(directory->size) + " bytes, more than any wheel's");
  if (directory->offset > directory->end || directory->size > directory->end - directory->offset)
    return refuse("its table of contents lies outside the file");
  const Result<std::string> bytes = source.read(directory->offset, directory->size);
  if (!bytes.ok()) return bytes.error();
  std::vector<ZipEntry> out;
  std::set<std::string_view> names;
  out.reserve(directory->entries);
  for (std::size_t at = 0; out.size() < directory->entries;) {
    if (at + 46 > bytes->size() || number(*bytes, at, 4) != entry_mark)
      return refuse("its table of contents is broken or cut short");
    const std::size_t name = number(*bytes, at + 28, 2), extra = number(*bytes, at + 30, 2),
                      comment = number(*bytes, at + 32, 2);
    if (at + 46 + name + extra + comment > bytes->size()) return refuse("its table of contents is broken or cut short");
    ZipEntry entry{.name = bytes->substr(at + 46, name),
                   .size = number(*bytes, at + 24, 4),
                   .compressed = number(*bytes, at + 20, 4),
                   .offset = number(*bytes, at + 42, 4),
                   .crc = static_cast<std::uint32_t>(number(*bytes, at + 16, 4)),
                   .method = static_cast<std::uint16_t>(number(*bytes, at + 10, 2)),
                   .encrypted = (number(*bytes, at + 8, 2) & 1) != 0};
    from_extra(std::string_view(*bytes).substr(at + 46 + name, extra), entry);
    if (const std::string why = objection(entry.name); !why.empty())
      return refuse("the name of its entry \"" + entry.name + "\" " + why);
    out.push_back(std::move(entry));
    at += 46 + name + extra + comment;
  }
  for (const ZipEntry& entry : out)
    if (!names.insert(entry.name).second) return refuse("it has two entries called " + entry.name);
  if (Status apart = check_overlap(out, directory->offset); !apart.ok()) return refuse(apart.message());
  return out;
}

Result<std::string> zip_member(ByteSource& source, const ZipEntry& entry, const ZipLimits& limits) {
  const auto refuse = [&](const std::string& why) { return Error{source.name() + ": " + entry.name + ": " + why}; };
  if (entry.encrypted) return refuse("is encrypted");
  if (entry.method != 0 && entry.method != 8)
    return refuse("is compressed by method " + std::to_string(entry.method) + ", which wheels do not use");
  if (entry.size > limits.member)
    return refuse("has " + std::to_string(entry.size) + " bytes unpacked, more than the " +
                  std::to_string(limits.member) + " that are read");
  if (entry.method == 0 && entry.size != entry.compressed) return refuse("is stored, and its two sizes differ");
  if (entry.compressed > limits.member || entry.size > (entry.compressed + 1) * limits.ratio)
    return refuse("claims to unpack to " + std::to_string(entry.size) + " bytes from " +
                  std::to_string(entry.compressed) + ", which cannot be");
  // The local header repeats the name, and may have extra fields of other sizes: what is usual is fetched with it.
  const std::uint64_t guess = 30 + entry.name.size() + 64 + entry.compressed;
  const Result<std::uint64_t> total = source.size();
  if (!total.ok()) return total.error();
  if (entry.offset > *total) return refuse("lies outside the file");
  Result<std::string> bytes = source.read(entry.offset, std::min(guess, *total - entry.offset));
  if (!bytes.ok()) return bytes.error();
  if (bytes->size() < 30 || number(*bytes, 0, 4) != local_mark)
    return refuse("has no header where the table of contents says");
  const std::uint64_t begin = 30 + number(*bytes, 26, 2) + number(*bytes, 28, 2);
  if (bytes->compare(30, entry.name.size(), entry.name) != 0 || number(*bytes, 26, 2) != entry.name.size())
    return refuse("has another name in its own header");
  if (begin + entry.compressed > bytes->size()) {
    if (begin + entry.compressed > *total - entry.offset) return refuse("is cut short");
    Result<std::string> rest = source.read(entry.offset + bytes->size(), begin + entry.compressed - bytes->size());
    if (!rest.ok()) return rest.error();
    *bytes += *rest;
  }
  const std::string_view packed = std::string_view(*bytes).substr(begin, entry.compressed);
  std::string out;
  if (entry.method == 0) {
    out = packed;
  } else {
    out.resize(entry.size + 1);  // one more, to see when there is more than was said
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return refuse("cannot be unpacked: out of memory");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int ended = inflate(&stream, Z_FINISH);
    const std::uint64_t got = stream.total_out;
    inflateEnd(&stream);
    if (got > entry.size) return refuse("unpacks to more than the " + std::to_string(entry.size) + " bytes it says");
    if (ended != Z_STREAM_END) return refuse("is broken or cut short");
    if (got != entry.size)
      return refuse("unpacks to " + std::to_string(got) + " bytes instead of " + std::to_string(entry.size));
    out.resize(got);
  }
  if (crc32(crc32(0, nullptr, 0), reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(out.size())) !=
      entry.crc)
    return refuse("has another checksum than the table of contents says");
  return out;
}

namespace {

class File final : public ByteSource {
 public:
  explicit File(const fs::path& path) : path_(path), stream_(path, std::ios::binary) {}
  Result<std::uint64_t> size() override {
    std::error_code wrong;
    const std::uint64_t bytes = fs::file_size(path_, wrong);
    if (wrong) return Error{path_.string() + ": " + wrong.message()};
    return bytes;
  }
  Result<std::string> read(std::uint64_t offset, std::uint64_t length) override {
    const Result<std::uint64_t> total = size();
    if (!total.ok()) return total.error();
    if (offset > *total || length > *total - offset)
      return Error{path_.string() + ": ends before byte " + std::to_string(offset + length)};
    std::string out(length, '\0');
    stream_.clear();
    stream_.seekg(static_cast<std::streamoff>(offset));
    stream_.read(out.data(), static_cast<std::streamsize>(length));
    if (!stream_) return Error{path_.string() + ": cannot be read"};
    return out;
  }
  std::string name() const override { return path_.string(); }

 private:
  fs::path path_;
  std::ifstream stream_;
};

}  // namespace

std::unique_ptr<ByteSource> open_file(const fs::path& path) { return std::make_unique<File>(path); }

}  // namespace ftaudit::packages
