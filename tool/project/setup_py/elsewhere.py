"""What a setup.py builds on other machines and for other Pythons alone: extensions that no branch taken here uses."""
import ast

from values import *


class Elsewhere:
    # Of each condition it is kept what its answer hangs on: the machine (its Python included), which is given, or what
    # somebody may choose or have (the environment, arguments, files). Names keep it for what they were given.

    def asks_machine(self):
        self.asked[0] += 1

    def asks_choice(self):
        self.asked[1] += 1

    def asks_by_name(self, name):
        for i in self.hangs_on.get(name, ()):
            self.asked[i] += 1

    def note_asked(self, name, before):
        on = {i for i in (0, 1) if self.asked[i] > before[i]}
        if on:
            self.hangs_on[name] = self.hangs_on.get(name, set()) | on

    def note_branches(self, condition, before, taken, other):
        """`taken` is read; `other` never is where the machine alone decides, whoever builds."""
        self.alive.add(id(taken))
        if isinstance(condition, Maybe) or self.asked[0] == before[0] or self.asked[1] > before[1]:
            self.alive.add(id(other))
        else:
            self.dead[id(other)] = other if isinstance(other, list) else [other]

    def note_bound(self, name, value):
        """The names that an extension goes by, alone or in a list."""
        if isinstance(value, Extension):
            value.names.add(name)
        elif isinstance(value, (list, tuple)) and value and isinstance(value[0], Extension):
            self.steps += len(value) // 8
            for each in value:
                if isinstance(each, Extension):
                    each.names.add(name)

    def note_stored(self, value):
        for each in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(each, Extension):
                each.stored = True

    def dead_nodes(self):
        return {id(n) for i, body in self.dead.items() if i not in self.alive for part in body for n in ast.walk(part)}

    def loads(self, dead):
        """Names that code reads which may run here, and names that only other code reads; None: it cannot be told."""
        here, there = set(), set()
        for tree in self.trees:
            for node in ast.walk(tree):
                into = there if id(node) in dead else here
                if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
                    into.add(node.id)
                elif isinstance(node, ast.Attribute):
                    into.add(node.attr)
                elif isinstance(node, ast.ImportFrom):
                    into.update(alias.name for alias in node.names)
        return None if here & {'globals', 'locals', 'vars', 'eval'} else (here, there)

    def unused(self, dead):
        """Extensions that were made, and that only code for other machines does something with."""
        loads = self.loads(dead)
        if loads is None:
            return []
        here, there = loads
        return [e for e in self.extensions if e.names and not e.stored and not e.names & here and e.names & there]

    def elsewhere(self, dead, kept):
        """Sources of extensions that code for other machines makes, as far as no module that is built here has them."""
        if not all(any(isinstance(s, str) and known(s) for s in e.values['sources']) for e in kept):
            return []            # what is not known of this build may be any of them
        names = {e.values['name'] for e in kept if isinstance(e.values['name'], str)}
        here, there = set(), set()
        for tree in self.trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in dead:
                    here.add(node.value)
                if id(node) not in dead or not isinstance(node, ast.Call) or \
                        getattr(node.func, 'id', getattr(node.func, 'attr', '')) not in EXTENSION_CLASSES:
                    continue
                said = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
                if not names & set(said):
                    there.update(s for s in said if s.endswith(SOURCE_SUFFIXES) and len(s) < 400 and '\0' not in s)
        return sorted(s.replace('\\', '/') for s in there - here)
