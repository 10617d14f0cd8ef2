import { Template } from '@huggingface/jinja';
import { Tokenizer } from '@huggingface/tokenizers';
import type { PromptPart } from '../promptParts';
import type { PolicyTexts } from './policyFolder';

/** The chat template and the tokenizer of an exported policy. */
export class PolicyPrompt {
  private readonly template: Template;
  private readonly tokenizer: Tokenizer;
  private readonly imageToken: number;
  private readonly imageTokens: number;

  constructor({ shape, tokenizer, tokenizerConfig, chatTemplate }: PolicyTexts) {
    this.template = new Template(chatTemplate);
    const known = tokenizer as { readonly model?: { readonly unk_token?: string } };
    this.tokenizer = new Tokenizer(tokenizer, { unk_token: known.model?.unk_token, ...tokenizerConfig });
    this.imageToken = shape.imageToken;
    this.imageTokens = shape.imageTokens;
  }

  /** The tokens of one user turn that asks for a response; every picture has as many as the text model reads for it. */
  encode(parts: readonly PromptPart[]): readonly number[] {
    const content = parts.map(part => ('text' in part ? { type: 'text', text: part.text } : { type: 'image' }));
    const text = this.template.render({ messages: [{ role: 'user', content }], add_generation_prompt: true });
    const ids = this.tokenizer.encode(text, { add_special_tokens: false }).ids;
    return ids.flatMap(id => (id === this.imageToken ? new Array<number>(this.imageTokens).fill(id) : [id]));
  }

  decode(ids: readonly number[]): string {
    return ids.length === 0 ? '' : this.tokenizer.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  }
}
