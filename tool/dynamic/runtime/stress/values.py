"""Argument values to try, as Python expressions: by the words of a type, by a parameter's name, by what an error asks for.

Pure: chooses among texts, evaluates nothing."""

import re

# Words of one letter live for ever in CPython: what is to be freed while it is used has more.
DOCUMENT = "'{\"alpha\": [1, 2.5, null, true], \"beta\": {\"gamma\": \"ash oak\"}}'"

# Words that types, names and error messages use, each with expressions of that kind. Made afresh by each evaluation.
KINDS = {
    "int": ["1", "0", "3", "64"],
    "float": ["1.5", "0.0"],
    "bool": ["True", "False"],
    "str": ["'a'", "'ash oak'", "''", "'utf-8'"],
    "bytes": ["b'a'", "b'ash oak'", "b''"],
    "bytearray": ["bytearray(b'ash oak')"],
    "memoryview": ["memoryview(bytearray(b'ash oak'))"],
    "buffer": ["b'ash oak'", "bytearray(b'ash oak')"],
    "writable": ["bytearray(64)"],
    "list": ["[1, 2, 3]", "['a', 'b']", "[]", "[(1, 2)]", "[[1, 2], [3, 4]]"],
    "tuple": ["(1, 2)", "('a', 'b')", "()"],
    "dict": ["{'a': 1, 'b': 2}", "{}", "{'a': 'b'}"],
    "set": ["{1, 2, 3}", "{'a', 'b'}"],
    "frozenset": ["frozenset((1, 2))"],
    "iterable": ["[1, 2, 3]", "['a', 'b']", "[('a', 1)]", "iter([1, 2, 3])"],
    "iterator": ["iter([1, 2, 3])"],
    "pairs": ["[('a', 1), ('b', 2)]", "{'a': 1, 'b': 2}"],
    "callable": ["(lambda *a, **k: None)", "(lambda *a, **k: (a or (None,))[0])", "len", "int", "str"],
    "type": ["dict", "int", "object", "Exception"],
    "file": ["io.BytesIO(b'ash oak')", "io.StringIO('ash oak')", "io.BytesIO()"],
    "path": ["'/dev/null'", "'a'"],
    "none": ["None"],
    "object": ["None", "1", "'a'", "object()", "plain()"],
    "complex": ["1j"],
    "datetime": ["datetime.datetime(2020, 1, 2)"],
    "decimal": ["decimal.Decimal('1.5')"],
    "slice": ["slice(0, 1)"],
    "module": ["io"],
    "exception": ["ValueError('a')", "ValueError"],
    "json": [DOCUMENT, "'[1, 2, 3]'"],
    "array": ["array.array('d', [1.0, 2.0])", "[[1.0, 2.0], [3.0, 4.0]]"],
}

# What the namespace of all expressions offers besides the modules under test.
NAMESPACE = """import array, collections, datetime, decimal, functools, gc, io, operator, threading
class plain: pass
"""

# Regular expression over a type's words or an error message -> kind. The first that matches wins.
WORDS = [
    (r"bytes-like|buffer protocol|Buffer\b|ReadableBuffer|buffer interface", "buffer"),
    (r"unhashable", "tuple"),
    (r"read-write|writable|writeable|WriteableBuffer", "writable"),
    (r"has no len\(\)|subscriptable|item assignment|attribute '(append|insert|extend|sort)'", "list"),
    (r"attribute '(items|keys|get|update|setdefault)'|not a mapping", "dict"),
    (r"\bbytearray\b", "bytearray"),
    (r"\bmemoryview\b", "memoryview"),
    (r"\bbytes\b", "bytes"),
    (r"\bfrozenset\b", "frozenset"),
    (r"callable|Callable|\bfunction\b|collections\.abc\.Callable", "callable"),
    (r"\bdatetime\b", "datetime"),
    (r"\bDecimal\b", "decimal"),
    (r"Iterable\[[Tt]uple", "pairs"),
    (r"\b(str|string|unicode|Unicode|text|AnyStr)\b", "str"),
    (r"\bbool(ean)?\b", "bool"),
    (r"\b(int|integer|index|Index|SupportsIndex|SupportsInt|long|size_t|ssize_t|Py_ssize_t|unsigned)\b", "int"),
    (r"\b(float|double|real number|number|Real)\b", "float"),
    (r"\bcomplex\b", "complex"),
    (r"\b(dict|dictionary|Dict|Mapping|MutableMapping|mapping)\b", "dict"),
    (r"\b(list|List|Sequence|sequence|MutableSequence)\b", "list"),
    (r"\b(tuple|Tuple)\b", "tuple"),
    (r"\b(set|Set|AbstractSet)\b", "set"),
    (r"\b(iterator|Iterator|Generator)\b", "iterator"),
    (r"iterable|Iterable|iteration|__iter__", "iterable"),
    (r"\bndarray\b|array_like|ArrayLike", "array"),
    (r"\b(IO|BinaryIO|TextIO|file|file-like|readable|stream)\b|has no attribute '(read|write)'|read\(\)|write\(\)", "file"),
    (r"\b(Path|PathLike|os\.PathLike|filename)\b", "path"),
    (r"\b(type|class|Type)\b", "type"),
    (r"\bslice\b", "slice"),
    (r"\bmodule\b", "module"),
    (r"\bexception\b|BaseException", "exception"),
    (r"\bNone\b", "none"),
    (r"\b(object|Any|handle)\b", "object"),
]

