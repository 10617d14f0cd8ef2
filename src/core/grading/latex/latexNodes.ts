import { pythonSpace } from '../formulas/pythonText';
import { argumentsOfEnvironment, argumentsOfMacro } from './latexMacros';

/** A piece of LaTeX as pylatexenc's tolerant walker sees it. Comments and `$` do not occur: mathruler takes `%` and `$` away first. */
export type LatexNode =
  | { readonly kind: 'chars'; readonly text: string }
  | { readonly kind: 'special'; readonly text: string }
  | { readonly kind: 'group'; readonly nodes: readonly LatexNode[] }
  | { readonly kind: 'math'; readonly isDisplay: boolean; readonly nodes: readonly LatexNode[] }
  /** `args` is null where the source ended before them, or where the macro stands as another one's argument. */
  | { readonly kind: 'macro'; readonly name: string; readonly spaceAfter: string; readonly args: readonly (LatexNode | null)[] | null }
  | { readonly kind: 'environment'; readonly name: string; readonly nodes: readonly LatexNode[] };

interface Token {
  readonly kind: 'char' | 'macro' | 'begin' | 'end' | 'math' | 'open' | 'close' | 'special';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly spaceBefore: string;
  readonly spaceAfter: string;
}

/** Thrown and caught here alone; no Error, because gathering a stack takes longer than reading an answer. */
class EndOfSource {
  constructor(readonly space: string) {}
}

/** Python gives up where brackets nest this deep, and so do we: the answer is then left as it stands. */
const deepest = 230;
const specials = ['---', '--', '``', "''", '!`', '?`', '~', '&'];
const space = new RegExp(`[${pythonSpace}]`);
const environmentName = new RegExp(`^[${pythonSpace}]*\\{([\\p{L}\\p{N}_* .-]+)\\}`, 'u');

/** Throws RangeError where the source nests too deep. */
export function parseLatex(source: string): readonly LatexNode[] {
  return new Walker(source).nodes(0, {}).nodes;
}

interface Stop {
  readonly brace?: ']' | '}';
  readonly environment?: string;
  readonly math?: string;
}

class Walker {
  private depth = 0;

  constructor(private readonly source: string) {}

  /** Reads up to what `stop` names, or to the end; what does not fit is passed over, as the tolerant walker does. */
  nodes(start: number, stop: Stop): { readonly nodes: readonly LatexNode[]; readonly end: number } {
    if (++this.depth > deepest) throw new RangeError('LaTeX nested too deep');
    const nodes: LatexNode[] = [];
    let chars = '';
    let at = start;
    const flush = (): void => {
      if (chars) nodes.push({ kind: 'chars', text: chars });
      chars = '';
    };
    for (let isDone = false; !isDone; ) {
      let token: Token;
      try {
        token = this.token(at, { brackets: stop.brace === ']', environments: true });
      } catch (error) {
        if (!(error instanceof EndOfSource)) throw error;
        chars += error.space;
        at += error.space.length;
        break;
      }
      at = token.end;
      chars += token.spaceBefore;
      if (token.kind === 'char') {
        chars += token.text;
        continue;
      }
      flush();
      switch (token.kind) {
        case 'close': isDone = token.text === stop.brace; break;
        case 'end': isDone = token.text === stop.environment; break;
        case 'math': {
          isDone = token.text === stop.math;
          if (isDone || token.text === '\\)' || token.text === '\\]') break;
          const inner = this.nodes(at, { math: token.text === '\\(' ? '\\)' : '\\]' });
          nodes.push({ kind: 'math', isDisplay: token.text === '\\[', nodes: inner.nodes });
          at = inner.end;
          break;
        }
        case 'open': {
          const inner = this.nodes(at, { brace: token.text === '[' ? ']' : '}' });
          nodes.push({ kind: 'group', nodes: inner.nodes });
          at = inner.end;
          break;
        }
        case 'begin': {
          const args = this.args(at, argumentsOfEnvironment(token.text));
          const inner = this.nodes(args?.end ?? at, { environment: token.text });
          nodes.push({ kind: 'environment', name: token.text, nodes: inner.nodes });
          at = inner.end;
          break;
        }
        case 'macro': {
          const args = this.args(at, argumentsOfMacro(token.text));
          nodes.push({ kind: 'macro', name: token.text, spaceAfter: token.spaceAfter, args: args?.nodes ?? null });
          at = args?.end ?? at;
          break;
        }
        case 'special': nodes.push({ kind: 'special', text: token.text }); break;
      }
    }
    flush();
    this.depth--;
    return { nodes, end: at };
  }

