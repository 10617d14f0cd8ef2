/// <reference path="./sucraseParser.d.ts" />
import { parse } from 'sucrase/dist/esm/parser';
import { TokenType } from 'sucrase/dist/esm/parser/tokenizer/types';
import type { Token } from 'sucrase/dist/types/parser/tokenizer';
import type { RewardNumber } from '../../core/rewards/score';

const opening: ReadonlySet<TokenType> = new Set([TokenType.braceL, TokenType.bracketL, TokenType.parenL, TokenType.dollarBraceL]);
const closing: ReadonlySet<TokenType> = new Set([TokenType.braceR, TokenType.bracketR, TokenType.parenR]);

/** A run of tokens, the end excluded. */
interface Piece {
  readonly from: number;
  readonly to: number;
}

/**
 * The numbers of a reward file that can be tried with another value: those of `weights`, of the options of component calls, and top-level
 * constants. Read off the tokens of the source; what is computed, spread or overridden is left out. Empty where the file does not parse.
 */
export function rewardNumbers(source: string, isTypeScript: boolean): readonly RewardNumber[] {
  try {
    return new NumberReader(source, isTypeScript).read();
  } catch {
    return []; // loading the file tells where it does not parse
  }
}

class NumberReader {
  /** Without those of types: `as const`, `satisfies X`, annotations. */
  private readonly tokens: readonly Token[];
  private readonly found: RewardNumber[] = [];
  private readonly constants: ReadonlyMap<string, Piece>;

  constructor(private readonly source: string, isTypeScript: boolean) {
    this.tokens = parse(source, false, isTypeScript, false).tokens.filter(token => !token.isType && token.type !== TokenType.nonNullAssertion);
    this.constants = this.topLevelConstants();
  }

  read(): readonly RewardNumber[] {
    for (const [name, value] of this.constants) this.addNumber(name, value);
    const definition = this.definition();
    for (const [key, value] of definition ? this.properties(definition) : []) {
      if (key !== 'weights' && key !== 'components') continue;
      const object = this.resolved(value);
      for (const [name, each] of object ? this.properties(object) : []) this.collect(`${key}.${name}`, each, key === 'components');
    }
    const names = new Set<string>();
    return this.found.filter(({ name }) => !names.has(name) && names.add(name)).sort((a, b) => a.start - b.start);
  }

  /** The object that `defineReward` is given in the default export. */
  private definition(): Piece | undefined {
    const at = this.tokens.findIndex((_, index) => this.matches(index, 'export', 'default') || this.matches(index, 'module', '.', 'exports', '=') || this.matches(index, 'exports', '.', 'default', '='));
    if (at === -1) return undefined;
    const from = at + (this.matches(at, 'export') ? 2 : 4);
    const exported = this.resolved({ from, to: this.endOfStatement(from) });
    if (!exported || this.type(exported.from) === TokenType.braceL) return exported;
    const [first] = this.callArguments(exported) ?? [];
    return first && this.resolved(first);
  }

  /** `const name = …` outside of any block. */
  private topLevelConstants(): ReadonlyMap<string, Piece> {
    const constants = new Map<string, Piece>();
    let depth = 0;
    for (let at = 0; at < this.tokens.length; at++) {
      depth += opening.has(this.type(at)) ? 1 : closing.has(this.type(at)) ? -1 : 0;
      if (depth > 0 || this.type(at) !== TokenType._const) continue;
      for (let name = at + 1; this.type(name) === TokenType.name && this.type(name + 1) === TokenType.eq; ) {
        const to = this.endOfStatement(name + 2);
        constants.set(this.text(name), { from: name + 2, to });
        name = this.type(to) === TokenType.comma ? to + 1 : this.tokens.length;
      }
    }
    return constants;
  }

  /** Numbers of a value and of the objects, lists and calls in it. */
  private collect(name: string, value: Piece, mayCall: boolean): void {
    const piece = this.unwrapped(value);
    if (this.addNumber(name, piece)) return;
    if (this.type(piece.from) === TokenType.braceL && this.closes(piece)) {
      for (const [key, each] of this.properties(piece)) this.collect(`${name}.${key}`, each, mayCall);
    } else if (this.type(piece.from) === TokenType.bracketL && this.closes(piece)) {
      this.elements(piece).forEach((each, index) => this.collect(`${name}.${index}`, each, mayCall));
    } else if (mayCall) {
      const given = this.callArguments(piece) ?? [];
      const options = given.findIndex(each => this.type(this.unwrapped(each).from) === TokenType.braceL);
      given.forEach((each, index) => this.collect(index === options ? name : `${name}.${index}`, each, mayCall));
    }
  }

