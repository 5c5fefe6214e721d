// What was linked beside the code. A checkout's program knows the LLVM it was built with and carries no headers; a
// packaged one carries headers and names no path of the machine it was linked on. Each is one definition of linked();
// the linker takes the package's where there is one.
#pragma once

#include <string_view>

namespace ftaudit::headers {

struct Linked {
  std::string_view blob;          // as tool/packaging/blob.py writes it; empty: none
  std::string_view clang_folder;  // lib/clang/N of the LLVM beside a checkout; "" in a package
};
Linked linked();

}  // namespace ftaudit::headers
