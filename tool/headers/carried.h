// Headers that come with ftaudit, so that a scan needs nothing of the machine: Clang's own, CPython's, those of binding
// packages, and the C and C++ libraries' for machines that have none. A packaged program holds them in itself, packed,
// below a path under which no file system has anything; FTAUDIT_HEADERS names a folder that takes their place. Whoever
// looks for headers asks here instead of the file system and sees both alike. Used by frontend (as a file system for
// Clang) and by the search for interpreters and packages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace ftaudit::headers {

// Where they begin, laid out as `python/3.14t-3.14.6`, `headers/numpy-2.4.6`, `clang`, `sysroot`; empty: none came
// along.
fs::path carried_root();
// "built in", or the folder that takes their place; "" where there are none.
std::string origin();
// Names the content of what is built in, for caches; "" where nothing is.
std::string identity();

// Below a path that only this process knows.
bool is_built_in(const fs::path& path);
// A path for people: "built in: python/3.14t-3.14.6/include/python3.14t".
std::string shown(const fs::path& path);

// As of the file system, and of what is built in.
bool exists(const fs::path& path);
bool is_file(const fs::path& path);
std::optional<std::string> text(const fs::path& path);
std::vector<fs::path> children(const fs::path& folder);  // sorted; of a folder that is not there none
// Of a file that is built in: its size without unpacking it.
std::optional<std::uint64_t> size(const fs::path& path);

// The folder with Clang's own headers in `include`: FTAUDIT_HEADERS, that of the LLVM a checkout was built with, what
// is built in, then where distributions keep it. Empty: nowhere.
fs::path clang_folder();
// Compiler flags for C and C++ library headers on a machine that lacks them; none where it has its own, since an
// extension is built with those.
std::vector<std::string> library_flags();
bool machine_has_c();
bool machine_has_cxx();

}  // namespace ftaudit::headers
