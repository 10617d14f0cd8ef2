"""What the real mathruler says: JSON lines on stdin, a JSON value a line on stdout, in order.

`{"given", "truth"}` is answered with `true` or `false`, `{"normal"}` with mathruler's two normal forms of a text, `{"response", "truth", "key_words", "tokens"}` with the released rewards'
values, `{"template", "problem", "row"}` with the trainer's prompt, `{"width", "height", "factor", "minPixels", "maxPixels"}` with the size
that Qwen2-VL's processor gives the image, both with null where they refuse; each with `"timeout"` when it hangs.

sympy can hang, also in C where no signal reaches it: a child does the work, and a child that does not answer in time is killed.
"""

import json
import os
import select
import signal
import subprocess
import sys
from typing import Any

SECONDS = float(os.environ.get("PEBR_PARITY_SECONDS", "3"))


def main() -> None:
    child = start()
    for line in sys.stdin:
        child.stdin.write(line)
        child.stdin.flush()
        ready, _, _ = select.select([child.stdout], [], [], SECONDS + 1)
        answer = child.stdout.readline() if ready else ""
        if not answer:
            child.kill()
            child.wait()
            child = start()
        print(answer.strip() or '"timeout"', flush=True)
    child.stdin.close()
    child.wait()


def start() -> subprocess.Popen:
    child = subprocess.Popen([sys.executable, __file__, "--child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if child.stdout.readline() != "ready\n":
        raise SystemExit("mathruler cannot be imported by this Python: run the set-up with its test packages")
    return child


def work() -> None:
    import logging
    import resource
    import warnings

    from mathruler.grader import _normalize as normalize
    from mathruler.grader import grade_answer
    from mathruler.math_normalize import normalize_answer
    from released import score

    def answer_to(question: dict[str, Any]) -> Any:
        if "normal" in question:
            return [normalize(question["normal"]), normalize_answer(question["normal"])]
        if "template" in question:
            return prompt(question)
        if "maxPixels" in question:
            return resized(question)
        return score(question) if "response" in question else bool(grade_answer(question["given"], question["truth"]))

    logging.disable()
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    late = False

    def on_alarm(*_: object) -> None:
        nonlocal late
        late = True  # mathruler swallows every exception, so raising alone would read as a verdict
        raise TimeoutError

    signal.signal(signal.SIGALRM, on_alarm)
    print("ready", flush=True)
    for line in sys.stdin:
        pair = json.loads(line)
        late = False
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            answer = answer_to(pair)
        except TimeoutError:
            answer = "timeout"
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(json.dumps("timeout" if late else answer), flush=True)


def resized(question: dict[str, Any]) -> list[int] | None:
    from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import smart_resize

    try:
        height, width = smart_resize(question["height"], question["width"], question["factor"], question["minPixels"], question["maxPixels"])
    except ValueError:
        return None
    return [width, height]


def prompt(question: dict[str, Any]) -> str | None:
    from jinja2 import TemplateError
    from pebr_trainer.errors import RunError
    from pebr_trainer.prompt import environment_of_prompts, render_prompt

    try:
        return render_prompt(environment_of_prompts().from_string(question["template"]), question["problem"], question["row"])
    except (TemplateError, RunError):
        return None


if __name__ == "__main__":
    work() if "--child" in sys.argv else main()
