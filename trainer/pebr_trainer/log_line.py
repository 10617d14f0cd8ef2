"""What a run says of its events in its log, a line each, for whoever watches it or reads it later."""

from collections.abc import Callable, Mapping
from typing import Any

METRICS: Mapping[str, Callable[[float], str]] = {
    "reward": lambda value: f"reward {value:.3f}",
    "loss": lambda value: f"loss {value:.4f}",
    "zero_std": lambda value: f"zero-std {value:.0%}",
    "kl": lambda value: f"KL {value:.4f}",
    "response_tokens": lambda value: f"{value:.0f} tokens",
    "step_seconds": lambda value: f"{value:.1f} s",
}


def log_line(kind: str, fields: Mapping[str, Any]) -> str | None:
    """The line of an event; None for those that the pipeline tells itself."""
    match kind:
        case "step":
            metrics = fields["metrics"]
            said = (say(metrics[name]) for name, say in METRICS.items() if name in metrics)
            return f"{fields['stage']} {fields['step']}/{fields['total']}: {', '.join(said)}"
        case "progress":
            return f"{fields['stage']} {fields['done']}/{fields['total']}"
        case "checkpoint":
            return f"{fields['stage']}: kept {fields['path']}"
        case "difficulty":
            return f"{fields['dataset']}: {fields['easy']} easy, {fields['medium']} medium, {fields['hard']} hard"
        case "evaluation":
            means = ", ".join(f"{name} {value['mean']:.3f}" for name, value in fields["metrics"].items() if "/" not in name)
            return f"after {fields['stage']}, {fields['dataset']}, {fields['mode']}: {means}"
    return None
