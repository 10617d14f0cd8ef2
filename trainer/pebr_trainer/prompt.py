"""A sample's prompt: the project's Jinja file rendered, then cut at `<image>` into the parts a chat template takes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .errors import RunError


def load_template(file: Path | None) -> Any:
    """The Jinja template (sandboxed; variables `content` and `sample`). None: the problem alone."""
    from jinja2 import TemplateError

    try:
        return environment_of_prompts().from_string(file.read_text("utf-8") if file else "{{ content }}")
    except OSError as error:
        raise RunError(f"cannot read {file}: {error.strerror}", "Correct `prompt` in pebr.json.") from error
    except TemplateError as error:
        raise RunError(str(error), "Correct the template.", f"{file}:{getattr(error, 'lineno', 1)}") from error


def environment_of_prompts() -> Any:
    """Jinja as prompts use it; src/platform/responses/promptTemplate.ts renders the same text."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=False)


def render_prompt(template: Any, problem: str, row: Mapping[str, Any]) -> str:
    """The user's turn as text, `<image>` marks still in it."""
    from jinja2 import TemplateError

    try:
        return template.render(content=problem, sample=row)
    except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError) as error:  # what a template computes may fail as any program does
        raise RunError(f"the prompt cannot be made: {error}", "Use only `content` and `sample`.", "prompt") from error


def user_message(text: str, images: Sequence[Any] | None = None) -> list[dict[str, Any]]:
    """One user message: the text pieces and, where `<image>` stood, the images (empty places for TRL to fill without `images`)."""
    parts: list[dict[str, Any]] = []
    for i, piece in enumerate(text.split("<image>")):
        if i > 0:
            parts.append({"type": "image"} if images is None else {"type": "image", "image": images[i - 1]})
        if piece:
            parts.append({"type": "text", "text": piece})
    return [{"role": "user", "content": parts}]
