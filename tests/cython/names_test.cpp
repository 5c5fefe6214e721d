#include "cython/c_names.h"
#include "cython/words.h"

#include <doctest/doctest.h>

using namespace ftaudit::cython;

TEST_CASE("names of C are taken apart by the lengths in them") {
  CHECK(taken_apart("__pyx_pf_9vtable_cs_6Packer_2reset").dotted() == "vtable_cs.Packer.reset");
  CHECK(taken_apart("__pyx_pf_9lazy_attr_4Name_5upper___get__").dotted() == "lazy_attr.Name.upper.__get__");
  CHECK(taken_apart("__pyx_f_5pkg_a_1m_grow").dotted() == "pkg_a.m.grow");
  CHECK(taken_apart("__pyx_pw_5pkg_a_1m_4Name_2__hash__").dotted() == "pkg_a.m.Name.__hash__");
  CHECK(taken_apart("__pyx_v_13module_global_hits").last == "hits");
  CHECK(taken_apart("__pyx_v_self").last == "self");
  CHECK(taken_apart("__pyx_v_x_y").dotted() == "x_y");
  CHECK(taken_apart("__pyx_obj_5cymem_5cymem_Pool").dotted() == "cymem.cymem.Pool");
  CHECK(taken_apart("__pyx_gb_10generators_2generator").kind == Kind::generator);
  CHECK(taken_apart("__pyx_f_3num___pyx_fuse_0total").last == "total");
  CHECK(taken_apart("__pyx_f_3num_2__pyx_fuse_1_0total").last == "total");
}

TEST_CASE("what Cython did not name, and what is its own") {
  CHECK(taken_apart("PyList_Append").kind == Kind::other);
  CHECK(taken_apart("murmur_hash").last == "murmur_hash");
  CHECK(taken_apart("__Pyx_PyObject_Call").kind == Kind::support);
  CHECK(taken_apart("__pyx_tp_new_3mod_C").kind == Kind::support);
  CHECK(taken_apart("__pyx_t_12").kind == Kind::support);
  CHECK(taken_apart("__pyx_t_3mod_point").dotted() == "mod.point");
  CHECK(taken_apart("__pyx_pf_99short_x").dotted() == "short_x");  // a length that is none
  CHECK(taken_apart("__pyx_pf_").dotted() == "");
}

TEST_CASE("sentences lose every name that Cython made") {
  Words words;
  words.name("__pyx_pf_3box_3Box_put", "Box.put");
  CHECK(words("__pyx_v_self->last is read; __pyx_pf_3box_3Box_put() can release it") ==
        "self.last is read; Box.put() can release it");
  CHECK(words("__pyx_self->func_closure->__pyx_v_n is changed") == "n is changed");
  CHECK(words("self->__pyx_base.items[_]->n") == "self.items[_].n");
  CHECK(words("the call of __Pyx_PyObject_Call() may run Python") == "the call of PyObject_Call() may run Python");
  CHECK(words("__pyx_obj_3box_Box.last of it") == "box.Box.last of it");
  CHECK(words("Nothing of Cython, 1.5 s, e.g. x->y; end.") == "Nothing of Cython, 1.5 s, e.g. x.y; end.");
  for (const char* name : {"__pyx_t_1", "__pyx_r", "__pyx_mstate_global->__pyx_n_u_x", "__pyx_cur_scope",
                           "__pyx_vtabptr_3box_Box->f", "__Pyx_GetItemInt_List(x)", "__pyx_v___pyx_state"})
    CHECK_MESSAGE(words(name).find("__pyx_t") == std::string::npos, words(name));
}
