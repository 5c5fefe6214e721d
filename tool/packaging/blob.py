"""The blob of headers that a packaged program carries: blob.py FOLDER FILE. The format is told in tool/headers/blob.h.
The same folder gives the same bytes."""

import hashlib
import sys
import zlib
from pathlib import Path


def pack(folder):
    files = sorted((path.relative_to(folder).as_posix().encode(), path) for path in folder.rglob("*") if path.is_file())
    index, packed, offset = [], [], 0
    for name, path in files:
        if b"\n" in name:
            raise ValueError(f"{path}: a line break in a name")
        text = path.read_bytes()
        data = zlib.compress(text, 9)
        index.append(b"%d %d %d %s\n" % (offset, len(data), len(text), name))
        packed.append(data)
        offset += len(data)
    content = b"%d\n" % len(files) + b"".join(index) + b"".join(packed)
    return b"FTHEADERS1\n" + hashlib.sha256(content).hexdigest().encode() + b"\n" + content


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_bytes(pack(source))
