"""Expands the templates that a build makes Cython's sources of: {{if}}, {{for}}, {{py:}}, {{expression}} (Tempita).

Runs after the reader of setup.py, whose evaluator reads the Python within: nothing of it is executed. What only the build
can know stays unknown, and a template that needs it is not expanded. Blank lines stay where Tempita would take a
statement's line away; Cython does not mind, and each line made knows the line it was made of.

Standard input: {"templates": files, "root": the project's root}. Standard output: for each {"text", "lines"} or
{"problem"}.
"""
MADE = 4_000_000         # characters of one expansion
PARTS = re.compile(r'\{\{(.*?)\}\}', re.S)


class Unexpanded(Exception):
    """Why a template cannot be expanded."""


class Part:
    def __init__(self, kind, line, text='', nodes=()):
        self.kind, self.line, self.text, self.nodes = kind, line, text, nodes
        self.branches = []       # of if: (expression or None, parts); of for: one, the loop as Python has it


def parts_of(text):
    """Texts and {{...}} by turns: (is code, text, line)."""
    out, at, line = [], 0, 1
    for match in PARTS.finditer(text):
        out += [(False, text[at:match.start()], line), (True, match[1], line + text.count('\n', at, match.start()))]
        line += text.count('\n', at, match.end())
        at = match.end()
    return out + [(False, text[at:], line)]


