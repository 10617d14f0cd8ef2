import { maskNonFinite } from '../dataset/maskNonFinite';
import { type JsonNode, jsonTree } from './jsonTree';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonPath = readonly (string | number)[];

/** One JSON object on one line, changed in place: what is not named by a change stays as it was written, to the last blank. */
export class JsonLine {
  private readonly root: JsonNode;
  private known: Style | undefined;

  /** Throws when the line is no JSON object, as for a reader; a caller offers no edit for such a row. */
  constructor(readonly text: string) {
    this.root = jsonTree(maskNonFinite(text));
    if (this.root.type !== 'object') throw new Error('The line is no JSON object');
  }

  /** Sets the value at `path`; a missing last key is added as the object's last. */
  set(path: JsonPath, value: Json): string {
    return this.spliced([this.setting(path, value)]);
  }

  /** Sets values at several paths, none inside another; the line is read once, however many there are. */
  setAll(entries: readonly { readonly path: JsonPath; readonly value: Json }[]): string {
    return this.spliced(entries.map(({ path, value }) => this.setting(path, value)));
  }

  /** Adds elements at the end of the list at `path`, which is made if it is not there, or null. */
  append(path: JsonPath, ...values: readonly Json[]): string {
    const list = this.find(path);
    if (list?.type !== 'array') return this.set(path, values);
    const last = list.children?.at(-1);
    const { comma } = this.style;
    return last
      ? this.spliced([{ offset: last.offset + last.length, length: 0, content: values.map(value => `${comma}${write(value, this.style)}`).join('') }])
      : this.spliced([{ offset: list.offset, length: list.length, content: write(values, this.style) }]);
  }

  /** Takes elements out of the list at `path`, with the commas that belong to them. */
  remove(path: JsonPath, ...indexes: readonly number[]): string {
    const elements = this.find(path)?.children ?? [];
    const gone = new Set(indexes);
    for (const index of gone) if (!elements[index]) throw new Error(`There is no element ${index} in ${path.join('.')}`);
    const cut = (from: number, to: number): Splice => ({ offset: from, length: to - from, content: '' });
    const endOf = ({ offset, length }: JsonNode): number => offset + length;
    return this.spliced(
      elements.flatMap((element, first) => {
        if (!gone.has(first) || gone.has(first - 1)) return []; // neighbours go in one cut
        let end = first + 1;
        while (gone.has(end)) end++;
        const [previous, last, next] = [elements[first - 1], elements[end - 1] ?? element, elements[end]];
        if (next) return [cut(element.offset, next.offset)];
        return [cut(previous ? endOf(previous) : element.offset, endOf(last))];
      }),
    );
  }

  /** The type that the value at `path` is written in now. */
  typeOf(path: JsonPath): JsonNode['type'] | undefined {
    return this.find(path)?.type;
  }

  /** The text, number or boolean at `path`. */
  scalarAt(path: JsonPath): unknown {
    return this.find(path)?.value;
  }

  /** The texts at `path`: of a list, or one alone; none where nothing or null stands there. `undefined` when there is something else. */
  textsAt(path: JsonPath): readonly string[] | undefined {
    const node = this.find(path);
    if (!node || node.type === 'null') return [];
    const nodes = node.type === 'array' ? (node.children ?? []) : [node];
    return nodes.every(each => each.type === 'string') ? nodes.map(each => each.value as string) : undefined;
  }

  /** The names of its properties. */
  keys(): readonly string[] {
    return [...new Set((this.root.children ?? []).map(property => String(property.children?.[0]?.value)))];
  }

  /** The value of a property as it is written; `undefined` where there is none. */
  rawAt(key: string): string | undefined {
    const node = this.find([key]);
    return node && this.text.slice(node.offset, node.offset + node.length);
  }

