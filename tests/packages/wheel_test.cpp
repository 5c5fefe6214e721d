// Wheels as hostile as they come. The zip files are written here byte by byte, so that each lie is one that was meant.
#include "packages/wheels/wheel.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <random>

#include "packages/wheels/zip.h"

using namespace ftaudit;
using namespace ftaudit::packages;

namespace {

class Memory final : public ByteSource {
 public:
  explicit Memory(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<std::uint64_t> size() override { return std::uint64_t{bytes_.size()}; }
  Result<std::string> read(std::uint64_t offset, std::uint64_t length) override {
    fetched += length;
    if (offset > bytes_.size() || length > bytes_.size() - offset) return Error{"beyond the end"};
    return bytes_.substr(offset, length);
  }
  std::string name() const override { return "test.whl"; }
  std::uint64_t fetched = 0;

 private:
  std::string bytes_;
};

std::string le(std::uint64_t value, unsigned size) {
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string deflated(const std::string& text) {
  std::string out(compressBound(text.size()) + 64, '\0');
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data())),
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data()), stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct Member {
  std::string name, text;
  std::optional<std::uint64_t> claimed_size, offset;
  std::optional<std::uint32_t> crc;
  std::uint16_t method = 8, flags = 0;
  bool zip64 = false;
};

std::string zip(const std::vector<Member>& members) {
  std::string out, directory;
  for (const Member& m : members) {
    const std::uint64_t at = m.offset.value_or(out.size());
    const std::string packed = m.method == 8 ? deflated(m.text) : m.text;
    const std::uint32_t crc = m.crc.value_or(static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(m.text.data()), static_cast<uInt>(m.text.size()))));
    const std::uint64_t size = m.claimed_size.value_or(m.text.size());
    out += le(0x04034b50, 4) + le(20, 2) + le(m.flags, 2) + le(m.method, 2) + le(0, 4) + le(crc, 4) +
           le(packed.size(), 4) + le(size, 4) + le(m.name.size(), 2) + le(0, 2) + m.name + packed;
    const std::string extra = m.zip64 ? le(1, 2) + le(24, 2) + le(size, 8) + le(packed.size(), 8) + le(at, 8) : "";
    directory += le(0x02014b50, 4) + le(20, 2) + le(20, 2) + le(m.flags, 2) + le(m.method, 2) + le(0, 4) + le(crc, 4) +
                 le(m.zip64 ? 0xffffffff : packed.size(), 4) + le(m.zip64 ? 0xffffffff : size, 4) +
                 le(m.name.size(), 2) + le(extra.size(), 2) + le(0, 2) + le(0, 4) + le(0, 4) +
                 le(m.zip64 ? 0xffffffff : at, 4) + m.name + extra;
  }
  return out + directory + le(0x06054b50, 4) + le(0, 4) + le(members.size(), 2) + le(members.size(), 2) +
         le(directory.size(), 4) + le(out.size(), 4) + le(0, 2);
}

const Member metadata{.name = "spam-1.dist-info/METADATA",
                      .text =
                          "Metadata-Version: 2.1\nName: spam\nVersion: 1\nClassifier: Programming Language :: Python "
                          ":: Free Threading :: 3 - Stable\n\nClassifier: not a field\n"};

std::string complaint(const std::vector<Member>& members) {
  Memory source(zip(members));
  const Result<Wheel> wheel = read_wheel(source);
  return wheel.ok() ? "" : wheel.message();
}

}  // namespace

TEST_CASE("a wheel is read: metadata, names, and that a text is no library") {
  Memory source(zip({metadata,
                     {.name = "spam/__init__.py", .text = "x = 1"},
                     {.name = "spam/_fast.so",
                      .text = "no library at all, but long enough to look like something else, which a reader of "
                              "libraries takes for one"},
                     {.name = "spam.libs/libz.so.1", .text = "z"},
                     {.name = "spam/libfoo.so.2", .text = "f"}}));
  const Result<Wheel> wheel = read_wheel(source);
  REQUIRE(wheel.ok());
  CHECK(fields(wheel->metadata, "classifier") ==
        std::vector<std::string>{"Programming Language :: Python :: Free Threading :: 3 - Stable"});
  REQUIRE(wheel->extensions.size() == 1);
  CHECK(wheel->extensions[0].binary.message().find("neither ELF") != std::string::npos);
  CHECK(wheel->bundled == std::vector<std::string>{"spam.libs/libz.so.1"});
  CHECK(wheel->foreign == std::vector<std::string>{"spam/libfoo.so.2"});
}

