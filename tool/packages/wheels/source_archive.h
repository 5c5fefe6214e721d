// Source archive: what building an sdist would take, told from its files alone: the build back end, what is compiled,
// in which languages. Nothing of it is executed and nothing unpacked outside scratch. Used by verdict.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "finding/adoption.h"

namespace ftaudit::packages {

struct SourceArchive {
  std::string backend;  // "setuptools.build_meta", "maturin", ...; "" when nothing is said
  std::vector<std::string> build_requires;
  std::vector<std::string> compiled;  // "C", "C++", "Cython", "Rust", "Fortran", "CUDA": what has sources in it
  std::size_t compiled_files = 0;
  bool limited_api = false;  // asks for the stable ABI, which free-threaded builds refuse before 3.15
  std::string metadata;      // PKG-INFO
};

Result<SourceArchive> read_source_archive(const fs::path& archive);

// Whether it would build for a free-threaded interpreter, as far as its files tell; `why` gets the reason.
Builds would_build(const SourceArchive& archive, std::string& why);

}  // namespace ftaudit::packages
