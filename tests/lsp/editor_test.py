"""A client of `ftaudit lsp`, as an editor is one: opens a project, saves a file with a new hazard, asks for code actions,
applies the edit, saves again. Argument: the program. With --show it prints what was said."""

import json
import pathlib
import subprocess
import sys
import tempfile

SAFE = """#include <Python.h>

static PyObject *
look(PyObject *self, PyObject *args)
{
    Py_RETURN_NONE;
}
"""
HAZARD = """#include <Python.h>

static PyObject *shelf;

static PyObject *
look(PyObject *self, PyObject *key)
{
    PyObject *found = PyDict_GetItemWithError(shelf, key);
    if (found == NULL) {
        return NULL;
    }
    Py_INCREF(found);
    return found;
}
"""
REST = """
static PyMethodDef methods[] = {{"look", look, METH_O, ""}, {NULL, NULL, 0, NULL}};

static int
fill(PyObject *module)
{
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
    {0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "shelf", "", 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_shelf(void)
{
    return PyModuleDef_Init(&definition);
}
"""


class Editor:
    def __init__(self, program, folder, show):
        self.server = subprocess.Popen([program, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.diagnostics, self.last, self.show = {}, 0, show
        self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities={})
        self.tell("initialized")

    def send(self, message):
        if self.show:
            print("->", json.dumps(message)[:300])
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.server.stdin.flush()

    def receive(self):
        length = 0
        while line := self.server.stdout.readline().strip():
            length = int(line.split(b":")[1])
        message = json.loads(self.server.stdout.read(length))
        if self.show:
            print("<-", json.dumps(message)[:600])
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        assert message.get("method") != "window/showMessage", message
        return message

    def tell(self, method, **parameters):
        self.send({"method": method, "params": parameters})
        while method in ("initialized", "textDocument/didSave") and self.receive().get("method") != "window/logMessage":
            pass

    def ask(self, method, **parameters):
        self.last += 1
        self.send({"id": self.last, "method": method, "params": parameters})
        while (message := self.receive()).get("id") != self.last:
            pass
        assert "error" not in message, message
        return message["result"]

    def save(self, file, text):
        file.write_text(text)
        self.tell("textDocument/didSave", textDocument={"uri": file.as_uri()})
        return self.diagnostics.get(file.as_uri(), [])


def edited(text, edits):
    lines = text.split("\n")
    offset = lambda at: sum(len(line) + 1 for line in lines[:at["line"]]) + at["character"]
    for edit in sorted(edits, key=lambda edit: offset(edit["range"]["start"]), reverse=True):
        text = text[:offset(edit["range"]["start"])] + edit["newText"] + text[offset(edit["range"]["end"]):]
    return text


def main(program, show=""):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        file = folder / "shelf.c"
        file.write_text(SAFE + REST)
        editor = Editor(program, folder, bool(show))
        before = [one["code"] for one in editor.diagnostics.get(file.as_uri(), [])]
        assert "FT102" not in before, before

        found = [one for one in editor.save(file, HAZARD + REST) if one["code"] == "FT102"]
        assert len(found) == 1, editor.diagnostics
        line = (HAZARD + REST).split("\n")[found[0]["range"]["start"]["line"]]
        assert "PyDict_GetItemWithError" in line, line
        assert found[0]["source"] == "ftaudit" and found[0]["message"], found

        actions = editor.ask("textDocument/codeAction", textDocument={"uri": file.as_uri()}, range=found[0]["range"],
                             context={"diagnostics": found})
        assert len(actions) == 1 and actions[0]["kind"] == "quickfix", actions
        away = editor.ask("textDocument/codeAction", textDocument={"uri": file.as_uri()},
                          range={"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}, context={"diagnostics": []})
        assert away == [], away
        text = edited(HAZARD + REST, actions[0]["edit"]["changes"][file.as_uri()])
        assert "PyDict_GetItemRef" in text, text
        left = [one["code"] for one in editor.save(file, text)]
        assert "FT102" not in left, left

        editor.ask("shutdown")
        editor.send({"method": "exit"})
        assert editor.server.wait(timeout=20) == 0
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
