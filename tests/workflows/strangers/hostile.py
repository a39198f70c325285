"""Files that mean harm. Each is the text of a file with one operator; `{outside}` stands for a folder that it must not reach."""

HEAD = """
from typing import ClassVar
import ctypes, os, socket, subprocess, sys, time
import pyarrow as pa
from tools.contract import *
from tools.contract import SPANS
from tools.errors import RowError

TEXT = {"text": pa.string()}
ONE = Example(given={"text": ["a"]}, keeps=(0,))


def card(**more):
    told = {"stage": "filter", "reads": TEXT, "adds": {"size": pa.int64()}, "aliases": ("size",), "examples": (ONE,), "exact": True}
    return Card(**{**told, **more})

"""


def measuring(body: str, top: str = "", *, card: str = "card()", fields: str = "", doc: str = "Attacks.", more: str = "") -> str:
    """A measure `size` that does something before it measures."""
    return f'''{HEAD}{top}
class Attacks(Measure):
    """{doc}"""
    {fields}
    card: ClassVar[Card] = {card}

    def measure(self, batch, desk):
        sizes = [len(text) for text in batch["text"].to_pylist()]
        result = {{"size": pa.array(sizes, pa.int64())}}
        {body}
        return result
    {more}
'''


def of_kind(kind: str, body: str, card: str = "") -> str:
    """An operator of another kind."""
    return f'{HEAD}\nclass Attacks({kind}):\n    """Attacks."""\n    card: ClassVar[Card] = card({card})\n{body}\n'


def expanding(columns: str, parents: str) -> str:
    return of_kind("Expand", f"    def expand(self, batch, desk): return {columns}, pa.array({parents})")


def grouping(note: str = "{'mark': batch['text']}", match: str = "partition", more: str = "") -> str:
    body = f"    def note(self, batch, desk): return {note}\n    def match(self, partition): return {match}\n{more}"
    return of_kind("Group", body, "adds={}, notes={'mark': pa.string()}, key='mark'")


def ranking(order: str, quota: str = "Quota(rows=1)") -> str:
    return of_kind("Rank", f"    def order(self, batch, desk): return {order}\n    def quota(self, counts): return {quota}", "adds={}")


def surveying(state: str, told: str) -> str:
    body = (
        f"    def learn(self, batch, desk): return {state}\n"
        "    def merge(self, one, other): return one\n"
        f"    def tell(self, state, against): return {told}"
    )
    return of_kind("Survey", body, "adds={}, numbers=('n',)")


LIES = """
import json, struct

def lie(told, batches=()):
    # a parcel written past the cell's own code
    sink, ends = pa.BufferOutputStream(), []
    for batch in batches:
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        ends.append(sink.tell())
    text = json.dumps({"order": told, "ends": ends}).encode()
    raw(sink.getvalue().to_pybytes() + text + struct.pack("<Q", len(text)))

def raw(answer, claimed=None):
    os.pwrite(4, answer, 0)
    os.write(6, struct.pack("<Q", len(answer) if claimed is None else claimed))
    time.sleep(20)
"""


def lying(change: str) -> str:
    """Tells of itself what it is not."""
    told = f"from tools.strangers.telling import told\nsaid, types = told('Attacks', Attacks)\n{change}"
    return measuring("", LIES) + f"\n{told}\nlie({{'gave': {{'operators': {{'Attacks': []}}, 'told': said}}}}, types)\n"


MANY = "__annotations__ = {f'p{n}': int for n in range(1000)}; locals().update({f'p{n}': n for n in range(1000)})"
BOMB = "class Bomb:\n    def __reduce__(self): return os.system, ('true',)\n"
CELL = "PermissionError|FileNotFoundError|BlockingIOError|OSError"  # how what is shut is felt in a cell
Attacks = dict[str, tuple[str, str]]

