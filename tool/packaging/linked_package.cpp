// What a packaged program was linked with: the blob of headers, and no place of the machine it was made on.
#include "headers/linked.h"

extern "C" const char ftaudit_carried_begin[], ftaudit_carried_end[];

namespace ftaudit::headers {

Linked linked() {
  return {{ftaudit_carried_begin, static_cast<std::size_t>(ftaudit_carried_end - ftaudit_carried_begin)}, {}};
}

}  // namespace ftaudit::headers
