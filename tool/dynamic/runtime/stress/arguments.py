"""What else a call that returned can be given: arguments that other threads could change meanwhile, and others of the same kind.

Calls are texts; the caller's `attempt` tries one and says whether it returned."""

import ast

from . import scenarios, search, values


def variants(attempt, text, namespace):
    """{"shared": changeable arguments, "varied": the arguments with one that is another one at each call, or ""}."""
    try:
        parsed = ast.parse(f"f({text})", mode="eval").body
    except SyntaxError:
        return {}
    call = search.Call([ast.unparse(each) for each in parsed.args], [(each.arg, ast.unparse(each.value)) for each in parsed.keywords])
    return {"shared": shared(attempt, parsed.args, call, namespace), "varied": varied(attempt, parsed.args, call)}


def shared(attempt, nodes, call, namespace):
    """{"place", "value", "type"} for each changeable value that is taken in some place, one a type, at most three."""
    found = {}
    for place, (node, old) in enumerate(zip(nodes, call.positional)):
        if isinstance(node, (ast.Lambda, ast.Name, ast.Attribute)) or len(found) >= 3:
            continue
        for value in [old] * isinstance(node, (ast.List, ast.Dict, ast.Set)) + [f"list({old})", f"bytearray({old})"] + values.CHANGEABLE:
            try:
                made = eval(value, namespace)
            except Exception:
                continue
            kind = "nested" if isinstance(made, list) and made and isinstance(made[0], list) else type(made).__name__
            if made and kind in scenarios.CHANGES and kind not in found and attempt(call.with_value(place, value).text).returned:
                found[kind] = {"place": place, "value": value, "type": kind}
    return list(found.values())[:3]


def varied(attempt, nodes, call):
    """What remembers its last argument, or keeps a table by argument, writes only when another one comes."""
    for place, node in enumerate(nodes):
        value = node.value if isinstance(node, ast.Constant) else None
        others = {str: f"{value!r} + str(_)", bytes: f"{value!r} + b'%d' % _", int: f"{value!r} + _ % 7", float: f"{value!r} + _"}.get(type(value))
        if others is not None:
            text = call.with_value(place, others).text
            if attempt(text).returned:
                return text
    return ""
