import { imagesOf } from './foreignImages';
import { type ForeignImage, isObject, type JsonObject, own } from './importedRow';
import { parseLiteral } from './parseForeignJson';

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant' | 'other';
  /** With `<image>` where a part of the content is an image. */
  readonly text: string;
  /** Images that stand in the content itself. */
  readonly images: readonly ForeignImage[];
}

const roles: Readonly<Record<string, Turn['role']>> = {
  system: 'system', developer: 'system', user: 'user', human: 'user', question: 'user', assistant: 'assistant', gpt: 'assistant', model: 'assistant', bot: 'assistant', chatgpt: 'assistant', answer: 'assistant',
};
const placeholders = /<\|vision_start\|>(?:<\|image_pad\|>)*<\|vision_end\|>|<ImageHere>|<\|image\|>|<img>[^<]{0,1000}<\/img>/g;

/** Qwen-VL names an image in the text. */
const namedImage = /<img>([^<]{1,1000})<\/img>/g;

/** What a conversation holds, without the bytes of images: they are files of the dataset, and each row would hold them once more. */
export function withoutImageBytes(value: unknown): unknown {
  if (typeof value === 'string') return /^data:image\/[\w.+-]+;base64,/.test(value) ? '(in images)' : value;
  if (Array.isArray(value)) return value.map(withoutImageBytes);
  if (!isObject(value) || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutImageBytes(inner)]));
}

/** The turns of a conversation as ShareGPT (`from`, `value`), OpenAI (`role`, `content` text or parts) or pairs write it; undefined where the value is none. */
export function turnsOf(value: unknown): readonly Turn[] | undefined {
  const list = typeof value === 'string' ? parseLiteral(value) : value;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const turns = list.flatMap((entry: unknown) => (isObject(entry) ? turnOf(entry) : []));
  return turns.length >= list.length ? turns : undefined;
}

/** Other models' marks of an image as `<image>`. */
export function withImageMarks(text: string): string {
  return text.includes('<') ? text.replace(placeholders, '<image>') : text;
}

function turnOf(entry: JsonObject): readonly Turn[] {
  const role = own(entry, 'role') ?? own(entry, 'from');
  const content = own(entry, 'content') ?? own(entry, 'value');
  if (typeof role === 'string' && content !== undefined) {
    const name = role.toLowerCase();
    return [{ role: Object.hasOwn(roles, name) ? roles[name] ?? 'other' : 'other', ...contentOf(content) }];
  }
  const asked = own(entry, 'user') ?? own(entry, 'human');
  const answered = own(entry, 'assistant') ?? own(entry, 'gpt');
  return typeof asked === 'string' && typeof answered === 'string'
    ? [{ role: 'user', ...contentOf(asked) }, { role: 'assistant', ...contentOf(answered) }]
    : [];
}

function contentOf(content: unknown): Pick<Turn, 'text' | 'images'> {
  if (typeof content === 'string') {
    const parts = content.startsWith('[{') ? parseLiteral(content) : undefined;
    return Array.isArray(parts) && parts.every(part => isObject(part) && typeof own(part, 'type') === 'string') ? contentOf(parts) : { text: withImageMarks(content), images: [...content.matchAll(namedImage)].map(([, name = '']) => name.trim()).filter(name => name !== '') };
  }
  if (!Array.isArray(content)) return { text: isObject(content) ? JSON.stringify(content) : String(content), images: [] };
  // VLM-R1 answers with the box itself: a list that holds no part of a text is the value.
  if (content.length > 0 && !content.some(part => typeof part === 'string' || isObject(part))) return { text: JSON.stringify(content), images: [] };
  const images: ForeignImage[] = [];
  const text = content.map((part: unknown) => {
    if (typeof part === 'string') return withImageMarks(part);
    if (!isObject(part)) return '';
    const type = own(part, 'type');
    const written = own(part, 'text');
    if (typeof written === 'string' && type !== 'image' && type !== 'image_url') return withImageMarks(written);
    if (type !== 'image' && type !== 'image_url' && own(part, 'image') === undefined) return '';
    images.push(...imagesOf(part));
    return '<image>';
  }).join('');
  return { text, images };
}
