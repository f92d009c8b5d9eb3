/* The inner loops of linking, compiled: what claimreg.linker.kernel offers where this was built, and does without elsewhere.
 *
 * Plain C of fixed types over buffers that NumPy owns, with Python's limited API (one build for every Python from 3.11 on). Each
 * function gives the very numbers that the Python code beside it gives; nothing here decides anything by itself. There is no global
 * state, and no index into a buffer that its length was not checked for.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#define VERSION 1

static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};

static int set_up(PyObject *module) {
    return PyModule_AddIntConstant(module, "VERSION", VERSION);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, set_up},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_kernel", "The inner loops of linking, compiled.", 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModuleDef_Init(&definition); }