# what is found out before any row is touched: the file, and a part of what is said of it
REFUSED: Attacks = {
    "reads a file when it is loaded": (measuring("", "open('/etc/passwd').read()\n"), CELL),
    "runs a program when it is loaded": (measuring("", "subprocess.run(['true'])\n"), CELL),
    "makes a socket in its class body": (measuring("", fields="socket.socket()"), CELL),
    "leaves when it is loaded": (measuring("", "os._exit(0)\n"), "ended with status 0"),
    "exits when it is loaded": (measuring("", "sys.exit('bye')\n"), "raised SystemExit in line .*: bye"),
    "is no Python": ("def f(:", "raised SyntaxError"),
    "is nested without end": ("x = " + "(" * 50_000, "too many nested parentheses"),
    "holds a null byte": ("x = '\0'", "null bytes"),
    "holds no operator": ("x = 1", "holds no operator"),
    "lacks a method": (HEAD + "class Attacks(Measure):\n    card: ClassVar[Card] = card()\n", "lacks measure"),
    "lacks a card": (HEAD + "class Attacks(Measure):\n    def measure(self, batch, desk): return {}\n", "lacks card"),
    "has a card that is none": (measuring("", card="'card'"), "is no Card"),
    "has a doc without end": (measuring("", doc="x" * 30_000), "doc"),
    "has megabytes in its card": (measuring("", card="card(paper='x' * (1 << 21))"), "claims"),
    "has a very long paper": (measuring("", card="card(paper='x' * 20000)"), "paper"),
    "has a thousand aliases": (measuring("", card="card(aliases=tuple(map(str, range(1000))))"), "aliases"),
    "has a thousand examples": (measuring("", card="card(examples=(ONE,) * 1000)"), "examples"),
    "has a thousand parameters": (measuring("", fields=MANY), "params"),
    "has a parameter called as the contract's own": (measuring("", fields="model_dump_it: int = 1"), "cannot be called"),
    "has a parameter with a schema without end": (
        measuring("", fields="x: int = 1\n    @classmethod\n    def model_json_schema(cls): return {'properties': {'x': {'a': 'b' * 500000}}}"),
        "params.x.schema",
    ),
    "has a default without a bottom": (measuring("", "deep = []\nfor _ in range(500): deep = [deep]\n", fields="deep: list = deep"), "Recursion"),
    "has a default that pickles as a program": (
        measuring("", BOMB, fields="model_config = {'arbitrary_types_allowed': True}\n    bomb: Bomb = Bomb()"),
        "raised Pydantic",
    ),
    "lies of a parameter called __class__": (
        lying("said['params'] = {'__class__': {'required': False, 'default': 1, 'bound': False, 'schema': {}}}"),
        "a parameter cannot be called '__class__'",
    ),
    "lies of a parameter called stranger": (
        lying("said['params'] = {'stranger': {'required': False, 'default': 1, 'bound': False, 'schema': {}}}"),
        "a parameter cannot be called 'stranger'",
    ),
    "lies of a method that is none": (lying("said['overrides'] = ['__init__', '__reduce__', 'model_validate']"), "lacks measure"),
    "lies that it is a source": (lying("said['kind'] = 'Source'"), "cannot run in the jail"),
    "lies that it is of no kind": (lying("said['kind'] = 'os.system'"), "none of the contract's kinds"),
    "lies about its name": (lying("said['name'] = '__class__'"), "no name of an operator"),
    "lies about a key of its card": (lying("said['card']['evil'] = 1"), "card.evil"),
    "lies about its types": (lying("types = types[:2]"), "without types"),
    "lies in another form": (measuring("", LIES + "lie({'gave': {'operators': [1], 'told': 7}})\n"), "will not do"),
    "lies with deep JSON": (measuring("", LIES + "raw(b'[' * 100000 + struct.pack('<Q', 100000))\n"), "no parcel"),
    "lies about its length": (measuring("", LIES + "raw(b'', 1 << 60)\n"), "claims"),
    "answers with a pickle": (measuring("", LIES + "import pickle\nraw(pickle.dumps(os.system))\n"), "no parcel"),
    "wants the network": (measuring("", card="card(network=True)"), "network=True, which is not lent"),
    "wants a model": (measuring("", card="card(models=('model',))"), "not lent"),
    "wants to make jails": (measuring("", card="card(jailed=True)"), "not lent"),
    "needs a module of its own": (measuring("", card="card(needs='evil.module')"), "no extra of winnow"),
    "asks a model": (of_kind("Synthesize", "    def prompts(self, batch): ...\n    def read(self, batch, replies): ..."), "asks a model"),
    "has a column that is called strangely": (measuring("", card="card(adds={'si\\x1bze': pa.int64()})"), "no column name"),
    "has a column of a type that may not leave": (
        measuring("", card="card(adds={'size': pa.dictionary(pa.int8(), pa.string())})"),
        "dictionary",
    ),
    "has too many columns": (measuring("", card="card(adds={f'c{n}': pa.int8() for n in range(1001)})"), "too many"),
    "has a bound that must be given": (measuring("", fields="least: Bound"), "has no default"),
    "brings another bound of the same name": (
        of_kind("Bounded", "    at_least: str = 'x'\n    def measure(self, batch, desk): return {}"),
        "Bounded's own",
    ),
}

