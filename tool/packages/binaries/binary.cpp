#include "packages/binaries/binary.h"

#include <algorithm>

#include "packages/binaries/declaration.h"
#include "packages/binaries/object_file.h"

namespace ftaudit::packages {

namespace {

bool imports(const Image& image, std::string_view name) {
  return std::binary_search(image.imports.begin(), image.imports.end(), name);
}

bool imports_any(const Image& image, std::string_view start) {
  const auto at = std::lower_bound(image.imports.begin(), image.imports.end(), start);
  return at != image.imports.end() && at->starts_with(start);
}

// The bytes after `mark` in any segment, as far as they are printable.
std::string after(const Image& image, std::string_view mark, std::string_view allowed) {
  for (const Image::Segment& segment : image.segments) {
    for (std::size_t at = segment.bytes.find(mark); at != std::string::npos; at = segment.bytes.find(mark, at + 1)) {
      const std::size_t from = at + mark.size();
      const std::size_t end = std::min(segment.bytes.find_first_not_of(allowed, from), from + 16);
      std::string found = segment.bytes.substr(from, end - from);
      while (found.ends_with('.')) found.pop_back();
      if (!found.empty() && found[0] >= '0' && found[0] <= '9') return found;
    }
  }
  return {};
}

bool mentions(const Image& image, std::string_view text) {
  return std::any_of(image.segments.begin(), image.segments.end(),
                     [&](const Image::Segment& s) { return s.bytes.find(text) != std::string::npos; });
}

// Who made the binding, told by marks that each leaves in what it makes: type names, capsule names, panic paths.
std::vector<std::string> origins_of(const Image& image) {
  static constexpr std::string_view digits = "0123456789.";
  std::vector<std::string> out;
  const auto versioned = [](std::string name, const std::string& version) {
    return version.empty() ? name : name + " " + version;
  };
  if (mentions(image, "_cython_")) {
    // The shared types of Cython's modules live in "_cython_3_1_2".
    std::string version = after(image, "_cython_", "0123456789_");
    std::replace(version.begin(), version.end(), '_', '.');
    out.push_back(versioned("Cython", version));
  } else if (mentions(image, "cython_runtime") || mentions(image, "__pyx_capi__")) {
    out.push_back("Cython");
  }
  if (mentions(image, "__pybind11_") || mentions(image, "pybind11_object")) out.push_back("pybind11");
  if (mentions(image, "nanobind_") || mentions(image, "nb_internals") || mentions(image, "nb_type_0"))
    out.push_back("nanobind");
  if (mentions(image, "/pyo3-")) out.push_back(versioned("PyO3", after(image, "/pyo3-", digits)));
  else if (mentions(image, "pyo3_runtime") || mentions(image, "pyo3::")) out.push_back("PyO3");
  if (mentions(image, "_cffi_backend") && mentions(image, "_init_cffi_1_0_external_module")) out.push_back("cffi");
  if (mentions(image, "__mypyc")) out.push_back("mypyc");
  if (mentions(image, "swig_runtime_data")) out.push_back("SWIG");
  if (mentions(image, "f2py")) out.push_back("f2py");
  if (mentions(image, "/rustc/") || mentions(image, "rust_panic") || mentions(image, "RUST_BACKTRACE"))
    out.push_back("Rust");
  const bool cxx = std::any_of(image.needed.begin(), image.needed.end(), [](const std::string& library) {
    return library.find("libstdc++") != std::string::npos || library.find("libc++") != std::string::npos ||
           library.starts_with("MSVCP") || library.starts_with("msvcp");
  });
  if (cxx || imports(image, "__gxx_personality_v0") || imports_any(image, "_ZN")) out.push_back("C++");
  if (out.empty()) out.push_back("C");
  return out;
}

}  // namespace

std::vector<std::string> borrowed_among(const std::vector<std::string>& imports_of) {
  // Doc/data/refcounts.dat gives these a borrowed result; those whose container nobody can change are left out.
  static constexpr std::string_view borrowed[] = {"PyCell_Get",
                                                  "PyDict_GetItem",
                                                  "PyDict_GetItemString",
                                                  "PyDict_GetItemWithError",
                                                  "PyDict_Next",
                                                  "PyDict_SetDefault",
                                                  "PyImport_AddModule",
                                                  "PyImport_AddModuleObject",
                                                  "PyList_GetItem",
                                                  "PySequence_Fast",
                                                  "PySys_GetObject",
                                                  "PyWeakref_GetObject",
                                                  "_PyDict_GetItemStringWithError",
                                                  "_PyDict_GetItem_KnownHash"};
  std::vector<std::string> out;
  for (const std::string& name : imports_of)
    if (std::find(std::begin(borrowed), std::end(borrowed), name) != std::end(borrowed)) out.push_back(name);
  return out;
}

Result<Binary> read_binary(std::string_view bytes) {
  Result<std::vector<Image>> images = read_images(bytes);
  if (!images.ok()) return images.error();
  // Of a universal file the architecture whose code can be followed.
  const auto followed =
      std::find_if(images->begin(), images->end(), [](const Image& image) { return image.machine != Machine::other; });
  const Image& image = followed != images->end() ? *followed : images->front();
  Binary out;
  out.format = image.format;
  out.machine = image.machine_name;
  out.modules = declarations(image);
  out.origins = origins_of(image);
  out.borrowed_calls = borrowed_among(image.imports);
  out.own_locks = imports_any(image, "PyMutex_") || imports_any(image, "PyCriticalSection") ||
                  imports_any(image, "_PyOnceFlag") || imports_any(image, "_PyMutex_") ||
                  imports_any(image, "_PyCriticalSection");
  out.instrumented = imports_any(image, "__tsan_");
  out.cffi_abi = std::find(out.origins.begin(), out.origins.end(), "cffi") != out.origins.end();
  out.needed = image.needed;
  return out;
}

}  // namespace ftaudit::packages
