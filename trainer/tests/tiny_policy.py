"""A LLaVA of some ten thousand parameters with random weights, made in a second: enough for every code path, too small to learn much."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from tokenizers import Regex
from transformers import LlamaConfig, LlavaConfig, LlavaForConditionalGeneration, LlavaProcessor, PreTrainedTokenizerFast, SiglipVisionConfig
from transformers.models.llava.image_processing_pil_llava import LlavaImageProcessorPil

SPECIAL = ["<pad>", "<unk>", "<|user|>", "<|assistant|>", "<|end|>", "<image>"]
WORDS = ["Which", " card", " is", " red", " blue", " green", " 1", " 2", " 3", "?", ".", "\n", "###", " The", " final", " answer", ":"]
PIECES = r" ?[A-Za-z]+| ?[0-9]+|\n|#+| ?[^\sA-Za-z0-9]"
TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{% for c in m['content'] %}{% if c['type'] == 'image' %}<image>"
    "{% else %}{{ c['text'] }}{% endif %}{% endfor %}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SIDE, PATCH, WIDTH = 28, 14, 16


def save_tiny_policy(folder: Path) -> None:
    """Writes the model and its processor, as a user's `policy.base` folder holds them."""
    torch.manual_seed(0)
    tokenizer = _tokenizer()
    images = LlavaImageProcessorPil(
        size={"height": SIDE, "width": SIDE}, do_center_crop=False, crop_size={"height": SIDE, "width": SIDE}, image_mean=[0.5] * 3, image_std=[0.5] * 3
    )
    LlavaProcessor(
        image_processor=images, tokenizer=tokenizer, patch_size=PATCH, vision_feature_select_strategy="full", chat_template=TEMPLATE
    ).save_pretrained(folder)
    text = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=WIDTH, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=2,
        max_position_embeddings=128, tie_word_embeddings=True, pad_token_id=0, bos_token_id=None, eos_token_id=4,
    )  # fmt: skip
    vision = SiglipVisionConfig(
        hidden_size=WIDTH, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2, image_size=SIDE, patch_size=PATCH, vision_use_head=False
    )
    config = LlavaConfig(vision_config=vision, text_config=text, image_token_index=5, vision_feature_layer=-1, vision_feature_select_strategy="full")
    model = LlavaForConditionalGeneration(config)
    model.generation_config.pad_token_id, model.generation_config.eos_token_id = 0, 4
    model.save_pretrained(folder)


def _tokenizer() -> PreTrainedTokenizerFast:
    core = Tokenizer(models.WordLevel({word: i for i, word in enumerate(SPECIAL + WORDS)}, unk_token="<unk>"))
    core.pre_tokenizer = pre_tokenizers.Split(Regex(PIECES), behavior="isolated")
    core.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=core, pad_token="<pad>", unk_token="<unk>", eos_token="<|end|>", padding_side="left", clean_up_tokenization_spaces=False,
        additional_special_tokens=["<|user|>", "<|assistant|>", "<image>"],
    )  # fmt: skip
