// Data. Memory that calls write and read through their pointer arguments (POSIX.1-2024, C23, Linux man-pages; C API reference: arg,
// buffer, bytes, exceptions), and member functions of std that change nothing of a container though they are not const
// (C++ standard, [container.requirements.dataraces]).
#include "capi/tables.h"

namespace ftaudit::capi {

const std::vector<OutParameters> written_table{
    {"memcpy", {0}}, {"memmove", {0}}, {"memset", {0}}, {"mempcpy", {0}}, {"memccpy", {0}}, {"bzero", {0}}, {"explicit_bzero", {0}}, {"memset_explicit", {0}}, {"bcopy", {1}}, {"swab", {1}},
    {"wmemcpy", {0}}, {"wmemmove", {0}}, {"wmemset", {0}}, {"__memcpy_chk", {0}}, {"__memmove_chk", {0}}, {"__memset_chk", {0}},
    {"strcpy", {0}}, {"strncpy", {0}}, {"strcat", {0}}, {"strncat", {0}}, {"stpcpy", {0}}, {"stpncpy", {0}}, {"strlcpy", {0}}, {"strlcat", {0}}, {"wcscpy", {0}}, {"wcsncpy", {0}}, {"wcscat", {0}},
    {"strtok", {0}}, {"strtok_r", {0, 2}}, {"strsep", {0}}, {"strerror_r", {1}}, {"strxfrm", {0}}, {"strftime", {0}},
    {"sprintf", {0}}, {"snprintf", {0}}, {"vsprintf", {0}}, {"vsnprintf", {0}}, {"PyOS_snprintf", {0}}, {"PyOS_vsnprintf", {0}}, {"swprintf", {0}}, {"asprintf", {0}}, {"vasprintf", {0}},
    {"sscanf", {2, -1}}, {"fscanf", {2, -1}}, {"scanf", {1, -1}}, {"strtol", {1}}, {"strtoul", {1}}, {"strtoll", {1}}, {"strtoull", {1}}, {"strtod", {1}}, {"strtof", {1}}, {"PyOS_string_to_double", {1}}, {"PyOS_strtol", {1}}, {"PyOS_strtoul", {1}},
    {"mbstowcs", {0}}, {"wcstombs", {0}}, {"mbrtowc", {0, 3}}, {"wcrtomb", {0, 2}}, {"iconv", {1, 2, 3, 4}},
    {"read", {1}}, {"pread", {1}}, {"recv", {1}}, {"recvfrom", {1, 4, 5}}, {"recvmsg", {1}}, {"fread", {0}}, {"fgets", {0}}, {"gets", {0}}, {"getline", {0, 1}}, {"getdelim", {0, 1}}, {"readlink", {1}}, {"getcwd", {0}},
    {"realpath", {1}}, {"gethostname", {0}}, {"accept", {1, 2}}, {"getsockname", {1, 2}}, {"getpeername", {1, 2}}, {"getsockopt", {3, 4}}, {"getaddrinfo", {3}}, {"getrandom", {0}}, {"getentropy", {0}}, {"pipe", {0}}, {"pipe2", {0}},
    {"stat", {1}}, {"fstat", {1}}, {"lstat", {1}}, {"fstatat", {2}}, {"statvfs", {1}}, {"poll", {0}}, {"select", {1, 2, 3, 4}}, {"epoll_wait", {1}}, {"waitpid", {1}}, {"wait", {0}},
    {"time", {0}}, {"localtime_r", {1}}, {"gmtime_r", {1}}, {"asctime_r", {1}}, {"ctime_r", {1}}, {"mktime", {0}}, {"timegm", {0}}, {"gettimeofday", {0, 1}}, {"clock_gettime", {1}}, {"nanosleep", {1}}, {"getrusage", {1}}, {"uname", {0}},
    {"qsort", {0}}, {"qsort_r", {0}}, {"heapsort", {0}}, {"mergesort", {0}}, {"rand_r", {0}}, {"drand48_r", {0, 1}}, {"random_r", {0, 1}}, {"frexp", {1}}, {"modf", {1}}, {"remquo", {2}}, {"sincos", {1, 2}}, {"lgamma_r", {1}},
    {"sigaction", {2}}, {"sigemptyset", {0}}, {"sigfillset", {0}}, {"sigaddset", {0}}, {"sigdelset", {0}}, {"sigprocmask", {2}}, {"pthread_sigmask", {2}}, {"pthread_create", {0}}, {"pthread_join", {1}}, {"pthread_attr_init", {0}},
    {"PyArg_ParseTuple", {2, -1}}, {"PyArg_Parse", {2, -1}}, {"PyArg_UnpackTuple", {4, -1}}, {"PyArg_ParseTupleAndKeywords", {4, -1}}, {"PyObject_GetBuffer", {1}}, {"PyBuffer_Release", {0}}, {"PyBuffer_FillInfo", {0}}, {"PyBuffer_ToContiguous", {0}},
    {"PyBytes_AsStringAndSize", {1, 2}}, {"PyUnicode_AsUTF8AndSize", {1}}, {"PyUnicode_AsWideChar", {1}}, {"PyUnicode_AsUCS4", {1}}, {"PyLong_AsLongAndOverflow", {1}}, {"PyLong_AsLongLongAndOverflow", {1}}, {"PyLong_AsNativeBytes", {1}}, {"_PyLong_AsByteArray", {1}},
    {"PyDict_Next", {1, 2, 3}}, {"PyDict_GetItemRef", {2}}, {"PyDict_GetItemStringRef", {2}}, {"PyDict_SetDefaultRef", {3}}, {"PyDict_Pop", {2}}, {"PyObject_GetOptionalAttr", {2}}, {"PyObject_GetOptionalAttrString", {2}}, {"PyMapping_GetOptionalItem", {2}},
    {"PyWeakref_GetRef", {1}}, {"PyIter_NextItem", {1}}, {"PyErr_Fetch", {0, 1, 2}}, {"PyErr_NormalizeException", {0, 1, 2}}, {"PyErr_GetExcInfo", {0, 1, 2}}, {"_PyBytes_Resize", {0}}, {"_PyTuple_Resize", {0}}, {"PyBytes_Concat", {0}}, {"PyBytes_ConcatAndDel", {0}},
    {"PyUnicode_Append", {0}}, {"PyUnicode_AppendAndDel", {0}}, {"PyUnicode_InternInPlace", {0}}, {"PySlice_Unpack", {1, 2, 3}}, {"PySlice_AdjustIndices", {1, 2}}, {"PySlice_GetIndicesEx", {2, 3, 4, 5}}, {"PyUnicode_FSConverter", {1}}, {"PyUnicode_FSDecoder", {1}},
};

const std::vector<std::string_view> reading_table{
    "memcmp", "memchr", "memrchr", "memmem", "bcmp", "str*cmp", "str*len", "strcoll", "str*chr", "str*str", "strspn", "strcspn", "strpbrk", "str*dup", "wcslen", "wcscmp", "atoi", "atol", "atoll", "atof",
    "*printf", "puts", "fputs", "fwrite", "perror", "write", "pwrite", "send", "sendto", "sendmsg", "writev", "open", "openat", "fopen", "opendir", "access", "unlink", "remove", "rename", "mkdir", "rmdir", "chdir",
    "getenv", "setenv", "putenv", "bsearch", "lfind", "difftime", "strtoimax", "inet_addr", "connect", "bind", "setsockopt", "execv*", "system", "dlopen", "dlsym",
};

// Containers, strings and smart pointers; operator[] of maps inserts.
const std::vector<std::string_view> looking_table{
    "*::begin", "*::end", "*::rbegin", "*::rend", "*::front", "*::back", "*::data", "*::find", "*::lower_bound", "*::upper_bound", "*::equal_range", "*::at", "*::top", "*::get", "*::operator->", "*::value",
    "*::vector::operator[]", "*::array::operator[]", "*::deque::operator[]", "*::basic_string::operator[]", "*::span::operator[]", "*::unique_ptr::operator[]", "*::shared_ptr::operator[]",
};

const std::vector<std::string_view> cxx_container_table{
    "std::vector", "std::deque", "std::list", "std::forward_list", "std::map", "std::multimap", "std::set", "std::multiset", "std::unordered_*", "std::queue", "std::stack", "std::priority_queue", "std::basic_string",
    "std::shared_ptr", "std::unique_ptr", "std::weak_ptr", "std::optional", "std::function", "std::any", "std::variant", "std::basic_stringstream", "std::basic_ostringstream", "std::flat_*",
    "absl::flat_hash_*", "absl::node_hash_*", "absl::btree_*", "absl::InlinedVector", "boost::container::*", "boost::unordered_*", "tsl::*_map", "tsl::*_set", "google::dense_hash_*",
};

}  // namespace ftaudit::capi
