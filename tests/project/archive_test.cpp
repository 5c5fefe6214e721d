#include <archive.h>
#include <archive_entry.h>

#include "project/archive.h"
#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

namespace {

struct Entry {
  std::string name, text, link;
  unsigned type = AE_IFREG;
};

// A .tar.gz or .zip with these entries.
void make_archive(const fs::path& file, const std::vector<Entry>& entries) {
  ::archive* out = archive_write_new();
  if (file.extension() == ".zip") {
    archive_write_set_format_zip(out);
  } else {
    archive_write_set_format_pax_restricted(out);
    archive_write_add_filter_gzip(out);
  }
  REQUIRE(archive_write_open_filename(out, file.c_str()) == ARCHIVE_OK);
  for (const Entry& entry : entries) {
    archive_entry* made = archive_entry_new();
    archive_entry_set_pathname(made, entry.name.c_str());
    archive_entry_set_filetype(made, entry.type);
    archive_entry_set_perm(made, 0644);
    if (entry.type == AE_IFLNK) archive_entry_set_symlink(made, entry.link.c_str());
    archive_entry_set_size(made, static_cast<la_int64_t>(entry.text.size()));
    REQUIRE(archive_write_header(out, made) == ARCHIVE_OK);
    archive_write_data(out, entry.text.data(), entry.text.size());
    archive_entry_free(made);
  }
  archive_write_close(out);
  archive_write_free(out);
}

const std::string module_c = "#include <Python.h>\nPyMODINIT_FUNC PyInit_m(void) { return NULL; }\n";

std::string refusal(const std::vector<Entry>& entries, const ArchiveLimits& limits = {}) {
  const TreeOnDisk tree{};
  make_archive(tree / "x.tar.gz", entries);
  fs::create_directory(tree / "out");
  auto status = unpack(tree / "x.tar.gz", tree / "out", limits);
  return status.ok() ? "" : status.message();
}

}  // namespace

TEST_CASE("an sdist is unpacked, audited as its one folder, and gone with the project") {
  for (const char* name : {"thing-1.0.tar.gz", "thing-1.0.zip"}) {
    const TreeOnDisk tree{};
    make_archive(tree / name, {{"thing-1.0/setup.py", "from setuptools import setup\nsetup(name='thing')\n"},
                               {"thing-1.0/src/m.c", module_c},
                               {"thing-1.0/src/link.c", "", "m.c", AE_IFLNK}});
    fs::path unpacked;
    {
      const Project project = tree.discover_at(tree / name);
      CHECK(project.name == "thing");
      CHECK(units_of(project) == Texts{"src/m.c"});
      unpacked = project.root;
      CHECK(fs::exists(unpacked / "src/m.c"));
    }
    CHECK_FALSE(fs::exists(unpacked));
  }
}

TEST_CASE("an archive that reaches outside itself is refused") {
  CHECK(refusal({{"/etc/evil", "x"}}).find("outside the archive") != std::string::npos);
  CHECK(refusal({{"a/../../evil", "x"}}).find("outside the archive") != std::string::npos);
  CHECK(refusal({{"a/l", "", "/etc", AE_IFLNK}}).find("leads outside") != std::string::npos);
  CHECK(refusal({{"a/l", "", "../../x", AE_IFLNK}}).find("leads outside") != std::string::npos);
  CHECK(refusal({{"a/d", "", "", AE_IFCHR}}).find("neither file nor folder") != std::string::npos);
  CHECK(refusal({{"a/f", "", "", AE_IFIFO}}).find("neither file nor folder") != std::string::npos);
}

TEST_CASE("an archive cannot fill the disk") {
  CHECK(refusal({{"a", std::string(3 << 20, 'x')}}, {.bytes = 1 << 20}).find("more than 1 MiB") != std::string::npos);
  CHECK(refusal({{"a", ""}, {"b", ""}, {"c", ""}}, {.entries = 2}).find("more than 2 files") != std::string::npos);
}

TEST_CASE("broken archives are errors that name the file") {
  TreeOnDisk tree{{"no.tar.gz", "this is no archive"}, {"empty.zip", ""}};
  for (const char* name : {"no.tar.gz", "empty.zip"}) {
    auto project = discover(tree / name);
    REQUIRE_FALSE(project.ok());
    CHECK(project.message().find(name) != std::string::npos);
  }
  std::string noise;
  for (unsigned i = 0, x = 1; i < 20'000; ++i) noise += static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  make_archive(tree / "whole.tar.gz", {{"a/m.c", module_c + noise}});
  const std::string whole = *read_file(tree / "whole.tar.gz");
  tree.add("cut.tar.gz", whole.substr(0, whole.size() / 2));
  auto cut = discover(tree / "cut.tar.gz");
  REQUIRE_FALSE(cut.ok());
  CHECK_MESSAGE(cut.message().find("cut short") != std::string::npos, cut.message());
  for (std::size_t i = 0; i < 400; ++i) {
    std::string changed = whole;
    changed[i * 37 % changed.size()] ^= static_cast<char>(1 + i);
    tree.add("changed.tar.gz", changed);
    fs::remove_all(tree / "out");
    fs::create_directory(tree / "out");
    (void)unpack(tree / "changed.tar.gz", tree / "out").ok();
  }
}