def parsed(code, line, mode='eval'):
    try:
        return ast.parse(code, mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unexpanded('line %d: {{%s}} is not understood' % (line, ' '.join(code.split())[:60]))


class Template:
    def __init__(self, text):
        self.parts = parts_of(text)
        self.at = 0
        self.body = self.block(0, ())

    def block(self, depth, ends):
        """Up to a statement that begins with one of `ends`, which stays to be read."""
        out = []
        if depth > 60:
            raise Unexpanded('it is nested too deeply')
        while self.at < len(self.parts):
            is_code, text, line = self.parts[self.at]
            word = text.split(None, 1)[0].rstrip(':') if is_code and text.strip() else ''
            if is_code and word in ends:
                return out
            self.at += 1
            if not is_code:
                out.append(Part('text', line, text))
            elif text.startswith('#'):
                pass
            elif text.startswith('py:'):
                out.append(self.python(text[3:], line))
            elif word == 'if':
                out.append(self.choice(text, line, depth))
            elif word == 'for':
                out.append(self.loop(text, line, depth))
            elif word == 'default':
                out.append(Part('default', line, nodes=parsed(text.strip()[8:], line, 'exec').body))
            elif word in ('break', 'continue') and text.strip() == word:
                out.append(Part('leave', line))
            elif word in ('def', 'inherit', 'elif', 'else', 'endif', 'endfor', 'enddef'):
                raise Unexpanded('line %d: {{%s}} is not understood' % (line, word))
            else:
                out.append(Part('value', line, text.strip(), parsed(text.strip(), line).body))
        if ends:
            raise Unexpanded('{{%s}} is missing' % ends[-1])
        return out

    def python(self, text, line):
        if text.lstrip(' \t').startswith(('\n', '\r')):
            lines = text.lstrip(' \t').lstrip('\r\n').splitlines()
            indent = min((len(l) - len(l.lstrip()) for l in lines if l.strip()), default=0)
            text = '\n'.join(l[indent:] for l in lines)
        return Part('python', line, nodes=parsed(text.strip('\n') + '\n' if '\n' in text else text.strip(), line, 'exec').body)

    def choice(self, text, line, depth):
        out = Part('if', line)
        condition = text.strip()[2:]
        while True:
            test = None if condition is None else parsed(condition.strip().rstrip(':'), line).body
            out.branches.append((test, self.block(depth + 1, ('elif', 'else', 'endif'))))
            if self.at >= len(self.parts):
                raise Unexpanded('line %d: {{endif}} is missing' % line)
            word, self.at = self.parts[self.at][1].strip(), self.at + 1
            if word.startswith('endif'):
                return out
            condition = word[4:] if word.startswith('elif') else None

    def loop(self, text, line, depth):
        head = parsed(text.strip().rstrip(':') + ': pass', line, 'exec').body
        out = Part('for', line, nodes=head)
        out.branches.append((head[0], self.block(depth + 1, ('endfor',))))
        self.at += 1
        return out


class Exact(Evaluator):
    def guess(self):
        raise Unexpanded('a choice within {{py:}} depends on what only the build knows')


class Expansion:
    def __init__(self, file, root):
        self.evaluator = Exact(file, root)
        self.scope = self.evaluator.globals
        self.scope.update({'start_braces': '{{', 'end_braces': '}}', '__name__': file})
        self.made, self.size = [], 0     # (text, line of the template, whether its lines are the template's)

    def put(self, text, line, written=False):
        self.size += len(text)
        if self.size > MADE:
            raise Unexpanded('it becomes too long')
        self.made.append((text, line, written))

    def value(self, node, line):
        value = self.evaluator.value(node, self.scope)
        if isinstance(value, Maybe) or not certain(value):
            names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and not certain(self.scope.find(n.id))
                     and n.id not in BUILTINS]
            raise Unexpanded('line %d: it depends on %s, which only the build knows' % (line, names[0]) if names else
                             'line %d: a value that is not worked out without running it' % line)
        return value

    def run(self, parts):
        for part in parts:
            if part.kind == 'text':
                self.put(part.text, part.line, True)
            elif part.kind == 'value':
                value = self.value(part.nodes, part.line)
                self.put('' if value is None else str(value), part.line)
            elif part.kind == 'python':
                self.evaluator.block(part.nodes, self.scope)
            elif part.kind == 'default':
                for node in part.nodes:
                    if isinstance(node, ast.Assign) and not all(isinstance(t, ast.Name) and t.id in self.scope
                                                                for t in node.targets):
                        self.evaluator.statement(node, self.scope)
            elif part.kind == 'leave':
                raise Leave()
            elif part.kind == 'if':
                for test, body in part.branches:
                    if test is None or self.value(test, part.line):
                        self.run(body)
                        break
            elif part.kind == 'for':
                loop, body = part.branches[0]
                values = self.value(loop.iter, part.line)
                if not isinstance(values, (list, tuple, dict, str)):
                    raise Unexpanded('line %d: a loop over what is no list' % part.line)
                for value in values:
                    self.evaluator.assign(loop.target, value, self.scope)
                    try:
                        self.run(body)
                    except Leave:
                        pass

    def answer(self):
        """The text, and for each of its lines the line of the template that its first word stands in."""
        lines, here, bare = [], 0, True
        for text, line, written in self.made:
            for i, piece in enumerate(text.split('\n')):
                if i:
                    lines.append(here)
                if i or here == 0 or (bare and piece.strip()):
                    here, bare = line + (i if written else 0), not piece.strip()
        return {'text': ''.join(text for text, _, _ in self.made), 'lines': lines + [here]}


def certain(value):
    if isinstance(value, (list, tuple, set)):
        return all(certain(v) for v in value)
    if isinstance(value, dict):
        return all(certain(v) for v in value.values())
    return known(value)


def expanded(file, root):
    try:
        with open(file, 'rb') as f:
            text = f.read(MADE + 1)
        if len(text) > MADE:
            raise Unexpanded('it is too long')
        expansion = Expansion(file, root)
        expansion.run(Template(text.decode()).body)
        return expansion.answer()
    except Unexpanded as e:
        return {'problem': str(e)}
    except (Stop, RecursionError, MemoryError):
        return {'problem': 'it takes too many steps'}
    except (Leave, Return, OSError, UnicodeDecodeError) as e:
        return {'problem': 'it cannot be read' if isinstance(e, (OSError, ValueError)) else 'it ends itself'}


def answer_all():
    request = json.load(sys.stdin)
    sys.setrecursionlimit(4000)
    print(json.dumps([expanded(file, request['root']) for file in request['templates']]))


answer_all()
