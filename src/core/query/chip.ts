import type { QueryFault } from './queryAnswer';

/** One condition of a query: `-difficulty:hard|medium`; a free word where `name` is null. */
export interface Chip {
  readonly name: string | null;
  readonly isNegated: boolean;
  /** One of them must hold; never empty. */
  readonly values: readonly ChipValue[];
  /** Where it stands in the query's text: UTF-16 offsets, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

/** What stands after the colon, or a free word. Whether it is a number, a range or a text the column decides. */
export interface ChipValue {
  readonly comparison: '>' | '>=' | '<' | '<=' | null;
  readonly text: string;
  /** In quotes: `*` and `..` mean themselves, and `""` is the empty value. */
  readonly isQuoted: boolean;
}

/** A query's text, understood. Chips can be drawn even while some are faulty. */
export type ParsedQuery =
  | { readonly kind: 'chips'; readonly chips: readonly Chip[]; readonly faults: readonly QueryFault[] }
  | { readonly kind: 'sql'; readonly condition: string; /** Where the condition starts in the text. */ readonly offset: number; readonly faults: readonly QueryFault[] };