# Regular expression over a parameter's name -> kinds, likeliest first.
NAMES = [
    (r"^(func|function|fn|f|callback|cb|callable|hook|handler|encoder|key_func|wrapper|observer|factory|default|.*_hook|.*_callback|on_.*|.*_func)$",
     ["callable"]),
    (r"^(n|count|size|length|len|limit|index|i|j|pos|position|start|stop|end|offset|depth|level|seed|num.*|max.*|min.*|width|height|x|y|z|step|indent|flags?|maxsize|capacity|bits|port|timeout|.*_size|.*_len)$",
     ["int", "float", "str"]),
    (r"^(data|buf|buffer|input|payload|chunk|message|msg|b|bs|bytes_?|string|body)$", ["buffer", "str", "list"]),
    (r"^(s|text|name|label|key|word|line|char|encoding|errors|prefix|suffix|sep|pattern|title|string|path|filename|format|fmt|attr|charset)$",
     ["str", "bytes", "int"]),
    (r"^(items|seq|sequence|values|iterable|it|elements|lst|list|numbers|args|args_list|rows|points|others?)$", ["list", "iterable", "pairs", "dict"]),
    (r"^(d|dict|mapping|counts|kwargs|kw|options|config|headers|attrs|fields|obj_dict|kwds)$", ["dict", "pairs"]),
    (r"^(fp|file|stream|fileobj|out|outfile|infile|reader|writer|.*_file)$", ["file"]),
    (r"^(type|cls|klass|class_|typ|.*_type|.*_class)$", ["type"]),
    (r"^(value|val|v|obj|object|item|o|element|elem|arg|arg\d+|wrapped|instance|self_)$", ["object", "int", "str", "float", "callable", "list"]),
    (r"^(flag|strict|ensure_ascii|allow_.*|use_.*|is_.*|skip.*|sort.*|replace|inplace|copy|check.*)$", ["bool"]),
    (r"^(json|document|doc|source|src)$", ["json", "str", "bytes"]),
    (r"^(exc.*|err|error)$", ["exception"]),
    (r"^(date|dt|datetime|when|.*_date)$", ["datetime"]),
]

EVERYTHING = ["'a'", "1", "b'a'", "[1, 2, 3]", "{'a': 1}", "None", "(lambda *a, **k: None)", "1.5", "(1, 2)", "[('a', 1)]", "object()", "plain()",
              "io.BytesIO(b'ash oak')", "dict", "{1, 2}", "bytearray(b'ash oak')", "0", "''", "'utf-8'", "[[1.0, 2.0], [3.0, 4.0]]", "True",
              "iter([1, 2, 3])", "datetime.datetime(2020, 1, 2)", DOCUMENT, "slice(0, 1)"]


# For what takes the type and refuses the value, by name of the type: documents, numbers, dates, quoted words; positions that are there.
MEANINGFUL = {
    "str": [DOCUMENT, "'\"ash\" oak'", "'1'", "'2020-01-02 03:04:05'", "'a=1'", "''"],
    "bytes": ["b" + DOCUMENT, "b'\"ash\" oak'", "b'1'", "b'2020-01-02 03:04:05'", "b''"],
    "int": ["0", "1", "3", "64"],
    "float": ["0.5", "1.5", "0.0"],
}

# What holds a bit of everything leads to more places than numbers alone.
CHANGEABLE = ["[None, True, False, 1, 2.5, 'ash oak', {'alpha': None}]", "[1, 2, 3]", "['a', 'b']", "[('a', 1), ('b', 2)]", "[['a', 1], ['b', 2]]", "{'a': 1, 'b': 2}", "bytearray(b'ash oak')", "{1, 2, 3}",
              "[1.5, 2.5, 3.5]", "[b'a', b'b']", "[[1.0, 2.0], [3.0, 4.0]]", "[(lambda *a: None)]"]


