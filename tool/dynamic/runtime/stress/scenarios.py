"""From what a survey found to what the hammer runs: which operations meet on which shared object, findings' own first.

Pure: texts in, texts out. An act is {"label", "setup": lines, "roles": [{"label", "prepare", "code"}]}: each round runs the setup once,
then its roles at the same time in threads of their own. In a role, `call` is what `prepare` gives; bound methods and partials are
prepared outside the loop because taking a reference to a shared object orders threads in a race detector's eyes."""

import itertools
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

SECONDS_PER_ACT = 0.15
ACTS_PER_SCENARIO = 30
DIRECTED_ACTS = 24
FIRST_PASS = 12     # findings a scenario of the first pass is about
# What another thread does to an argument both have: `call` is the argument.
CHANGES = {
    "list": ["call.append(call[0]); call.pop()", "kept = list(call); call.clear(); call.extend(kept)", "call.insert(0, call[-1]); del call[0]",
             "call[0] = call[-1]"],  # not reverse(): CPython 3.13's own stores race there with its own readers
    "dict": ["key, value = call.popitem(); call[key] = value", "call['ftaudit'] = 1; call.pop('ftaudit', None)",
             "kept = dict(call); call.clear(); call.update(kept)"],
    "set": ["item = call.pop(); call.add(item)", "call.add('ftaudit'); call.discard('ftaudit')"],
    "nested": ["call[0].append(None); call[0].pop()", "call[0][0], call[-1][0] = call[-1][0], call[0][0]", "call.append(call[0]); call.pop()"],
    "bytearray": ["call.append(1); call.pop()", "call.extend(b'ftaudit'); del call[-7:]", "call[0] ^= 1"],
}


def role(operation):
    return {"label": operation["label"], "prepare": operation["prepare"], "code": operation["code"]}


def with_others(operation):
    """The operation with arguments that are others each time, where it takes such: threads that all ask for the same never make a
    cache forget."""
    if not operation.get("varied"):
        return operation
    before, _, after = operation["code"].partition(f"({operation['arguments']})")
    return dict(operation, code=f"{before}({operation['varied']}){after}")


def setup_of(operation, recipes):
    recipe = recipes.get(operation["subject"])
    if recipe is None:
        return []
    lines = list(operation.get("lines") or recipe["lines"])
    if re.search(r"\bother\b", operation["code"]):
        lines.append(f"other = {operation.get('expression') or recipe['expression']}")
    return lines


def renamed(lines, prefix):
    """The same lines about another object."""
    return [re.sub(r"\b(shared|owner|other)\b", prefix + r"\1", line) for line in lines]


def act_of(operations, recipes, label=None):
    """One act in which the operations meet: on one instance where they are of one subject, on container and iterator where one was
    got from the other, else each on its own."""
    first = operations[0]
    setup, roles = setup_of(first, recipes), [role(first)]
    for operation in operations[1:]:
        lines, this = setup_of(operation, recipes), role(with_others(operation) if operation is first else operation)
        if lines and (operation["subject"] != first["subject"] or operation.get("expression") != first.get("expression") and operation.get("expression")):
            if _owns(operation, first, recipes):
                swap = (lambda text: re.sub(r"\bshared\b", "owner", text))
                this = {"label": this["label"], "prepare": swap(this["prepare"]), "code": swap(this["code"])}
                lines = [line for line in lines if re.match(r"other\b", line)]
            elif _owns(first, operation, recipes):
                return act_of([operation] + [each for each in operations if each is not operation], recipes, label)
            else:
                lines = renamed(lines, "second_")
                this = {"label": this["label"], "prepare": renamed([this["prepare"]], "second_")[0], "code": renamed([this["code"]], "second_")[0]}
        setup += [line for line in lines if line not in setup]
        roles.append(this)
    return {"label": label or " with ".join(each["label"] for each in operations), "setup": setup, "roles": roles}


def _owns(container, part, recipes):
    """The instance of `part` was got from one of `container`'s."""
    got = recipes.get(part["subject"], {}).get("owner")
    return got is not None and got == recipes.get(container["subject"], {}).get("expression")


def argument_acts(operation, recipes):
    """Acts in which others change, or use as well, an argument of the operation, or one like it."""
    acts = []
    for shared in operation.get("shared") or [] if operation["returned"] else []:
        acts += _acts_on(operation, shared, recipes)
    return acts


