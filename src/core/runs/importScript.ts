/**
 * A Python program that gives `history.jsonl` to W&B or trackio, whose programming interfaces are the same in what it uses. It lies beside the file it
 * reads, so that a folder can be taken to another machine.
 */
export const importScript = (tool: 'wandb' | 'trackio'): string => `"""Gives history.jsonl, which lies beside this file, to ${tool}.

    pip install ${tool}
    python ${importScriptName(tool)}${tool === 'wandb' ? '            # WANDB_MODE=offline writes a folder that "wandb sync" uploads later' : ''}
"""
import json
from pathlib import Path

import ${tool} as tracker

folder = Path(__file__).parent
run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
tracker.init(project=run["project"], name=run["name"], config=run["config"])
rows = [json.loads(line) for line in (folder / "history.jsonl").read_text(encoding="utf-8").splitlines()]
by_step: dict[int, dict[str, float]] = {}
for row in rows:
    by_step.setdefault(row["index"], {}).update({f"{row['group']}/{name}": value for name, value in row["metrics"].items()})
for index, metrics in sorted(by_step.items()):
    tracker.log(metrics, step=index)
tracker.finish()
print(f"{len(by_step)} steps of {run['name']}")
`;

export function importScriptName(tool: 'wandb' | 'trackio'): string {
  return `to_${tool}.py`;
}
