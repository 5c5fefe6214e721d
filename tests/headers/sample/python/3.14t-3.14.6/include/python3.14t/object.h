#include <stddef.h>
typedef struct _object { size_t ob_tid; } PyObject;