  /** Gives a property a value as it is written elsewhere; `undefined` takes the property out. */
  setRaw(key: string, raw: string | undefined): string {
    const node = this.find([key]);
    if (raw !== undefined) {
      const { offset, length, content } = node ? { offset: node.offset, length: node.length, content: '' } : this.setting([key], null);
      return this.spliced([{ offset, length, content: node ? raw : content.replace(/null$/, () => raw) }]);
    }
    const properties = this.root.children ?? [];
    const place = properties.findLastIndex(property => property.children?.[0]?.value === key);
    const [property, previous, next] = [properties[place], properties[place - 1], properties[place + 1]];
    if (!property) return this.text;
    const from = next || !previous ? property.offset : previous.offset + previous.length;
    return this.spliced([{ offset: from, length: (next ? next.offset : property.offset + property.length) - from, content: '' }]);
  }

  /** Places in the list at `path` of the objects whose `key` says `text`, as a text or a number. */
  placesOf(path: JsonPath, key: string, text: string): readonly number[] {
    const elements = this.find(path);
    if (elements?.type !== 'array') return [];
    return (elements.children ?? []).flatMap((_, index) => (readable(this.scalarAt([...path, index, key])) === text ? [index] : []));
  }

  /** Of two properties with one name the last counts, as for every JSON reader. */
  private find(path: JsonPath): JsonNode | undefined {
    let node: JsonNode | undefined = this.root;
    for (const key of path) {
      if (typeof key === 'number') node = node.type === 'array' ? node.children?.[key] : undefined;
      else node = node.type === 'object' ? node.children?.findLast(property => property.children?.[0]?.value === key)?.children?.[1] : undefined;
      if (!node) return undefined;
    }
    return node;
  }

  private get style(): Style {
    this.known ??= styleOf(this.text);
    return this.known;
  }

  private setting(path: JsonPath, value: Json): Splice {
    const node = this.find(path);
    if (node) return { offset: node.offset, length: node.length, content: write(value, this.style) };
    const parent = this.find(path.slice(0, -1));
    if (parent?.type !== 'object') throw new Error(`There is nothing at ${path.join('.')}`);
    const { comma, colon } = this.style;
    const last = parent.children?.at(-1);
    const property = `${write(String(path.at(-1)), this.style)}${colon}${write(value, this.style)}`;
    return last ? { offset: last.offset + last.length, length: 0, content: `${comma}${property}` } : { offset: parent.offset + 1, length: 0, content: property };
  }

  /** The text with parts replaced that do not overlap. */
  private spliced(splices: readonly Splice[]): string {
    const parts: string[] = [];
    let at = 0;
    for (const { offset, length, content } of [...splices].sort((a, b) => a.offset - b.offset)) {
      parts.push(this.text.slice(at, offset), content);
      at = offset + length;
    }
    return parts.join('') + this.text.slice(at);
  }
}

interface Splice {
  readonly offset: number;
  readonly length: number;
  readonly content: string;
}

/** How the line was written: blanks after `,` and `:`, and whether other than ASCII letters are escaped (Python's default). */
interface Style {
  readonly comma: string;
  readonly colon: string;
  readonly isAscii: boolean;
}

function styleOf(text: string): Style {
  const colon = /^\s*\{\s*"(?:[^"\\]|\\.)*"(\s*:\s*)/.exec(text)?.[1] ?? ': ';
  const comma = /"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[\d.eE+-]+|true|false|null)(,\s*)"/.exec(text)?.[1] ?? (colon === ':' ? ',' : ', ');
  const isAscii = /\\u[0-9a-fA-F]{4}/.test(text) && !/[\u0080-\uffff]/.test(text);
  return { comma, colon, isAscii };
}

function write(value: Json, style: Style): string {
  if (isList(value)) return `[${value.map(item => write(item, style)).join(style.comma)}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([key, item]) => `${write(key, style)}${style.colon}${write(item, style)}`).join(style.comma)}}`;
  }
  const json = JSON.stringify(value);
  return style.isAscii ? json.replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : json;
}

function readable(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
