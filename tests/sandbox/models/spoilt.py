"""Ways in which a folder of a model can be an attack. Each gives what the refusal must name."""

import json
import os
import pickle
import struct
import zipfile

from plain_model import CONFIG, TABLE, change, header, packed

WAYS = {}


def way(work):
    WAYS[work.__name__] = work
    return work


class Bomb:
    def __init__(self, canary):
        self.canary = canary

    def __reduce__(self):
        return os.system, (f"touch {self.canary}",)


def config(name, *, says, file="config.json", **more):
    def spoil(folder, canary):
        change(folder, file, **more)
        return file, says

    WAYS[name] = spoil


def renamed(name, suffix):
    def spoil(folder, canary):
        (folder / f"pytorch_model{suffix}").write_bytes(pickle.dumps(Bomb(canary)))
        return f"pytorch_model{suffix}", "can carry code"

    WAYS[name] = spoil


for ending in (".bin", ".pt", ".pth", ".pkl", ".ckpt", ".h5", ".msgpack", ".npz"):
    renamed(f"pickle in {ending}", ending)


@way
def pickle_in_the_place_of_safetensors(folder, canary):
    (folder / "model.safetensors").write_bytes(pickle.dumps(Bomb(canary), protocol=4))
    return "model.safetensors", "no safetensors file"


@way
def zip_in_the_place_of_safetensors(folder, canary):
    with zipfile.ZipFile(folder / "model.safetensors", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb(canary)))
    return "model.safetensors", "no safetensors file"


@way
def safetensors_with_a_zip_behind_it(folder, canary):
    with zipfile.ZipFile(folder / "model.safetensors", "a") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb(canary)))
    return "model.safetensors", "lie behind the header"


@way
def safetensors_with_a_zip_in_its_last_tensor(folder, canary):
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb(canary)))
    inside = (folder / "a.zip").read_bytes()
    os.unlink(folder / "a.zip")
    told, size = header()
    told["z"] = {"dtype": "U8", "shape": [len(inside)], "data_offsets": [size, size + len(inside)]}
    (folder / "model.safetensors").write_bytes(packed(told, bytes(size) + inside))
    return "model.safetensors", "archive (zip)"


def lie(name, says, change_header, body=None):
    def spoil(folder, canary):
        told, size = header()
        made = change_header(told, size) or told
        (folder / "model.safetensors").write_bytes(packed(made, bytes(size if body is None else body)))
        return "model.safetensors", says

    WAYS[name] = spoil


FIRST = "embeddings.word_embeddings.weight"
lie("a tensor ends beyond the file", "bytes, not", lambda told, size: told[FIRST].update(data_offsets=[0, 1 << 40]))
lie(
    "a tensor is larger than the file",
    "lie behind the header",
    lambda told, size: told.update(z={"dtype": "F32", "shape": [1 << 30], "data_offsets": [size, size + (4 << 30)]}),
)
lie("tensors overlap", "overlap", lambda told, size: told.update(z={"dtype": "F32", "shape": [8], "data_offsets": [0, 32]}))
lie(
    "bytes lie between tensors",
    "gap",
    lambda told, size: told.update(z={"dtype": "F32", "shape": [8], "data_offsets": [size + 8, size + 40]}),
    1 << 16,
)
lie("a shape is not that of its bytes", "bytes, not", lambda told, size: told[FIRST].update(shape=[1 << 20, 8]))
lie("a dtype is of another width", "bytes, not", lambda told, size: told[FIRST].update(dtype="F64"))
lie("a dtype is made up", "dtype", lambda told, size: told[FIRST].update(dtype="PICKLE"))
lie("a shape is negative", "has the shape", lambda told, size: told[FIRST].update(shape=[-32, -8]))
lie("a shape overflows", "has the shape", lambda told, size: told[FIRST].update(shape=[1 << 62, 1 << 62]))
lie("offsets run backwards", "bytes, not", lambda told, size: told[FIRST].update(data_offsets=[1024, 0]))
lie("metadata hold objects", "__metadata__", lambda told, size: told.update(__metadata__={"a": {"b": 1}}))
lie("the header is nested deeply", "nested", lambda told, size: b'{"a":' * 100_000)
lie("the header names a tensor twice", "twice", lambda told, size: b'{"a":{},"a":{}}')
lie("the header is no JSON", "JSON", lambda told, size: b"{no")


@way
def a_header_of_many_gigabytes(folder, canary):
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", 1 << 62) + b"{}")
    return "model.safetensors", "header claims"


