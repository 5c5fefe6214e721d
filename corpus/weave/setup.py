from setuptools import Extension, setup

shuttle = Extension("weave._shuttle", sources=["src/_shuttle.c"], include_dirs=["src"])
draft = Extension("weave._draft", sources=["weave/_draft.pyx"])

try:
    from Cython.Build import cythonize
except ImportError:
    modules = [shuttle]
else:
    modules = [shuttle, *cythonize([draft], build_dir="build/cython")]

setup(ext_modules=modules)