TEST_CASE("ZIP64 sizes and stored members are read") {
  Member large = metadata;
  large.zip64 = true;
  CHECK(complaint({large}) == "");
  Member stored = metadata;
  stored.method = 0;
  CHECK(complaint({stored}) == "");
}

TEST_CASE("what lies is refused, and the message says how") {
  const auto says = [](const std::string& text, const char* part) {
    CHECK_MESSAGE(text.find(part) != std::string::npos, text);
  };
  says(complaint({metadata, {.name = "../../etc/passwd", .text = "x"}}), "reaches outside the archive");
  says(complaint({metadata, {.name = "/etc/passwd", .text = "x"}}), "is absolute");
  says(complaint({metadata, {.name = "a\\b", .text = "x"}}), "backslash");
  says(complaint({metadata, {.name = "C:evil", .text = "x"}}), "drive");
  says(complaint({metadata, {.name = std::string("a\0b", 3), .text = "x"}}), "zero byte");
  says(complaint({metadata, metadata}), "two entries called");
  says(complaint({{.name = "spam.txt", .text = "x"}}), "no wheel");
  Member bomb = metadata;
  bomb.claimed_size = 400'000'000;
  says(complaint({bomb}), "cannot be");
  bomb.text = std::string(1 << 20, 'a'), bomb.claimed_size = 1000;
  says(complaint({bomb}), "unpacks to more");
  Member wrong = metadata;
  wrong.crc = 1;
  says(complaint({wrong}), "checksum");
  Member secret = metadata;
  secret.flags = 1;
  says(complaint({secret}), "encrypted");
  Member odd = metadata;
  odd.method = 12;
  says(complaint({odd}), "method 12");
  says(complaint({metadata, {.name = "spam/a.py", .text = "x", .offset = 0}}), "overlap");
  says(complaint({metadata, {.name = "spam/a.py", .text = "x", .offset = 1u << 30}}), "ends beyond the file");
}

TEST_CASE("cut anywhere, it is an error and never a crash") {
  const std::string whole = zip({metadata, {.name = "spam/_fast.abi3.so", .text = std::string(4000, 'x')}});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    Memory source(whole.substr(0, length));
    CHECK_FALSE(read_wheel(source).ok());
  }
}

TEST_CASE("thousands of broken wheels are read without harm") {
  const std::string whole = zip({metadata,
                                 {.name = "spam/_fast.abi3.so", .text = std::string(600, 'x')},
                                 {.name = "spam/b.py", .text = "import spam"}});
  std::mt19937 random(20260101);
  std::size_t refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string broken = whole;
    for (unsigned n = 1 + random() % 4; n > 0; --n) broken[random() % broken.size()] = static_cast<char>(random());
    Memory source(std::move(broken));
    refused += read_wheel(source, {.zip = {.member = 1u << 20}}).ok() ? 0 : 1;
  }
  CHECK(refused > 1000);
  CHECK(refused < 20'000);
}

TEST_CASE("names of extension modules as CPython's finders see them") {
  for (const char* name : {"a/_b.so", "_b.cpython-313t-x86_64-linux-gnu.so", "a/b.abi3.so", "a/b.abi3t.so",
                           "b.cp313t-win_amd64.pyd", "b.pyd"})
    CHECK_MESSAGE(is_extension_name(name), name);
  for (const char* name :
       {"a.libs/libz.so", "a/.dylibs/libz.so", "liba.so.1", "a/b.dll", "a/b-c.so", "a/b.dylib", "a/3b.so", "a/b.py"})
    CHECK_MESSAGE(!is_extension_name(name), name);
}
