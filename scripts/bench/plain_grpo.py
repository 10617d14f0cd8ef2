"""A plain TRL script: GRPOTrainer, a Python reward, nothing of ours but the data. Prints the seconds of each step as JSON.

`plain_grpo.py PROJECT STEPS OUT`: the same model, samples, prompts and numbers as the project's reasoning stage.
"""

import importlib.util
import json
import os
import sys
import time
from pathlib import Path

os.environ |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
import torch  # noqa: E402
from datasets import Dataset  # noqa: E402
from PIL import Image  # noqa: E402
from transformers import AutoModelForImageTextToText, AutoProcessor, TrainerCallback  # noqa: E402
from trl import GRPOConfig, GRPOTrainer  # noqa: E402


class Clock(TrainerCallback):
    def __init__(self) -> None:
        self.seconds: list[float] = []

    def on_step_begin(self, *_: object, **__: object) -> None:
        self.began = time.monotonic()

    def on_log(self, args: object, state: object, control: object, logs: dict | None = None, **_: object) -> None:
        if logs and "loss" in logs:
            self.seconds.append(time.monotonic() - self.began)


def main(project: Path, steps: int, out: Path) -> None:
    torch.set_num_threads(1)
    config = json.loads(Path(os.environ["PEBR_CONFIG"]).read_text())
    stage = next(s for s in config["pipeline"]["stages"] if s["name"] == "reasoning")
    rows = [json.loads(line) for line in (project / "data" / "reasoning.jsonl").read_text().splitlines()]
    prompt = (project / config["prompt"]).read_text()
    template = __import__("jinja2").Template(prompt)

    def messages(row: dict) -> list[dict]:
        before, after = template.render(content=row["problem"], sample=row).split("<image>")
        return [{"role": "user", "content": [{"type": "text", "text": before}, {"type": "image"}, {"type": "text", "text": after}]}]

    def read(batch: dict) -> dict:
        chosen = [rows[i] for i in batch["index"]]
        return {
            "prompt": [messages(r) for r in chosen], "answer": [r["answer"] for r in chosen],
            "images": [[Image.open(project / "data" / r["images"][0]).convert("RGB")] for r in chosen],
        }  # fmt: skip

    spec = importlib.util.spec_from_file_location("reward", project / "rewards" / "reward_easyr1.py")
    reward = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reward)

    def score(completions: list, answer: list[str], **_: object) -> list[float]:
        scores = reward.compute_score([{"response": c[0]["content"], "ground_truth": a} for c, a in zip(completions, answer, strict=True)])
        return [s["overall"] for s in scores]

    base = project / config["policy"]["base"]
    processor = AutoProcessor.from_pretrained(base, padding_side="left")
    total = stage["samplesPerStep"] * stage["responses"]
    clock = Clock()
    trainer = GRPOTrainer(
        model=AutoModelForImageTextToText.from_pretrained(base, dtype=torch.float32), processing_class=processor, reward_funcs=[score],
        args=GRPOConfig(
            output_dir=str(out.with_suffix(".run")), max_steps=steps, per_device_train_batch_size=total, gradient_accumulation_steps=1, num_generations=stage["responses"],
            max_completion_length=config["policy"]["maxResponseTokens"], temperature=stage["temperature"], top_p=stage["topP"], top_k=0, beta=stage["beta"], learning_rate=stage["learningRate"],
            logging_steps=1, save_strategy="no", use_cpu=True, bf16=False, report_to=[], disable_tqdm=True, remove_unused_columns=False, gradient_checkpointing=False,
            generation_kwargs={"suppress_tokens": [5]}, shuffle_dataset=False, seed=0,
        ),
        train_dataset=Dataset.from_dict({"index": list(range(min(len(rows), steps * stage["samplesPerStep"])))}).with_transform(read), callbacks=[clock],
    )  # fmt: skip
    trainer.train()
    out.write_text(json.dumps(clock.seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
