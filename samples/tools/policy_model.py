"""The sample's tiny policy: a LLaVA with a SigLIP tower and a Llama decoder, and its processor, built from nothing.

A 224 × 224 picture is read at 56 × 56 in patches of 14 × 14: one visual token for each cell of the 4 × 4 grid.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlavaConfig, LlavaForConditionalGeneration, LlavaProcessor, PreTrainedTokenizerFast, SiglipVisionConfig
from transformers.models.llava.image_processing_pil_llava import LlavaImageProcessorPil

IMAGE, PATCH, CELLS, HIDDEN = 56, 14, 16, 128
SPECIAL = ["<pad>", "<unk>", "<|user|>", "<|assistant|>", "<|end|>", "<image>"]

# A piece is a heading with its line ends, a number with the bracket or comma of its box, a word with the blank before it,
# or one sign. The pieces joined are the text byte for byte, so a reward reads what the policy wrote.
PIECES = r"\n?###[^\n:.]*[:.]\n?| ?\[?[0-9]+[,\]]?| ?[A-Za-z]+(?:[-'][A-Za-z]+)*|\n+| ?[^\sA-Za-z0-9]| "

CHAT_TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>"
    "{% if m['content'] is string %}{{ m['content'] }}{% else %}"
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}<image>{% elif c['type'] == 'text' %}{{ c['text'] }}{% endif %}{% endfor %}"
    "{% endif %}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def pieces_of(text: str) -> list[str]:
    """The pieces of a text, in order."""
    return [piece for piece, _ in pre_tokenizers.Split(Regex(PIECES), behavior="isolated").pre_tokenize_str(text)]


def build_processor(texts: Iterable[str]) -> LlavaProcessor:
    """A processor whose vocabulary is every piece of these texts, in order of appearance."""
    words = list(dict.fromkeys([*SPECIAL, *(piece for text in texts for piece in pieces_of(text))]))
    core = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="<unk>"))
    core.pre_tokenizer = pre_tokenizers.Split(Regex(PIECES), behavior="isolated")
    core.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core,
        pad_token="<pad>",
        unk_token="<unk>",
        eos_token="<|end|>",
        padding_side="left",
        clean_up_tokenization_spaces=False,
        additional_special_tokens=["<|user|>", "<|assistant|>", "<image>"],
    )
    side = {"height": IMAGE, "width": IMAGE}
    images = LlavaImageProcessorPil(
        size=side, do_center_crop=False, crop_size=side, resample=3, image_mean=[0.5] * 3, image_std=[0.5] * 3
    )
    return LlavaProcessor(
        image_processor=images, tokenizer=tokenizer, patch_size=PATCH, vision_feature_select_strategy="full", chat_template=CHAT_TEMPLATE
    )


def build_model(processor: LlavaProcessor, seed: int) -> LlavaForConditionalGeneration:
    """The policy with random weights from the seed; about 1.3 M parameters."""
    torch.manual_seed(seed)
    tokenizer = processor.tokenizer
    text = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=HIDDEN,
        intermediate_size=3 * HIDDEN,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
    )
    vision = SiglipVisionConfig(
        hidden_size=HIDDEN,
        intermediate_size=4 * HIDDEN,
        num_hidden_layers=3,
        num_attention_heads=4,
        image_size=IMAGE,
        patch_size=PATCH,
        vision_use_head=False,
    )
    config = LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        vision_feature_layer=-1,
        vision_feature_select_strategy="full",
        tie_word_embeddings=True,
    )
    model = LlavaForConditionalGeneration(config)
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    return model
