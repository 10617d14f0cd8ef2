"""Reading datasets and warm-up rows: frames, columns, filters, prompts."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pebr_trainer.boxes import to_pixels
from pebr_trainer.data import load_samples, load_warm_up
from pebr_trainer.estimates import summarize
from pebr_trainer.pictures import image_size
from pebr_trainer.project import project_from_json
from pebr_trainer.prompt import load_template, render_prompt, user_message


@pytest.mark.parametrize(
    ("frame", "box"),
    [
        ("pixel", [20, 10, 60, 40]),
        ("norm1", [0.1, 0.1, 0.3, 0.4]),
        ("norm1000", [100, 100, 300, 400]),
        ("percent-xywh", [10, 10, 20, 30]),
        ("coco-xywh", [20, 10, 40, 30]),
        ("yolo-cxcywh", [0.2, 0.25, 0.2, 0.3]),
        ("qwen2.5-resized", [19.6, 11.2, 58.8, 44.8]),  # 200 x 100 is seen as 196 x 112
        ("qwen2.5-resized{28,3136,10000}", [14, 5.6, 42, 22.4]),  # and as 140 x 56 where it may have 10,000 pixels
    ],
)
def test_every_frame_means_the_same_box(frame: Any, box: list[float]) -> None:
    assert to_pixels(box, frame, 200, 100) == pytest.approx((20, 10, 60, 40))


def test_rows_come_under_the_default_columns_with_pixel_boxes(tmp_path: Path) -> None:
    Image.new("RGB", (200, 100)).save(tmp_path / "a.png")
    row = {"id": 7, "question": "<image>Where?", "image": "a.png", "answer": "here", "boxes": [{"label": "x", "bbox": [0.1, 0.1, 0.3, 0.4]}], "source": "me"}
    (tmp_path / "d.jsonl").write_text(json.dumps(row))
    columns = {"qid": "id", "problem": "question", "images": "image"}
    dataset = {"id": "d", "stage": "perception", "path": "d.jsonl", "columns": columns, "boxFrame": "norm1"}
    project = project_from_json({"name": "x", "datasets": [dataset]}, tmp_path)
    (sample,) = load_samples(project, project.datasets[0], load_template(None)).rows
    assert sample.qid == "7" and sample.prompt == "<image>Where?"
    assert sample.row["images"] == [str(tmp_path / "a.png")] and sample.row["source"] == "me"
    assert sample.row["boxes"][0]["bbox"] == pytest.approx([20, 10, 60, 40])


def test_warm_up_filter_is_the_papers(tmp_path: Path) -> None:
    for name, side in (("big", 28), ("small", 27)):
        Image.new("RGB", (64, side)).save(tmp_path / f"{name}.png")
    rows = [("fine", "big.png"), ("Wait. Let me rethink it.", "big.png"), ("fine", "small.png"), ("fine", "missing.png")]
    messages = [
        {"qid": str(i), "messages": [{"role": "user", "content": "<image>?"}, {"role": "assistant", "content": text}], "images": image}
        for i, (text, image) in enumerate(rows)
    ]
    (tmp_path / "w.jsonl").write_text("\n".join(map(json.dumps, messages)))
    project = project_from_json({"name": "x", "datasets": []}, tmp_path)
    loaded = load_warm_up(project, tmp_path / "w.jsonl")
    assert [row.qid for row in loaded.rows] == ["0"]
    assert [problem.place for problem in loaded.problems] == ["w.jsonl:2", "w.jsonl:3", "w.jsonl:4"]


def test_size_is_that_after_rotation(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg", exif=exif)
    assert image_size(tmp_path / "a.jpg") == (30, 40)


def test_prompt_parts_keep_the_images_in_their_places(tmp_path: Path) -> None:
    (tmp_path / "p.jinja").write_text("Look. {{ content | trim }} ({{ sample.qid }})")
    text = render_prompt(load_template(tmp_path / "p.jinja"), " <image>and <image>?", {"qid": "a"})
    parts = user_message(text, ["one", "two"])[0]["content"]
    assert [part.get("image") or part["text"] for part in parts] == ["Look. ", "one", "and ", "two", "? (a)"]


def test_interval_holds_the_mean_and_narrows_with_agreement() -> None:
    mixed = summarize([{"accuracy": float(i % 2)} for i in range(100)], seed=0)["accuracy"]
    assert mixed["low"] < mixed["mean"] == 0.5 < mixed["high"] and mixed["high"] - mixed["low"] < 0.25
    same = summarize([{"accuracy": 1.0}] * 10, seed=0)["accuracy"]
    assert same["low"] < same["mean"] == same["high"] == 1  # ten of ten right do not prove that all are
