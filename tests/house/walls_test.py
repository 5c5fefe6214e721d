"""The walls that the compiler holds to (tool/walls.cmake): the maps say what the plan says, and what they forbid does not
compile. Arguments: the compiler, the folder of maps, the top of the sources."""

import os
import re
import subprocess
import sys
import unittest

import house

COMPILER, MAPS, TOP = sys.argv[1:4]

# Who (a layer, or a room of one) includes what, and whether the walls let it.
TRIED = [
    ("rules", "analysis/program.h", True),
    ("rules", "project/tree.h", False),                    # no layer that rules know
    ("base", "model/facts.h", False),                      # above it
    ("plan", "frontend/frontend.h", False),                # known by a layer that it knows, and not by itself
    ("cli", "project/tree.h", True),
    ("cli", "project/meson_value.h", False),               # not among what the layer shows
    ("project", "project/meson_value.h", True),
    ("adoption", "packages/names/names.h", True),
    ("adoption", "packages/names/version.h", False),       # behind the door of a room
    ("packages/names", "packages/names/version.h", True),
    ("packages/names", "packages/wheels/wheels.h", False),  # a room that it does not know
    ("packages/wheels", "packages/names/names.h", True),
    ("packages/wheels", "packages/names/version.h", False),
]


def uses(layer):
    """{module of the layer's map: {the modules it uses}}"""
    with open(os.path.join(MAPS, layer + ".modulemap")) as file:
        return {name: set(re.findall(r"^  use (\w+)", body, re.M))
                for name, body in re.findall(r"^module (\w+) \{\n(.*?)^\}", file.read(), re.S | re.M)}


class Walls(unittest.TestCase):
    def test_the_maps_are_the_plan(self):
        doors = {}
        for room in house.ROOMS:
            layer, _, name = room.partition("/")
            doors.setdefault(layer, set()).add(f"{layer}_{name}")
        for layer, allowed in house.LAYERS.items():
            if layer == "packaging":
                continue  # linked into one program of its own
            there = uses(layer)
            open_to = set(allowed) | {door for other in allowed for door in doors.get(other, ())}
            self.assertLessEqual(there[layer + "_inside"], open_to | {layer} | doors.get(layer, set()), layer)
            for other in house.LAYERS:  # nobody's headers are unknown to the map, which would let them in
                if other != "packaging":
                    self.assertTrue(other in there or other + "_inside" in there, (layer, other))
            for door in doors.get(layer, ()):
                rooms = there[door + "_inside"] - open_to - {layer, door}
                self.assertEqual(rooms, {f"{layer}_{other}" for other in house.ROOMS[door.replace("_", "/", 1)]}, door)

    def test_what_is_forbidden_does_not_compile(self):
        for who, header, allowed in TRIED:
            self.assertTrue(os.path.exists(os.path.join(TOP, "tool", header)), header)
            done = subprocess.run(
                [COMPILER, "-std=c++20", "-fsyntax-only", "-fmodules-decluse", "-Xclang", "-fno-cxx-modules",
                 "-fmodule-map-file=" + os.path.join(MAPS, who.partition("/")[0] + ".modulemap"),
                 "-fmodule-name=" + who.replace("/", "_") + "_inside", "-I" + os.path.join(TOP, "tool"), "-xc++", "-"],
                input=f'#include "{header}"\n', capture_output=True, text=True)
            with self.subTest(who=who, header=header):
                self.assertEqual(done.returncode == 0, allowed, done.stderr)
                if not allowed:
                    self.assertIn("does not directly depend on a module exporting", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
