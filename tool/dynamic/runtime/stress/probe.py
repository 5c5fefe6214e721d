"""The worker of a survey: makes instances, tries every operation once by itself, and tells each step on a pipe before taking it.

Runs in a process of its own, which a call may crash or hang; the supervisor starts another one that leaves that call out."""

import json
import os
import sys
import time

from . import entries, operations, search, signatures, subjects, values

OPEN = ["0", "1", "'a'", "None", "b'a'", "[1, 2, 3]"]


class Pipe:
    """Lines of JSON to the supervisor."""

    def __init__(self, descriptor):
        self.descriptor = descriptor

    def tell(self, **what):
        data = (json.dumps(what) + "\n").encode()
        while data:
            data = data[os.write(self.descriptor, data):]


class Recipe:
    """How to get an instance: an expression; or the expression of the object it is got from and how; lines that fill it. Others
    made of other arguments, for what cannot be done with the first."""

    def __init__(self, expression, owner=None, via=None, filling=(), others=()):
        self.expression, self.owner, self.via, self.filling, self.others = expression, owner, via, list(filling), list(others)

    def setup(self, expression=None):
        if expression:
            return [f"shared = {expression}"]
        if self.owner:
            return [f"owner = {self.owner}"] + [line.replace("shared", "owner", 1) for line in self.filling] + [f"shared = {self.via}"]
        return [f"shared = {self.expression}"] + self.filling


