"""Tests of the directed stress driver: signatures, values, the search for arguments, scenarios, the recorder, and a whole survey and
run over types of the standard library, which behave as an extension's do."""

import ast
import json
import os
import subprocess
import sys
import tempfile
import types
import unittest

RUNTIME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tool", "dynamic", "runtime")
sys.path[:0] = [RUNTIME, os.path.join(RUNTIME, "recording")]

import recorder  # noqa: E402
from stress import arguments, entries, hammer, meetings, scenarios, search, signatures, subjects, values  # noqa: E402


def names(parameters):
    return [(each.name, each.required) for each in parameters]


class Signatures(unittest.TestCase):
    def test_docstrings(self):
        for doc, expected in [
            ("count(label, by=1)\n--\n\nAdds.", [("label", True), ("by", False)]),
            ("tally.count(label[, by]) -> int", [("label", True), ("by", False)]),
            ("count(label[, by[, to]])", [("label", True), ("by", False), ("to", False)]),
            ("count($self, /, label)\n--\n\n", [("label", True)]),
            ("count(self: tally.Meter, arg0: int, to: str = 'a') -> None\n", [("arg0", True), ("to", False)]),
            ("count()", []),
        ]:
            with self.subTest(doc):
                found = signatures.of_docstring(doc, "count")
                self.assertEqual([names(each) for each in found], [expected])
        self.assertEqual(signatures.of_docstring("Counts things.", "count"), [])
        self.assertEqual(signatures.of_docstring(None, "count"), [])
        self.assertEqual(signatures.of_docstring("count(((", "count"), [])

    def test_overloads_of_bindings(self):
        doc = "add(*args, **kwargs)\nOverloaded function.\n\n1. add(self: m.T, x: int) -> None\n\n2. add(self: m.T, x: str, y: float) -> None\n"
        found = [each for each in signatures.of_docstring(doc, "add") if each]
        self.assertEqual([[each.type_words for each in one] for one in found], [["int"], ["str", "float"]])

    def test_stubs(self):
        found = signatures.of_stub("class Meter:\n    def __init__(self, label: str) -> None: ...\n    def hit(self, value: float, *, times: int = 1): ...\n"
                                   "if True:\n    def count(label): ...\n")
        self.assertEqual(names(found["Meter"][0]), [("label", True)])
        self.assertEqual(names(found["Meter.hit"][0]), [("value", True), ("times", False)])
        self.assertIn("count", found)
        self.assertEqual(signatures.of_stub("class ("), {})


class Values(unittest.TestCase):
    def test_what_errors_ask_for(self):
        for message, kind in [
            ("argument 1 must be str, not int", "str"), ("a bytes-like object is required, not 'str'", "buffer"),
            ("'str' object cannot be interpreted as an integer", "int"), ("must be real number, not str", "float"),
            ("'int' object is not iterable", "iterable"), ("first argument must be callable", "callable"), ("expected list, got str", "list"),
            ("Argument 'x' has incorrect type (expected dict, got int)", "dict"), ("'int' object is not callable", "callable"),
        ]:
            with self.subTest(message):
                self.assertEqual(values.kind_of(values.wanted(message)), kind)

    def test_counts_and_places(self):
        self.assertEqual(values.count_wanted("f() takes exactly 2 arguments (0 given)"), 2)
        self.assertEqual(values.count_wanted("f expected at least 3 arguments, got 1"), 3)
        self.assertEqual(values.count_wanted("m.f() takes exactly one argument (0 given)"), 1)
        self.assertEqual(values.count_wanted("f() takes no arguments (1 given)"), 0)
        self.assertIsNone(values.count_wanted("must be str"))
        self.assertEqual(values.position_wanted("f() argument 2 must be int, not str"), 1)
        self.assertEqual(values.position_wanted("function missing required argument 'label' (pos 1)"), 0)
        self.assertEqual(values.position_wanted("f() missing 1 required keyword-only argument: 'key'"), "key")

    def test_types_of_texts_and_of_complaints(self):
        scope = {}
        exec(values.NAMESPACE, scope)
        for text in values.EVERYTHING:
            name = values.type_of_text(text)
            kind = type(eval(text, scope))
            self.assertIn(name, (kind.__name__, f"{kind.__module__}.{kind.__name__}"), text)
        for message, name in (("'function' object is not iterable", "function"), ("must be str, not int", "int"), ("unhashable type: 'list'", "list"),
                              ("object of type 'int' has no len()", "int"), ("f() missing 1 argument", None)):
            self.assertEqual(values.given_type(message), name)

    def test_every_value_is_an_expression(self):
        scope = {}
        exec(values.NAMESPACE, scope)
        for text in set(values.EVERYTHING).union(*values.KINDS.values()):
            eval(text, scope)
        for value in ("a", b"a", 1, 1.5, [1], {"a": 1}, (1,), object()):
            first, second = (eval(values.renewed(value)[0], dict(scope, _=turn)) for turn in (1, 2))
            self.assertIsNot(first, second)


