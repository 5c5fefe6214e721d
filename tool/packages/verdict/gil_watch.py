"""Put before programs that import what is installed: who switches the GIL on."""
import importlib.machinery
import sys


def watch_gil(tell):
    """Calls tell(MODULE) for each compiled module whose loading switches the GIL on."""
    gil = getattr(sys, "_is_gil_enabled", lambda: True)
    loader = importlib.machinery.ExtensionFileLoader

    def watched(method):
        def run(self, argument):
            before = gil()
            try:
                return method(self, argument)
            finally:
                if not before and gil():
                    tell(self.name)
        return run

    loader.create_module, loader.exec_module = watched(loader.create_module), watched(loader.exec_module)