  /** Undefined where the source ends before the arguments do: then none counts. */
  private args(start: number, spec: string): { readonly nodes: readonly (LatexNode | null)[]; readonly end: number } | undefined {
    const nodes: (LatexNode | null)[] = [];
    let at = start;
    try {
      for (const kind of spec) {
        if (kind === '{') {
          const { node, end } = this.expression(at);
          nodes.push(node);
          at = end;
        } else if (kind === '[' || kind === ']') {
          const group = kind === ']' && space.test(this.source[at] ?? '') ? undefined : this.optionalArgument(at);
          nodes.push(group?.node ?? null);
          at = group?.end ?? at;
        } else {
          const token = this.token(at, { brackets: false, environments: true });
          const hasStar = token.kind === 'char' && token.text.startsWith('*');
          nodes.push(hasStar ? { kind: 'chars', text: '*' } : null);
          if (hasStar) at = token.start + 1;
        }
      }
    } catch (error) {
      if (error instanceof EndOfSource) return undefined;
      throw error;
    }
    return { nodes, end: at };
  }

  private optionalArgument(at: number): { readonly node: LatexNode; readonly end: number } | undefined {
    try {
      const token = this.token(at, { brackets: true, environments: false });
      if (token.kind !== 'open' || token.text !== '[') return undefined;
      const { nodes, end } = this.nodes(token.end, { brace: ']' });
      return { node: { kind: 'group', nodes }, end };
    } catch (error) {
      if (error instanceof EndOfSource) return undefined;
      throw error;
    }
  }

  /** One argument: a group, a bare macro or a single character. */
  private expression(at: number): { readonly node: LatexNode; readonly end: number } {
    const token = this.token(at, { brackets: false, environments: false });
    const { text, start, end, spaceAfter } = token;
    switch (token.kind) {
      case 'open': {
        const inner = this.nodes(end, { brace: '}' });
        return { node: { kind: 'group', nodes: inner.nodes }, end: inner.end };
      }
      case 'close': return { node: { kind: 'chars', text: '' }, end: start };
      case 'special': return { node: { kind: 'special', text }, end };
      case 'char': return { node: { kind: 'chars', text }, end };
      default:
        if (text === 'end') return { node: { kind: 'chars', text: '' }, end: start };
        return { node: { kind: 'macro', name: text, spaceAfter, args: null }, end };
    }
  }

  private token(from: number, { brackets, environments }: { readonly brackets: boolean; readonly environments: boolean }): Token {
    const { source } = this;
    let at = from;
    while (at < source.length && space.test(source[at] ?? '')) {
      at++;
      if (source.slice(Math.max(from, at - 2), at) === '\n\n') {
        return { kind: 'char', text: '\n\n', start: at - 2, end: at, spaceBefore: source.slice(from, at - 2), spaceAfter: '' };
      }
    }
    const spaceBefore = source.slice(from, at);
    if (at >= source.length) throw new EndOfSource(spaceBefore);
    const token = (kind: Token['kind'], text: string, end: number, spaceAfter = ''): Token => ({ kind, text, start: at, end, spaceBefore, spaceAfter });
    const char = String.fromCodePoint(source.codePointAt(at) ?? 0);
    if (char === '\\') {
      if (at + 1 >= source.length) throw new EndOfSource('');
      const first = String.fromCodePoint(source.codePointAt(at + 1) ?? 0);
      const name = /^\p{L}+/u.exec(source.slice(at + 1, at + 200))?.[0] ?? first;
      const end = at + 1 + name.length;
      if ('[]()'.includes(name)) return token('math', `\\${name}`, end);
      if (environments && (name === 'begin' || name === 'end')) {
        const found = environmentName.exec(source.slice(end, end + 200));
        return found ? token(name, found[1] ?? '', end + found[0].length) : token('char', `\\${name}`, end);
      }
      if (!/^\p{L}/u.test(name)) return token('macro', name, end);
      let after = end;
      while (after < source.length && space.test(source[after] ?? '')) {
        after++;
        if (source.slice(Math.max(end, after - 2), after) === '\n\n') {
          after -= 2;
          break;
        }
      }
      return token('macro', name, after, source.slice(end, after));
    }
    if (char === '{' || (brackets && char === '[')) return token('open', char, at + 1);
    if (char === '}' || (brackets && char === ']')) return token('close', char, at + 1);
    const special = specials.find(each => source.startsWith(each, at));
    return special ? token('special', special, at + special.length) : token('char', char, at + char.length);
  }
}
