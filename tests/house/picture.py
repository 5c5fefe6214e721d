"""The house as it stands, drawn from what its files include: floors of layers, each with the layers right below that it knows
(what those know in turn is left out), and its rooms. `python3 tests/house/picture.py` prints it; CONTRIBUTING.md shows it
between two marks, and house_test.py keeps the two alike. `--write` puts it there."""

import pathlib
import re
import sys

import house

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(<!-- made by tests/house/picture.py -->\n```\n)(.*?)(```\n)", re.S)


def known(files):
    """Layer -> the layers that it includes from."""
    graph = {}
    for path, text in files.items():
        layer = house.layer_of(path)
        if not house.is_code(path) or layer not in house.LAYERS:
            continue
        to = {own.partition("/")[0] for _, own, _ in house.includes(path, text) if own}
        graph.setdefault(layer, set()).update((to & house.LAYERS.keys()) - {layer})
    return graph


def floors(graph):
    floor = {}

    def of(layer):
        if layer not in floor:
            floor[layer] = 1 + max((of(below) for below in graph[layer]), default=-1)
        return floor[layer]

    for layer in graph:
        of(layer)
    return floor


def below(graph, layer):
    reached, waiting = set(), [further for other in graph[layer] for further in graph[other]]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting.extend(graph[one])
    return graph[layer] - reached


def picture(files):
    graph = known(files)
    floor = floors(graph)
    lines = []
    for level in range(max(floor.values()), -1, -1):
        for number, layer in enumerate(sorted(one for one in graph if floor[one] == level)):
            rooms = sorted({room.partition("/")[2] for room in house.ROOMS if room.startswith(layer + "/")})
            knows = ", ".join(sorted(below(graph, layer), key=lambda one: (-floor[one], one)))
            line = f"{level if number == 0 else ' ':>2}  {layer:<9}" + (f" knows {knows}" if knows else "")
            lines.append(line.rstrip() + (f"\n              rooms: {', '.join(rooms)}" if rooms else ""))
    return "\n".join(lines) + "\n"


def main():
    import house_test

    drawn = picture(house_test.repository())
    if sys.argv[1:] == ["--write"]:
        page = ROOT / "CONTRIBUTING.md"
        page.write_text(BLOCK.sub(lambda match: match[1] + drawn + match[3], page.read_text()))
    else:
        print(drawn, end="")


if __name__ == "__main__":
    main()
