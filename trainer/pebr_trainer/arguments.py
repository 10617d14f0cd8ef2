"""What the command line takes: `python -m pebr_trainer train|resume|evaluate|sample|respond|export-policy|config|check`."""

import argparse
from pathlib import Path

from .order import ORDERS


def parser() -> argparse.ArgumentParser:
    """The commands and their options; `command` says which was chosen."""
    whole = argparse.ArgumentParser(prog="pebr_trainer", description="Trains, samples and evaluates policies of a project.")
    commands = whole.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="run the whole pipeline of pebr.json")
    train.add_argument("--stages", help="only these, comma separated")
    train.add_argument("--order", choices=ORDERS, default="two-stage", help="order of the RL stages, same total of steps (default two-stage)")
    train.add_argument("--engine", choices=("trl", "ray"), help="instead of pebr.json's: this process (or those of accelerate launch), or workers of Ray")
    train.add_argument("--workers", type=int, default=1, help="of Ray, each with a GPU where there are any (default 1)")
    train.add_argument("--reuse", type=Path, metavar="RUN", help="run folder whose first stages are taken over")
    train.add_argument("--reuse-until", metavar="STAGE", help="the last stage that is taken over")
    train.add_argument("--steps-scale", type=float, default=1.0, help="multiplies all steps, for short trials")
    evaluate = commands.add_parser("evaluate", help="evaluate a policy on the held-out data")
    sample = commands.add_parser("sample", help="sample K responses of each sample and write its difficulty")
    for command in (train, evaluate, sample):
        command.add_argument("--project", type=Path, required=True, help="folder of pebr.json")
        command.add_argument("--run", type=Path, required=True, help="run folder to write, .pebr/runs/<stamp>-<name>")
        command.add_argument("--policy", help="folder or Hugging Face id to start from instead of policy.base")
        command.add_argument("--seed", type=int, help="instead of pipeline.seed")
        command.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="override, e.g. pipeline.stages.perception.steps=5")
    resume = commands.add_parser("resume", help="go on with a run from its last checkpoint")
    resume.add_argument("--run", type=Path, required=True, help="run folder")
    resume.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change a number that does not change what was done, e.g. policy.microBatch=8")
    for command in (train, evaluate, sample, resume):
        command.add_argument("--reward-worker", metavar="FILE|JSON", help="rewardWorker.js, or its whole command as a JSON list (default: dist/rewardWorker.js, run by PEBR_NODE or node)")
    respond = commands.add_parser("respond", help="print new responses of a policy to some samples, a JSON line each")
    respond.add_argument("--project", type=Path, required=True, help="folder of pebr.json")
    respond.add_argument("--dataset", required=True, help="id of the dataset")
    respond.add_argument("--qids", required=True, metavar="FILE", help="file with one sample id a line, or a JSON list of them; - is standard input")
    respond.add_argument("--responses", type=int, default=8, help="to each sample (default 8)")
    respond.add_argument("--temperature", type=float, default=1.0, help="0 is greedy (default 1)")
    respond.add_argument("--top-p", type=float, default=1.0)
    respond.add_argument("--max-tokens", type=int, help="of a response; policy.maxResponseTokens by default")
    respond.add_argument("--policy", help="folder or Hugging Face id instead of policy.base")
    respond.add_argument("--seed", type=int, help="the same seed, the same responses; by default they differ each time")
    respond.add_argument("--out", default="-", metavar="FILE", help="standard output by default")
    export = commands.add_parser("export-policy", help="write a policy as ONNX, so that the editor samples it without Python")
    export.add_argument("--project", type=Path, required=True, help="folder of pebr.json")
    export.add_argument("--policy", help="folder or Hugging Face id instead of policy.base")
    export.add_argument("--out", type=Path, help="folder to write (default: onnx in the policy's own folder)")
    config = commands.add_parser("config", help="print the resolved pebr.json")
    config.add_argument("--project", type=Path, required=True, help="folder of pebr.json")
    check = commands.add_parser("check", help="print what this environment can do, as JSON")
    check.add_argument("--policy", type=Path, metavar="FOLDER", help="tell too whether this policy can be loaded; a model of the hub is not looked at")
    check.add_argument("--remember", type=Path, metavar="FILE", help="keep there that this policy was sound: the same files are not looked at again")
    return whole
