/* As much of CPython's headers as the cases need, written as CPython writes it, so that golden facts do not change with
   the Python at hand. */
#ifndef Py_PYTHON_H
#define Py_PYTHON_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef ptrdiff_t Py_ssize_t;
typedef struct _typeobject PyTypeObject;
typedef struct { uint8_t _bits; } PyMutex;
typedef struct _object {
  uintptr_t ob_tid;
  PyMutex ob_mutex;
  uint32_t ob_ref_local;
  Py_ssize_t ob_ref_shared;
  PyTypeObject *ob_type;
} PyObject;
typedef struct { PyObject ob_base; Py_ssize_t ob_size; } PyVarObject;
typedef struct { PyVarObject ob_base; PyObject **ob_item; Py_ssize_t allocated; } PyListObject;
typedef struct { PyVarObject ob_base; PyObject *ob_item[1]; } PyTupleObject;
struct _typeobject { PyVarObject ob_base; const char *tp_name; void (*tp_dealloc)(PyObject *); int (*tp_init)(PyObject *, PyObject *, PyObject *); };
#define PyObject_HEAD PyObject ob_base;
#define _PyObject_CAST(op) ((PyObject *)(op))
static inline Py_ssize_t Py_REFCNT(PyObject *ob) { return ob->ob_ref_local; }
#define Py_REFCNT(ob) Py_REFCNT(_PyObject_CAST(ob))
static inline PyTypeObject *_Py_TYPE(PyObject *ob) { return ob->ob_type; }
#define Py_TYPE(ob) _Py_TYPE(_PyObject_CAST(ob))
void _Py_Dealloc(PyObject *);
static inline void Py_INCREF(PyObject *op) { op->ob_ref_local++; }
#define Py_INCREF(op) Py_INCREF(_PyObject_CAST(op))
static inline void Py_DECREF(PyObject *op) { if (--op->ob_ref_local == 0) _Py_Dealloc(op); }
#define Py_DECREF(op) Py_DECREF(_PyObject_CAST(op))
static inline void Py_XDECREF(PyObject *op) { if (op != NULL) Py_DECREF(op); }
#define Py_XDECREF(op) Py_XDECREF(_PyObject_CAST(op))
#define Py_CLEAR(op) do { PyObject **_tmp_op_ptr = (PyObject **)&(op); PyObject *_tmp_old_op = *_tmp_op_ptr; if (_tmp_old_op != NULL) { *_tmp_op_ptr = NULL; Py_DECREF(_tmp_old_op); } } while (0)
extern PyObject _Py_NoneStruct;
#define Py_None (&_Py_NoneStruct)
#define Py_RETURN_NONE return Py_None
#define _PyList_CAST(op) ((PyListObject *)(op))
#define PyList_GET_ITEM(op, index) (_PyList_CAST(op)->ob_item[(index)])
#define PyList_SET_ITEM(op, index, value) (_PyList_CAST(op)->ob_item[(index)] = (value))
#define PyTuple_GET_ITEM(op, index) (((PyTupleObject *)(op))->ob_item[(index)])
int PyType_HasFeature(PyTypeObject *, unsigned long);
#define PyList_Check(op) PyType_HasFeature(Py_TYPE(op), 1UL << 25)
#define PySequence_Fast_GET_ITEM(o, i) (PyList_Check(o) ? PyList_GET_ITEM((o), (i)) : PyTuple_GET_ITEM((o), (i)))
#define PySequence_Fast_ITEMS(sf) (PyList_Check(sf) ? ((PyListObject *)(sf))->ob_item : ((PyTupleObject *)(sf))->ob_item)
PyObject *PyDict_GetItem(PyObject *, PyObject *);
PyObject *PyDict_New(void);
int PyDict_Next(PyObject *, Py_ssize_t *, PyObject **, PyObject **);
PyObject *PyLong_FromLong(long);
int PyArg_ParseTuple(PyObject *, const char *, ...);
typedef struct { uintptr_t prev; PyMutex *mutex; } PyCriticalSection;
void PyCriticalSection_Begin(PyCriticalSection *, PyObject *);
void PyCriticalSection_End(PyCriticalSection *);
#define Py_BEGIN_CRITICAL_SECTION(op) { PyCriticalSection _py_cs; PyCriticalSection_Begin(&_py_cs, _PyObject_CAST(op))
#define Py_END_CRITICAL_SECTION() PyCriticalSection_End(&_py_cs); }
void _PyMutex_Lock(PyMutex *);
void _PyMutex_Unlock(PyMutex *);
#define PyMutex_Lock _PyMutex_Lock
#define PyMutex_Unlock _PyMutex_Unlock
typedef struct PyThreadState PyThreadState;
PyThreadState *PyEval_SaveThread(void);
void PyEval_RestoreThread(PyThreadState *);
#define Py_BEGIN_ALLOW_THREADS { PyThreadState *_save; _save = PyEval_SaveThread();
#define Py_END_ALLOW_THREADS PyEval_RestoreThread(_save); }
typedef PyObject *(*PyCFunction)(PyObject *, PyObject *);
typedef struct PyMethodDef { const char *ml_name; PyCFunction ml_meth; int ml_flags; const char *ml_doc; } PyMethodDef;
#define METH_VARARGS 0x0001
#define METH_NOARGS 0x0004
#define METH_O 0x0008
typedef struct PyModuleDef_Slot { int slot; void *value; } PyModuleDef_Slot;
typedef struct { PyObject ob_base; const char *m_name; const char *m_doc; Py_ssize_t m_size; PyMethodDef *m_methods; PyModuleDef_Slot *m_slots; } PyModuleDef;
#define PyModuleDef_HEAD_INIT {0}
#define Py_mod_exec 2
#define Py_mod_gil 4
#define Py_MOD_GIL_NOT_USED ((void *)1)
PyObject *PyModuleDef_Init(PyModuleDef *);
PyObject *PyDict_GetItemWithError(PyObject *, PyObject *);
PyObject *PyList_GetItem(PyObject *, Py_ssize_t);
void PyErr_Clear(void);
static inline void Py_XINCREF(PyObject *op) { if (op != NULL) Py_INCREF(op); }
#define Py_XINCREF(op) Py_XINCREF(_PyObject_CAST(op))
#ifdef __cplusplus
#define PyMODINIT_FUNC extern "C" PyObject *
#else
#define PyMODINIT_FUNC PyObject *
#endif
#ifdef __cplusplus
}
#endif
#endif
