"""The operations of a survey: each function, and each thing that can be done with an instance, is tried until it returns. The other half
of the Probe, which makes the instances and does the calling."""

from . import arguments, search, signatures, subjects, values

TRIES = 120  # calls per operation at most


class Operations:
    """Wants of the whole: `outcome`, `fresh`, `instances`, `recipes`, `subjects`, `consider`, `guarded`, `_calls`, `pipe`, `namespace`,
    `stubs`, `meant` and `finished`."""

    turn = 0

    def found(self, subject, label, names, prepare, code, sort, extension, outcome, **more):
        if outcome.returned or self.turn == 2:
            self.finished.add(f"{subject}: {label}")
        self.pipe.tell(operation=dict(subject=subject, label=label, names=names, prepare=prepare, code=code, sort=sort, extension=extension,
                                      returned=bool(outcome and outcome.returned),
                                      refusal="" if outcome is None or outcome.returned else f"{outcome.error}: {outcome.message}", **more))

    def is_finished(self, subject, label):
        return f"{subject}: {label}" in self.finished

    def functions(self, of_extension):
        for module, name, function, extension in self.subjects.functions():
            if extension == of_extension and not self.is_finished(module, name):
                self.guarded(f"{module}.{name}", lambda found=(module, name, function, extension): self.function(*found))

    def function(self, module, name, function, extension):
        label = f"{module}.{name}"

        def attempt(text):
            return self.outcome(label, text, lambda: eval(f"{label}({text})", self.namespace))
        finder = search.Search(attempt, self.instances(), TRIES if extension else TRIES // 4)
        offered = self.stubs.get(name, []) + signatures.of_callable(function, name)
        result = finder.run(self._calls(label, name), offered)
        text, outcome = result or ("", search.Outcome(False, *(finder.last.split(": ", 1) + [""])[:2]))
        more = arguments.variants(attempt, text, self.namespace) if outcome.returned else {}
        self.found(module, name, [label], label, f"call({text})", "function", extension, outcome, arguments=text, **more)
        if outcome.returned:
            self.consider(outcome.value, f"{label}({text})", None, None)

    def operations_of(self, kind):
        name = self.subjects.name_of(kind)
        # What findings name comes first, in case the time does not last.
        for member in sorted(subjects.members(kind, self.recipes), key=lambda member: member.name not in self.meant):
            for label, prepare, pattern, recorded, sort in self.ways(kind, member):
                if not self.is_finished(name, label):
                    self.operation(kind, name, member, label, prepare, pattern, recorded, sort)
        if not self.is_finished(name, "buffer"):
            outcome = self.on_instance(kind, f"{name}: buffer", "memoryview", "call(shared).tobytes()")
            if outcome.returned:
                self.found(name, "buffer", [f"{name}.bf_getbuffer"], "memoryview", "call(shared).tobytes()", "buffer", self.subjects.is_extension(kind), outcome,
                           type=kind.__name__)

    def ways(self, kind, member):
        """(label, what to prepare, how to call it, arguments to try first, sort): one or more for each member."""
        name = member.name
        if member.sort == "attribute":
            value = self.value_of(kind, name)
            return [(f"get {name}", "shared.__getattribute__", f"call({name!r})", [""], "get"),
                    (f"set {name}", "shared.__setattr__", f"call({name!r}, %s)", values.renewed(value) + [f"shared.{name}"] * (value is not None) + values.EVERYTHING, "set"),
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
            return getattr(self.fresh(kind)["shared"], name, None)
        except Exception:
            return None

    def items_of(self, kind):
        """Keys and values that a fresh instance has, as texts."""
        try:
            shared = self.fresh(kind)["shared"]
            items = list(shared.items())[:2] if hasattr(shared, "items") else list(enumerate(list(shared)))[:2]
            return [(repr(key), repr(value)) for key, value in items if _is_plain(key) and _is_plain(value)]
        except Exception:
            return []

    def on_instance(self, kind, label, prepare, code, expression=None):
        try:
            scope = self.fresh(kind, expression)
        except Exception as error:
            return search.Outcome(False, "RuntimeError", f"no instance: {error}")

        def run():
            scope["call"] = eval(prepare, scope)
            return eval(code, scope)
        return self.outcome(label, code, run)

    def operation(self, kind, subject, member, label, prepare, pattern, recorded, sort):
        """Tries the operation on the first instance, then, while it is refused, on the others; what findings name is tried on more of
        them, for an instance of another nature may take another path."""
        done, refused = 0, None
        most = 4 if member.name in self.meant and sort in ("method", "slot") else 1
        # Its own instances before those of subclasses, which hold the like of the first.
        for expression in [None] + sorted(self.recipes[kind].others, key=lambda other: not other.startswith(subject + "(")):
            text, outcome, attempt = self.try_operation(kind, subject, member, label, prepare, pattern, recorded, sort, expression)
            if outcome.returned:
                name = label if done == 0 else f"{label} on {expression}"
                self.returned(kind, subject, member, name, prepare, pattern, sort, expression, text, outcome, attempt)
                done += 1
            elif refused is None or not outcome.refused:
                refused = text, outcome
            if sort in ("set", "delete", "init") or not (outcome.returned or outcome.refused) or done == most:
                break
        if done > 0:
            return
        text, outcome = refused
        if sort in ("set", "delete") and outcome.error in ("AttributeError", "TypeError"):
            self.finished.add(f"{subject}: {label}")  # read-only: no operation at all
            self.pipe.tell(finished=f"{subject}: {label}")
            return
        self.found(subject, label, [f"{self.subjects.name_of(kind)}.{member.name}"], prepare, pattern.replace("%s", text), sort,
                   member.extension, outcome, arguments=text, type=kind.__name__)

    def returned(self, kind, subject, member, label, prepare, pattern, sort, expression, text, outcome, attempt):
        more = {"lines": self.recipes[kind].setup(expression), "expression": expression} if expression else {}
        if sort in ("method", "static", "init"):
            more.update(arguments.variants(attempt, text, self.namespace))
        self.found(subject, label, [f"{self.subjects.name_of(kind)}.{member.name}"], prepare, pattern.replace("%s", text), sort,
                   member.extension, outcome, arguments=text, type=kind.__name__, **more)
        if not expression:
            self.follow(kind, member, prepare, text, sort, outcome)

    def try_operation(self, kind, subject, member, label, prepare, pattern, recorded, sort, expression):
        def attempt(text):
            return self.on_instance(kind, f"{subject}: {label}", prepare, pattern.replace("%s", text), expression)
        finder = search.Search(attempt, self.instances(), TRIES if expression is None and member.extension else TRIES // 4)
        if "%s" not in pattern or sort in ("set", "slot", "init"):
            result = next(((text, finder.found[1]) for text in recorded if finder.one(text)), None) or finder.fallback
        else:
            short = f"{kind.__name__}.{member.name}"
            offered = self.stubs.get(short, []) + (signatures.of_callable(member.value, member.name) if member.name != "__call__" else [])
            offered += self.stubs.get(subject.partition(".")[2] + "." + member.name, [])
            result = finder.run(recorded, offered)
        text, outcome = result or ("", search.Outcome(False, *(finder.last.split(": ", 1) + [""])[:2]))
        return text, outcome, attempt

    def follow(self, kind, member, prepare, text, sort, outcome):
        """What the operation returned may be of a type that only it gives."""
        recipe, call = self.recipes[kind], None
        if sort in ("method", "static", "slot"):
            call = f"{prepare}({text})"
        elif sort == "get":
            call = f"shared.{member.name}"
        elif sort == "iterate":
            call = "iter(shared)"
            try:
                outcome.value = iter(self.fresh(kind)["shared"])
            except Exception:
                return
        if call and recipe.owner is None:
            self.consider(outcome.value, call.replace("shared", recipe.expression, 1), recipe.expression, call.replace("shared", "owner", 1), recipe.filling)
        elif call:
            self.consider(outcome.value, call.replace("shared", recipe.expression, 1), None, None)


def _is_plain(value):
    return isinstance(value, (str, bytes, int, float, bool, type(None))) and len(repr(value)) < 200
