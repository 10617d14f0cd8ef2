"""`import pebr.stand_in`, above the other imports of a reward file: where Ray, torch or transformers are missing, something stands in for them.

A Ray actor that is asked for the similarity of an image and a text (FG-CLIP in the released rewards) is answered by PeBR's own image-text model. Every
score says so. Nothing is replaced that is installed.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from pebr_trainer import reward_clip

NAMES = ("ray", "torch", "transformers")
MISSING = [name for name in NAMES if importlib.util.find_spec(name) is None]


class Anything:
    """Stands for whatever a missing module holds: can be asked for anything, called, and used as a decorator; computes nothing."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(f"{self._name}.{name}")

    def __call__(self, *given: Any, **_: Any) -> Any:
        return given[0] if len(given) == 1 and (inspect.isfunction(given[0]) or inspect.isclass(given[0])) else self

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __float__(self) -> float:
        raise TypeError(f"{self._name} is missing here, and what stands in for it computes nothing.")

    __bool__ = __int__ = __len__ = __iter__ = __float__  # type: ignore[assignment]


class StandIn(ModuleType):
    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(f"{self.__name__}.{name}")


class Actor:
    """A class under `@ray.remote`: it is never made, its methods are answered."""

    def __init__(self, name: str) -> None:
        self._name = name

    def options(self, **_: Any) -> Actor:
        return self

    def remote(self, *_: Any, **__: Any) -> Actor:
        return self

    def __getattr__(self, method: str) -> Any:
        if method.startswith("__"):
            raise AttributeError(method)
        return Method(self._name, method)


class Method:
    def __init__(self, actor: str, name: str) -> None:
        self._actor, self._name = actor, name

    def remote(self, *arguments: Any, **named: Any) -> Any:
        given = [*arguments, *named.values()]
        texts = [each for each in given if isinstance(each, str) and not reward_clip.is_image(each)]
        images = [each for each in given if reward_clip.is_image(each)]
        if len(texts) != 1 or len(images) != 1:
            raise TypeError(f"Ray is missing, and what stands in for {self._actor} answers the similarity of one image and one text alone; {self._name} was asked something else.")
        reward_clip.note(f"Similarity by PeBR's own image-text model, which stands in for {self._actor}: {', '.join(MISSING)} not installed in {sys.executable}.")
        return reward_clip.clip_similarity(images[0], texts[0])


class Function:
    """A function under `@ray.remote`: it is called at once."""

    def __init__(self, function: Any) -> None:
        self._function = function

    def options(self, **_: Any) -> Function:
        return self

    def remote(self, *arguments: Any, **named: Any) -> Any:
        return self._function(*arguments, **named)


def remote(*given: Any, **_: Any) -> Any:
    if not given:
        return remote
    return Actor(given[0].__name__) if inspect.isclass(given[0]) else Function(given[0])


def get(answer: Any, timeout: float | None = None) -> Any:
    return answer


def get_actor(name: str, namespace: str | None = None) -> Any:
    raise ValueError(f'There is no actor "{name}".')  # the reward then makes its own


class Finder(MetaPathFinder, Loader):
    """Modules below the ones that stand in: `torch.nn.functional`."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in MISSING else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = StandIn(spec.name)
        if spec.name == "ray":
            module.__dict__.update(remote=remote, get=get, get_actor=get_actor, is_initialized=lambda: True, init=lambda **_: None, shutdown=lambda: None, put=lambda value: value)
        return module

    def exec_module(self, module: ModuleType) -> None:
        return None


if MISSING:
    sys.meta_path.append(Finder())
    print(f"pebr.stand_in: {', '.join(MISSING)} not installed in {sys.executable}; PeBR's own image-text model answers in place of FG-CLIP.")
