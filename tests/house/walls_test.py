"""The walls that the compiler holds to (tool/walls.cmake): the map says what the plan says, and what it forbids does not
compile. Arguments: the compiler, the map, the top of the sources."""

import os
import re
import subprocess
import sys
import unittest

import house

COMPILER, MAP, TOP = sys.argv[1:4]

# Who includes what, and whether the walls let it.
TRIED = [
    ("rules_inside", "analysis/program.h", True),
    ("rules_inside", "project/tree.h", False),                          # no layer that rules know
    ("base", "model/facts.h", False),                            # above it
    ("plan_inside", "frontend/frontend.h", False),               # known by a layer that it knows, and not by itself
    ("cli", "project/tree.h", True),
    ("cli", "project/meson_value.h", False),                     # not among what the layer shows
    ("project_inside", "project/meson_value.h", True),
    ("adoption_inside", "packages/names/names.h", True),
    ("adoption_inside", "packages/names/version.h", False),      # behind the door of a room
    ("packages_names_inside", "packages/names/version.h", True),
    ("packages_names_inside", "packages/wheels/wheels.h", False),  # a room that it does not know
    ("packages_wheels_inside", "packages/names/names.h", True),
]


def modules():
    """{module: {the modules it uses}}"""
    out = {}
    with open(MAP) as file:
        for name, body in re.findall(r"^module (\w+) \{\n(.*?)^\}", file.read(), re.S | re.M):
            out[name] = set(re.findall(r"^  use (\w+)", body, re.M))
    return out


class Walls(unittest.TestCase):
    def test_the_map_is_the_plan(self):
        there = modules()
        doors = {}
        for room in house.ROOMS:
            layer, _, name = room.partition("/")
            doors.setdefault(layer, set()).add(f"{layer}_{name}")
        for layer, allowed in house.LAYERS.items():
            if layer == "packaging":
                continue  # linked into one program of its own
            inside = there.get(layer + "_inside", there.get(layer))
            self.assertIsNotNone(inside, layer)
            open_to = set(allowed) | {door for other in allowed for door in doors.get(other, ())}
            self.assertLessEqual(inside, open_to | {layer} | doors.get(layer, set()), layer)
            for door in doors.get(layer, ()):
                room = there[door + "_inside"] - open_to - {layer, door}
                self.assertEqual(room, {f"{layer}_{other}" for other in house.ROOMS[door.replace("_", "/", 1)]}, door)

    def test_what_is_forbidden_does_not_compile(self):
        for module, header, allowed in TRIED:
            self.assertTrue(os.path.exists(os.path.join(TOP, "tool", header)), header)
            done = subprocess.run(
                [COMPILER, "-std=c++20", "-fsyntax-only", "-fmodules-decluse", "-Xclang", "-fno-cxx-modules",
                 "-fmodule-map-file=" + MAP, "-fmodule-name=" + module, "-I" + os.path.join(TOP, "tool"), "-xc++", "-"],
                input=f'#include "{header}"\n', capture_output=True, text=True)
            with self.subTest(module=module, header=header):
                self.assertEqual(done.returncode == 0, allowed, done.stderr)
                if not allowed:
                    self.assertIn("does not directly depend on a module exporting", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
