"""Which operations an entry point is: "tally.Meter.hit" as the C source and the findings name it, and what was found to be callable."""

import functools
import re

# Type slots as the C source calls them -> members of the type.
SLOTS = {
    "tp_new": ["__new__"], "tp_init": ["__init__"], "tp_repr": ["__repr__"], "tp_str": ["__str__"], "tp_hash": ["__hash__"],
    "tp_call": ["__call__"], "tp_iter": ["__iter__"], "tp_iternext": ["__next__", "__iter__"], "tp_dealloc": ["__new__"], "tp_finalize": ["__new__"],
    "tp_free": ["__new__"], "tp_traverse": ["collect"], "tp_clear": ["collect"], "tp_alloc": ["__new__"], "tp_del": ["__new__"],
    "tp_getattro": ["get"], "tp_getattr": ["get"], "tp_setattro": ["set", "delete"], "tp_setattr": ["set", "delete"],
    "tp_richcompare": ["__eq__", "__lt__", "__ne__", "__le__", "__gt__", "__ge__"], "tp_descr_get": ["__get__"], "tp_descr_set": ["__set__"],
    "tp_vectorcall_offset": ["__call__"], "tp_vectorcall": ["__new__"],
    "mp_length": ["__len__"], "sq_length": ["__len__"], "mp_subscript": ["__getitem__"], "sq_item": ["__getitem__"], "sq_slice": ["__getitem__"],
    "mp_ass_subscript": ["__setitem__", "__delitem__"], "sq_ass_item": ["__setitem__", "__delitem__"], "sq_contains": ["__contains__"],
    "sq_concat": ["__add__"], "sq_repeat": ["__mul__"], "sq_inplace_concat": ["__iadd__"], "sq_inplace_repeat": ["__imul__"],
    "nb_bool": ["__bool__"], "nb_negative": ["__neg__"], "nb_positive": ["__pos__"], "nb_absolute": ["__abs__"], "nb_invert": ["__invert__"],
    "nb_subtract": ["__sub__"], "nb_multiply": ["__mul__"], "nb_remainder": ["__mod__"], "nb_power": ["__pow__"], "nb_float": ["__float__"],
    "nb_int": ["__int__"], "nb_index": ["__index__"], "nb_true_divide": ["__truediv__"], "nb_floor_divide": ["__floordiv__"],
    "nb_matrix_multiply": ["__matmul__"], "nb_divmod": ["__divmod__"], "nb_add": ["__add__"], "nb_lshift": ["__lshift__"],
    "nb_rshift": ["__rshift__"], "nb_inplace_add": ["__iadd__"], "nb_inplace_subtract": ["__isub__"], "nb_inplace_or": ["__ior__"],
    "nb_inplace_and": ["__iand__"], "nb_inplace_xor": ["__ixor__"], "nb_and": ["__and__"], "nb_or": ["__or__"], "nb_xor": ["__xor__"],
    "bf_getbuffer": ["bf_getbuffer"], "bf_releasebuffer": ["bf_getbuffer"], "am_await": ["__await__"], "am_aiter": ["__aiter__"],
    "am_anext": ["__anext__"], "tp_getset": ["get", "set"], "tp_members": ["get", "set"],
}


@functools.lru_cache(maxsize=None)
def members_meant(entry):
    """(owner's name or "", member names or sorts) of "tally.Meter.hit", "tally.Meter.__new__ (tp_new)", "append"."""
    name = entry.partition(" ")[0]
    slot = re.search(r"\((\w+)\)", entry)
    owner, _, last = name.rpartition(".")
    meant = SLOTS.get(last, SLOTS.get(slot[1], [last]) if slot else [last])
    return owner.rpartition(".")[2], list(meant) + [last]


def is_meant(entry, operation):
    owner, meant = members_meant(entry)
    member = operation["names"][0].rpartition(".")[2]
    subject = operation["names"][0].split(".")[-2] if operation["sort"] == "construct" else operation["subject"].rpartition(".")[2]
    # A module may know a type by another name than the type itself does.
    if owner and owner.lstrip("_") not in {subject.lstrip("_"), operation.get("type", "").lstrip("_")}:
        return False
    return member in meant or operation["sort"] in meant


def operations_meant(entries, operations, limit=8):
    """Those that can be called with success come first."""
    found = [each for entry in entries for each in operations if is_meant(entry, each)]
    if not found:  # bindings do not say whose method it is
        last = {name for entry in entries for name in members_meant(entry)[1]}
        found = [each for each in operations if each["names"][0].rpartition(".")[2] in last]
    unique = list({id(each): each for each in found}.values())
    return sorted(unique, key=lambda each: (not each["returned"], not each["extension"]))[:limit]
