#include <Python.h>

static PyModuleDef def = {PyModuleDef_HEAD_INIT, "declared", NULL, -1, NULL, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_declared(void)
{
	PyObject *m = PyModule_Create(&def);  /* may fail */
	if (PyModule_AddIntConstant(m, "N", 1) < 0) {
		Py_CLEAR(m);
	}
	return m;
}