def searched(function, recorded=(), offered=None, limit=120):
    def attempt(text):
        try:
            return search.Outcome(True, value=eval(f"function({text})", dict(SCOPE, function=function)))
        except Exception as error:
            return search.Outcome(False, type(error).__name__, str(error))
    finder = search.Search(attempt, {}, limit)
    return finder.run(recorded, signatures.of_callable(function, function.__name__) if offered is None else offered), finder


SCOPE = {}
exec(values.NAMESPACE, SCOPE)


class Searching(unittest.TestCase):
    def test_functions_of_c_without_a_hint(self):
        import binascii
        import bisect
        import math
        import struct
        import unicodedata
        import zlib
        for function in (math.sqrt, math.atan2, math.gcd, zlib.crc32, zlib.compress, binascii.hexlify, bisect.insort, unicodedata.name, unicodedata.normalize,
                         struct.calcsize, map, filter, isinstance, sorted, sum, divmod, setattr, __import__("functools").reduce):
            with self.subTest(function.__name__):
                result, finder = searched(function, offered=[])
                if function in (unicodedata.normalize, struct.calcsize):  # want a value nobody can guess: accepted but refused is what is left
                    self.assertTrue(result is None or result[1].error not in ("TypeError",))
                else:
                    self.assertTrue(result and result[1].returned, finder.last)

    def test_recorded_calls_come_first(self):
        import unicodedata
        result, _ = searched(unicodedata.normalize, recorded=["'NFC', 'a'"])
        self.assertEqual(result[0], "'NFC', 'a'")
        self.assertEqual(searched(lambda *given: given, offered=[], recorded=[""])[0][0], "")
        self.assertNotEqual(searched(lambda *given: given, offered=[])[0][0], "")

    def test_a_position_may_have_to_be_the_start(self):
        import json
        result, finder = searched(lambda text, index: json.JSONDecoder().raw_decode(text, index), offered=[])
        self.assertTrue(result and result[1].returned, finder.last)

    def test_it_ends(self):
        calls = []

        def never(*given, **named):
            calls.append(given)
            raise TypeError("argument 1 must be str, not int")
        result, _ = searched(never, limit=50)
        self.assertIsNone(result)
        self.assertLessEqual(len(calls), 50)


def operation(label, subject="tally.Meter", sort="method", code="call()", **more):
    return dict({"subject": subject, "label": label, "names": [f"{subject}.{label}"], "prepare": f"shared.{label}", "code": code, "sort": sort,
                 "extension": True, "returned": True, "refusal": "", "arguments": "", "shared": []}, **more)


RECIPES = {"tally.Meter": {"expression": "tally.Meter('a')", "owner": None, "via": None, "filling": [], "extension": True, "lines": ["shared = tally.Meter('a')"]},
           "tally.View": {"expression": "tally.Meter('a').view()", "owner": "tally.Meter('a')", "via": "owner.view()", "filling": [], "extension": True,
                          "lines": ["owner = tally.Meter('a')", "shared = owner.view()"]}}
