#include "cython/operations.h"

#include <cctype>

namespace ftaudit::cython {
namespace {

struct Row {
  std::string_view name;  // of C, without Cython's "__Pyx_"; a star ends one that goes on
  std::string_view told;
};

// The first that fits.
constexpr Row rows[] = {
    {"PyNumber_Long", "`int()`"},
    {"PyNumber_Int", "`int()`"},
    {"PyNumber_IntOrLong", "`int()`"},
    {"PyNumber_Float", "`float()`"},
    {"PyObject_AsDouble", "`float()`"},
    {"PyFloat_AsDouble", "the conversion to double"},
    {"PyLong_As_*", "the conversion to a C integer"},
    {"PyInt_As_*", "the conversion to a C integer"},
    {"PyIndex_AsSsize_t", "the conversion to an index"},
    {"PyObject_Str", "`str()`"},
    {"PyObject_Unicode", "`str()`"},
    {"PyObject_Repr", "`repr()`"},
    {"PyObject_Format*", "the formatting"},
    {"PyObject_Size", "`len()`"},
    {"PyObject_Length", "`len()`"},
    {"PyObject_Hash", "`hash()`"},
    {"PyObject_GetIter", "`iter()`"},
    {"PyIter_Next*", "`next()`"},
    {"PySequence_List", "`list()`"},
    {"PySequence_ListKeepNew", "`list()`"},
    {"PySequence_Tuple", "`tuple()`"},
    {"PySet_New", "`set()`"},
    {"PyObject_IsInstance", "`isinstance()`"},
    {"PyObject_IsSubclass", "`issubclass()`"},
    {"PyObject_IsTrue", "the test for truth"},
    {"PySequence_Contains*", "`in`"},
    {"PyObject_RichCompare*", "the comparison"},
    {"PyObject_Compare*", "the comparison"},
    {"PyNumber_InPlaceAdd*", "`+=`"},
    {"PyNumber_Add*", "`+`"},
    {"PyNumber_InPlaceSubtract*", "`-=`"},
    {"PyNumber_Subtract*", "`-`"},
    {"PyNumber_InPlaceMultiply*", "`*=`"},
    {"PyNumber_Multiply*", "`*`"},
    {"PyObject_GetAttr*", "the lookup of an attribute"},
    {"PyObject_SetAttr*", "the assignment to an attribute"},
    {"PyObject_DelAttr*", "`del` of an attribute"},
    {"PyObject_GetSlice", "the slice"},
    {"PyObject_GetItem*", "the lookup of an item"},
    {"GetItemInt*", "the lookup of an item"},
    {"PyObject_SetItem", "the assignment to an item"},
    {"SetItemInt*", "the assignment to an item"},
    {"PyObject_DelItem", "`del` of an item"},
    {"DelItemInt*", "`del` of an item"},
    {"PyObject_FastCall*", "the call"},
    {"PyObject_Vectorcall*", "the call"},
    {"PyObject_Call*", "the call"},
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view told(std::string_view name) {
  if (name.starts_with("__Pyx_")) name.remove_prefix(6);
  for (const Row& row : rows) {
    const bool open = row.name.ends_with('*');
    if (open ? name.starts_with(row.name.substr(0, row.name.size() - 1)) : name == row.name) return row.told;
  }
  return "";
}

}  // namespace

std::string in_operations(std::string_view sentence, std::string_view written) {
  std::string out;
  for (std::size_t at = 0; at < sentence.size();) {
    if (!is_word(sentence[at]) || (at > 0 && is_word(sentence[at - 1]))) {
      out += sentence[at++];
      continue;
    }
    std::size_t end = at;
    while (end < sentence.size() && is_word(sentence[end])) ++end;
    const std::string_view name = sentence.substr(at, end - at);
    const std::string_view text = sentence.substr(end).starts_with("()") && name != written ? told(name) : "";
    at = text.empty() ? end : end + 2;
    out += text.empty() ? name : text;
    // "`in`, through `in`, may run": the way within Cython's own function.
    constexpr std::string_view through = ", through ";
    if (text.empty() || !sentence.substr(at).starts_with(through)) continue;
    std::size_t last = at + through.size();
    while (last < sentence.size() && is_word(sentence[last])) ++last;
    if (!sentence.substr(last).starts_with("(),")) continue;
    if (!told(sentence.substr(at + through.size(), last - at - through.size())).empty()) at = last + 3;
  }
  return out;
}

}  // namespace ftaudit::cython