def _acts_on(operation, shared, recipes):
    arguments = split_arguments(operation["arguments"])
    positional = [each for each in arguments if not re.match(r"\w+\s*=(?!=)", each)]
    before, after = positional[:shared["place"]], positional[shared["place"] + 1:]
    keywords = arguments[len(positional):]
    if after:
        prepare, code = operation["prepare"], f"call({', '.join(before + ['argument'] + after + keywords)})"
    else:
        prepare, code = f"functools.partial({', '.join([operation['prepare']] + before + ['argument'])})", f"call({', '.join(keywords)})"
    setup = setup_of(operation, recipes) + [f"argument = {shared['value']}"]
    user = {"label": operation["label"], "prepare": prepare, "code": code}
    label = f"{operation['label']} with {operation['label']}"
    # What is refused for an object that another thread is at is done for two that are equal.
    own = {"label": operation["label"], "prepare": operation["prepare"], "code": f"call({', '.join(before + [shared['value']] + after + keywords)})"}
    acts = [{"label": f"{label} of one {shared['type']}", "setup": setup, "roles": [user, user]},
            {"label": f"{label} of a {shared['type']} each", "setup": setup_of(operation, recipes), "roles": [own, own]}]
    for change in CHANGES[shared["type"]]:
        acts.append({"label": f"{operation['label']} while its {shared['type']} changes", "setup": setup,
                     "roles": [user, {"label": "change", "prepare": "argument", "code": change}]})
    return acts


def split_arguments(text):
    """The arguments of "1, f(2, 3), 'a, b'" at their commas."""
    import ast
    try:
        call = ast.parse(f"f({text})", mode="eval").body
    except SyntaxError:
        return [text] if text else []
    return [ast.unparse(each) for each in call.args] + [f"{each.arg}={ast.unparse(each.value)}" for each in call.keywords]


def iterator_acts(operations, recipes):
    """One iterator in all threads, and one while its container changes."""
    acts = []
    for operation in operations:
        if operation["sort"] != "iterate" or not operation["returned"]:
            continue
        setup = setup_of(operation, recipes) + ["iterator = iter(shared)"]
        advance = {"label": "next", "prepare": "iterator.__next__", "code": "call()"}
        acts.append({"label": "next with next", "setup": setup, "roles": [advance, advance]})
        for other in operations:
            if other["subject"] == operation["subject"] and other["sort"] in ("method", "slot", "init", "set") and other["returned"]:
                acts.append({"label": f"next with {other['label']}", "setup": setup + [line for line in setup_of(other, recipes) if line not in setup],
                             "roles": [advance, role(other)]})
    return acts


# ---- which operations a finding is about ----

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


def operations_meant(target, operations):
    found = [each for entry in target["entry_points"] for each in operations if is_meant(entry, each)]
    if not found:  # bindings do not say whose method it is
        last = {name for entry in target["entry_points"] for name in members_meant(entry)[1]}
        found = [each for each in operations if each["names"][0].rpartition(".")[2] in last]
    unique = list({id(each): each for each in found}.values())
    return sorted(unique, key=lambda each: (not each["returned"], not each["extension"]))[:8]


def pairs_of(operations, limit):
    """Pairs in which somebody is likely to write first, each operation with itself before it meets others."""
    def weight(pair):
        writes = {"set": 0, "delete": 0, "init": 0, "method": 0, "function": 0, "construct": 1, "iterate": 1, "static": 1, "get": 2, "slot": 1, "buffer": 1}
        return sum(writes.get(each["sort"], 2) + 2 * (not each["returned"]) for each in pair), pair[0] is not pair[1]
    return sorted(itertools.combinations_with_replacement(operations, 2), key=weight)[:limit]


