"""The conversation and its length in tokens as the trainer gives them to the policy: JSON lines `{row, image}` on stdin, `[chat, tokens]` a line on stdout. `python sample_prompts.py PROMPT_FILE POLICY`."""

import json
import sys
from pathlib import Path

from PIL import Image
from transformers import AutoProcessor

from pebr_trainer.prompt import load_template, render_prompt, user_message


def main() -> None:
    template = load_template(Path(sys.argv[1]))
    processor = AutoProcessor.from_pretrained(sys.argv[2])
    for line in sys.stdin:
        question = json.loads(line)
        turn = render_prompt(template, question["row"]["problem"], question["row"])
        images = [Image.open(file).convert("RGB") for file in question["images"]]
        conversation = user_message(turn, images)
        chat = processor.apply_chat_template(conversation, add_generation_prompt=True, tokenize=False)
        inputs = processor.apply_chat_template([conversation], add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt", processor_kwargs={"padding": True})
        print(json.dumps([chat, inputs["input_ids"].shape[1]]))


if __name__ == "__main__":
    main()
