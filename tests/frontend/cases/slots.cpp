// Module definitions as C++ spells them.
#include <array>
struct PyObject;
struct PyModuleDef_Slot { int slot; void *value; };
struct PyModuleDef { const char *m_name; PyModuleDef_Slot *m_slots; };
static int run(PyObject *) { return 0; }
static PyModuleDef_Slot cast[] = {{2, reinterpret_cast<void *>(run)}, {4, (void *)1}, {0, nullptr}};
static std::array<PyModuleDef_Slot, 3> wrapped = {{{2, (void *)run}, {4, (void *)1}, {}}};
static constexpr int gil = 4;
static PyModuleDef_Slot named[] = {{gil, static_cast<void *>(nullptr)}, {}};
static PyModuleDef first = {"first", cast}, second = {"second", wrapped.data()}, third = {"third", &named[0]};
void *chosen();
static PyModuleDef_Slot unread[] = {{4, chosen()}, {}};
