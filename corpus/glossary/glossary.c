#include <Python.h>

/* The word that was asked for last, for texts that repeat themselves. */
static struct {
    unsigned long hash;
    Py_ssize_t vowels;
} last;

static Py_ssize_t count_vowels(const char *word)
{
    Py_ssize_t vowels = 0;
    for (; *word; word++)
        if (strchr("aeiou", *word)) vowels++;
    return vowels;
}

static PyObject *glossary_vowels(PyObject *module, PyObject *arg)
{
    const char *word = PyUnicode_AsUTF8(arg);
    if (word == NULL) return NULL;
    unsigned long hash = 5381;
    for (const char *c = word; *c; c++) hash = hash * 33 + (unsigned char)*c;
    if (last.hash != hash) {
        last.vowels = count_vowels(word);
        last.hash = hash;  /* expect: FT201 */
    }
    return PyLong_FromSsize_t(last.vowels);
}

static PyMethodDef methods[] = {
    {"vowels", glossary_vowels, METH_O, "vowels($module, word, /)\n--\n\nHow many vowels the word has."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
    {0, NULL},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = "glossary", .m_methods = methods, .m_slots = module_slots};

PyMODINIT_FUNC PyInit_glossary(void) { return PyModuleDef_Init(&module_def); }
