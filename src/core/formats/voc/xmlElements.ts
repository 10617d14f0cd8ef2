/** An element of a small XML file, its attributes left out. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const deepest = 50;

/**
 * The outermost element of an annotation file. Only what such files need: elements, text, CDATA and the five entities; comments, declarations and attributes are
 * passed over, and a DOCTYPE, which could define entities of its own, is refused. Throws Error with the reason.
 */
export function parseXml(source: string): XmlElement {
  if (/<!DOCTYPE|<!ENTITY/i.test(source)) throw new Error('it declares a document type, which is not read');
  const tokens = source.matchAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([\w:.-]+)((?:"[^"]*"|'[^']*'|[^<>"'])*)>|([^<]+)/g);
  const top: Open = { name: '', text: '', children: [] };
  const open: Open[] = [top];
  for (const [, cdata, slash, name, inside = '', text] of tokens) {
    const current = open.at(-1) ?? top;
    if (cdata !== undefined) current.text += cdata;
    else if (text !== undefined) current.text += decoded(text);
    else if (name !== undefined && slash === '/') {
      if (current === top || current.name !== name) throw new Error(`</${name}> closes what is not open`);
      open.pop();
    } else if (name !== undefined) {
      const element: Open = { name, text: '', children: [] };
      current.children.push(element);
      if (!inside.endsWith('/')) open.push(element);
      if (open.length > deepest) throw new Error('it is nested too deep');
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined && unclosed !== top) throw new Error(`it ends inside <${unclosed.name}>`);
  const [root] = top.children;
  if (!root) throw new Error('it has no element');
  return root;
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: Open[];
}

/** The text of the first child of that name, trimmed; undefined where there is none. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find(child => child.name === name)?.text.trim();
}

function decoded(text: string): string {
  return text.includes('&')
    ? text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,10}));/g, (found, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return Object.hasOwn(entities, name) ? (entities[name] ?? found) : found;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : found;
    })
    : text;
}
