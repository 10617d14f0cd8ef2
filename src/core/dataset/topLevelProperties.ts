import { createScanner } from 'jsonc-parser';
import { maskNonFinite } from './maskNonFinite';

/** Tokens as jsonc-parser numbers them; its own enum cannot be imported where modules are compiled one by one. */
const kinds = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, colon: 6, text: 10, end: 17 } as const;

export interface PropertyPlace {
  readonly key: string;
  /** UTF-16 offset of the value's first character. */
  readonly value: number;
}

/** The properties of the object on a line, in their order, as far as the line can be read. No depth of nesting and no broken line throws. */
export function* topLevelProperties(text: string): Generator<PropertyPlace> {
  const scanner = createScanner(maskNonFinite(text), true);
  let depth = 0;
  let key: string | undefined;
  let isValue = false;
  for (let token: number = scanner.scan(); token !== kinds.end; token = scanner.scan()) {
    if (depth === 1 && isValue && key !== undefined) {
      yield { key, value: scanner.getTokenOffset() };
      isValue = false;
    }
    if (token === kinds.openBrace || token === kinds.openBracket) depth++;
    else if (token === kinds.closeBrace || token === kinds.closeBracket) depth--;
    else if (depth === 1 && token === kinds.text) key = scanner.getTokenValue();
    else if (depth === 1 && token === kinds.colon) isValue = true;
    if (depth === 0) return;
  }
}