  private addNumber(name: string, value: Piece): boolean {
    const { from, to } = this.unwrapped(value);
    const isSigned = this.type(from) === TokenType.minus || this.type(from) === TokenType.plus;
    const digits = this.tokens[isSigned ? from + 1 : from];
    const first = this.tokens[from];
    if (!first || !digits || to - from !== (isSigned ? 2 : 1) || (digits.type !== TokenType.num && digits.type !== TokenType.decimal)) return false;
    const size = Number(this.source.slice(digits.start, digits.end).replaceAll('_', ''));
    const line = this.source.slice(0, first.start).split('\n').length;
    if (Number.isFinite(size)) this.found.push({ name, value: this.type(from) === TokenType.minus ? -size : size, start: first.start, end: digits.end, line });
    return true;
  }

  /** Names and values of an object literal. Computed keys and methods are left out, and so is what a later spread or the same key may override. */
  private properties(object: Piece): ReadonlyMap<string, Piece> {
    const properties = new Map<string, Piece>();
    for (const { from, to } of this.elements(object)) {
      if (this.type(from) === TokenType.ellipsis) properties.clear();
      const key = /^(["']?)([^"'\\`[{(]+)\1$/.exec(this.text(from))?.[2];
      if (key === undefined || this.type(from) === TokenType.ellipsis) continue;
      if (this.type(from + 1) === TokenType.colon) properties.set(key, { from: from + 2, to });
      else if (to === from + 1) properties.set(key, { from, to }); // shorthand
    }
    return properties;
  }

  /** What stands between the commas of a literal or an argument list. */
  private elements({ from, to }: Piece): readonly Piece[] {
    const elements: Piece[] = [];
    for (let start = from + 1; start < to - 1; ) {
      let end = start;
      while (end < to - 1 && this.type(end) !== TokenType.comma) end = this.after(end);
      elements.push({ from: start, to: end });
      start = end + 1;
    }
    return elements;
  }

  /** The arguments where the piece is one call: `name(…)`, `a.b(…)`. */
  private callArguments(piece: Piece): readonly Piece[] | undefined {
    let at = this.type(piece.from) === TokenType._new ? piece.from + 1 : piece.from;
    if (this.type(at) !== TokenType.name) return undefined;
    while (this.type(at + 1) === TokenType.dot) at += 2;
    const list = { from: at + 1, to: piece.to };
    return this.type(list.from) === TokenType.parenL && this.closes(list) ? this.elements(list) : undefined;
  }

  /** Through parentheses and the names of top-level constants. */
  private resolved(piece: Piece, depth = 0): Piece | undefined {
    const { from, to } = this.unwrapped(piece);
    const constant = to === from + 1 && this.type(from) === TokenType.name ? this.constants.get(this.text(from)) : undefined;
    return constant && depth < 10 ? this.resolved(constant, depth + 1) : { from, to };
  }

  private unwrapped({ from, to }: Piece): Piece {
    return this.type(from) === TokenType.parenL && this.closes({ from, to }) ? this.unwrapped({ from: from + 1, to: to - 1 }) : { from, to };
  }

  /** Whether the bracket that opens the piece is closed by its last token. */
  private closes({ from, to }: Piece): boolean {
    return this.after(from) === to;
  }

  /** The token after this one, or after the bracket that it opens. */
  private after(at: number): number {
    let depth = 0;
    do {
      depth += opening.has(this.type(at)) ? 1 : closing.has(this.type(at)) ? -1 : 0;
      at++;
    } while (depth > 0 && at < this.tokens.length);
    return at;
  }

  /** Where an expression of a statement ends: at a comma or semicolon, or where a new line starts with a word. */
  private endOfStatement(from: number): number {
    let at = from;
    while (at < this.tokens.length && ![TokenType.comma, TokenType.semi, TokenType.eof, TokenType.braceR].includes(this.type(at))) {
      at = this.after(at);
      if (at > from && this.isWord(at) && this.isWordOrEnd(at - 1) && this.source.slice(this.tokens[at - 1]?.end, this.tokens[at]?.start).includes('\n')) break;
    }
    return at;
  }

  private isWord(at: number): boolean {
    return /^[A-Za-z_$@]/.test(this.text(at)) && !/^(?:in|instanceof)$/.test(this.text(at));
  }

  private isWordOrEnd(at: number): boolean {
    return /[\w$)\]}"'`]$/.test(this.text(at));
  }

  private matches(at: number, ...texts: readonly string[]): boolean {
    return texts.every((text, index) => this.text(at + index) === text);
  }

  private type(at: number): TokenType {
    return this.tokens[at]?.type ?? TokenType.eof;
  }

  private text(at: number): string {
    const token = this.tokens[at];
    return token ? this.source.slice(token.start, token.end) : '';
  }
}