# what is found out when it works on rows: the file, and a part of what is said of it
STOPPED: Attacks = {
    "reads a key": (measuring("open('{outside}/.ssh/id_rsa').read()"), CELL),
    "writes a file": (measuring("open('{outside}/left', 'w').write('x')"), CELL),
    "runs a shell": (measuring("subprocess.run(['sh', '-c', 'touch {outside}/left'])"), CELL),
    "forks without end": (measuring("[os.fork() for _ in range(100)]"), CELL),
    "opens a socket": (measuring("socket.create_connection(('127.0.0.1', 80), 1)"), CELL),
    "signals whoever made it": (measuring("os.kill(os.getppid(), 9)"), CELL),
    "takes all memory": (measuring("hoard = bytearray(1 << 40)"), "raised MemoryError"),
    "never ends": (measuring("while True: pass"), "used up its time|was killed"),
    "crashes": (measuring("ctypes.string_at(0)"), "crashed"),
    "leaves": (measuring("os._exit(0)"), "ended with status 0"),
    "talks without end": (measuring("[os.write(1, b'x' * (1 << 20)) for _ in range(64)]"), "wrote more than"),
    "raises what is no exception of ours": (measuring("raise KeyboardInterrupt"), "raised KeyboardInterrupt in line"),
    "raises what cannot be shown": (measuring("raise Odd()", "class Odd(BaseException):\n    def __str__(self): raise Odd()\n"), "status 1"),
    "refuses a row that is not there": (measuring("raise RowError(10 ** 6, 'x')"), "names position 1000000"),
    "refuses a row by a word": (measuring("raise RowError('x', 'y')"), "raised RowError"),
    "loses rows": (measuring("result['size'] = result['size'][1:]"), "has 3 values for 4 rows"),
    "doubles rows": (measuring("result['size'] = pa.concat_arrays([result['size']] * 2)"), "has 8 values for 4 rows"),
    "gives another type": (measuring("result['size'] = result['size'].cast(pa.string())"), "has type string"),
    "gives a column too many": (measuring("result['more'] = result['size']"), "gave columns"),
    "gives no column": (measuring("result = {}"), "gave columns"),
    "gives columns of several lengths": (measuring("result['more'] = result['size'][1:]"), "of different lengths"),
    "gives a list": (measuring("result['size'] = sizes"), "not a pa.Array"),
    "gives nothing": (measuring("result = None"), "not a mapping"),
    "gives a dictionary": (measuring("result['size'] = pa.array(['x'] * len(sizes)).dictionary_encode()"), "dictionary"),
    "gives broken text": (measuring("result['size'] = pa.array([b'\\xff'] * len(sizes)).view(pa.string())"), "broken batch"),
    "lies about its answer": (measuring("lie({'gave': {}}, [pa.record_batch({'size': pa.array([1], pa.int64())})])", LIES), "has 1 values for"),
    "lies that a row is bad": (
        measuring("lie({'raised': {'kind': 'RowError', 'message': 'x', 'facts': {'position': -5, 'reason': 'y'}}})", LIES),
        "names position -5",
    ),
    "wants draws without saying so": (measuring("desk.draw()"), "seeded=True"),
    "wants a model of the desk": (measuring("desk.model('local')"), "no model is lent"),
    "wants a jail of the desk": (measuring("desk.jailed('os:getcwd', {}, 1)"), "makes no jail"),
    "has a rule over what it does not measure": (measuring("", more="def rule(self): return (Between('other', 1, 2),)"), "does not measure"),
    "has a rule that cannot be held": (measuring("", more="def rule(self): return (OneOf('size', ('x',)),)"), "cannot be held"),
    "has a rule that is none": (measuring("", more="def rule(self): return 7"), "raised TypeError"),
    "says that it adds a strange column": (measuring("", more="def adds(self, given): return {'si\\0ze': pa.int64()}"), "no column name"),
    "gives birth to orphans": (expanding("{'size': pa.array([1])}", "[[]], pa.list_(pa.int32())"), "a parent"),
    "gives birth to children of nobody here": (expanding("{'size': pa.array([1])}", "[[10**6]]"), "names parent 1000000"),
    "names no parent": (expanding("{'size': pa.array([1])}", "[[None]], pa.list_(pa.int32())"), "none of them missing"),
    "names parents by words": (expanding("{'size': pa.array([1])}", "[['x']]"), "parents are positions"),
    "has more children than parents": (expanding("{'size': pa.array([1, 2])}", "[[0]]"), "2 rows and the parents of 1"),
    "notes rows that are not there": (grouping("{'mark': batch['text'], 'row': pa.array([10**6] * len(batch), pa.int32())}"), "names row 1000000"),
    "notes rows by words": (grouping("{'mark': batch['text'], 'row': batch['text']}"), "cannot be used"),
    "notes no row": (grouping("{'mark': batch['text'], 'row': pa.nulls(len(batch), pa.int32())}"), "names row nan"),
    "merges rows that are not there": (grouping(match="pa.table({'row': [0], 'other': [10**9]})"), "names row 1000000000"),
    "merges rows by words": (grouping(match="pa.table({'row': ['a'], 'other': ['b']})"), "whole numbers row and other"),
    "settles rows into another cluster": (
        grouping(match="pa.table({'row': [0], 'other': [1]})", more="    def settle(self, clusters): return pa.array([10**6] * len(clusters))"),
        "outside the cluster",
    ),
    "settles too few rows": (
        grouping(match="pa.table({'row': [0], 'other': [1]})", more="    def settle(self, clusters): return pa.array([0])"),
        "1 values came back for 2",
    ),
    "orders by nothing": (ranking("{'key': batch['text']}"), "gave .*order"),
    "orders by lists": (ranking("{'order': pa.array([[1]] * len(batch))}"), "cannot be used"),
    "weighs rows by words": (ranking("{'order': pa.array([1] * len(batch)), 'weight': batch['text']}"), "cannot be used"),
    "asks for a port that is not there": (ranking("{'order': pa.array([1] * len(batch))}", "{'other': Quota(rows=1)}"), "no port 'other'"),
    "asks for a word of rows": (ranking("{'order': pa.array([1] * len(batch))}", "Quota(rows='all')"), "no amount"),
    "lies about its quota": (
        ranking("{'order': pa.array([1] * len(batch))}", "lie({'gave': {'made': [7]}})").replace("class Attacks", f"{LIES}\nclass Attacks"),
        "gave no quota",
    ),
    "learns into the engine's column": (surveying("pa.table({'at': [1]})", "{'n': 1}"), "'at', which is the engine's"),
    "tells what is no number": (surveying("pa.table({'n': [1]})", "{'n': float('nan')}"), "a number is due"),
    "tells other numbers": (surveying("pa.table({'n': [1]})", "{'m': 1}"), "its card says"),
    "cuts beyond its text": (
        of_kind(
            "Cut",
            "    def note(self, batch, desk):\n"
            "        return {name: pa.array([value], kind) for (name, kind), value in zip(SPANS.items(), (0, 0, 10**6, 1, 1))}",
            "adds={'text': pa.string()}",
        ),
        "beyond its text",
    ),
    "settles a whole of one": (
        of_kind(
            "Whole",
            "    def note(self, batch, desk): return {'mark': batch['text']}\n"
            "    def settle(self, notes): return {'size': pa.array([1], pa.int64())}",
            "notes={'mark': pa.string()}",
        ),
        "has 1 values for",
    ),
    "lays out columns that are not there": (
        of_kind("Layout", "    def layout(self, columns): return {'a': 'not there'}", "reads={}, adds={}"),
        "do not have",
    ),
}

# they take seconds
SLOW: Attacks = {
    "never ends when it is loaded": (measuring("", "while True: pass\n"), "used up its time|was killed"),
    "takes memory in steps": (measuring("hoard = [bytearray(64 << 20) for _ in range(1000)]"), "MemoryError|killed"),
    "recurses without end": (measuring("sys.setrecursionlimit(10 ** 9); f = lambda n: f(n) + f(n); f(1)"), "crashed|killed|raised"),
    "gives more than may leave": (measuring("result['size'] = pa.array(['x' * (1 << 20)] * 300)"), "File too large|killed|raised|ended"),
}
