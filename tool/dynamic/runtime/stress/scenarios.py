"""From what a survey found to what the hammer runs: which operations meet on which shared object, findings' own first.

Pure: texts in, texts out. An act is {"label", "setup": lines, "roles": [{"label", "prepare", "code"}]}: each round runs the setup once,
then its roles at the same time in threads of their own. In a role, `call` is what `prepare` gives; bound methods and partials are
prepared outside the loop because taking a reference to a shared object orders threads in a race detector's eyes."""

import re

from .entries import operations_meant
from .meetings import Matrix, everybody_first, order, pairs_of, pairs_of_target

SECONDS_PER_ACT = 0.15
ACTS_PER_SCENARIO = 30
DIRECTED_ACTS = 24
MOST_DIRECTED = 60  # of a finding in which many take part
SWEEP_SECONDS = 0.05
MOST_PAIRS = 600    # of one subject
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


def directed(target, operations, recipes, matrix, number):
    meant = operations_meant(target["entry_points"], operations)
    if not meant:
        return None
    pairs = pairs_of_target(target, meant, operations, matrix, DIRECTED_ACTS, MOST_DIRECTED)
    acts = [act_of(list(pair), recipes) for pair in pairs]
    with_arguments = [act for each in meant for act in argument_acts(each, recipes)]
    iterators = iterator_acts(meant, recipes) if any(each["sort"] == "iterate" for each in meant) else []
    # The extension's other ways to the same object, for the side that no entry point was known for.
    for each in meant[:3]:
        mates = [other for other in operations if other["subject"] == each["subject"] and other not in meant and other["returned"]
                 and other["sort"] in ("method", "set", "init", "function")]
        acts += [act_of([each, mate], recipes) for mate in mates[:4]]
    acts = (with_arguments[:16] + acts[:DIRECTED_ACTS // 2] + iterators[:6]) if target["rule"].startswith("FT10") else \
        (acts[:max(DIRECTED_ACTS, len(pairs))] + iterators[:6] + with_arguments[:6])
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


def by_subject(operations):
    found = {}
    for each in operations:
        found.setdefault(each["subject"], []).append(each)
    return list(found.values())


def sweep(operations, recipes, matrix):
    """Every operation once with the one of its own subject that it most likely races with, for what no finding speaks of."""
    acts = [act_of(list(pair), recipes) for its in by_subject(operations) for pair in everybody_first(pairs_of(its, matrix))[0]]
    return [dict(each, seconds=SWEEP_SECONDS * len(each["acts"])) for each in chunks(acts, "sweep", "every operation", "e", 0)]


def undirected(operations, recipes, matrix, seconds):
    """First calls, then iterators, arguments, buffers and collection, then all pairs of each subject in turn, as far as the time goes, those
    last that cannot race for all that is known."""
    first_calls = [{"label": f"first call of {each['label']}", "setup": setup_of(each, recipes), "roles": [role(each)] * 2, "once": True}
                   for each in operations if each["extension"]]
    found = chunks(first_calls[:120], "first call", "first calls", "f", 0)
    special = iterator_acts(operations, recipes) + [act for each in operations for act in argument_acts(each, recipes)]
    collect = {"subject": "", "label": "collect", "names": ["gc.collect"], "prepare": "gc.collect", "code": "call()", "sort": "collect"}
    special += [act_of([each, collect], recipes) for each in operations if each["sort"] in ("method", "function", "init", "iterate")][:30]
    found += chunks(special, "special", "iterators, arguments, collection", "s", 0)
    ranked = [(order(pair, matrix)[0], turn, pair) for its in by_subject(operations) for turn, pair in enumerate(pairs_of(its, matrix)[:MOST_PAIRS])]
    acts = {}
    for rank, _, pair in sorted(ranked, key=lambda one: one[:2])[:max(int(seconds / SECONDS_PER_ACT) - len(special), 20)]:
        acts.setdefault((rank, pair[0]["subject"]), []).append(act_of(list(pair), recipes))
    number = 0
    for (_, subject), its in acts.items():
        made = chunks(its, "pairs", subject, "p", number)
        number += len(made)
        found += made
    return [dict(each, seconds=round(SECONDS_PER_ACT * len(each["acts"]), 3)) for each in found]


def build(plan, operations, recipes):
    """All scenarios, in the order they are worth running; findings that ask for the same acts share a scenario."""
    everything = [dict(each, shared=each.get("shared") or [], arguments=each.get("arguments", "")) for each in operations] + constructions(recipes)
    matrix = Matrix(plan, everything)
    found, known = [], {}
    for target in plan["targets"]:
        scenario = directed(target, everything, recipes, matrix, len(found))
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
    usable = [each for each in everything if each["returned"]] or everything
    return first_pass(found) * (len(found) > 1) + found + sweep(usable, recipes, matrix) + undirected(usable, recipes, matrix, plan["seconds_for_pairs"])
