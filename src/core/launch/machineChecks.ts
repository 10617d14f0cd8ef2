import type { Project } from '../project/project';
import type { Gpu } from './gpu';
import { type LaunchCheck, passed, skipped } from './launchCheck';
import { gigabytes, largestPart, memoryNeed } from './memoryNeed';
import type { PolicyFacts } from './policyFacts';

/** What the machine has. Bytes; null where it cannot be told. */
export interface MachineFacts {
  /** Undefined: there is no `nvidia-smi`. */
  readonly gpus: readonly Gpu[] | undefined;
  readonly memory: number;
  readonly freeMemory: number;
  /** Free where the runs are written. */
  readonly freeDisk: number | null;
}

/** A model beyond this does not train on processor cores in a day. */
const mostParametersOnCpu = 2e8;
/** A GPU on which more is taken or more is computed belongs to somebody else for the moment. */
const busy = { share: 0.1, use: 0.2 };

/** Whether this machine can train the project: GPUs, their precision and memory, the disk. The first free GPU is the one that trains. */
export function machineChecks(project: Project, machine: MachineFacts, facts: PolicyFacts): readonly LaunchCheck[] {
  const gpu = machine.gpus?.reduce<Gpu | undefined>((best, other) => (best && best.memory - best.used >= other.memory - other.used ? best : other), undefined);
  return [checkGpu(machine, facts), ...(gpu ? [checkBusy(gpu), checkBfloat16(project, gpu)] : []), checkMemory(project, machine, gpu, facts), checkDisk(project, machine, facts)];
}

function checkGpu({ gpus }: MachineFacts, { parameters }: PolicyFacts): LaunchCheck {
  const [id, title] = ['gpu', 'GPU'];
  if (gpus && gpus.length > 0) return passed(id, title, gpus.map(gpu => `${gpu.name}, ${gigabytes(gpu.memory)}`).join('; ') + '.');
  if (parameters === null) return { id, title, state: 'warning', message: 'No GPU was found; training runs on processor cores.', remedy: 'That is right for models of some millions of parameters.' };
  if (parameters <= mostParametersOnCpu) return passed(id, title, `None, and none is needed for ${millions(parameters)} parameters.`);
  const remedy = 'Open the project on a machine with a GPU (Remote-SSH), choose an engine that has a cluster, or set policy.base to a small model.';
  return { id, title, state: 'error', message: `A policy of ${millions(parameters)} parameters needs a GPU, and none was found.`, remedy };
}

function checkBusy({ index, memory, used, use }: Gpu): LaunchCheck {
  const [id, title] = ['gpu-busy', 'GPU in use'];
  if (used <= memory * busy.share && (use ?? 0) <= busy.use) return passed(id, title, `GPU ${index} is free.`);
  const computing = use === null ? '' : ` and ${Math.round(use * 100)} % of its time`;
  return { id, title, state: 'warning', message: `GPU ${index} is busy: ${gigabytes(used)}${computing} are taken.`, remedy: 'Wait, or end the other program (`nvidia-smi` names it).' };
}

function checkBfloat16({ policy }: Project, { name, capability }: Gpu): LaunchCheck {
  const [id, title] = ['bfloat16', 'bfloat16'];
  if (policy.dtype !== 'bfloat16' || capability === null || capability >= 8) return passed(id, title, policy.dtype === 'bfloat16' ? `${name} has it.` : 'Not asked for.');
  const fix = { kind: 'set', title: 'Use auto', overrides: { 'policy.dtype': 'auto' } } as const;
  return { id, title, state: 'error', message: `${name} (compute capability ${capability}) does not compute in bfloat16; that begins with 8.0.`, remedy: 'Set policy.dtype to "auto" or "float32".', fix };
}

function checkMemory(project: Project, { freeMemory }: MachineFacts, gpu: Gpu | undefined, facts: PolicyFacts): LaunchCheck {
  const [id, title] = ['memory', gpu ? 'GPU memory' : 'Memory'];
  const needs = project.pipeline.stages.flatMap(stage => {
    const need = memoryNeed(project, stage, facts);
    return need ? [{ stage, need }] : [];
  });
  const most = needs.reduce<(typeof needs)[number] | undefined>((best, other) => (best && best.need.total >= other.need.total ? best : other), undefined);
  if (!most) return skipped(id, title, 'How much is needed cannot be told: the size of the policy is not known.');
  const free = gpu ? gpu.memory - gpu.used : freeMemory;
  const words = `about ${gigabytes(most.need.total)} are needed for ${most.stage.name}, ${gigabytes(free)} are free`;
  if (most.need.total <= free * 0.9) return passed(id, title, `${capital(words)}.`);
  const remedy = `Most goes into ${largestPart(most.need)}. Use an adapter (policy.lora), a smaller policy.microBatch, shorter responses, or fewer samples a step.`;
  const hopeless = most.need.weights > free;
  const micro = Math.max(1, Math.floor((project.policy.microBatch ?? most.stage.responses) / 2));
  const fix = project.policy.lora ? { kind: 'set', title: `microBatch ${micro}`, overrides: { 'policy.microBatch': micro } } as const : { kind: 'set', title: 'Train an adapter', overrides: { 'policy.lora': { rank: 16, alpha: 32 } } } as const;
  return { id, title, state: hopeless ? 'error' : 'warning', message: `${capital(words)}${hopeless ? ': not even the weights fit' : ''}.`, remedy, fix };
}

/** Two checkpoints of a stage with the optimizer's moments, and the policies that stages hand on. */
function checkDisk({ policy, pipeline }: Project, { freeDisk }: MachineFacts, { parameters }: PolicyFacts): LaunchCheck {
  const [id, title] = ['disk', 'Disk'];
  if (freeDisk === null) return skipped(id, title, 'How much is free cannot be told here.');
  const bytes = policy.dtype === 'float32' ? 4 : 2;
  const trained = (parameters ?? 0) * (policy.lora ? 0.01 : 1);
  const stages = pipeline.stages.length + (pipeline.warmUp ? 1 : 0);
  const needed = 2 ** 28 + trained * bytes * 3 * 2 + (parameters ?? 0) * bytes * stages;
  if (needed <= freeDisk) return passed(id, title, `About ${gigabytes(needed)} are needed, ${gigabytes(freeDisk)} are free.`);
  return { id, title, state: 'error', message: `Checkpoints and rollouts need about ${gigabytes(needed)}, only ${gigabytes(freeDisk)} are free.`, remedy: 'Delete old runs, or move the project to a larger disk.' };
}

function millions(parameters: number): string {
  return parameters >= 1e9 ? `${Number((parameters / 1e9).toPrecision(2))} billion` : `${Number((parameters / 1e6).toPrecision(2))} million`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
