/** A value in a JSON text, and where it stands. Offsets and lengths are in UTF-16 units. */
export interface JsonNode {
  readonly type: 'object' | 'array' | 'property' | 'string' | 'number' | 'boolean' | 'null';
  readonly offset: number;
  readonly length: number;
  /** Of a text, number or boolean. */
  readonly value?: string | number | boolean;
  /** Elements of a list; properties of an object; of a property its key and its value. */
  readonly children?: readonly JsonNode[];
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const blanks = /[ \t\r\n]*/y;

/**
 * Reads a JSON text into its tree. Strict, so that nothing is changed in a line that a reader refuses: throws a SyntaxError (a RangeError where it is nested too
 * deep). jsonc-parser forgives, and takes more than twice as long, which counts over a million rows.
 */
export function jsonTree(text: string): JsonNode {
  return new JsonReader(text).read();
}

class JsonReader {
  private at = 0;
  private readonly hasControls: boolean;

  constructor(private readonly text: string) {
    // JSON allows none of them in a text
    this.hasControls = /[\u0000-\u001f]/.test(text);
  }

  read(): JsonNode {
    this.skipBlanks();
    const root = this.readValue();
    this.skipBlanks();
    return this.at < this.text.length ? this.fail() : root;
  }

  private readonly readValue = (): JsonNode => {
    switch (this.text[this.at]) {
      case '{': return this.readChildren('object', '}', this.readProperty);
      case '[': return this.readChildren('array', ']', this.readValue);
      case '"': return this.readText();
      case 't': return this.readWord('true', { type: 'boolean', value: true });
      case 'f': return this.readWord('false', { type: 'boolean', value: false });
      case 'n': return this.readWord('null', { type: 'null' });
      default: return this.readNumber();
    }
  };

  private readonly readProperty = (): JsonNode => {
    const key = this.readText();
    this.skipBlanks();
    this.take(':');
    this.skipBlanks();
    const value = this.readValue();
    return { type: 'property', offset: key.offset, length: this.at - key.offset, children: [key, value] };
  };

  private readChildren(type: 'object' | 'array', close: string, readChild: () => JsonNode): JsonNode {
    const offset = this.at++;
    const children: JsonNode[] = [];
    this.skipBlanks();
    if (this.text[this.at] !== close) {
      for (;;) {
        this.skipBlanks();
        children.push(readChild());
        this.skipBlanks();
        if (this.text[this.at] !== ',') break;
        this.at++;
      }
    }
    this.take(close);
    return { type, offset, length: this.at - offset, children };
  }

  private readText(): JsonNode {
    const { text, at: offset } = this;
    this.take('"');
    let end = text.indexOf('"', this.at);
    while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end === -1) return this.fail();
    const inside = text.slice(this.at, end);
    this.at = end + 1;
    const value = this.hasControls || inside.includes('\\') ? (JSON.parse(text.slice(offset, this.at)) as string) : inside;
    return { type: 'string', offset, length: this.at - offset, value };
  }

  private readNumber(): JsonNode {
    const offset = this.at;
    number.lastIndex = offset;
    if (!number.test(this.text)) return this.fail();
    this.at = number.lastIndex;
    return { type: 'number', offset, length: this.at - offset, value: Number(this.text.slice(offset, this.at)) };
  }

  private readWord(word: string, node: Pick<JsonNode, 'type' | 'value'>): JsonNode {
    const offset = this.at;
    if (!this.text.startsWith(word, offset)) return this.fail();
    this.at += word.length;
    return { ...node, offset, length: word.length };
  }

  private skipBlanks(): void {
    if (this.text.charCodeAt(this.at) > 0x20) return;
    blanks.lastIndex = this.at;
    blanks.test(this.text);
    this.at = blanks.lastIndex;
  }

  private take(character: string): void {
    if (this.text[this.at] !== character) this.fail();
    this.at++;
  }

  private fail(): never {
    throw new SyntaxError(`The text is no JSON at ${this.at}`);
  }
}

function isEscaped(text: string, quote: number): boolean {
  let start = quote;
  while (text[start - 1] === '\\') start--;
  return (quote - start) % 2 === 1;
}
