import { Tokenizer } from '@huggingface/tokenizers';

interface PreTokenizer {
  readonly type: string;
  readonly pretokenizers?: readonly PreTokenizer[];
}

interface TokenizerJson {
  readonly pre_tokenizer?: PreTokenizer | null;
  readonly model?: { readonly unk_token?: string };
  readonly truncation?: { readonly max_length?: number } | null;
  readonly padding?: { readonly pad_id?: number; readonly strategy?: unknown } | null;
}

/** Row-major (texts, length). */
export interface EncodedTexts {
  readonly ids: BigInt64Array;
  readonly mask: BigInt64Array;
  readonly length: number;
}

/** Tokens of one of several texts: `from` to `to` (exclusive). */
export interface TokenSpan {
  readonly from: number;
  readonly to: number;
}

/** A `tokenizer.json` that turns texts into a padded batch, cut to the length the model knows. */
export class TextTokens {
  private readonly tokenizer: Tokenizer;
  private readonly limit: number;
  private readonly padId: number;
  private readonly fixedLength: number | undefined;
  /** Whether texts end in a special token, which cutting must keep. */
  private readonly hasEnd: boolean;

  constructor(json: TokenizerJson & object, config: { readonly model_max_length?: number; readonly pad_token?: unknown }) {
    // The library takes the unknown word of a word-level model from the config only; `tokenizer.json` has it too.
    this.tokenizer = new Tokenizer({ ...json, pre_tokenizer: withWholeWords(json.pre_tokenizer) }, { unk_token: json.model?.unk_token, ...config });
    const known = config.model_max_length !== undefined && config.model_max_length < 100_000 ? config.model_max_length : undefined;
    this.limit = json.truncation?.max_length ?? known ?? 77; // CLIP's own
    this.padId = json.padding?.pad_id ?? (typeof config.pad_token === 'string' ? this.tokenizer.token_to_id(config.pad_token) : undefined) ?? 0;
    const strategy = json.padding?.strategy;
    this.fixedLength = typeof strategy === 'object' && strategy !== null && 'Fixed' in strategy ? Number(strategy.Fixed) : undefined;
    this.hasEnd = this.tokenizer.encode('').ids.length > 0;
  }

  /** `exactly`: the length that a model is made for, whatever its tokenizer says. */
  encode(texts: readonly string[], exactly?: number): EncodedTexts {
    const rows = texts.map(text => this.cut(this.tokenizer.encode(text).ids, Math.min(this.limit, exactly ?? Infinity)));
    const length = exactly ?? this.fixedLength ?? Math.max(1, ...rows.map(row => row.length));
    const ids = new BigInt64Array(rows.length * length).fill(BigInt(this.padId));
    const mask = new BigInt64Array(rows.length * length);
    rows.forEach((row, index) => row.forEach((id, place) => {
      ids[index * length + place] = BigInt(id);
      mask[index * length + place] = 1n;
    }));
    return { ids, mask, length };
  }

  /** Texts one after the other as one, each ended by `separator`, between the special tokens of the tokenizer: (1, length). Those beyond `limit` tokens are left out, and have no span. */
  encodeJoined(texts: readonly string[], separator: string, limit: number): EncodedTexts & { readonly spans: readonly TokenSpan[] } {
    const [first, ...last] = this.tokenizer.encode('').ids;
    const ids = first === undefined ? [] : [first];
    const end = this.tokenizer.encode(separator, { add_special_tokens: false }).ids;
    const spans: TokenSpan[] = [];
    for (const text of texts) {
      const own = this.tokenizer.encode(text, { add_special_tokens: false }).ids;
      if (ids.length + own.length + end.length + last.length > limit) break;
      spans.push({ from: ids.length, to: ids.length + own.length });
      ids.push(...own, ...end);
    }
    ids.push(...last);
    return { ids: BigInt64Array.from(ids, BigInt), mask: new BigInt64Array(ids.length).fill(1n), length: ids.length, spans };
  }

  private cut(ids: readonly number[], limit: number): readonly number[] {
    if (ids.length <= limit) return ids;
    return this.hasEnd ? [...ids.slice(0, limit - 1), ids[ids.length - 1] ?? this.padId] : ids.slice(0, limit);
  }
}

/** The library's `Whitespace` takes only a-z for letters; Hugging Face's takes every letter. */
function withWholeWords(given: PreTokenizer | null | undefined): object | null {
  if (!given) return null;
  if (given.type === 'Sequence') return { ...given, pretokenizers: given.pretokenizers?.map(withWholeWords) };
  if (given.type !== 'Whitespace') return given;
  const word = '\\p{L}\\p{M}\\p{N}_';
  return { type: 'Split', pattern: { Regex: `[${word}]+|[^${word}\\s]+` }, behavior: 'Removed', invert: true };
}
