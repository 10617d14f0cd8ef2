"""A policy as ONNX says what PyTorch says."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from conftest import TinyProject
from onnx.reference import ReferenceEvaluator
from pebr_trainer.__main__ import main
from pebr_trainer.errors import RunError
from pebr_trainer.policy import load_policy
from pebr_trainer.project import load_project
from PIL import Image


@pytest.fixture
def exported(tiny: TinyProject, tmp_path: Path) -> Path:
    assert main(["export-policy", "--project", str(tiny.folder), "--out", str(tmp_path / "onnx")]) == 0
    return tmp_path / "onnx"


def test_logits_with_and_without_a_past_equal_those_of_transformers(tiny: TinyProject, exported: Path) -> None:
    policy = load_policy(load_project(tiny.folder), str(json.loads((tiny.folder / "pebr.json").read_text())["policy"]["base"]), "base")
    message = [{"role": "user", "content": [{"type": "image", "image": Image.new("RGB", (28, 28), "red")}, {"type": "text", "text": "Which card is red?"}]}]
    inputs = policy.processor.apply_chat_template([message], add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt")
    ids = torch.cat([inputs["input_ids"], torch.tensor([[8, 12, 13]])], 1)
    with torch.no_grad():
        logits = policy.model(input_ids=ids, pixel_values=inputs["pixel_values"], attention_mask=torch.ones_like(ids)).logits[0].numpy()
    vision, decoder = (ReferenceEvaluator(onnx.load(exported / name)) for name in ("vision.onnx", "decoder.onnx"))
    about = json.loads((exported / "policy.json").read_text())
    (features,) = vision.run(None, {"pixel_values": inputs["pixel_values"].numpy()})
    assert features.shape == (1, about["imageTokens"], about["width"])
    past = np.zeros((about["layers"], 2, 1, about["heads"], 0, about["headSize"]), np.float32)
    prompt = inputs["input_ids"].shape[1]
    out, past = decoder.run(None, {"input_ids": ids[:, :prompt].numpy(), "image_features": features[0], "past": past})
    assert np.abs(out[0] - logits[prompt - 1]).max() < 1e-4
    # Two rows that go on from the same past, each with a token of its own: the first is the one above.
    two = np.repeat(past, 2, axis=2)
    none = np.zeros((0, about["width"]), np.float32)
    for place in range(prompt, ids.shape[1]):
        step = np.array([[int(ids[0, place])], [10]])
        out, two = decoder.run(None, {"input_ids": step, "image_features": none, "past": two})
        assert np.abs(out[0] - logits[place]).max() < 1e-4 and np.abs(out[1] - logits[place]).max() > 1e-4


def test_the_folder_says_what_a_program_needs(exported: Path) -> None:
    about = json.loads((exported / "policy.json").read_text())
    assert (about["layers"], about["imageToken"], about["imageTokens"], about["endTokens"], about["suppressedTokens"]) == (1, 5, 4, [4], [5])
    names = {file.name for file in exported.iterdir()}
    assert {"tokenizer.json", "chat_template.jinja", "preprocessor_config.json", "vision.onnx", "decoder.onnx"} <= names
    assert json.loads((exported / "preprocessor_config.json").read_text())["size"] == {"height": 28, "width": 28}


def test_another_architecture_is_refused(tiny: TinyProject, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from pebr_trainer import export_policy as module

    def other(*_: object) -> object:
        policy = load_policy(*_)  # type: ignore[arg-type]
        policy.model.config.text_config.model_type = "qwen2"
        return policy

    monkeypatch.setattr(module, "load_policy", other)
    with pytest.raises(RunError, match="llava over qwen2"):
        module.export_policy(load_project(tiny.folder), load_project(tiny.folder).policy.base, tiny.folder / "out")
    assert not (tiny.folder / "out").exists()