def renewed(value):
    """Expressions like `value` that make another object each time (`_` counts the calls): what is replaced must really go."""
    made = {str: "f'ftaudit {_}'", bytes: "b'%d' % (_ + 1000)", int: "_ + 1000", float: "_ + 0.5", list: "[_ + 1000]", dict: "{'a': _ + 1000}",
            tuple: "(_ + 1000,)"}
    return [made[type(value)]] if type(value) in made else ["plain()"]


def kind_of(words):
    """The kind that a type's words, or an error message, ask for; None when they ask for none that is known."""
    for pattern, kind in WORDS:
        if re.search(pattern, words):
            return kind
    return None


def wanted(message):
    """What a TypeError asks for: the part of its message that names what is right, not what was given."""
    message = re.sub(r"\([^()]*given\)", "", message)
    gone = re.match(r"'[\w.]+' object (is not|cannot be|has no|does not|doesn't) (.*)", message)
    if gone:
        return gone[2]
    message = re.split(r",? not |,? but |,? got |; got |, found | found$", message)[0]
    return message


def of_type(words, instances):
    """Expressions for a type in words; `instances` maps names of types under test to expressions."""
    found = []
    for part in re.split(r"[|,\[\]() ]+|Union|Optional", words):
        name = part.rpartition(".")[2]
        found.extend(instances.get(name, []))
    kind = kind_of(words)
    return found + (KINDS[kind] if kind else [])


def of_name(name):
    name = name.lower()
    for pattern, kinds in NAMES:
        if re.match(pattern, name):
            return [value for kind in kinds for value in KINDS[kind][:3]]
    return []


def for_parameter(parameter, instances):
    """Expressions for one parameter, likeliest first, each once."""
    found = of_type(parameter.type_words, instances) if parameter.type_words else []
    found += of_name(parameter.name)
    found += [each for each in instances.get(parameter.name, [])]
    return list(dict.fromkeys(found + EVERYTHING))


def type_of_text(text):
    """Name of the type an expression of ours has, as error messages say it; "" where that is not plain."""
    for pattern, name in ((r"b'", "bytes"), (r"f?'", "str"), (r"\(lambda", "function"), (r"-?\d+\.", "float"), (r"-?\d", "int"), (r"\[", "list"), (r"\(", "tuple"),
                          (r"\{('\w*'|\w+):|\{\}", "dict"), (r"\{", "set"), (r"None$", "NoneType"), (r"True|False", "bool"), (r"bytearray", "bytearray"),
                          (r"object\(\)", "object"), (r"plain\(\)", "plain"), (r"iter\(", "list_iterator"), (r"io.BytesIO", "_io.BytesIO"), (r"dict$|int$", "type"),
                          (r"slice", "slice"), (r"datetime", "datetime.datetime")):
        if re.match(pattern, text):
            return name
    return ""


def given_type(message):
    """Name of the type that a TypeError says it was given and did not like, or None."""
    found = re.match(r"'([\w.]+)' object", message) or re.search(r"(?:\bnot|\bgot|but) (?:an? )?'?([\w.]+)'?$|unhashable type: '([\w.]+)'|object of type '([\w.]+)'", message)
    return next((group for group in found.groups() if group), None) if found else None


COUNTS = [
    (r"takes no (?:positional )?arguments", 0), (r"takes 0 positional", 0), (r"exactly one argument", 1), (r"expected no arguments", 0),
    (r"(?:takes|expected|requires|needs) (?:exactly |at least )?(\d+) (?:positional )?argument", None),
    (r"expected at least (\d+) argument", None), (r"takes from (\d+) to \d+ positional", None), (r"at least (\d+) (?:positional )?argument", None),
    (r"takes at most (\d+) argument", None), (r"expected at most (\d+) argument", None), (r"expected (\d+) argument", None),
]


def count_wanted(message):
    """How many arguments a TypeError asks for, or None."""
    for pattern, count in COUNTS:
        found = re.search(pattern, message)
        if found:
            return count if count is not None else int(found[1])
    return None


def position_wanted(message):
    """From 0, which argument a TypeError is about, or None; a str when it is called by name."""
    found = re.search(r"\bargument (\d+)\b|\bpos(?:ition)? (\d+)\b|\barg(\d+)\b", message)
    if found:
        return max(int(found[1] or found[2] or found[3]) - 1, 0)
    found = re.search(r"missing (?:\d+ )?required (?:keyword-only |positional )?arguments?:? '(\w+)'|[Aa]rgument '(\w+)'|parameter '(\w+)'", message)
    return (found[1] or found[2] or found[3]) if found else None