def directed(target, operations, recipes, number):
    meant = operations_meant(target, operations)
    if not meant:
        return None
    acts = [act_of(list(pair), recipes) for pair in pairs_of(meant, DIRECTED_ACTS)]
    with_arguments = [act for each in meant for act in argument_acts(each, recipes)]
    iterators = iterator_acts(meant, recipes) if any(each["sort"] == "iterate" for each in meant) else []
    # The extension's other ways to the same object, for the side that no entry point was known for.
    for each in meant[:3]:
        mates = [other for other in operations if other["subject"] == each["subject"] and other not in meant and other["returned"]
                 and other["sort"] in ("method", "set", "init", "function")]
        acts += [act_of([each, mate], recipes) for mate in mates[:4]]
    acts = (with_arguments[:16] + acts[:DIRECTED_ACTS // 2] + iterators[:6]) if target["rule"].startswith("FT10") else \
        (acts[:DIRECTED_ACTS] + iterators[:6] + with_arguments[:6])
    return {"id": f"d{number:03}", "title": f"{target['rule']}: " + ", ".join(sorted({each['label'] for each in meant})), "kind": "directed",
            "findings": [target["finding"]], "acts": acts}


def sort_of_act(act):
    """Acts of one sort show the same kind of thing: operations on one object, on one argument, on one iterator."""
    names = " ".join(act["setup"])
    return "argument" if "argument = " in names else "iterator" if "iterator = " in names else "pair"


def first_pass(directed_ones):
    """Of every directed scenario the likeliest act of each sort, many findings to a process: what is easily shown is shown soon, and the
    directed scenarios are left for the rest."""
    found = []
    for at in range(0, len(directed_ones), FIRST_PASS):
        group, acts = directed_ones[at:at + FIRST_PASS], []
        for scenario in group:
            by_sort = {}
            for act in scenario["acts"]:
                by_sort.setdefault(sort_of_act(act), []).append(act)
            chosen = [its[0] for its in by_sort.values()]
            chosen += by_sort["pair"][1:2] if "pair" in by_sort else []
            acts += [act for act in chosen if act not in acts]
        found.append({"id": f"q{len(found):03}", "title": f"first pass over {len(group)} findings" if len(group) > 1 else group[0]["title"], "kind": "first pass",
                      "findings": [finding for scenario in group for finding in scenario["findings"]], "acts": acts,
                      "seconds": round(0.12 * len(acts), 3)})
    return found


def constructions(recipes):
    """Making an instance, as an operation; its end is part of it."""
    found = []
    for name, recipe in recipes.items():
        match = re.fullmatch(r"([\w.]+)\((.*)\)", recipe["expression"], re.S)
        if match is None or recipe["owner"]:
            continue
        found.append({"subject": name.rpartition(".")[0], "label": match[1].rpartition(".")[2] + "()", "names": [name + ".__new__"],
                      "prepare": match[1], "code": f"call({match[2]})", "sort": "construct", "type": recipe.get("type", ""), "extension": recipe["extension"], "returned": True,
                      "refusal": "", "arguments": match[2], "shared": []})
    return found


def chunks(acts, kind, title, prefix, first):
    return [{"id": f"{prefix}{first + index:03}", "title": title, "kind": kind, "findings": [], "acts": acts[at:at + ACTS_PER_SCENARIO]}
            for index, at in enumerate(range(0, len(acts), ACTS_PER_SCENARIO))]


def undirected(operations, recipes, seconds):
    """First calls, then iterators, arguments, buffers and collection, then all pairs of each subject in turn, as far as the time goes."""
    usable = [each for each in operations if each["returned"]] or operations
    first_calls = [{"label": f"first call of {each['label']}", "setup": setup_of(each, recipes), "roles": [role(each)] * 2, "once": True}
                   for each in usable if each["extension"]]
    found = [dict(each, kind="first call") for each in chunks(first_calls[:120], "first call", "first calls", "f", 0)]
    special = iterator_acts(usable, recipes) + [act for each in usable for act in argument_acts(each, recipes)]
    collect = {"subject": "", "label": "collect", "names": ["gc.collect"], "prepare": "gc.collect", "code": "call()", "sort": "collect"}
    special += [act_of([each, collect], recipes) for each in usable if each["sort"] in ("method", "function", "init", "iterate")][:30]
    by_subject = {}
    for each in usable:
        by_subject.setdefault(each["subject"], []).append(each)
    queues = [iter(pairs_of(each, 600)) for each in by_subject.values()]
    room, acts = max(int(seconds / SECONDS_PER_ACT) - len(special), 20), {}
    while queues and room > 0:
        for queue in list(queues):
            pair = next(queue, None)
            if pair is None:
                queues.remove(queue)
                continue
            acts.setdefault(pair[0]["subject"], []).append(act_of(list(pair), recipes))
            room -= 1
    found += chunks(special, "special", "iterators, arguments, collection", "s", 0)
    number = 0
    for subject, its in acts.items():
        made = chunks(its, "pairs", subject, "p", number)
        number += len(made)
        found += made
    return found


def build(plan, operations, recipes):
    """All scenarios, in the order they are worth running; findings that ask for the same acts share a scenario."""
    everything = [dict(each, shared=each.get("shared") or [], arguments=each.get("arguments", "")) for each in operations] + constructions(recipes)
    found, known = [], {}
    for target in plan["targets"]:
        scenario = directed(target, everything, recipes, len(found))
        if scenario is None:
            continue
        key = tuple(sorted(act["label"] + repr(act["setup"]) for act in scenario["acts"]))
        if key in known:
            known[key]["findings"].append(target["finding"])
            continue
        known[key] = scenario
        found.append(scenario)
    for scenario in found:
        scenario["seconds"] = max(plan["seconds_per_finding"], SECONDS_PER_ACT * len(scenario["acts"]))
    rest = undirected(everything, recipes, plan["seconds_for_pairs"])
    for scenario in rest:
        scenario["seconds"] = round(SECONDS_PER_ACT * len(scenario["acts"]), 3)
    return first_pass(found) * (len(found) > 1) + found + rest
