import * as v from 'valibot';
import type { Parsed } from '../parsedLine';

const text = v.pipe(v.string(), v.nonEmpty('must not be empty'), v.maxLength(300, 'is too long'));
/** A file of the folder itself: no path leads out of it. */
const fileName = v.pipe(text, v.regex(/^(?!\.)[\w.-]+(?:\/(?!\.)[\w.-]+)?$/, 'must be a file of the folder, or of a folder in it'));
const side = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(8, 'must be 8 or more'), v.maxValue(4096, 'must be 4096 or less'));
const three = v.tuple([v.number(), v.number(), v.number()], 'must be three numbers: red, green, blue');
const corners = v.optional(v.picklist(['xyxy', 'yxyx', 'cxcywh', 'xywh'], 'must be one of xyxy, yxyx, cxcywh, xywh'), 'xyxy');
const frame = v.optional(v.picklist(['norm1', 'input'], 'must be norm1 (shares of the sides) or input (pixels of the model\'s input)'), 'norm1');

const schema = v.object({
  v: v.literal(1, 'must be 1'),
  name: v.optional(text),
  model: v.optional(fileName, 'model.onnx'),
  input: v.object({
    name: v.optional(text),
    width: side,
    height: side,
    resize: v.optional(v.picklist(['stretch', 'letterbox', 'pad'], 'must be one of stretch, letterbox, pad'), 'stretch'),
    layout: v.optional(v.picklist(['nchw', 'nhwc'], 'must be nchw or nhwc'), 'nchw'),
    scale: v.optional(v.number(), 1 / 255),
    mean: v.optional(three, [0, 0, 0]),
    std: v.optional(three, [1, 1, 1]),
  }),
  output: v.variant('kind', [
    v.object({ kind: v.literal('boxes-scores'), boxes: text, scores: text, frame, corners, activation: v.optional(v.picklist(['none', 'sigmoid', 'softmax']), 'none'), background: v.optional(v.nullable(v.picklist(['first', 'last'])), null) }),
    v.object({ kind: v.literal('yolo'), name: v.optional(text), objectness: v.optional(v.boolean(), false) }),
    v.object({ kind: v.literal('final'), boxes: text, labels: text, scores: text, frame, corners, labelsFrom: v.optional(v.picklist([0, 1]), 0) }),
  ]),
  classes: v.optional(v.pipe(v.array(text), v.maxLength(100_000)), []),
  /** The class on the left is proposed under the label on the right. */
  labels: v.optional(v.record(v.string(), text), {}),
  text: v.optional(v.object({ tokenizer: v.optional(fileName, 'tokenizer.json'), template: v.optional(text, 'a photo of a {label}'), ids: v.optional(text, 'input_ids'), mask: v.optional(text, 'attention_mask'), length: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(512)), 16), joined: v.optional(v.boolean(), false) })),
  threshold: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.3),
});

/** How an ONNX detector is fed and read (docs/FORMATS.md, "Detector folder"). */
export type DetectorConfig = v.InferOutput<typeof schema>;

/** Reads `pebr-model.json`, or says what is wrong in it. */
export function parseDetectorConfig(json: string): Parsed<DetectorConfig> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { fault: `It is not JSON: ${(error as Error).message}.` };
  }
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) return { fault: parsed.issues.slice(0, 3).map(issue => `"${v.getDotPath(issue) ?? 'the file'}" ${issue.message}.`).join(' ') };
  if (parsed.output.classes.length === 0 && !parsed.output.text) return { fault: '"classes" names none, and there is no "text": the model would have nothing to call what it finds.' };
  return { value: parsed.output };
}
