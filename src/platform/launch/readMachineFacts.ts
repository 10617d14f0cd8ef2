import { mkdir, statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { type Gpu, nvidiaSmiArgs, parseNvidiaSmi } from '../../core/launch/gpu';
import type { MachineFacts } from '../../core/launch/machineChecks';
import { runToEnd } from '../python/runToEnd';
import { runsFolderOf } from '../runs/runFolders';

/** Looks at the GPUs, the memory and the disk of this machine. */
export async function readMachineFacts(projectFolder: string, signal?: AbortSignal): Promise<MachineFacts> {
  const [gpus, freeDisk] = await Promise.all([readGpus(signal), readFreeDisk(runsFolderOf(projectFolder))]);
  return { gpus, memory: totalmem(), freeMemory: freemem(), freeDisk };
}

/** Undefined where there is no NVIDIA driver. */
export async function readGpus(signal?: AbortSignal): Promise<readonly Gpu[] | undefined> {
  const { code, stdout, failure } = await runToEnd('nvidia-smi', nvidiaSmiArgs, { timeoutMs: 10_000, signal });
  return failure === undefined && code === 0 ? parseNvidiaSmi(stdout) : undefined;
}

async function readFreeDisk(folder: string): Promise<number | null> {
  try {
    await mkdir(folder, { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null; // a file system that does not say; whether it can be written shows when the run's folder is made
  }
}