PLAN = {"targets": [], "seconds_per_finding": 2, "seconds_for_pairs": 10}


class Scenarios(unittest.TestCase):
    def test_entry_points_mean_operations(self):
        hit, init, item = operation("hit"), operation("__init__", sort="init"), operation("__getitem__", sort="slot")
        get = operation("get label", sort="get", names=["tally.Meter.label"])
        self.assertTrue(entries.is_meant("tally.Meter.hit", hit))
        self.assertFalse(entries.is_meant("tally.Other.hit", hit))
        self.assertTrue(entries.is_meant("hit", hit))
        self.assertTrue(entries.is_meant("tally.Gauge.hit", dict(hit, type="Gauge")))
        self.assertTrue(entries.is_meant("tally.Meter.tp_init", init))
        self.assertTrue(entries.is_meant("tally.Meter.mp_subscript", item))
        self.assertTrue(entries.is_meant("tally.Meter.label", get))
        self.assertTrue(entries.is_meant("tally.Meter.tp_getattro", get))
        made = scenarios.constructions(RECIPES)
        self.assertEqual([each["names"] for each in made], [["tally.Meter.__new__"]])
        self.assertTrue(entries.is_meant("tally.Meter.__new__ (tp_new)", made[0]))

    def test_a_finding_gets_its_pairs_first(self):
        target = {"finding": "f", "rule": "FT301", "functions": [], "entry_points": ["tally.Meter.hit", "tally.Meter.mean"]}
        built = scenarios.build(dict(PLAN, targets=[target]), [operation("hit"), operation("mean"), operation("other_thing")], RECIPES)
        self.assertEqual(built[0]["findings"], ["f"])
        labels = [act["label"] for act in built[0]["acts"]]
        self.assertEqual(set(labels[:3]), {"hit with hit", "hit with mean", "mean with mean"})
        self.assertEqual(len({each["id"] for each in built}), len(built))
        twice = scenarios.build(dict(PLAN, targets=[target, dict(target, finding="g")]), [operation("hit"), operation("mean")], RECIPES)
        self.assertEqual(twice[0]["findings"], ["f", "g"])
        other = dict(target, finding="h", entry_points=["tally.Meter.other_thing"])
        several = scenarios.build(dict(PLAN, targets=[target, other]), [operation("hit"), operation("mean"), operation("other_thing")], RECIPES)
        self.assertEqual([(each["kind"], each["findings"]) for each in several[:3]], [("first pass", ["f", "h"]), ("directed", ["f"]), ("directed", ["h"])])
        self.assertTrue(all(act in several[1]["acts"] + several[2]["acts"] for act in several[0]["acts"]))

    def matrix_plan(self, rows, names, **more):
        methods = [f"tally.Meter.{name}" for name in names]
        return dict(PLAN, types=[{"name": "tally.Meter", "entries": methods, "rows": rows}], entries=[{"python_name": name} for name in methods], **more)

    def test_what_reading_says_cannot_race_comes_last(self):
        found = [operation(name) for name in ("add", "hit", "mean", "quiet", "strange")]
        plan = self.matrix_plan(["..?", ".X.", "?.c"], ["add", "hit", "mean"])
        plan["entries"].append({"python_name": "tally.Meter.quiet"})
        matrix = meetings.Matrix(plan, found)
        add, hit, mean, quiet, strange = found
        self.assertEqual([matrix.relation(*pair) for pair in ((hit, hit), (add, mean), (strange, hit), (mean, mean), (add, hit), (quiet, hit))],
                         [meetings.RACE, meetings.POSSIBLE, meetings.UNKNOWN, meetings.CONTRACT, meetings.ORDERED, meetings.ORDERED])
        labels = [(one["label"], other["label"]) for one, other in meetings.pairs_of(found, matrix)]
        self.assertEqual(labels[:2], [("hit", "hit"), ("add", "mean")])
        self.assertLess(labels.index(("add", "strange")), labels.index(("mean", "mean")))
        self.assertEqual(labels[8:], labels[-7:])
        self.assertIn(("add", "hit"), labels[8:])

    def test_all_types_get_what_may_race_before_any_gets_the_rest(self):
        found = [operation("hit"), operation("mean"), operation("pick", "tally.View"), operation("drop", "tally.View")]
        plan = self.matrix_plan(["..", ".."], ["hit", "mean"])
        built = [each["title"] for each in scenarios.build(plan, found, RECIPES) if each["kind"] == "pairs"]
        self.assertEqual(built, ["tally.View", "tally", "tally.Meter"])  # nothing is known of View and of what makes instances

    def test_everybody_who_takes_part_meets_a_writer_first(self):
        names = [f"get_{number}" for number in range(40)]
        target = {"finding": "f", "rule": "FT301", "functions": [], "entry_points": ["tally.Meter.put"] + [f"tally.Meter.{name}" for name in names],
                  "sides": [{"entry_points": ["tally.Meter.put"], "writes": True}] + [{"entry_points": [f"tally.Meter.{name}"], "writes": False} for name in names]}
        acts = scenarios.build(dict(PLAN, targets=[target]), [operation(name) for name in names + ["put"]], RECIPES)[0]["acts"]
        met = {role["label"] for act in acts for role in act["roles"]}
        self.assertEqual(met, set(names + ["put"]))
        self.assertTrue(all("put" in act["label"] for act in acts[:40]))

    def test_the_sweep_has_every_operation_once(self):
        found = [operation(f"do_{number}", subject) for subject in ("tally.Meter", "tally.View") for number in range(50)] + [operation("never", returned=False)]
        built = [each for each in scenarios.build(PLAN, found, RECIPES) if each["kind"] == "sweep"]
        met = [role["label"] + str("owner" in " ".join(act["setup"])) for each in built for act in each["acts"] for role in act["roles"]]
        self.assertEqual(len(set(met)), 101)  # and the one that makes an instance
        self.assertLessEqual(len(met), 2 * 101)
        self.assertNotIn("never", " ".join(met))

    def test_container_and_iterator_share_the_container(self):
        act = scenarios.act_of([operation("__next__", "tally.View"), operation("hit")], RECIPES)
        self.assertEqual(act["setup"], ["owner = tally.Meter('a')", "shared = owner.view()"])
        self.assertEqual([each["prepare"] for each in act["roles"]], ["shared.__next__", "owner.hit"])
        self.assertEqual(scenarios.act_of([operation("hit"), operation("__next__", "tally.View")], RECIPES)["setup"], act["setup"])

    def test_arguments_are_shared(self):
        merge = operation("merge", "tally", "function", "call(1, {'a': 1}, 2)", prepare="tally.merge", arguments="1, {'a': 1}, 2, c=3",
                          shared=[{"place": 1, "value": "{'a': 1}", "type": "dict"}])
        acts = scenarios.argument_acts(merge, RECIPES)
        self.assertEqual(acts[0]["setup"], ["argument = {'a': 1}"])
        self.assertEqual(acts[0]["roles"][0]["code"], "call(1, argument, 2, c=3)")
        self.assertEqual((acts[1]["setup"], [each["code"] for each in acts[1]["roles"]]), ([], ["call(1, {'a': 1}, 2, c=3)"] * 2))
        alone = dict(merge, arguments="{'a': 1}", shared=[{"place": 0, "value": "{'a': 1}", "type": "dict"}])
        self.assertEqual(scenarios.argument_acts(alone, RECIPES)[0]["roles"][0]["prepare"], "functools.partial(tally.merge, argument)")
        self.assertTrue(all(role["prepare"] for act in acts for role in act["roles"]))

    def test_an_operation_meets_itself_with_other_arguments(self):
        def attempt(text):
            try:
                (lambda word, *rest: word.title())(*eval(f"[{text}]", {"_": 1}))
            except Exception as error:
                return search.Outcome(False, type(error).__name__, str(error))
            return search.Outcome(True)
        text = arguments.variants(attempt, "'tree', 1.5", {})["varied"]
        self.assertEqual(text, "'tree' + str(_), 1.5")
        self.assertEqual(arguments.variants(attempt, "None", {})["varied"], "")
        vowels = operation("vowels", "glossary", "function", "call('tree', 1.5)", prepare="glossary.vowels", arguments="'tree', 1.5", varied=text)
        self.assertEqual([each["code"] for each in scenarios.act_of([vowels, vowels], RECIPES)["roles"]], ["call('tree', 1.5)", "call('tree' + str(_), 1.5)"])
        self.assertEqual([each["code"] for each in scenarios.act_of([vowels, operation("hit")], RECIPES)["roles"]], ["call('tree', 1.5)", "call()"])

    def test_every_change_leaves_the_argument_as_large(self):
        for kind, text in (("list", "[1, 2, 3]"), ("dict", "{'a': 1, 'b': 2}"), ("set", "{1, 2}"), ("bytearray", "bytearray(b'abc')"), ("nested", "[['a', 1], ['b', 2]]")):
            for change in scenarios.CHANGES[kind]:
                call = eval(text)
                exec(change, {"call": call})
                self.assertEqual(len(call), len(eval(text)), change)

    def test_all_roles_are_programs(self):
        built = scenarios.build(PLAN, [operation("hit"), operation("__iter__", sort="iterate", code="list(call())")], RECIPES)
        self.assertTrue({"first call", "special", "pairs"} <= {each["kind"] for each in built})
        for each in built:
            for act in each["acts"]:
                ast.parse("\n".join(act["setup"]))
                for role in act["roles"]:
                    ast.parse(hammer.role_source(role))


