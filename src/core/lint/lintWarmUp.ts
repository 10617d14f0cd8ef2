import type { Row, RowFault } from '../dataset/row';
import { topLevelProperties } from '../dataset/topLevelProperties';
import { parseSections, type SectionKind } from '../grading/sections';
import { countMarks } from './lintRow';

/** What the warm-up trains on of a line: the user's turn, the response to learn, and the images. */
export interface WarmUpRow {
  readonly qid: string;
  readonly user: string;
  readonly assistant: string;
  readonly images: readonly string[];
}

/** The paper's filter leaves out what takes itself back. */
const reflection = /let me rethink (?:it|this)|wait, let me (?:re|think)/i;
const grammar: readonly { readonly kind: SectionKind; readonly heading: string }[] = [
  { kind: 'description', heading: '### Image Description:' },
  { kind: 'rationales', heading: '### Rationales:' },
  { kind: 'think', heading: "### Let's think step by step." },
  { kind: 'step', heading: '### Step 1:' },
  { kind: 'answer', heading: '### The final answer is:' },
];

/** Reads a line of the warm-up file, `{"qid", "messages": [{"role", "content"}], "images"}`. */
export function parseWarmUpRow(text: string): { readonly row: WarmUpRow | undefined; readonly faults: readonly RowFault[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { row: undefined, faults: [malformed('The line is no JSON, or was half written.')] };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { row: undefined, faults: [malformed('The line is no JSON object.')] };
  const { qid, messages, images } = value as Readonly<Record<string, unknown>>;
  const user = contentOf(messages, 'user');
  const assistant = contentOf(messages, 'assistant');
  if (user === undefined || assistant === undefined) {
    return { row: undefined, faults: [{ severity: 'error', rule: 'warm-up/malformed-row', message: 'The row has no user and assistant message.', remedy: 'Write "messages": [{"role": "user", "content": …}, {"role": "assistant", "content": …}].', offset: 0 }] };
  }
  const names = typeof images === 'string' ? [images] : Array.isArray(images) ? images.filter(name => typeof name === 'string') : [];
  return { row: { qid: typeof qid === 'string' || typeof qid === 'number' ? String(qid) : '', user, assistant, images: names }, faults: [] };
}

/** The rules of a warm-up row that need no image: what the trainer would leave out, and what the responses would learn wrongly. */
export function lintWarmUp({ user, assistant, images }: WarmUpRow, text: string): readonly RowFault[] {
  const found: RowFault[] = [];
  const messages = (): number => offsetOf(text, 'messages');
  const taken = reflection.exec(assistant);
  if (taken) {
    found.push({ severity: 'warning', rule: 'warm-up/reflection', message: `The response takes itself back (“${taken[0]}”); the trainer leaves the row out.`, remedy: 'Write the response without the detour, or delete the row.', offset: messages() });
  }
  const marks = countMarks(user);
  if (marks !== images.length) {
    found.push({ severity: 'error', rule: 'warm-up/image-count', message: `The user's turn has ${marks} <image> and the row ${images.length} ${images.length === 1 ? 'image' : 'images'}.`, remedy: 'Put one <image> per image into the text.', offset: messages() });
  }
  const grammarFault = faultOfSections(assistant);
  if (grammarFault !== undefined) {
    found.push({ severity: 'warning', rule: 'warm-up/section-grammar', message: grammarFault, remedy: `Write the sections in this order: ${grammar.map(each => each.heading).join(' ')}`, offset: messages() });
  }
  return found;
}

/** Why a response is none of the paper's grammar: a section that is missing, empty, repeated or out of place. */
function faultOfSections(response: string): string | undefined {
  const { all } = parseSections(response);
  const kinds = all.map(section => section.kind);
  for (const { kind, heading } of grammar) if (!kinds.includes(kind)) return `The response has no “${heading}”.`;
  const order = kinds.map(kind => grammar.findIndex(each => each.kind === kind));
  const at = order.findIndex((place, index) => index > 0 && (place < (order[index - 1] ?? 0) || (place === order[index - 1] && kinds[index] !== 'step')));
  if (at !== -1) return `“${all[at]?.heading.text.trim() ?? ''}” stands out of its place.`;
  const empty = all.find(section => section.kind !== 'think' && section.body.text === '');
  return empty && `Nothing stands below “${empty.heading.text.trim()}”.`;
}

function contentOf(messages: unknown, role: string): string | undefined {
  if (!Array.isArray(messages)) return undefined;
  const found = (messages as unknown[]).find((message): message is { readonly content: string } => {
    if (typeof message !== 'object' || message === null) return false;
    const { role: its, content } = message as { role?: unknown; content?: unknown };
    return its === role && typeof content === 'string';
  });
  return found?.content;
}

function offsetOf(text: string, name: string): number {
  for (const { key, value } of topLevelProperties(text)) if (key === name) return value;
  return 0;
}

function malformed(message: string): RowFault {
  return { severity: 'error', rule: 'warm-up/malformed-row', message, remedy: 'Correct or delete the line.', offset: 0 };
}

/** What the rules of the row's images need. */
export function rowOfWarmUp({ qid, user, images }: WarmUpRow): Row {
  return { qid, problem: user, answer: '', images, key_words: [], boxes: [] };
}