@way
def a_file_of_three_bytes(folder, canary):
    (folder / "model.safetensors").write_bytes(b"abc")
    return "model.safetensors", "no safetensors file"


@way
def an_index_that_leaves_the_folder(folder, canary):
    change(folder, "model.safetensors.index.json", weight_map={FIRST: "../../model.safetensors"})
    return "model.safetensors.index.json", "../../model.safetensors"


@way
def an_index_that_names_a_pickle(folder, canary):
    change(folder, "model.safetensors.index.json", weight_map={FIRST: "pytorch_model.bin"})
    return "model.safetensors.index.json", "pytorch_model.bin"


@way
def weights_beside_the_weights(folder, canary):
    (folder / "other.safetensors").write_bytes((folder / "model.safetensors").read_bytes())
    return "", "other.safetensors"


def code(name, file):
    def spoil(folder, canary):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(f"open({str(canary)!r}, 'w')", encoding="utf-8")
        return file.partition("/")[0], "is a folder" if "/" in file else "is Python code"

    WAYS[name] = spoil


code("Python beside the weights", "modeling_bert.py")
code("a generate function of its own", "custom_generate/generate.py")


@way
def code_named_in_auto_map(folder, canary):
    (folder / "modeling_bert.py").write_text(f"open({str(canary)!r}, 'w')", encoding="utf-8")
    change(folder, "config.json", auto_map={"AutoModel": "modeling_bert.Model", "AutoConfig": "modeling_bert.Config"})
    return "modeling_bert.py", "is Python code"


config("auto_map to elsewhere", says="auto_map", auto_map={"AutoModel": "someone/else--modeling.Model"})
config("auto_map in the tokenizer", says="auto_map", file="tokenizer_config.json", auto_map={"AutoTokenizer": ["tokenization.Tokenizer", None]})
config("trust_remote_code", says="trust_remote_code", trust_remote_code=True)
config("custom_pipelines", says="custom_pipelines", custom_pipelines={"a": {"impl": "pipeline.Own", "pt": ["AutoModel"]}})
config("a kernel from elsewhere", says="kernel", attn_implementation="someone/else")
config("a kernel in a private name", says="kernel", _attn_implementation_internal="someone/else:kernel")
config("a kernel of experts", says="kernel", _experts_implementation_internal="someone/else")
config("a kernel deep within", says="kernel", rope_scaling={"rope_type": "default", "inner": {"_attn_implementation_internal": "someone/else"}})
config("quantised by modules", says="quantization_config", quantization_config={"quant_method": "quark", "module": "os.system"})
config("another file in its place", says="configuration_files", configuration_files=["../config.json"])
config("an object by its name", says="_target_", rope_parameters={"_target_": "os.system", "_args_": ["true"]})
config("a backbone from elsewhere", says="backbone", backbone="someone/else", use_timm_backbone=True)
config("a model kind that reads pickles", says="model_type", model_type="rag")
config("a model kind that is a path", says="model_type", model_type="../../bert")
config("a setting nobody knows", says="surprise", surprise=1)
config("a dtype that is a function", says="torch_dtype", torch_dtype="load")
config("an activation that is a path", says="no plain word", hidden_act="os/system()")
config("a thousand million layers", says="num_hidden_layers", num_hidden_layers=10**9)
config("more layers than weights", says="num_hidden_layers", num_hidden_layers=3)
config("a vocabulary beyond the weights", says="vocab_size", vocab_size=10**9)
config("a width beyond the weights", says="hidden_size", hidden_size=1 << 20)
config("a number beyond all", says="max_position_embeddings", max_position_embeddings=10**18)
config("labels without end", says="num_labels", num_labels=10**8)
config("an object for a number", says="hidden_dropout_prob", hidden_dropout_prob={"a": 1})
config("generation with code", says="custom_generate", file="generation_config.json", custom_generate="someone/else")
config("a model beside the model", says="assistant_model", file="generation_config.json", assistant_model="someone/else")
config("beams without end", says="num_beams", file="generation_config.json", num_beams=10**6)
config("a cache that imports", says="cache_implementation", file="generation_config.json", cache_implementation="quantized")
config(
    "padding to a thousand million", says="padding", file="tokenizer.json", padding={"strategy": {"Fixed": 10**9}, "pad_id": 0, "pad_token": "[PAD]"}
)
config("padding to multiples", says="padding", file="tokenizer.json", padding={"strategy": "BatchLongest", "pad_to_multiple_of": 10**9})
config(
    "a rule that makes much of little",
    says="times as long",
    file="tokenizer.json",
    normalizer={"type": "Replace", "pattern": {"String": "a"}, "content": "b" * 900},
)
config(
    "rules that together make much of little", says="times as long", file="tokenizer.json",
    normalizer={"type": "Sequence", "normalizers": [{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}] * 30},
)  # fmt: skip
config(
    "a pattern that tries for ever",
    says="for ever",
    file="tokenizer.json",
    pre_tokenizer={"type": "Split", "pattern": {"Regex": "(a+)+$"}, "behavior": "Isolated"},
)
config(
    "a pattern that refers back",
    says="refers back",
    file="tokenizer.json",
    pre_tokenizer={"type": "Split", "pattern": {"Regex": r"(a*)\1"}, "behavior": "Isolated"},
)
config("a part nobody knows", says="plugin", file="tokenizer.json", plugin="os.system")
config(
    "words beyond the vocabulary", says="numbers words", file="tokenizer.json", model={"type": "WordLevel", "vocab": {"a": 1 << 40}, "unk_token": "a"}
)


