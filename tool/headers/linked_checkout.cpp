#include "headers/linked.h"

namespace ftaudit::headers {

Linked linked() { return {{}, FTAUDIT_RESOURCE_FOLDER}; }

}  // namespace ftaudit::headers
