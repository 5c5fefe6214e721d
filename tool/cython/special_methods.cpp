#include "cython/special_methods.h"

#include <algorithm>
#include <utility>

namespace ftaudit::cython {

std::string_view special_method(std::string_view slot) {
  static constexpr std::pair<std::string_view, std::string_view> methods[] = {
      {"tp_init", "__init__"},
      {"tp_new", "__cinit__"},
      {"tp_vectorcall", "__init__"},
      {"tp_dealloc", "__dealloc__"},
      {"tp_finalize", "__del__"},
      {"tp_call", "__call__"},
      {"tp_repr", "__repr__"},
      {"tp_str", "__str__"},
      {"tp_hash", "__hash__"},
      {"tp_iter", "__iter__"},
      {"tp_iternext", "__next__"},
      {"tp_richcompare", "__richcmp__"},
      {"tp_getattro", "__getattr__"},
      {"tp_setattro", "__setattr__"},
      {"tp_descr_get", "__get__"},
      {"tp_descr_set", "__set__"},
      {"sq_length", "__len__"},
      {"mp_length", "__len__"},
      {"sq_item", "__getitem__"},
      {"mp_subscript", "__getitem__"},
      {"sq_ass_item", "__setitem__"},
      {"mp_ass_subscript", "__setitem__"},
      {"sq_contains", "__contains__"},
      {"bf_getbuffer", "__getbuffer__"},
      {"bf_releasebuffer", "__releasebuffer__"},
      {"am_await", "__await__"},
      {"am_aiter", "__aiter__"},
      {"am_anext", "__anext__"},
      {"nb_bool", "__bool__"},
      {"nb_add", "__add__"},
      {"nb_subtract", "__sub__"},
      {"nb_multiply", "__mul__"},
      {"nb_true_divide", "__truediv__"},
      {"nb_floor_divide", "__floordiv__"},
      {"nb_remainder", "__mod__"},
      {"nb_divmod", "__divmod__"},
      {"nb_power", "__pow__"},
      {"nb_lshift", "__lshift__"},
      {"nb_rshift", "__rshift__"},
      {"nb_and", "__and__"},
      {"nb_or", "__or__"},
      {"nb_xor", "__xor__"},
      {"nb_matrix_multiply", "__matmul__"},
      {"nb_inplace_add", "__iadd__"},
      {"nb_inplace_subtract", "__isub__"},
      {"nb_inplace_multiply", "__imul__"},
      {"nb_inplace_true_divide", "__itruediv__"},
      {"nb_inplace_floor_divide", "__ifloordiv__"},
      {"nb_inplace_remainder", "__imod__"},
      {"nb_inplace_power", "__ipow__"},
      {"nb_inplace_lshift", "__ilshift__"},
      {"nb_inplace_rshift", "__irshift__"},
      {"nb_inplace_and", "__iand__"},
      {"nb_inplace_or", "__ior__"},
      {"nb_inplace_xor", "__ixor__"},
      {"nb_inplace_matrix_multiply", "__imatmul__"},
      {"nb_negative", "__neg__"},
      {"nb_positive", "__pos__"},
      {"nb_absolute", "__abs__"},
      {"nb_invert", "__invert__"},
      {"nb_int", "__int__"},
      {"nb_float", "__float__"},
      {"nb_index", "__index__"},
  };
  const auto found = std::ranges::find(methods, slot, &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(methods) ? std::string_view() : found->second;
}

}  // namespace ftaudit::cython
