"""Command line: `python -m pebr_trainer train|resume|evaluate|sample|respond|export-policy|check`. Torch is imported only when a run starts."""

import argparse
import json
import os
import secrets
import sys
import warnings
from dataclasses import replace
from pathlib import Path

from . import world
from .arguments import parser
from .config import Project
from .errors import RunError
from .order import ordered, scaled
from .project import load_project, project_to_json

EXIT = {"completed": 0, "stopped": 0, "failed": 1}


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0: done, or stopped because somebody asked; 1: failed; 2: it cannot start as asked."""
    options = parser().parse_args(arguments)
    _one_thread()
    _quiet()
    try:
        return COMMANDS[options.command](options)
    except RunError as error:
        print(f"{error.message}\n{error.remedy}", file=sys.stderr)
        return 2


def _start(options: argparse.Namespace) -> int:
    project = load_project(options.project.resolve(), tuple(options.set))
    if options.seed is not None:
        project = replace(project, pipeline=replace(project.pipeline, seed=options.seed))
    if options.command == "train":
        project = ordered(scaled(project, options.steps_scale), options.order)
    engine = getattr(options, "engine", None) or (project.engine if options.command == "train" else "trl")
    workers = options.workers if engine == "ray" else world.size()
    run = options.run.resolve()
    world.join()
    world.alone(lambda: _write_run(options, replace(project, engine=engine), workers))
    return _run(run, options.reward_worker, resumed=getattr(options, "reuse", None) is not None)


def _write_run(options: argparse.Namespace, project: Project, workers: int) -> None:
    from .run_folder import write_run

    run = options.run.resolve()
    if (run / "run.json").exists():
        raise RunError(f"{run} holds a run already", "Choose a new folder, or use resume.", "--run")
    command = [sys.executable, "-m", "pebr_trainer", *sys.argv[1:]]
    stages, reuse = _stages(options, project), getattr(options, "reuse", None)
    if reuse:
        from .reuse import reuse_stages

        reuse_stages(run, reuse.resolve(), options.reuse_until or "", stages, project)
    write_run(run, project, stages, command, options.policy, workers, reuse.resolve().name if reuse else None)


def _resume(options: argparse.Namespace) -> int:
    world.join()
    return _run(options.run.resolve(), options.reward_worker, resumed=True, changes=tuple(options.set))


def _respond(options: argparse.Namespace) -> int:
    project = load_project(options.project.resolve())
    qids = _qids(sys.stdin.read() if options.qids == "-" else _read(Path(options.qids)))
    try:
        out = os.fdopen(os.dup(1), "w", encoding="utf-8") if options.out == "-" else open(options.out, "w", encoding="utf-8")
    except OSError as error:
        raise RunError(f"cannot write {options.out}: {error.strerror}", "Choose another file.", "--out") from error
    os.dup2(2, 1)  # what libraries print is no line of ours
    from .errors import as_run_error
    from .respond import Wish, respond

    seed = options.seed if options.seed is not None else secrets.randbits(31)
    limit = project.policy.max_response_tokens if options.max_tokens is None else options.max_tokens
    wish = Wish(options.dataset, qids, options.responses, options.temperature, options.top_p, limit, options.policy or project.policy.base, seed)
    with out:
        try:
            respond(project, wish, out)
        except Exception as error:
            raise as_run_error(error) from error
    return 0


def _export(options: argparse.Namespace) -> int:
    project = load_project(options.project.resolve())
    source = options.policy or project.policy.base
    if options.out is None and not project.path(source).is_dir():
        raise RunError(f"{source} is no folder that could hold its export", "Say where to write it.", "--out")
    from .errors import as_run_error
    from .export_policy import export_policy

    try:
        export_policy(project, source, options.out.resolve() if options.out else project.path(source) / "onnx")
    except Exception as error:
        raise as_run_error(error) from error
    return 0


def _qids(text: str) -> tuple[str, ...]:
    if text.lstrip().startswith("["):
        try:
            return tuple(dict.fromkeys(str(qid) for qid in json.loads(text)))
        except ValueError as error:
            raise RunError(f"no JSON list: {error}", "Write one id a line.", "--qids") from error
    return tuple(dict.fromkeys(line for line in text.splitlines() if line))


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise RunError(f"cannot read {file}: {error.strerror}", "Give a file with one sample id a line.", "--qids") from error


def _config(options: argparse.Namespace) -> int:
    print(json.dumps(project_to_json(load_project(options.project.resolve())), indent=2, allow_nan=False, ensure_ascii=False))
    return 0


def _check(options: argparse.Namespace) -> int:
    from .check import environment

    report = environment(options.policy, options.remember)
    print(json.dumps(report, allow_nan=False))
    return 0 if report["ok"] else 1


def _run(run: Path, worker: str | None, resumed: bool, changes: tuple[str, ...] = ()) -> int:
    from .reward_bridge import worker_command
    from .run_folder import change_run, read_run, write_process

    read_run(run)
    command = worker_command(worker)
    world.alone(lambda: write_process(run))
    if changes:
        world.alone(lambda: change_run(run, changes))
    record = read_run(run)
    if record.project.engine == "ray":
        from .ray_engine import train_on_ray

        return train_on_ray(run, command, record.workers, resumed)
    from .process import run_stages

    return EXIT[run_stages(run, command, resumed)]


def _stages(options: argparse.Namespace, project: Project) -> tuple[str, ...]:
    if options.command != "train":
        return ("sampling",) if options.command == "sample" else ("evaluation",)
    from .stage_names import stages_of

    every = stages_of(project)
    wanted = options.stages.split(",") if options.stages else every
    for stage in wanted:
        if stage not in every:
            raise RunError(f"there is no stage {stage}", f"Known are {', '.join(every)}.", "--stages")
    return tuple(stage for stage in every if stage in wanted)


def _one_thread() -> None:
    """One thread a process unless PEBR_THREADS says more: small models are slower on several. Must come before torch is imported."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = os.environ.get("PEBR_THREADS", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def _quiet() -> None:
    """TRL calls Transformers by names that will change, step after step: nothing that whoever reads the log could mend."""
    warnings.filterwarnings("ignore", r".*gradient_checkpointing` is deprecated", FutureWarning)


COMMANDS = {
    "train": _start, "evaluate": _start, "sample": _start, "resume": _resume, "respond": _respond, "export-policy": _export, "config": _config, "check": _check,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
