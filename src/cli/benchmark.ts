import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { type Benchmark, benchmarkRun, benchmarks, parseBenchmark } from '../core/engines/vlmEvalKit';
import { AppError, messageOf } from '../core/errors';
import type { CliCommand } from './cliCommand';

export const benchmarkCommand: CliCommand = {
  usage: `pebr benchmark --policy DIR --kit DIR [--data NAME …] [--out DIR] [--engine-python P] [--gpus N] [--emit-only]
                                                         run a policy on public benchmarks by a checkout of VLMEvalKit; its own exit code`,
  options: {
    policy: { type: 'string' }, kit: { type: 'string' }, data: { type: 'string', multiple: true, default: [] }, out: { type: 'string', default: 'benchmarks' },
    'engine-python': { type: 'string', default: 'python3' }, gpus: { type: 'string', default: '1' }, 'emit-only': { type: 'boolean', default: false },
  },
  async run(values) {
    const policy = folderOf('--policy', values.policy, 'config.json', 'It is a folder with a Hugging Face model, such as checkpoints/reasoning/final of a run.');
    const isStarted = values['emit-only'] !== true;
    const kit = isStarted ? folderOf('--kit', values.kit, 'run.py', 'Clone github.com/open-compass/VLMEvalKit, install it (pip install -e .) and name its folder.') : path.resolve(String(values.kit ?? '.'));
    const processes = Number(values.gpus);
    if (!Number.isInteger(processes) || processes < 1) throw new AppError('argument.invalid', { argument: '--gpus', reason: 'Give a whole number of 1 or more.' });
    const folder = path.resolve(String(values.out));
    const run = benchmarkRun({ policy, benchmarks: chosen(values.data as readonly string[]), folder, python: String(values['engine-python']), kit, processes });
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'vlmevalkit.json'), run.config);
    for (const note of run.notes) console.log(`note: ${note}`);
    console.log(run.argv.join(' '));
    return isStarted ? toEnd(run.argv, run.cwd) : 0;
  },
};

function chosen(names: readonly string[]): readonly Benchmark[] {
  if (names.length === 0) return benchmarks;
  return names.map(name => {
    const found = parseBenchmark(name);
    if (!found) throw new AppError('argument.invalid', { argument: `--data ${name}`, reason: `Give one of ${benchmarks.map(each => each.name).join(', ')}, or NAME:Loader as VLMEvalKit calls them.` });
    return found;
  });
}

function folderOf(argument: string, value: unknown, needed: string, remedy: string): string {
  const folder = path.resolve(typeof value === 'string' ? value : '');
  if (typeof value !== 'string' || !existsSync(path.join(folder, needed))) throw new AppError('argument.invalid', { argument, reason: `${typeof value === 'string' ? `${folder} has no ${needed}.` : 'It is missing.'} ${remedy}` });
  return folder;
}

function toEnd([program = '', ...args]: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: 'inherit' });
    child.once('error', error => reject(new AppError('python.unusable', { python: program, reason: messageOf(error) }, { cause: error })));
    child.once('exit', code => resolve(code ?? 1));
  });
}
