/** One GPU as `nvidia-smi` tells. Memory in bytes, use from 0 to 1. */
export interface Gpu {
  readonly index: number;
  readonly name: string;
  readonly memory: number;
  readonly used: number;
  readonly use: number | null;
  /** Compute capability, such as 8.0; null where the driver does not say. */
  readonly capability: number | null;
}

/** What to ask `nvidia-smi` for; `parseNvidiaSmi` reads the answer. */
export const nvidiaSmiArgs: readonly string[] = ['--query-gpu=index,name,memory.total,memory.used,utilization.gpu,compute_cap', '--format=csv,noheader,nounits'];

/** Reads a line a GPU; lines that are none (warnings of the driver) are left out. Memory comes in MiB. */
export function parseNvidiaSmi(text: string): readonly Gpu[] {
  return text.split(/\r?\n/).flatMap((line): Gpu[] => {
    const fields = line.split(',').map(field => field.trim());
    if (fields.length < 6 || !/^\d+$/.test(fields[0] ?? '')) return [];
    const name = fields.slice(1, -4).join(', '); // a name may hold commas
    const [memory, used, use, capability] = fields.slice(-4).map(field => (/^\d+(\.\d+)?$/.test(field) ? Number(field) : null));
    if (memory === null || memory === undefined) return [];
    return [{ index: Number(fields[0]), name, memory: memory * 2 ** 20, used: (used ?? 0) * 2 ** 20, use: use === null || use === undefined ? null : use / 100, capability: capability ?? null }];
  });
}