def template(name, text, says):
    config(f"a template {name}", says=says, file="tokenizer_config.json", chat_template=text)


template("that reaches out", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "__")
template("that reaches out by a filter", "{{ ''|attr('__class__') }}", "attr")
template("that reaches out by an index", "{{ ''['__class__'] }}", "__class__")
template("that reads files", "{% include '/etc/passwd' %}", "other files")
template("that multiplies", "{{ 'x' * 1000000000 }}", "multiplies")
template("that pads", "{{ '%0500000000d' % 1 }}", "by %")
template("that formats", "{{ '{:>500000000}'.format(1) }}", "format")
template("that counts far", "{% for i in range(1000000000) %}x{% endfor %}", "counts far")
template("that doubles", "{% set ns = namespace(a='x') %}{% for m in messages %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}{{ ns.a }}", "doubles")
template("too long to read", "x" * (200 << 10), "characters")
template("that is none", "{% if %}", "cannot be read")


@way
def a_template_of_its_own_file(folder, canary):
    (folder / "chat_template.jinja").write_text("{{ cycler.__init__.__globals__.os.system('true') }}", encoding="utf-8")
    return "chat_template.jinja", "__"


def link(name, target):
    def spoil(folder, canary):
        where = target(folder)
        (folder / "config.json").unlink()
        (folder / "config.json").symlink_to(where)
        return "config.json", "is a link"

    WAYS[name] = spoil


def _outside(folder):
    place = folder.parent / "outside.json"
    place.write_text(json.dumps(CONFIG), encoding="utf-8")
    return place


link("a link out of the folder", _outside)
link("a link to a device", lambda folder: "/dev/zero")


@way
def a_pipe(folder, canary):
    os.mkfifo(folder / "merges.txt")
    return "merges.txt", "no plain file"


@way
def a_library_of_machine_code(folder, canary):
    (folder / "kernel.so").write_bytes(b"\x7fELF")
    return "kernel.so", "machine code"


@way
def a_folder_of_sentence_transformers(folder, canary):
    change(folder, "modules.json", **{"0": {"type": "os.system"}})
    return "modules.json", "no file"


@way
def settings_nested_deeply(folder, canary):
    (folder / "config.json").write_bytes(b'{"a":' * 50_000 + b"1" + b"}" * 50_000)
    return "config.json", "nested"


@way
def settings_of_many_megabytes(folder, canary):
    (folder / "config.json").write_bytes(b'{"a": "' + b"x" * (2 << 20) + b'"}')
    return "config.json", "bytes"


@way
def a_number_of_many_digits(folder, canary):
    (folder / "config.json").write_bytes(b'{"vocab_size": ' + b"9" * 100_000 + b"}")
    return "config.json", "digits"


@way
def a_key_twice(folder, canary):
    text = json.dumps(CONFIG)
    (folder / "config.json").write_text(text[:-1] + ', "model_type": "rag"}', encoding="utf-8")
    return "config.json", "twice"


@way
def no_number(folder, canary):
    (folder / "config.json").write_text(json.dumps({**CONFIG, "layer_norm_eps": float("nan")}), encoding="utf-8")
    return "config.json", "NaN"


@way
def a_table_that_is_no_object(folder, canary):
    (folder / "tokenizer.json").write_text(json.dumps([TABLE]), encoding="utf-8")
    return "tokenizer.json", "list"
