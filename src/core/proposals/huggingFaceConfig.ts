import { type JsonObject, numberOf, type Parsed, textOf } from '../parsedLine';
import type { DetectorConfig } from './detectorConfig';

const sigmoidModels = ['rt_detr', 'rt_detr_v2', 'd_fine', 'deformable_detr'];
const queryModels = ['owlvit', 'owlv2'];
/** Asked with one text of all labels; scores come by the text's tokens. */
const groundedModels = ['grounding-dino'];

/**
 * What `config.json` and `preprocessor_config.json` of a Hugging Face export say of its detector; `model` is its ONNX file. YOLOS, RT-DETR, D-FINE and the
 * like have classes of their own; OWL-ViT, OWLv2 and Grounding DINO are asked with the labels of the sample.
 */
export function huggingFaceConfig(config: JsonObject, preprocessor: JsonObject, model: string): Parsed<DetectorConfig> {
  const type = textOf(config['model_type']) ?? '';
  const isJoined = groundedModels.includes(type);
  const isAsked = isJoined || queryModels.includes(type);
  if (!isAsked && type !== 'yolos' && !sigmoidModels.includes(type)) return { fault: `its model type "${type}" is not read by itself (${[...queryModels, ...groundedModels, 'yolos', ...sigmoidModels].join(', ')} are). Write a pebr-model.json beside it` };
  const { width, height, shortest_edge: shortest } = (preprocessor['size'] ?? {}) as { width?: unknown; height?: unknown; shortest_edge?: unknown };
  const square = isJoined ? numberOf(shortest) : undefined; // any size does: what is left of a square is masked
  const [wide, high] = [numberOf(width) ?? square, numberOf(height) ?? square];
  if (wide === undefined || high === undefined) return { fault: 'preprocessor_config.json names no fixed "size" with width and height. Export it with one, or write a pebr-model.json beside it' };
  const names = Object.entries((config['id2label'] ?? {}) as Record<string, unknown>).sort((a, b) => Number(a[0]) - Number(b[0])).map(([, name]) => String(name));
  if (!isAsked && names.length === 0) return { fault: 'config.json names no classes ("id2label")' };
  const isNormal = preprocessor['do_normalize'] !== false;
  const three = (value: unknown, fallback: [number, number, number]): [number, number, number] => (isNormal && Array.isArray(value) && value.length === 3 ? (value.map(Number) as [number, number, number]) : fallback);
  return {
    value: {
      v: 1,
      model,
      input: {
        name: 'pixel_values', width: wide, height: high, resize: type === 'owlv2' || isJoined ? 'pad' : 'stretch', layout: 'nchw',
        scale: preprocessor['do_rescale'] === false ? 1 : (numberOf(preprocessor['rescale_factor']) ?? 1 / 255),
        mean: three(preprocessor['image_mean'], [0, 0, 0]), std: three(preprocessor['image_std'], [1, 1, 1]),
      },
      output: { kind: 'boxes-scores', boxes: 'pred_boxes', scores: 'logits', frame: 'norm1', corners: 'cxcywh', activation: type === 'yolos' ? 'softmax' : 'sigmoid', background: type === 'yolos' ? 'last' : null },
      classes: isAsked ? [] : names,
      labels: {},
      ...(isAsked && { text: { tokenizer: 'tokenizer.json', template: isJoined ? '{label}' : 'a photo of a {label}', ids: 'input_ids', mask: 'attention_mask', length: isJoined ? 256 : 16, joined: isJoined } }),
      threshold: isAsked && !isJoined ? 0.1 : 0.3,
    },
  };
}
