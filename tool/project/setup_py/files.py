"""What the reader of setup.py sees of the disk: files of the project, and no others."""
import glob
import os

from values import *


class Files:
    # All that is asked of the disk is told with the answer, so that whoever keeps the answer knows when it holds no more.

    def look(self, kind, path):
        self.asks_choice()
        self.looked[kind, os.path.join(self.folder, path)] = None

    def listed(self, event, arguments):
        if self.listing and event in ('os.scandir', 'os.listdir'):
            self.steps += 10
            if self.steps > STEPS:
                raise Stop()
            if arguments and isinstance(arguments[0], str):
                self.look('folder', arguments[0])
            else:
                self.unsure = True

    def on_disk(self, path):
        self.look('place', path)
        full = os.path.realpath(os.path.join(self.folder, path))
        return full if full == self.root or full.startswith(self.root + os.sep) else None

    def text_of(self, path):
        """What a small text file of the project holds, or None."""
        full = self.on_disk(path)
        if full is None or not os.path.isfile(full):
            return None
        self.look('file', path)
        with open(full, 'rb') as f:
            data = f.read(LARGEST + 1)
        try:
            return data.decode() if len(data) <= LARGEST else None
        except UnicodeDecodeError:
            return None

    def opened(self, path, arguments, named):
        mode = arguments[0] if arguments else named.get('mode', 'r')
        text = self.text_of(path) if isinstance(path, str) and mode in ('r', 'rt') else None
        return UNKNOWN if text is None else OpenFile(text.splitlines(True))

    def matching(self, pattern, recursive):
        full = os.path.join(self.folder, pattern)
        wild = [glob.has_magic(part) for part in str(pattern).split('/')]
        if True not in wild:
            self.look('place', full)
        elif False in wild[wild.index(True):]:
            self.unsure = True
        self.listing = True
        found = glob.glob(full, recursive=recursive)[:LARGEST]
        self.listing = False
        found = sorted(f for f in found if self.on_disk(f))
        return found if os.path.isabs(pattern) else [os.path.relpath(f, self.folder) for f in found]
