"""edit_bag.py FILE clear|lock|lock-all: bag.c with one more method, with a lock in size(), or with one in all methods."""

import pathlib
import sys

path, how = pathlib.Path(sys.argv[1]), sys.argv[2]
text = path.read_text()
if how == "clear":
    text = text.replace("static PyMethodDef", "static PyObject *clear(Bag *self, PyObject *unused)\n{\n    self->count = 0;\n    Py_RETURN_NONE;\n}\n\nstatic PyMethodDef", 1)
    text = text.replace('    {NULL, NULL, 0, NULL},\n', '    {"clear", (PyCFunction)clear, METH_NOARGS, NULL},\n    {NULL, NULL, 0, NULL},\n', 1)
for name, argument in [("size", "unused")] + ([("push", "arg"), ("pop", "unused")] if how == "lock-all" else []) if how.startswith("lock") else []:
    begin = text.index(f"static PyObject *{name}(")
    end = text.index("\n}\n", begin) + 3
    inside = text[begin:end].replace(f"*{name}(", f"*{name}_itself(", 1)
    text = (text[:begin] + inside + f"static PyObject *{name}(Bag *self, PyObject *{argument})\n{{\n    PyObject *out;\n"
            f"    Py_BEGIN_CRITICAL_SECTION(self);\n    out = {name}_itself(self, {argument});\n"
            "    Py_END_CRITICAL_SECTION();\n    return out;\n}\n" + text[end:])
path.write_text(text)