class Subjects(unittest.TestCase):
    def test_sorts_of_members(self):
        import collections
        found = {each.name: each.sort for each in subjects.members(collections.OrderedDict)} or {}
        self.assertEqual(found, {})  # of the standard library: nobody's extension
        self.assertEqual(subjects.sort_of("__len__", len), "unary")
        self.assertEqual(subjects.sort_of("__setitem__", len), "setitem")
        self.assertEqual(subjects.sort_of("x", property()), "attribute")
        self.assertEqual(subjects.sort_of("x", staticmethod(len)), "static")
        self.assertEqual(subjects.sort_of("x", type(self).test_sorts_of_members), "method")
        self.assertIsNone(subjects.sort_of("x", 3))

    def test_classes_of_python_are_told_apart(self):
        self.assertTrue(subjects.is_python_class(type(self)))
        self.assertFalse(subjects.is_python_class(dict))


class Recording(unittest.TestCase):
    def text(self, call, **names_there):
        node = ast.parse(call, mode="eval").body
        return recorder.arguments_of(node, lambda each: eval(compile(ast.Expression(each), "", "eval"), dict(names_there)), lambda kind: kind is types.SimpleNamespace)

    def test_arguments_as_text(self):
        self.assertEqual(self.text("f(1, a, b=x[0])", a="q", x=[b"z"]), "1, 'q', b=b'z'")
        self.assertEqual(self.text("f(lambda x: x, int)", int=int), "(lambda *a, **k: None), int")
        self.assertEqual(self.text("f(ours)", ours=types.SimpleNamespace()), "@SimpleNamespace@")
        self.assertEqual(self.text("f({'a': (1,)}, {2})"), "{'a': (1,)}, {2}")
        self.assertEqual(self.text("f(x)", x=float("inf")), "float('inf')")
        self.assertEqual(self.text("f(1, x=g())"), "1, x=?unknown?")
        self.assertIsNone(self.text("f(g(), g())"))
        self.assertIsNone(self.text("f(*a)", a=[1]))
        for odd in (object(), "x" * 5000):
            self.assertEqual(self.text("f(a)", a=odd), "?unknown?")
        self.assertEqual(self.text("f(a)"), "?unknown?")

    @unittest.skipIf(sys.version_info < (3, 12), "sys.monitoring came with Python 3.12")
    def test_a_program_is_recorded(self):
        with tempfile.TemporaryDirectory() as folder:
            program = "import zlib\ndef go(data):\n    zlib.crc32(data, 7)\n    return zlib.compressobj(level=3).compress(data)\ngo(b'ash')\n"
            with open(os.path.join(folder, "program.py"), "w") as file:
                file.write(program)
            environment = dict(os.environ, PYTHONPATH=os.path.join(RUNTIME, "recording"), FTAUDIT_RECORD=folder, FTAUDIT_RECORD_MODULES="zlib")
            subprocess.run([sys.executable, os.path.join(folder, "program.py")], check=True, env=environment)
            with open(next(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".json"))) as file:
                self.assertEqual(json.load(file)["crc32"], {"b'ash', 7": 1})


