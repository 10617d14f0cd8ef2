"""Model folders that are broken in one way each: what is told of them before a run, and that a sound one passes."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import TinyProject, environment
from safetensors.torch import load_file, save_file

from pebr_trainer.trial_load import faults_of_policy

MATRIX = "model.language_model.layers.0.mlp.down_proj.weight"


def edited(name: str, change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        value = json.loads((folder / name).read_text())
        change(value)
        (folder / name).write_text(json.dumps(value))

    return edit


def reweighed(change: Callable[[dict[str, torch.Tensor], str], object]) -> Callable[[Path], None]:
    """Changes the stored tensors; `change` is given them and the name of a matrix among them."""

    def edit(folder: Path) -> None:
        tensors = load_file(folder / "model.safetensors")
        change(tensors, next(name for name in tensors if name.endswith("layers.0.mlp.down_proj.weight") and "language" in name))
        save_file(tensors, folder / "model.safetensors", {"format": "pt"})

    return edit


def with_value(value: float) -> Callable[[Path], None]:
    def spoil(tensors: dict[str, torch.Tensor], name: str) -> None:
        tensors[name][1, 2] = value

    return reweighed(spoil)


def sharded(change: Callable[[Path, dict[str, Any]], object]) -> Callable[[Path], None]:
    """The same weights in two parts with an index, which `change` then breaks."""

    def edit(folder: Path) -> None:
        tensors = load_file(folder / "model.safetensors")
        (folder / "model.safetensors").unlink()
        names = sorted(tensors)
        parts = {"model-00001-of-00002.safetensors": names[::2], "model-00002-of-00002.safetensors": names[1::2]}
        for file, held in parts.items():
            save_file({name: tensors[name] for name in held}, folder / file, {"format": "pt"})
        index: dict[str, Any] = {"metadata": {}, "weight_map": {name: file for file, held in parts.items() for name in held}}
        change(folder, index)
        (folder / "model.safetensors.index.json").write_text(json.dumps(index))

    return edit


def cut(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-100]) and None


def of_text_alone(folder: Path) -> None:
    from transformers import LlamaConfig, LlamaForCausalLM

    LlamaForCausalLM(LlamaConfig(vocab_size=23, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2)).save_pretrained(folder)


def of_another_size(folder: Path) -> None:
    from transformers import AutoConfig, LlavaForConditionalGeneration

    config = AutoConfig.from_pretrained(folder)
    config.text_config.hidden_size = 64
    config.text_config.head_dim = 32
    LlavaForConditionalGeneration(config).save_pretrained(folder / "other")
    shutil.move(folder / "other" / "model.safetensors", folder / "model.safetensors")


def as_pickle(value: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        (folder / "model.safetensors").unlink()
        torch.save(value, folder / "pytorch_model.bin")

    return edit


BROKEN: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "kind unknown": (edited("config.json", lambda c: c.update(model_type="lava7")), "does not know this kind of model", "config.json"),
    "kind missing": (edited("config.json", lambda c: c.pop("model_type")), "does not know this kind of model", "config.json"),
    "code of its own": (edited("config.json", lambda c: c.update(model_type="own", auto_map={"AutoConfig": "own.Own"})), "code of its own|does not know", "config.json"),
    "text alone": (of_text_alone, "model of type llama takes no pictures", "config.json"),
    "odd number": (edited("config.json", lambda c: c["text_config"].update(hidden_size="wide")), "makes no", "config.json"),
    "no such activation": (edited("config.json", lambda c: c["text_config"].update(hidden_act="gelo")), "makes no LlavaForConditionalGeneration.*gelo", "config.json"),
    "other shapes": (of_another_size, r"is .*64.* in the weights, but .* by config.json", ""),
    "other vocabulary": (edited("config.json", lambda c: c["text_config"].update(vocab_size=500)), r"embed_tokens.weight is \d+ × \d+ in the weights, but 500 ×", ""),
    "more layers": (edited("config.json", lambda c: c["text_config"].update(num_hidden_layers=2)), r"the weights lack .*layers\.1\..* and 8 more of \d+; they would be random", ""),
    "a tensor missing": (reweighed(lambda t, name: t.pop(name)), rf"the weights lack {MATRIX}; they would be random", ""),
    "a tensor transposed": (reweighed(lambda t, name: t.update({name: t[name].T.contiguous()})), f"{MATRIX} is 32 × .* but", ""),
    "NaN": (with_value(float("nan")), "down_proj.weight has NaN or infinite values", "model.safetensors"),
    "infinite": (with_value(float("-inf")), "down_proj.weight has NaN or infinite values", "model.safetensors"),
    "zeros": (reweighed(lambda t, _: [v.zero_() for v in t.values()]), "all its matrices are zero", "model.safetensors"),
    "whole numbers": (reweighed(lambda t, name: t.update({name: t[name].to(torch.int8)})), "holds whole numbers", "model.safetensors"),
    "cut weights": (cut("model.safetensors"), "cannot be read", "model.safetensors"),
    "no weights": (lambda f: (f / "model.safetensors").unlink(), "there are no weights", ""),
    "text for weights": (lambda f: (f / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\n") and None, "cannot be read", "model.safetensors"),
    "pickled code": (as_pickle({"x": Path}), "cannot be read|lack", ""),
    "pickled list": (as_pickle([torch.ones(2)]), "cannot be read", "pytorch_model.bin"),
    "a part missing": (sharded(lambda f, _: (f / "model-00002-of-00002.safetensors").unlink()), "its part model-00002-of-00002.safetensors is missing", "index.json"),
    "a part of others": (sharded(lambda f, i: i["weight_map"].update({"model.lost": "model-00001-of-00002.safetensors"})), "has no model.lost, which the index names", "index.json"),
    "a part elsewhere": (sharded(lambda f, i: i["weight_map"].update({"x": "../../etc/passwd"})), "its part ../../etc/passwd is missing", "index.json"),
    "no index": (sharded(lambda f, i: i.pop("weight_map")), "it is no index of weights", "index.json"),
    "no tokenizer": (lambda f: (f / "tokenizer.json").unlink(), "its processor cannot be loaded", ""),
    "broken tokenizer": (lambda f: (f / "tokenizer.json").write_text('{"model": 3}') and None, "its processor cannot be loaded", ""),
    "tokenizer alone": (lambda f: (f / "processor_config.json").unlink(), "no processor of pictures|processor cannot be loaded", ""),
    "unknown processor": (edited("processor_config.json", lambda c: c.update(processor_class="NoSuchProcessor")), "no processor of pictures|processor cannot be loaded", ""),
    "tokens of another model": (edited("config.json", lambda c: c["text_config"].update(vocab_size=10)), "its tokenizer has 23 tokens, but the model has 10", ""),
    "another mark": (edited("config.json", lambda c: c.update(image_token_index=7)), "marks pictures with token 7, its processor with 5", ""),
    "no chat template": (lambda f: (f / "chat_template.jinja").unlink(), "makes no input of a question with a picture", ""),
    "blind template": (lambda f: (f / "chat_template.jinja").write_text("{% for m in messages %}{{ m['role'] }}{% endfor %}") and None, "no place for the picture|makes no input", ""),
    "broken template": (lambda f: (f / "chat_template.jinja").write_text("{% for m in messages %}") and None, "makes no input of a question with a picture", ""),
}


@pytest.fixture
def model(tmp_path: Path, tiny_base: Path) -> Path:
    return Path(shutil.copytree(tiny_base, tmp_path / "model"))


def test_a_sound_model_has_no_fault(model: Path) -> None:
    assert faults_of_policy(model) == []


@pytest.mark.parametrize("kind", ["bfloat16", "parts", "pickle"])
def test_a_sound_model_stored_otherwise_has_no_fault(model: Path, kind: str) -> None:
    tensors = load_file(model / "model.safetensors")
    if kind == "bfloat16":
        save_file({name: value.bfloat16() for name, value in tensors.items()}, model / "model.safetensors", {"format": "pt"})
    elif kind == "parts":
        sharded(lambda *_: None)(model)
    else:
        as_pickle(tensors)(model)
    assert [fault.message for fault in faults_of_policy(model)] == []


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_model_is_told_with_place_cause_and_remedy(model: Path, how: str) -> None:
    import re

    breaks, words, place = BROKEN[how]
    breaks(model)
    faults = faults_of_policy(model)
    assert any(re.search(words, fault.cause) and fault.place.endswith(place) for fault in faults), [fault.message for fault in faults]
    assert all(fault.remedy and fault.place.startswith(str(model)) for fault in faults)


def test_a_large_file_is_sampled_all_over_within_its_bound(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pebr_trainer import stored_weights

    monkeypatch.setattr(stored_weights, "SAMPLED_BYTES", 1 << 20)
    large = torch.ones(64 << 20, dtype=torch.bfloat16)
    assert stored_weights._sample(large, 1 << 20).numel() == 1 << 19
    large[-1] = float("nan")
    assert not bool(torch.isfinite(stored_weights._sample(large, 1 << 20)).all())


def test_check_tells_of_a_policy_as_json(model: Path) -> None:
    with_value(float("nan"))(model)
    done = subprocess.run([sys.executable, "-m", "pebr_trainer", "check", "--policy", str(model)], env=environment(), capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    policy = json.loads(done.stdout)["policy"]
    assert [sorted(fault) for fault in policy["faults"]] == [["cause", "place", "remedy"]]
    hub = subprocess.run([sys.executable, "-m", "pebr_trainer", "check", "--policy", "owner/name"], env=environment(), capture_output=True, text=True)
    assert hub.returncode == 0 and json.loads(hub.stdout)["policy"] == {"looked": False}


def test_check_looks_at_the_same_files_once(model: Path, tmp_path: Path) -> None:
    from pebr_trainer.check import environment as check

    remember = tmp_path / ".pebr" / "trial-load.json"
    assert "remembered" not in check(model, remember)["policy"]
    assert check(model, remember)["policy"]["remembered"]
    with_value(float("nan"))(model)
    assert check(model, remember)["policy"]["faults"] and check(model, remember)["policy"]["faults"]


def test_a_run_does_not_train_on_weights_that_are_not_there(tiny: TinyProject, model: Path) -> None:
    reweighed(lambda tensors, name: tensors.pop(name))(model)
    tiny.edit(lambda config: config["policy"].update(base=str(model)))
    assert tiny.train("one").returncode == 1
    error = tiny.events("one")[-1]["error"]
    assert "they would be random numbers" in error["message"] and error["remedy"]
    assert not tiny.events("one", "step")
