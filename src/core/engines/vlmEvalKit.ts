/** A benchmark as VLMEvalKit calls it, and the class of its loader there. */
export interface Benchmark {
  readonly name: string;
  readonly loader: string;
}

/** Benchmarks of perception and of reasoning that papers on this method report; all of VLMEvalKit's others can be named as `NAME:Loader`. */
export const benchmarks: readonly Benchmark[] = [
  { name: 'MathVista_MINI', loader: 'MathVista' }, { name: 'MathVision', loader: 'MathVision' }, { name: 'MathVerse_MINI', loader: 'MathVerse' },
  { name: 'HallusionBench', loader: 'ImageYORNDataset' }, { name: 'MMStar', loader: 'ImageMCQDataset' }, { name: 'MMMU_DEV_VAL', loader: 'MMMUDataset' },
  { name: 'OCRBench', loader: 'OCRBench' }, { name: 'ChartQA_TEST', loader: 'ImageVQADataset' }, { name: 'AI2D_TEST', loader: 'ImageMCQDataset' },
];

export interface BenchmarkOptions {
  /** Absolute folder of the policy, a Hugging Face model. */
  readonly policy: string;
  readonly benchmarks: readonly Benchmark[];
  /** Absolute folder that the configuration and the results go into. */
  readonly folder: string;
  /** Python of the environment that VLMEvalKit is installed in, and its checkout. */
  readonly python: string;
  readonly kit: string;
  readonly processes: number;
}

export interface BenchmarkRun {
  readonly config: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly notes: readonly string[];
}

/** What VLMEvalKit is given: its `--config` file as text, to be written as `<folder>/vlmevalkit.json`, and the command; never a shell string. */
export function benchmarkRun({ policy, benchmarks: chosen, folder, python, kit, processes }: BenchmarkOptions): BenchmarkRun {
  const name = policy.split(/[\\/]/).filter(part => part !== '' && part !== 'final').at(-1) ?? 'policy';
  const model = { class: 'Qwen2VLChat', model_path: policy, min_pixels: 576, max_pixels: 802_816, use_custom_prompt: false };
  const data = Object.fromEntries(chosen.map(({ name: dataset, loader }) => [dataset, { class: loader, dataset }]));
  const args = ['run.py', '--config', `${folder}/vlmevalkit.json`, '--work-dir', `${folder}/results`];
  return {
    config: `${JSON.stringify({ model: { [name]: model }, data }, null, 2)}\n`,
    argv: processes > 1 ? [python, '-m', 'torch.distributed.run', '--nproc-per-node', String(processes), ...args] : [python, ...args],
    cwd: kit,
    notes: [
      'The policy answers behind "### The final answer is:"; VLMEvalKit reads whole responses. Without a judge model (OPENAI_API_KEY) its exact matching finds such answers for choices and yes/no only.',
      'The loader class is that of Qwen2-VL and Qwen2.5-VL; for another policy change "class" in vlmevalkit.json.',
    ],
  };
}

/** A known benchmark, or `NAME:Loader`; undefined for a name that says neither. */
export function parseBenchmark(text: string): Benchmark | undefined {
  const known = benchmarks.find(({ name }) => name === text);
  const parts = /^([\w.-]+):([A-Za-z]\w*)$/.exec(text);
  return known ?? (parts?.[1] && parts[2] ? { name: parts[1], loader: parts[2] } : undefined);
}