class Whole(unittest.TestCase):
    """A survey and a run over a module of the test's own: Python classes, one of which ends the process and one of which never returns."""

    MODULE = """
import os, time
class Meter:
    def __init__(self, label): self.label, self.values = str(label + ''), []
    def hit(self, value): self.values.append(float(value))
    def mean(self): return sum(self.values) / max(len(self.values), 1)
    def view(self): return View(self.values)
    def crash(self): os._exit(7)
    def sleep(self): time.sleep(3600)
    def __len__(self): return len(self.values)
class View:
    def __init__(self, values): assert type(values) is list; self.values = values
    def first(self): return self.values[0]
def count(label): return len(label)
"""

    def test_survey_and_run(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "gauge.py"), "w") as file:
                file.write(self.MODULE)
            plan = {"modules": [], "packages": ["gauge"], "threads": 3, "seconds_per_finding": 0.2, "seconds_for_pairs": 3, "survey_seconds": 60,
                    "targets": [{"finding": "f", "rule": "FT301", "functions": [], "entry_points": ["gauge.Meter.hit"]}]}
            plan_path, survey_path = os.path.join(folder, "plan.json"), os.path.join(folder, "survey.json")
            with open(plan_path, "w") as file:
                json.dump(plan, file)
            environment = dict(os.environ, PYTHONPATH=folder, PYTHONDONTWRITEBYTECODE="1")
            program = [sys.executable, os.path.join(RUNTIME, "stress")]
            subprocess.run(program + ["survey", plan_path, survey_path], check=True, env=environment, timeout=100)
            with open(survey_path) as file:
                survey = json.load(file)
            done = {f"{each['subject']}.{each['label']}": each for each in survey["found"]}
            for label in ("gauge.Meter.hit", "gauge.Meter.mean", "gauge.View.first", "gauge.count", "gauge.Meter.__len__"):
                self.assertTrue(done[label]["returned"], done[label])
            self.assertEqual(len([text for text in survey["dangerous"] if "status 7" in text]), 1)  # then it is left alone
            self.assertTrue([text for text in survey["dangerous"] if "did not return" in text])
            self.assertEqual(survey["recipes"]["gauge.Meter"]["filling"], ["shared.hit(1)"])

            result = os.path.join(folder, "d000.json")
            subprocess.run(program + ["run", survey_path, "d000", "--seed", "3", "--seconds", "0.6", "--progress", os.path.join(folder, "progress"),
                                      "--result", result], check=True, env=environment, timeout=60)
            with open(result) as file:
                acts = json.load(file)["acts"]
            self.assertTrue(all(act["rounds"] > 0 and not act["failed"] for act in acts), acts)
            self.assertTrue(all(sum(raised.values()) == 0 for act in acts for raised in act["raised"] if act["label"] == "hit with hit"), acts)
            with open(os.path.join(folder, "progress")) as file:
                self.assertEqual(file.readline().strip(), "d000: done")


if __name__ == "__main__":
    unittest.main()
