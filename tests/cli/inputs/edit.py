"""edit.py FILE move|double|mend: race.c with get() below what uses it, with its guilty lines twice, or without them."""

import pathlib
import sys

path, how = pathlib.Path(sys.argv[1]), sys.argv[2]
text = path.read_text()
begin = text.index("static PyObject *get(")
end = text.index("static PyMethodDef")
function = text[begin:end]
if how == "move":
    text = text[:begin] + function[: function.index("\n")] + ";\n\n" + text[end:] + "\n" + function
elif how == "double":
    guilty = function[function.index("    PyObject *value") : function.index("    return value;")]
    text = text.replace(guilty, "    {\n" + guilty + "    Py_DECREF(value);\n    }\n" + guilty)
elif how == "mend":
    text = text.replace("PyObject *value = PyDict_GetItem(cache, key);\n    if (value == NULL) {", "PyObject *value;\n    if (PyDict_GetItemRef(cache, key, &value) <= 0) {").replace("    Py_INCREF(value);\n", "")
path.write_text(text)