class Probe(operations.Operations):
    def __init__(self, plan, done, pipe):
        self.plan, self.pipe = plan, pipe
        self.denied = {tuple(each) for each in done["denied"]}       # (label, arguments)
        self.given_up = set(done["given_up"])                        # labels
        self.finished = set(done["finished"])                        # labels whose result is known
        self.namespace = {"__name__": "__probe__"}
        before = subjects.known_types()
        exec(values.NAMESPACE, self.namespace)
        self.namespace["_"] = 1  # counts the calls when the hammer runs them
        modules = self._imported(plan["modules"], True)
        packages = self._imported(plan["packages"], False)
        for name in self._imported(self._inside(packages), False):
            self.pipe.tell(imported=name)
        self.subjects = subjects.Subjects(modules, packages, before)
        self.recipes, self.searched = {}, set()
        self.meant = {name for target in plan["targets"] for entry in target["entry_points"] for name in entries.members_meant(entry)[1]}
        self.stubs = {}
        for text in plan.get("stub_texts", []):
            self.stubs.update(signatures.of_stub(text))
        self.recorded = plan.get("recorded_calls", {})
        self.recorder = None
        if sys.version_info >= (3, 12):
            sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "recording"))
            import recorder
            self.recorder = recorder.listen(recorder.Recorder("", plan["modules"] + plan["packages"], unlike="<"))
        for name, recipe in done["recipes"].items():
            self._restore(name, recipe)

    def _imported(self, names, needed):
        good = []
        for name in names:
            if "import " + name in self.given_up:
                continue
            self.pipe.tell(step="import " + name, arguments="")
            try:
                exec(f"import {name}", self.namespace)
                good.append(name)
            except Exception as error:
                if needed:
                    self.pipe.tell(note=f"cannot import {name}: {type(error).__name__}: {error}")
        return good

    @staticmethod
    def _inside(packages):
        """Python modules directly in the packages, tests and programs left out."""
        import pkgutil
        return [f"{name}.{each.name}" for name in packages for each in pkgutil.iter_modules(getattr(sys.modules[name], "__path__", []))
                if not each.ispkg and not each.name.startswith(("test", "conftest", "setup", "__"))][:40]

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
        self.recipes[kind] = Recipe(told["expression"], told["owner"], told["via"], told["filling"], told["others"])
        self.offer_to_bases(kind, self.recipes[kind])

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
        return search.Outcome(True, value=value)

    def fresh(self, kind, expression=None):
        scope = dict(self.namespace)
        exec("\n".join(self.recipes[kind].setup(expression)), scope)
        scope["other"] = eval(expression or self.recipes[kind].expression, scope)
        return scope

    # ---- instances ----

    def construct(self, kind):
        """A Recipe by calling the type, or None and why not."""
        name = self.subjects.expressions.get(kind)
        if name is None or issubclass(kind, BaseException):
            return None, "no name to call it by" if name is None else "an exception"
        label = name + "()"
        finder = search.Search(lambda text: self.outcome(label, text, lambda: eval(f"{name}({text})", self.namespace)), self.instances(), operations.TRIES)
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
        return self.better(kind, name, label, found[0]), found[0]

    def better(self, kind, name, label, first):
        """A Recipe with arguments that leave the instance with something in it, where others than the first do, and with a few
        instances of another nature."""
        made, others = [first], []
        for text in values.EVERYTHING[:12]:
            outcome = self.outcome(label, text, lambda text=text: eval(f"{name}({text})", self.namespace))
            if outcome.returned and isinstance(outcome.value, kind):
                others.append(f"{name}({text})")
                made.append(text)

        def size(text):
            try:
                return len(eval(f"{name}({text})", self.namespace))
            except Exception:
                return 0
        best = first if size(first) else next((text for text in made if size(text)), first)
        expression = f"{name}({best})"
        return Recipe(expression, others=[each for each in others if each != expression][:5])

    def consider(self, value, expression, owner, via, filling=()):
        """A value some call returned: if it is of a type under test that we have no instance of, now we have."""
        kind = type(value)
        if kind in self.recipes or isinstance(value, (BaseException, type)):
            return
        if kind in self.subjects.classes or self.subjects.add(kind):
            if expression.count("(") > 12:
                return
            self.keep(kind, Recipe(expression, owner, via, filling))

    def keep(self, kind, recipe):
        self.recipes[kind] = recipe
        self.offer_to_bases(kind, recipe)
        self.pipe.tell(recipe=self.subjects.name_of(kind), type=kind.__name__, expression=recipe.expression, owner=recipe.owner, via=recipe.via,
                       filling=recipe.filling, others=recipe.others, extension=self.subjects.is_extension(kind), lines=recipe.setup())

    def offer_to_bases(self, kind, recipe):
        for base in kind.__mro__[1:]:  # what the base refuses by itself, an instance of a subclass may do
            known = self.recipes.get(base)
            if known and recipe.expression not in known.others:
                known.others.insert(0, recipe.expression)

    def search_holders(self):
        """What a wrapper written in Python makes for itself is often the best instance there is."""
        for expression, kind in self.subjects.holders():
            label = expression + "()"
            if issubclass(kind, BaseException) or label in self.searched:
                continue
            self.searched.add(label)
            finder = search.Search(lambda text: self.outcome(label, text, lambda: eval(f"{expression}({text})", self.namespace)), self.instances(), 12)
            found = finder.run(self._calls(kind.__name__), signatures.of_callable(kind.__init__, "__init__") if "__init__" in vars(kind) else [])
            if found and found[1].returned:
                for name, value in list(getattr(found[1].value, "__dict__", {}).items()):
                    made = f"{expression}({found[0]})"
                    if name.isidentifier():
                        self.consider(value, f"{made}.{name}", made, f"owner.{name}")

    # ---- operations ----

    def _calls(self, *names):
        """Recorded arguments for any of the names, most frequent first."""
        found = []
        for name in names:
            found += self.recorded.get(name, [])
        known = self.instances()
        whole = []
        for text in found:  # "@Meter@" stands for an instance
            parts = text.split("@")
            if len(parts) % 2 == 0 or all(part in known for part in parts[1::2]):
                whole.append(text if len(parts) % 2 == 0 else "".join(known[part][0] if at % 2 else part for at, part in enumerate(parts)))
        open_ones = [text for text in whole if "?unknown?" in text]  # one argument that the recorder could not tell
        whole = [text for text in whole if "?unknown?" not in text] + [text.replace("?unknown?", value) for text in open_ones[:6] for value in OPEN]
        return list(dict.fromkeys(whole))[:40]

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
            for member in subjects.members(kind, self.recipes):
                if member.sort not in ("method", "setitem") or member.name.startswith("__") and member.sort == "method":
                    continue
                line = f"shared.{member.name}({arguments})"
                outcome = self.on_instance(kind, f"{self.subjects.name_of(kind)}: filling", f"shared.{member.name}", f"[call({arguments}), len(shared)][1]")
                if outcome.returned and outcome.value:
                    recipe.filling = [line]
                    self.keep(kind, recipe)
                    return

    def guarded(self, what, act):
        """What surprises us in one type is no reason to leave out the others."""
        try:
            return act()
        except Exception as error:
            self.pipe.tell(note=f"{what}: {type(error).__name__}: {error}"[:500])
            return None

    def take_recorded(self):
        """The package's own Python calls the extension too, while its functions are tried: with arguments worth having."""
        for name, calls in self.recorder.calls.items() if self.recorder else ():
            self.recorded[name] = list(dict.fromkeys(self.recorded.get(name, []) + list(calls)))

    def run(self):
        for turn in range(3):
            known = len(self.recipes)
            self.turn = turn
            self.take_recorded()
            while self.subjects.subclasses():
                pass
            for kind in list(self.subjects.classes):
                if kind not in self.recipes:
                    recipe, reason = self.guarded(self.subjects.name_of(kind), lambda kind=kind: self.construct(kind)) or (None, "")
                    if recipe:
                        self.keep(kind, recipe)
                        self.fill(kind)
                    elif not issubclass(kind, BaseException):
                        self.pipe.tell(unmade=self.subjects.name_of(kind), reason=reason, extension=self.subjects.is_extension(kind))
            self.guarded("holders", self.search_holders)
            for of_extension in (True, False):  # what is asked about first, in case the time does not last
                self.guarded("functions", lambda of_extension=of_extension: self.functions(of_extension))
                for kind in [each for each in self.recipes if self.subjects.is_extension(each) == of_extension]:
                    self.guarded(self.subjects.name_of(kind), lambda kind=kind: self.operations_of(kind))
            self.take_recorded()
            if len(self.recipes) == known and turn > 0:
                break
        self.pipe.tell(types=[[self.subjects.name_of(kind), self.subjects.is_extension(kind)] for kind in self.subjects.classes
                              if not issubclass(kind, BaseException)])


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
