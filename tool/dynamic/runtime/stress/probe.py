"""The worker of a survey: makes instances, tries every operation once by itself, and tells each step on a pipe before taking it.

Runs in a process of its own, which a call may crash or hang; the supervisor starts another one that leaves that call out."""

import json
import os
import sys
import time

from . import search, signatures, subjects, values

TRIES = 120  # calls per operation at most


class Pipe:
    """Lines of JSON to the supervisor."""

    def __init__(self, descriptor):
        self.descriptor = descriptor

    def tell(self, **what):
        data = (json.dumps(what) + "\n").encode()
        while data:
            data = data[os.write(self.descriptor, data):]


class Recipe:
    """How to get an instance: an expression, the expression of the object it was got from (or None), lines that fill it."""

    def __init__(self, expression, owner=None, via=None):
        self.expression, self.owner, self.via, self.filling = expression, owner, via, []

    def setup(self):
        if self.owner:
            return [f"owner = {self.owner}", f"shared = {self.via}"] + self.filling
        return [f"shared = {self.expression}"] + self.filling


class Probe:
    def __init__(self, plan, done, pipe):
        self.plan, self.pipe = plan, pipe
        self.denied = {tuple(each) for each in done["denied"]}       # (label, arguments)
        self.given_up = set(done["given_up"])                        # labels
        self.finished = set(done["finished"])                        # labels whose result is known
        self.namespace = {"__name__": "__probe__"}
        before = subjects.known_types()
        exec(values.NAMESPACE, self.namespace)
        modules = self._imported(plan["modules"], True)
        packages = self._imported(plan["packages"], False)
        self.subjects = subjects.Subjects(modules, packages, before)
        self.recipes = {}
        self.stubs = {}
        for text in plan.get("stub_texts", []):
            self.stubs.update(signatures.of_stub(text))
        self.recorded = plan.get("recorded_calls", {})
        for name, recipe in done["recipes"].items():
            self._restore(name, recipe)

    def _imported(self, names, needed):
        good = []
        for name in names:
            self.pipe.tell(step="import " + name, arguments="")
            try:
                exec(f"import {name}", self.namespace)
                good.append(name)
            except Exception as error:
                if needed:
                    self.pipe.tell(note=f"cannot import {name}: {type(error).__name__}: {error}")
        return good

    def _restore(self, name, told):
        for kind in self.subjects.classes:
            if self.subjects.name_of(kind) == name:
                break
        else:  # a type only calls give: make one
            try:
                kind = type(eval(told["expression"], self.namespace))
            except Exception:
                return
            self.subjects.add(kind)
        recipe = self.recipes[kind] = Recipe(told["expression"], told["owner"], told["via"])
        recipe.filling = told["filling"]

    # ---- trying one call ----

    def instances(self):
        """Type names and their last parts -> expressions, for arguments that want one of ours."""
        found = {}
        for kind, recipe in self.recipes.items():
            for name in {kind.__name__, kind.__name__.lower()}:
                found.setdefault(name, []).append(recipe.expression)
        return found

    def outcome(self, label, arguments, run):
        """Runs `run`, which may end this process; the supervisor knows by then what is being tried."""
        if label in self.given_up or (label, arguments) in self.denied:
            return search.Outcome(False, "TypeError", "left out: it ended the process before")
        self.pipe.tell(step=label, arguments=arguments)
        try:
            value = run()
        except Exception as error:
            return search.Outcome(False, type(error).__name__, str(error)[:500])
        except BaseException as error:  # SystemExit, KeyboardInterrupt, what the extension makes of them
            return search.Outcome(False, type(error).__name__, str(error)[:500])
        if value is NotImplemented:
            return search.Outcome(False, "TypeError", "NotImplemented")
        return search.Outcome(True, value=value)

    def fresh(self, kind):
        scope = dict(self.namespace)
        exec("\n".join(self.recipes[kind].setup()), scope)
        scope["other"] = eval(self.recipes[kind].expression, scope)
        return scope

    # ---- instances ----

    def construct(self, kind):
        """A Recipe by calling the type, or None and why not."""
        name = self.subjects.expressions.get(kind)
        if name is None or issubclass(kind, BaseException):
            return None, "no name to call it by" if name is None else "an exception"
        label = name + "()"
        finder = search.Search(lambda text: self.outcome(label, text, lambda: eval(f"{name}({text})", self.namespace)), self.instances(), TRIES)
        offered = self.stubs.get(name.partition(".")[2], []) + self.stubs.get(kind.__name__, [])
        offered += signatures.of_callable(kind, kind.__name__)
        init = vars(kind).get("__init__")
        if init is not None:
            offered += signatures.of_callable(init, "__init__")
        found = finder.run(self._calls(name, kind.__name__), offered)
        if found is None or not found[1].returned:
            return None, finder.last
        if not isinstance(found[1].value, kind):
            self.consider(found[1].value, f"{name}({found[0]})", None, None)
            return None, f"calling it gives a {type(found[1].value).__name__}"
        return Recipe(f"{name}({found[0]})"), found[0]

    def consider(self, value, expression, owner, via):
        """A value some call returned: if it is of a type under test that we have no instance of, now we have."""
        kind = type(value)
        if kind in self.recipes or isinstance(value, (BaseException, type)):
            return
        if kind in self.subjects.classes or self.subjects.add(kind):
            if expression.count("(") > 12:
                return
            self.keep(kind, Recipe(expression, owner, via))

    def keep(self, kind, recipe):
        self.recipes[kind] = recipe
        self.pipe.tell(recipe=self.subjects.name_of(kind), expression=recipe.expression, owner=recipe.owner, via=recipe.via,
                       filling=recipe.filling, extension=self.subjects.is_extension(kind), lines=recipe.setup())

    # ---- operations ----

    def _calls(self, *names):
        """Recorded arguments for any of the names, most frequent first."""
        found = []
        for name in names:
            found += self.recorded.get(name, [])
        return list(dict.fromkeys(found))[:30]

    def found(self, subject, label, names, prepare, code, sort, extension, outcome, **more):
        self.finished.add(f"{subject}: {label}")
        self.pipe.tell(operation=dict(subject=subject, label=label, names=names, prepare=prepare, code=code, sort=sort, extension=extension,
                                      returned=bool(outcome and outcome.returned),
                                      refusal="" if outcome is None or outcome.returned else f"{outcome.error}: {outcome.message}", **more))

    def is_finished(self, subject, label):
        return f"{subject}: {label}" in self.finished

    def functions(self):
        for module, name, function, extension in self.subjects.functions():
            if self.is_finished(module, name):
                continue
            label = f"{module}.{name}"

            def attempt(text, label=label):
                return self.outcome(label, text, lambda: eval(f"{label}({text})", self.namespace))
            finder = search.Search(attempt, self.instances(), TRIES)
            offered = self.stubs.get(name, []) + signatures.of_callable(function, name)
            result = finder.run(self._calls(label, name), offered)
            text, outcome = result or ("", search.Outcome(False, *(finder.last.split(": ", 1) + [""])[:2]))
            self.found(module, name, [label], label, f"call({text})", "function", extension, outcome, arguments=text,
                       shared=self.shared_argument(attempt, text) if outcome.returned else None)
            if outcome.returned:
                self.consider(outcome.value, f"{label}({text})", None, None)

    def shared_argument(self, attempt, text):
        """The place of an argument that other threads could change meanwhile, and a changeable value that is taken there."""
        import ast
        try:
            call = ast.parse(f"f({text})", mode="eval").body
        except SyntaxError:
            return None
        for place, node in enumerate(call.args):
            if not isinstance(node, (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Constant, ast.Call)):
                continue
            old = ast.unparse(node)
            for value in ([old] if isinstance(node, (ast.List, ast.Dict, ast.Set)) else []) + [f"list({old})", f"bytearray({old})", f"dict({old})"]:
                rest = [ast.unparse(each) for each in call.args]
                rest[place] = value
                rest += [f"{each.arg}={ast.unparse(each.value)}" for each in call.keywords]
                try:
                    made = eval(value, self.namespace)
                except Exception:
                    continue
                if isinstance(made, (list, dict, set, bytearray)) and made and attempt(", ".join(rest)).returned:
                    return {"place": place, "value": value, "type": type(made).__name__}
        return None

    def operations_of(self, kind):
        name = self.subjects.name_of(kind)
        for member in subjects.members(kind):
            for label, prepare, pattern, recorded, sort in self.ways(kind, member):
                if not self.is_finished(name, label):
                    self.operation(kind, name, member, label, prepare, pattern, recorded, sort)
        if not self.is_finished(name, "buffer"):
            outcome = self.on_instance(kind, f"{name}: buffer", "memoryview", "call(shared).tobytes()")
            if outcome.returned:
                self.found(name, "buffer", [f"{name}.bf_getbuffer"], "memoryview", "call(shared).tobytes()", "buffer", self.subjects.is_extension(kind), outcome)

    def ways(self, kind, member):
        """(label, what to prepare, how to call it, arguments to try first, sort): one or more for each member."""
        name = member.name
        if member.sort == "attribute":
            value = self.value_of(kind, name)
            return [(f"get {name}", "shared.__getattribute__", f"call({name!r})", [""], "get"),
                    (f"set {name}", "shared.__setattr__", f"call({name!r}, %s)", ([f"shared.{name}"] if value else []) + values.EVERYTHING, "set"),
                    (f"delete {name}", "shared.__delattr__", f"call({name!r})", [""], "delete")]
        if member.sort == "unary":
            return [(name, f"shared.{name}", "call()", [""], "slot")]
        if member.sort == "iterate":
            return [(name, "shared.__iter__", "list(call())", [""], "iterate")]
        if member.sort == "binary":
            return [(name, f"shared.{name}", "call(%s)", ["other", "1", "'a'", "[1, 2, 3]", "b'a'", "1.5", "{'a': 1}", "None"], "slot")]
        if member.sort == "exit":
            return [(name, f"shared.{name}", "call(None, None, None)", [""], "slot")]
        if member.sort == "keyed":
            keys = ["'a'", "0", "1", "slice(0, 1)", "b'a'", "(0, 0)", "None", "1.5"] + [key for key, _ in self.items_of(kind)]
            return [(name, f"shared.{name}", "call(%s)", self._calls(f"{kind.__name__}.{name}") + keys, "slot")]
        if member.sort == "setitem":
            pairs = [f"{key}, {value}" for key, value in self.items_of(kind)]
            for key in ("'a'", "0", "b'a'", "(0, 0)", "slice(0, 1)"):
                pairs += [f"{key}, {value}" for value in ("1", "'a'", "b'a'", "1.5", "[1, 2, 3]", "None")]
            return [(name, "shared.__setitem__", "call(%s)", self._calls(f"{kind.__name__}.{name}") + pairs, "slot")]
        if member.sort == "init":
            expression = self.recipes[kind].expression
            arguments = expression[expression.find("(") + 1:-1] if self.recipes[kind].owner is None and expression.endswith(")") else ""
            return [(name, "shared.__init__", "call(%s)", [arguments, ""], "init")]
        return [(name, f"shared.{name}", "call(%s)", self._calls(f"{kind.__name__}.{name}", name), member.sort)]

    def value_of(self, kind, name):
        try:
            return getattr(self.fresh(kind)["shared"], name, None) is not None
        except Exception:
            return False

    def items_of(self, kind):
        """Keys and values that a fresh instance has, as texts."""
        try:
            shared = self.fresh(kind)["shared"]
            items = list(shared.items())[:2] if hasattr(shared, "items") else list(enumerate(list(shared)))[:2]
            return [(repr(key), repr(value)) for key, value in items if _is_plain(key) and _is_plain(value)]
        except Exception:
            return []

    def on_instance(self, kind, label, prepare, code):
        try:
            scope = self.fresh(kind)
        except Exception as error:
            return search.Outcome(False, "RuntimeError", f"no instance: {error}")

        def run():
            scope["call"] = eval(prepare, scope)
            return eval(code, scope)
        return self.outcome(label, code, run)

    def operation(self, kind, subject, member, label, prepare, pattern, recorded, sort):
        tries = []

        def attempt(text):
            tries.append(text)
            return self.on_instance(kind, f"{subject}: {label}", prepare, pattern.replace("%s", text))
        finder = search.Search(attempt, self.instances(), TRIES)
        if "%s" not in pattern or sort in ("set", "slot", "init"):
            result = next(((text, finder.outcome_or_found) for text in recorded if finder.one(text)), None) or finder.fallback
        else:
            short = f"{kind.__name__}.{member.name}"
            offered = self.stubs.get(short, []) + (signatures.of_callable(member.value, member.name) if member.name != "__call__" else [])
            offered += self.stubs.get(subject.partition(".")[2] + "." + member.name, [])
            result = finder.run(recorded, offered)
        text, outcome = result or ("", search.Outcome(False, *(finder.last.split(": ", 1) + [""])[:2]))
        if sort in ("set", "delete") and not outcome.returned and outcome.error in ("AttributeError", "TypeError"):
            self.finished.add(f"{subject}: {label}")  # read-only: no operation at all
            self.pipe.tell(finished=f"{subject}: {label}")
            return
        self.found(subject, label, [f"{self.subjects.name_of(kind)}.{member.name}"], prepare, pattern.replace("%s", text), sort,
                   member.extension, outcome, arguments=text,
                   shared=self.shared_argument(attempt, text) if outcome.returned and sort in ("method", "static") else None)
        if outcome.returned:
            recipe = self.recipes[kind]
            call = f"{prepare}({text})" if sort in ("method", "static", "slot") else None
            if sort == "iterate":
                call = "iter(shared)"
                try:
                    outcome.value = iter(self.fresh(kind)["shared"])
                except Exception:
                    return
            if sort == "get":
                call = f"shared.{member.name}"
            if call:
                self.consider(outcome.value, call.replace("shared", f"{recipe.expression}", 1), recipe.expression, call.replace("shared", "owner", 1))

    # ---- the whole ----

    def fill(self, kind):
        """An empty container is made to hold something, by whichever operation does that."""
        recipe = self.recipes[kind]
        try:
            if recipe.filling or len(self.fresh(kind)["shared"]) != 0:
                return
        except Exception:
            return
        for arguments in ("'a', 1", "1", "'a'", "0, 1", "[1, 2, 3]", "{'a': 1}", "b'ash oak'", "[('a', 1)]"):
            for member in subjects.members(kind):
                if member.sort not in ("method", "setitem") or member.name.startswith("__") and member.sort == "method":
                    continue
                line = f"shared.{member.name}({arguments})"
                outcome = self.on_instance(kind, f"{self.subjects.name_of(kind)}: filling", f"shared.{member.name}", f"[call({arguments}), len(shared)][1]")
                if outcome.returned and outcome.value:
                    recipe.filling = [line]
                    self.keep(kind, recipe)
                    return

    def run(self):
        for _ in range(3):
            known = len(self.recipes)
            for kind in list(self.subjects.classes):
                if kind not in self.recipes:
                    recipe, reason = self.construct(kind)
                    if recipe:
                        self.keep(kind, recipe)
                        self.fill(kind)
                    elif not issubclass(kind, BaseException):
                        self.pipe.tell(unmade=self.subjects.name_of(kind), reason=reason, extension=self.subjects.is_extension(kind))
            self.functions()
            for kind in list(self.recipes):
                self.operations_of(kind)
            if len(self.recipes) == known:
                break
        self.pipe.tell(types=[[self.subjects.name_of(kind), self.subjects.is_extension(kind)] for kind in self.subjects.classes
                              if not issubclass(kind, BaseException)])


def _is_plain(value):
    return isinstance(value, (str, bytes, int, float, bool, type(None))) and len(repr(value)) < 200


def main(plan_path, state_path, descriptor):
    with open(plan_path, encoding="utf-8") as file:
        plan = json.load(file)
    with open(state_path, encoding="utf-8") as file:
        done = json.load(file)
    os.environ.pop("FTAUDIT_RECORD", None)
    probe = Probe(plan, done, Pipe(descriptor))
    began = time.monotonic()
    probe.run()
    probe.pipe.tell(complete=round(time.monotonic() - began, 3))
    sys.stdout = sys.stderr = None
    os._exit(0)
