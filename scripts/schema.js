// Writes media/pebr.schema.json from the schema that reads pebr.json, with a sentence for each key: `node scripts/schema.js`.
const { buildSync } = require('esbuild');
const { writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..');

const sentences = {
  v: 'Version of this format.',
  name: 'Name of the project; runs are called after it.',
  datasets: 'The datasets, each with an id of its own.',
  'datasets[].id': 'Names the dataset in trees, runs and files under .pebr.',
  'datasets[].stage': 'What the dataset trains: perception (descriptions, boxes, key words) or reasoning (answers).',
  'datasets[].path': 'JSONL file, one sample a line, relative to this file.',
  'datasets[].heldOut': 'JSONL file that evaluation uses and training never sees.',
  'datasets[].imageRoot': 'Folder that the images of the rows are relative to; they may not leave it.',
  'datasets[].columns': "Names of your columns for ours; the defaults are the paper's.",
  'datasets[].boxFrame': 'Coordinate frame of the boxes in the file. `pixel`: x1, y1, x2, y2 in pixels of the original image. `qwen2.5-resized`: in pixels of the image as Qwen2.5-VL’s processor resizes it; other limits than its own stand in braces, `qwen2.5-resized{28,3136,802816}`: factor, least and most pixels.',
  prompt: 'Jinja file; `content` is the problem, `sample` the whole row.',
  rewards: 'Reward files: TypeScript (`*.reward.ts`) or Python (EasyR1, verl and TRL contracts).',
  clip: 'Folder of the ONNX image-text model behind `clip()`.',
  detector: 'Folder of the ONNX detector that proposes boxes in the dataset editor.',
  policy: 'The model that is trained.',
  'policy.base': 'Hugging Face id or folder.',
  'policy.lora': 'Rank and alpha of LoRA; null trains every parameter.',
  'policy.dtype': '`auto` is bfloat16 on a GPU that has it, else float32.',
  'policy.vllm': 'Generate with vLLM where it is installed.',
  'pipeline.seed': 'Seed of the whole run.',
  'pipeline.warmUp': 'Supervised warm-up before RL; null skips it.',
  'pipeline.sampling': 'Samples each question several times and sorts it: easy = all right, medium = some, hard = none (PeBR-R1: 8 responses, temperature 1.2, top-p 0.99).',
  'pipeline.sampling.component': 'The component of the reward that says right (1) or wrong.',
  'pipeline.stages': 'RL stages in order. PeBR-R1: perception on easy samples, then reasoning on medium ones.',
  'pipeline.stages[].responses': 'Responses a sample, the group of GRPO (PeBR-R1: 8).',
  'pipeline.stages[].learningRate': 'PeBR-R1: 1e-6 for a 7B model.',
  'pipeline.stages[].beta': 'Weight of the KL term towards the policy at the start of the stage (PeBR-R1: 0.01).',
  'pipeline.stages[].replay': 'Share of samples of another dataset in each step, so that a stage does not forget the other.',
  'pipeline.stages[].dynamicSampling': 'Drops groups whose rewards are all equal, which teach nothing, and draws others in their place (DAPO); null, as in the paper, trains on what was drawn.',
  'pipeline.stages[].dynamicSampling.maxBatches': 'Generation batches a step at most, the first included. What is still missing then is filled with dropped groups.',
  'pipeline.stages[].resample': 'Repeats the dataset-level sampling before this stage with the policy that it starts from.',
  'pipeline.stages[].curriculum': '`easy-first`: the stage meets its samples in order of their pass rate.',
  'pipeline.checkpoints': 'Which checkpoints of a stage are kept.',
  'pipeline.checkpoints.keep': 'The last ones.',
  'pipeline.checkpoints.scoreSamples': 'Held-out samples that every checkpoint is scored on; the best one is kept too. 0 scores none.',
  'pipeline.evaluate': 'Held-out evaluation before and after each stage.',
  engine: 'What runs the training.',
  views: 'Queries under a name; the trees show them under their dataset.',
  'views[].dataset': 'Id of the dataset.',
  'views[].query': 'Chips and words such as `difficulty:hard -tag:blurry boxes:>3`, or `sql:` and a condition; see docs/FORMATS.md.',
  'views[].sort': 'Columns, the first key first; `column:desc` for the greatest first.',
  'views[].groupBy': 'Column whose values bring rows together.',
};

function describe(schema, place = '') {
  if (sentences[place]) schema.markdownDescription = sentences[place];
  for (const variant of schema.anyOf ?? []) describe(variant, place);
  for (const [key, child] of Object.entries(schema.properties ?? {})) describe(child, place ? `${place}.${key}` : key);
  if (schema.items) describe(schema.items, `${place}[]`);
  return schema;
}

/** The JSON Schema as text. */
function schemaText() {
  const outfile = path.join(os.tmpdir(), `pebr-schema-${process.pid}.js`);
  buildSync({ entryPoints: [path.join(root, 'src/core/project/projectSchema.ts')], bundle: true, platform: 'node', format: 'cjs', outfile });
  const { toJsonSchema } = require('@valibot/to-json-schema');
  const schema = toJsonSchema(require(outfile).projectSchema, { errorMode: 'ignore', typeMode: 'input' });
  return `${JSON.stringify({ ...describe(schema), allowComments: true, allowTrailingCommas: true, title: 'PeBR project' }, null, 2)}\n`;
}

module.exports = { schemaText };
if (require.main === module) writeFileSync(path.join(root, 'media/pebr.schema.json'), schemaText());
