"""Command `export-policy`: a LLaVA policy over a Llama text model as ONNX, so that the editor can sample responses without Python.

`vision.onnx` turns pixels into what the text model reads in place of `<image>`; `decoder.onnx` takes tokens and what it computed of those before
(keys and values of every layer in one tensor), and gives the logits of the next token. The text model is written out here, because the exporter
cannot follow Transformers' own caches; the tests hold it against Transformers.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .config import Project
from .errors import RunError
from .policy import Policy, end_tokens, load_policy, placeholder_tokens

OPSET = 17


def export_policy(project: Project, source: str, out: Path) -> None:
    """Writes the folder `out`, which appears only when it is whole. Raises RunError for a policy of another architecture."""
    policy = load_policy(project, source, source)
    model = policy.model.float().eval().cpu()
    kinds = (model.config.model_type, model.config.text_config.model_type)
    if kinds != ("llava", "llama"):
        raise RunError(f"the policy {source} is {kinds[0]} over {kinds[1]}", "Only LLaVA over Llama can be exported; sample other policies with Python or from an endpoint.", "export-policy")
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    with torch.no_grad():
        _write_vision(model, part / "vision.onnx")
        _write_decoder(model, part / "decoder.onnx")
    policy.processor.tokenizer.save_pretrained(part)
    _write_json(part / "preprocessor_config.json", {key: _plain(value) for key, value in policy.processor.image_processor.to_dict().items()})
    (part / "chat_template.jinja").write_text(policy.processor.chat_template, "utf-8")
    _write_json(part / "policy.json", description(policy))
    shutil.rmtree(out, ignore_errors=True)
    part.rename(out)


def description(policy: Policy) -> dict[str, Any]:
    """`policy.json`: what a program must know of the two models."""
    text = policy.model.config.text_config
    size = policy.processor.image_processor.size
    with torch.no_grad():
        image_tokens = _features(policy.model, torch.zeros(1, 3, size["height"], size["width"])).shape[1]
    return {
        "v": 1, "layers": text.num_hidden_layers, "heads": text.num_key_value_heads, "headSize": text.hidden_size // text.num_attention_heads,
        "width": text.hidden_size, "vocabulary": text.vocab_size, "positions": text.max_position_embeddings,
        "imageToken": policy.model.config.image_token_id, "imageTokens": image_tokens,
        "endTokens": sorted(end_tokens(policy)), "suppressedTokens": placeholder_tokens(policy),
    }  # fmt: skip


class Decoder(nn.Module):
    """`input_ids` (b, s), `image_features` (m, width), `past` (layers, 2, b, heads, t, size) to `logits` (b, vocabulary) of the last token and `present`.

    The k-th image token of each row becomes the k-th image feature.
    """

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.text, self.head, self.image_token = model.model.language_model, model.lm_head, model.config.image_token_id
        config = model.config.text_config
        self.heads, self.shared, self.size = config.num_attention_heads, config.num_attention_heads // config.num_key_value_heads, config.hidden_size // config.num_attention_heads

    def forward(self, input_ids: Tensor, image_features: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        length, before = input_ids.shape[1], past.shape[4]
        is_image = input_ids == self.image_token
        features = torch.cat([image_features.new_zeros(1, image_features.shape[1]), image_features])  # the first is for no image
        place = is_image.long().cumsum(1) * is_image.long()
        states = torch.where(is_image.unsqueeze(-1), features[place], self.text.embed_tokens(input_ids))
        here = torch.arange(length) + before
        angles = here[:, None].float() * self.text.rotary_emb.inv_freq[None, :]
        angles = torch.cat([angles, angles], -1)
        hidden = torch.arange(before + length)[None, :] > here[:, None]  # what comes later
        present = []
        for index, layer in enumerate(self.text.layers):
            attended, kept = self._attend(layer.self_attn, layer.input_layernorm(states), past[index], angles, hidden)
            states = states + attended
            states = states + layer.mlp(layer.post_attention_layernorm(states))
            present.append(kept)
        return self.head(self.text.norm(states)[:, -1]), torch.stack(present)

    def _attend(self, attention: Any, states: Tensor, past: Tensor, angles: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        b, s = states.shape[0], states.shape[1]

        def split(values: Tensor) -> Tensor:
            return values.view(b, s, -1, self.size).transpose(1, 2)

        query, key = (_turned(split(project(states)), angles) for project in (attention.q_proj, attention.k_proj))
        key = torch.cat([past[0], key], 2)
        value = torch.cat([past[1], split(attention.v_proj(states))], 2)
        scores = query @ key.repeat_interleave(self.shared, 1).transpose(2, 3) * self.size**-0.5
        weights = functional.softmax(scores.masked_fill(hidden, float("-inf")), -1)
        mixed = (weights @ value.repeat_interleave(self.shared, 1)).transpose(1, 2).reshape(b, s, -1)
        return attention.o_proj(mixed), torch.stack([key, value])


class Vision(nn.Module):
    """`pixel_values` (n, 3, height, width) to `image_features` (n, tokens, width)."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixel_values: Tensor) -> Tensor:
        return _features(self.model, pixel_values)


def _features(model: Any, pixel_values: Tensor) -> Tensor:
    chosen = model.model.vision_tower(pixel_values, output_hidden_states=True, return_dict=True).hidden_states[model.config.vision_feature_layer]
    return model.model.multi_modal_projector(chosen[:, 1:] if model.config.vision_feature_select_strategy == "default" else chosen)


def _turned(values: Tensor, angles: Tensor) -> Tensor:
    """Rotary positions as Llama has them: the two halves of a head are the two sides of the rotation."""
    half = values.shape[-1] // 2
    turned = torch.cat([-values[..., half:], values[..., :half]], -1)
    return values * angles.cos() + turned * angles.sin()


def _write_vision(model: Any, file: Path) -> None:
    size = model.config.vision_config.image_size
    names = {"input_names": ["pixel_values"], "output_names": ["image_features"], "dynamic_axes": {"pixel_values": {0: "n"}, "image_features": {0: "n"}}}
    torch.onnx.export(Vision(model), (torch.zeros(2, 3, size, size),), str(file), opset_version=OPSET, dynamo=False, **names)


def _write_decoder(model: Any, file: Path) -> None:
    text = model.config.text_config
    size = text.hidden_size // text.num_attention_heads
    ids = torch.full((2, 5), text.vocab_size - 1)
    past = torch.zeros(text.num_hidden_layers, 2, 2, text.num_key_value_heads, 3, size)
    axes = {"input_ids": {0: "b", 1: "s"}, "image_features": {0: "m"}, "past": {2: "b", 4: "t"}, "logits": {0: "b"}, "present": {2: "b", 4: "u"}}
    names = {"input_names": ["input_ids", "image_features", "past"], "output_names": ["logits", "present"], "dynamic_axes": axes}
    torch.onnx.export(Decoder(model).eval(), (ids, torch.zeros(4, text.hidden_size), past), str(file), opset_version=OPSET, dynamo=False, **names)


def _plain(value: Any) -> Any:
    """Sizes are objects of Transformers; a JSON file has numbers."""
    return dict(value) if hasattr(value, "keys") else value


def _write_json(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False, default=str) + "\n", "utf-8")
