"""Makes tiny untrained detectors by Transformers' own classes, exports them to ONNX as people do, and says what they see in a picture.

`python zero_shot_models.py FOLDER` prints, for each kind, every box of `FOLDER/picture.png` with the score of each class: `{kind: [[x1, y1, x2, y2, score, score, ...], ...]}`.
"""

import json
import sys
from pathlib import Path

import torch
from PIL import Image
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import Owlv2Config, Owlv2ForObjectDetection, OwlViTConfig, OwlViTForObjectDetection, YolosConfig, YolosForObjectDetection

SIDE = 64
LABELS = ["red 7", "blue card", "a label that is longer than sixteen of the tokens"]
LENGTH = 16
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]


def clip_tokenizer() -> Tokenizer:
    letters = [*"abcdefghijklmnopqrstuvwxyz0123456789.,"]
    pieces = ["!", "<|startoftext|>", "<|endoftext|>", *letters, *(f"{each}</w>" for each in letters)]
    tokenizer = Tokenizer(models.BPE(vocab={piece: at for at, piece in enumerate(pieces)}, merges=[], end_of_word_suffix="</w>", unk_token="<|endoftext|>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(single="<|startoftext|> $A <|endoftext|>", special_tokens=[("<|startoftext|>", 1), ("<|endoftext|>", 2)])
    return tokenizer


class Outputs(torch.nn.Module):
    def __init__(self, model, names):
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *inputs):
        found = self.model(**dict(zip(self.names, inputs)), return_dict=True)
        return found.logits, found.pred_boxes


def owl(folder: Path, kind: str) -> list[list[float]]:
    config_class, model_class = (OwlViTConfig, OwlViTForObjectDetection) if kind == "owlvit" else (Owlv2Config, Owlv2ForObjectDetection)
    tokenizer = clip_tokenizer()
    config = config_class(
        text_config={"vocab_size": tokenizer.get_vocab_size(), "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "max_position_embeddings": 16, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0},
        vision_config={"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": SIDE, "patch_size": 16},
        projection_dim=16,
    )
    model = model_class(config).eval()
    names = ["input_ids", "pixel_values", "attention_mask"]
    ids = torch.zeros(2, 16, dtype=torch.long)
    export(model, names, (ids, torch.zeros(1, 3, SIDE, SIDE), torch.ones_like(ids)), folder, {"input_ids": {0: "texts"}, "attention_mask": {0: "texts"}, "logits": {2: "texts"}})
    config.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    preprocessor = {"do_resize": True, "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": MEAN, "image_std": STD, "size": {"height": SIDE, "width": SIDE}}
    (folder / "preprocessor_config.json").write_text(json.dumps({**preprocessor, "image_processor_type": "OwlViTImageProcessor" if kind == "owlvit" else "Owlv2ImageProcessor"}))
    texts = [tokenizer.encode(f"a photo of a {label}").ids for label in LABELS]
    cut = [[*text[: LENGTH - 1], text[-1]] if len(text) > LENGTH else text for text in texts]
    ids = torch.tensor([text + [0] * (LENGTH - len(text)) for text in cut])
    mask = torch.tensor([[1] * len(text) + [0] * (LENGTH - len(text)) for text in cut])
    with torch.no_grad():
        found = model(input_ids=ids, pixel_values=pixels(folder), attention_mask=mask)
    return seen(found, found.logits[0].sigmoid())


def export(model, names, inputs, folder: Path, axes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        torch.onnx.export(Outputs(model, names), inputs, str(folder / "model.onnx"), input_names=names, output_names=["logits", "pred_boxes"], dynamic_axes=axes, opset_version=17, dynamo=False)


def yolos(folder: Path) -> list[list[float]]:
    config = YolosConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, image_size=[SIDE, SIDE], patch_size=16, num_detection_tokens=7, id2label={"0": "card", "1": "digit"}, use_mid_position_embeddings=False)
    model = YolosForObjectDetection(config).eval()
    export(model, ["pixel_values"], (torch.zeros(1, 3, SIDE, SIDE),), folder, {})
    config.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({"image_processor_type": "YolosImageProcessor", "do_resize": True, "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": MEAN, "image_std": STD, "size": {"height": SIDE, "width": SIDE}}))
    with torch.no_grad():
        found = model(pixel_values=pixels(folder))
    return seen(found, found.logits[0].softmax(-1)[:, :-1])


def pixels(folder: Path) -> torch.Tensor:
    """A picture as it is, of the side that the models take: nothing is resized."""
    generator = torch.Generator().manual_seed(3)
    values = torch.randint(0, 255, (SIDE, SIDE, 3), generator=generator, dtype=torch.uint8)
    Image.fromarray(values.numpy()).save(folder.parent / "picture.png")
    return ((values.permute(2, 0, 1).float() / 255 - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None])[None]


def seen(found, scores: torch.Tensor) -> list[list[float]]:
    x, y, width, height = found.pred_boxes[0].unbind(-1)
    corners = torch.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], -1) * SIDE
    return [[*box, *each] for box, each in zip(corners.tolist(), scores.tolist())]


def main() -> None:
    torch.manual_seed(7)
    folder = Path(sys.argv[1])
    print(json.dumps({"owlvit": owl(folder / "owlvit", "owlvit"), "owlv2": owl(folder / "owlv2", "owlv2"), "yolos": yolos(folder / "yolos")}))


if __name__ == "__main__":
    main()
