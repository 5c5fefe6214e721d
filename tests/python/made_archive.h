// Archives made by a test, with any member names and links it likes.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <vector>

#include "base/files.h"

namespace ftaudit::python {

struct Member {
  std::string name, text;
  std::string link;  // not empty: a symbolic link to there
};

// A .zip or a .tar.xz, by the name of `file`.
inline fs::path make_archive(const fs::path& file, const std::vector<Member>& members) {
  ::archive* writer = ::archive_write_new();
  if (file.extension() == ".xz")
    ::archive_write_set_format_pax_restricted(writer), ::archive_write_add_filter_xz(writer);
  else ::archive_write_set_format_zip(writer);
  ::archive_write_open_filename(writer, file.c_str());
  for (const Member& member : members) {
    ::archive_entry* entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, member.name.c_str());
    ::archive_entry_set_perm(entry, member.name.ends_with("configure") ? 0755 : 0644);
    ::archive_entry_set_filetype(entry, member.link.empty() ? AE_IFREG : AE_IFLNK);
    if (!member.link.empty()) ::archive_entry_set_symlink(entry, member.link.c_str());
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(member.text.size()));
    ::archive_write_header(writer, entry);
    ::archive_write_data(writer, member.text.data(), member.text.size());
    ::archive_entry_free(entry);
  }
  ::archive_write_close(writer);
  ::archive_write_free(writer);
  return file;
}

}  // namespace ftaudit::python
