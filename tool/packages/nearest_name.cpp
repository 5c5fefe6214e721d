#include "packages/nearest_name.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "packages/name.h"

namespace ftaudit::packages {
namespace {

constexpr std::string_view well_known[] = {
    "aiohttp", "alembic", "anyio", "apscheduler", "argon2-cffi", "asyncpg", "attrs", "babel", "bcrypt", "beautifulsoup4", "black", "boto3", "botocore", "bottle",
    "cachetools", "celery", "certifi", "cffi", "charset-normalizer", "click", "cloudpickle", "colorama", "coverage", "cryptography", "cython", "dask",
    "dateparser", "django", "djangorestframework", "dnspython", "docker", "docutils", "fastapi", "filelock", "flask", "fonttools", "frozenlist", "fsspec",
    "gevent", "google-auth", "graphene", "greenlet", "grpcio", "gunicorn", "h11", "h5py", "httptools", "httpx", "hypothesis", "idna", "importlib-metadata",
    "ipython", "isort", "jinja2", "jmespath", "joblib", "jsonschema", "jupyter", "keras", "kiwisolver", "kombu", "llvmlite", "lxml", "mako", "markdown",
    "markupsafe", "matplotlib", "mccabe", "msgpack", "multidict", "mypy", "mysqlclient", "networkx", "nltk", "notebook", "numba", "numpy", "oauthlib", "onnx",
    "onnxruntime", "openai", "opencv-python", "openpyxl", "orjson", "packaging", "pandas", "paramiko", "pillow", "pip", "platformdirs", "playwright", "plotly",
    "pluggy", "polars", "protobuf", "psutil", "psycopg", "psycopg2", "psycopg2-binary", "pyarrow", "pyasn1", "pycparser", "pycryptodome", "pydantic",
    "pydantic-core", "pygments", "pyjwt", "pylint", "pymongo", "pymysql", "pynacl", "pyopenssl", "pyparsing", "pyspark", "pytest", "python-dateutil",
    "python-dotenv", "pytz", "pywin32", "pyyaml", "pyzmq", "rapidfuzz", "redis", "regex", "requests", "requests-oauthlib", "rich", "rpds-py", "rsa", "ruff",
    "s3fs", "s3transfer", "safetensors", "scikit-image", "scikit-learn", "scipy", "seaborn", "sentencepiece", "sentry-sdk", "setuptools", "shapely", "six",
    "sniffio", "sortedcontainers", "spacy", "sphinx", "sqlalchemy", "starlette", "statsmodels", "sympy", "tensorboard", "tensorflow", "tiktoken", "tokenizers",
    "torch", "torchvision", "tornado", "tqdm", "transformers", "twisted", "typer", "typing-extensions", "tzdata", "ujson", "urllib3", "uvicorn", "uvloop",
    "virtualenv", "watchdog", "websockets", "werkzeug", "wheel", "wrapt", "xgboost", "xxhash", "yarl", "zipp", "zstandard"};

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  const std::string wanted = normal_name(name);
  std::map<std::string, std::string> names;  // normal -> as written
  for (std::string_view one : well_known) names[std::string(one)] = one;
  for (const std::string& one : known) names[normal_name(one)] = one;
  names.erase(wanted);
  // "scikitlearn", "python-dateutils": only separators or an ending apart.
  auto bare = [](std::string text) { std::erase(text, '-'); return text; };
  for (const auto& [normal, written] : names)
    if (bare(normal) == bare(wanted)) return written;
  std::vector<std::string> candidates;
  for (const auto& [normal, written] : names) candidates.push_back(normal);
  const std::string near = closest(wanted, candidates);
  return near.empty() ? near : names[near];
}

}  // namespace ftaudit::packages
