import { readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { Template } from '@huggingface/jinja';
import { Tokenizer } from '@huggingface/tokenizers';
import { messageOf } from '../../core/errors';
import type { ImageSize } from '../../core/geometry/boxFrame';
import { imageTokens, type ImageTokenRule, imageTokenRule } from '../../core/rollouts/imageTokens';
import { imageMark } from '../../core/labels/imageMarks';

/** What a policy gets for a user's turn. */
export interface PolicyPrompt {
  /** The whole conversation through the policy's chat template; null without one. */
  readonly chat: string | null;
  /** Tokens of it, one for each image; null without a tokenizer. */
  readonly tokens: number | null;
  /** What its images take instead; null where the processor's rule is not known or an image has no size. */
  readonly imageTokens: number | null;
  /** Why something is not told. */
  readonly notes: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

const largestFile = 64 << 20;

/** The template, tokenizer and image processor of a policy's folder, read once. */
export class PolicyPrompts {
  private constructor(
    private readonly template: Template | undefined,
    private readonly tokenizer: Tokenizer | undefined,
    private readonly rule: ImageTokenRule | undefined,
    private readonly words: Json,
    private readonly notes: readonly string[],
  ) {}

  /** Never throws: what cannot be read is a note. */
  static async open(projectFolder: string, base: string): Promise<PolicyPrompts> {
    const folder = path.resolve(projectFolder, base);
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
      return new PolicyPrompts(undefined, undefined, undefined, {}, [`policy.base “${base}” is no folder here, so its chat template and tokenizer are not known. Download the model and name its folder to see them.`]);
    }
    const notes: string[] = [];
    const text = async (name: string): Promise<string | undefined> => {
      const file = path.join(folder, name);
      const stats = await stat(file).catch(() => undefined);
      if (!stats?.isFile()) return undefined;
      if (stats.size <= largestFile) return readFile(file, 'utf8');
      notes.push(`${name} is larger than 64 MB and was not read.`);
      return undefined;
    };
    const json = async (name: string): Promise<Json | undefined> => {
      try {
        const value: unknown = JSON.parse((await text(name)) ?? 'null');
        return typeof value === 'object' && value !== null ? (value as Json) : undefined;
      } catch (error) {
        notes.push(`${name} cannot be read: ${messageOf(error)}`);
        return undefined;
      }
    };
    const attempt = <T>(what: string, make: () => T | undefined): T | undefined => {
      try {
        return make();
      } catch (error) {
        notes.push(`${what} cannot be used: ${messageOf(error)}`);
        return undefined;
      }
    };
    const [config = {}, processor, image, model, tokens] = await Promise.all(['tokenizer_config.json', 'processor_config.json', 'preprocessor_config.json', 'chat_template.json', 'tokenizer.json'].map(json));
    const source = (await text('chat_template.jinja')) ?? templateIn(model?.chat_template) ?? templateIn(config.chat_template);
    if (source === undefined) notes.push('The policy has no chat template.');
    const template = attempt('The chat template', () => (source === undefined ? undefined : new Template(source)));
    if (!tokens) notes.push('The policy has no tokenizer.json, so tokens cannot be counted.');
    const tokenizer = attempt('tokenizer.json', () => tokens && new Tokenizer(tokens, { unk_token: (tokens.model as Json | undefined)?.unk_token, ...config }));
    const rule = imageTokenRule({ ...config, ...processor, image_processor: { ...(image ?? {}), ...((processor?.image_processor as Json | undefined) ?? {}) } });
    if (!rule) notes.push('How many tokens an image takes is not known for this processor.');
    return new PolicyPrompts(template, tokenizer, rule, config, notes);
  }

  /** `turn` is the user's, image marks still in it; `sizes` are those of its images, undefined where one cannot be read. */
  of(turn: string, sizes: readonly (ImageSize | undefined)[]): PolicyPrompt {
    const notes = [...this.notes];
    let chat: string | null = null;
    try {
      chat = this.template?.render({ messages: [{ role: 'user', content: contentOf(turn) }], add_generation_prompt: true, ...tokenTexts(this.words) }) ?? null;
    } catch (error) {
      notes.push(`The chat template cannot be rendered: ${messageOf(error)}`);
    }
    const tokens = this.tokenizer && chat !== null ? this.tokenizer.encode(chat, { add_special_tokens: false }).ids.length : null;
    const known = sizes.filter(size => size !== undefined);
    if (known.length < sizes.length) notes.push('An image cannot be read, so its tokens are not counted.');
    const { rule } = this;
    return { chat, tokens, imageTokens: rule && known.length === sizes.length ? known.reduce((sum, size) => sum + imageTokens(rule, size), 0) : null, notes };
  }
}

/** As trainer/pebr_trainer/prompt.py cuts a turn. */
function contentOf(turn: string): readonly { readonly type: string; readonly text?: string }[] {
  return turn.split(imageMark).flatMap((piece, index) => [...(index > 0 ? [{ type: 'image' }] : []), ...(piece === '' ? [] : [{ type: 'text', text: piece }])]);
}

/** One template, or the default of several. */
function templateIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const named = (value as readonly Json[]).find(each => each.name === 'default') ?? (value as readonly Json[])[0];
  return typeof named?.template === 'string' ? named.template : undefined;
}

/** `bos_token` and the like, which are texts or objects with their `content`. */
function tokenTexts(config: Json): Json {
  return Object.fromEntries(Object.entries(config).flatMap(([name, value]) => {
    if (!name.endsWith('_token')) return [];
    const text = typeof value === 'object' && value !== null ? (value as Json).content : value;
    return typeof text === 'string' ? [[name, text]] : [];
  }));
}
