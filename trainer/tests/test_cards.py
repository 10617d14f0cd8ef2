"""The cards sample: what its generator promises about the data."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

TOOLS = Path(__file__).resolve().parents[2] / "samples" / "tools"


@pytest.fixture(scope="module")
def tools():
    sys.path.insert(0, str(TOOLS))
    import cards
    import make_cards
    import questions

    yield cards, make_cards, questions
    sys.path.remove(str(TOOLS))


@pytest.fixture(scope="module")
def folder(tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cards") / "data"
    assert tools[1].make(made) == "made"
    return made


def rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_handwritten_digit_is_in_training_or_held_out_never_in_both(tools) -> None:
    cards = tools[0]
    train, held_out = (np.concatenate(cards.instances(split)) for split in ("train", "heldout"))
    assert not set(train) & set(held_out)
    assert len(train) + len(held_out) == len(cards.digits()[1])


def test_making_twice_gives_the_same_bytes_and_the_second_time_does_nothing(tools, folder: Path, tmp_path: Path) -> None:
    make = tools[1].make
    assert make(folder) == "up to date"
    again = tmp_path / "data"
    assert make(again) == "made"
    files = [file.relative_to(folder) for file in folder.rglob("*") if file.is_file()]
    assert len(files) > 1600
    assert all((folder / file).read_bytes() == (again / file).read_bytes() for file in files)


def test_edited_rows_outlive_a_change_of_the_generator(tools, folder: Path, tmp_path: Path) -> None:
    import shutil

    make_cards = tools[1]
    mine, untouched = tmp_path / "mine", tmp_path / "untouched"
    for copy in (mine, untouched):
        shutil.copytree(folder, copy)
        stamp = json.loads((copy / ".stamp").read_text())
        (copy / ".stamp").write_text(json.dumps(stamp | {"version": "of an older generator"}))
    edited = mine / "perception.jsonl"
    edited.write_text(edited.read_text(encoding="utf-8").replace('"answer": "7"', '"answer": "1"', 1), encoding="utf-8")
    before = edited.read_bytes()
    assert make_cards.make(mine) == "kept" and edited.read_bytes() == before
    assert make_cards.make(untouched) == "made"
    reviewed = tmp_path / "reviewed"
    shutil.copytree(mine, reviewed)
    shutil.copy(folder / "perception.jsonl", reviewed)
    (reviewed / "perception.jsonl.curation.jsonl").write_text('{"v": 1, "qid": "p-0001", "review": "accepted"}\n')
    assert make_cards.make(reviewed) == "kept"


@pytest.mark.parametrize("name", ["perception", "perception.heldout", "reasoning", "reasoning.heldout"])
def test_boxes_lie_on_their_cards_and_every_row_is_whole(tools, folder: Path, name: str) -> None:
    from PIL import Image

    colours = tools[0].COLOURS
    data = rows(folder / f"{name}.jsonl")
    assert len({row["qid"] for row in data}) == len(data)
    for row in data[:100]:
        picture = np.asarray(Image.open(folder / row["images"][0]).convert("RGB")).astype(int)
        assert row["problem"].count("<image>") == 1 and row["answer"]
        assert row["key_words"] == [box["label"] for box in row["boxes"]]
        for box in row["boxes"]:
            x1, y1, x2, y2 = box["bbox"]
            face = np.abs(picture[y1:y2, x1:x2] - colours[box["label"].split()[0]]).sum(-1) < 12
            assert face.mean() > 0.4
            # Outside the box there is no face of that colour: the colours of a picture are all different.
            everywhere = np.abs(picture - colours[box["label"].split()[0]]).sum(-1) < 12
            assert everywhere.sum() == face.sum()


def test_an_answer_is_what_the_scene_says(tools) -> None:
    cards, _, questions = tools
    scene = (cards.Card("red", 7, 0, (16, 8, 56, 56)), cards.Card("blue", 3, 0, (120, 64, 160, 112)))
    rng = np.random.default_rng(1)
    asked = {}
    for _ in range(300):
        for ask in (questions.ask_perception, questions.ask_reasoning):
            question = ask(cards.Scene(scene, 0), rng)
            asked[question.text] = question.solve(scene)[1]
    assert asked["Where is the red card?"] == "[16, 8, 56, 56]"
    assert asked["What colour is the card with the 3?"] == "blue"
    assert asked["Which cards are in the image?"] == "red 7, blue 3"
    assert asked["What is the sum of the red and blue digits?"] == "10"
    assert asked["What is the difference of the blue and red digits?"] == "4"
    assert asked["What is the smallest digit?"] == "3"
    assert asked["How many digits are even?"] == "0"
    assert asked["Which digit is on the right-most card?"] == "3"


def test_a_response_describes_first_and_answers_from_what_it_described(tools) -> None:
    cards, _, questions = tools
    scene = (cards.Card("red", 7, 0, (16, 8, 56, 56)), cards.Card("blue", 3, 0, (120, 64, 160, 112)))
    question = questions.Question("?", "Add the two digits.", questions._pair("red", "blue", "+"))
    misread = questions.misread(scene, np.random.default_rng(0), 1.0, 0.0)
    assert questions.respond(misread, question) == (
        "### Image Description:\nred 1 at [16, 8, 56, 56]; blue 8 at [120, 64, 160, 112].\n### Rationales:\nAdd the two digits.\n"
        "### Let's think step by step.\n### Step 1:\n1 + 8 = 9\n### The final answer is: 9"
    )
