import { answer } from './answers';
import { Random } from './random';

export interface Question {
  readonly response: string;
  readonly truth: string;
  readonly key_words: readonly string[];
  readonly tokens: number;
}

const words = ['red 7', 'Blue', 'a/b', 'x < y', 'cat', 'Straße', 'İstanbul', 'ΣΑΣ', 'left / right', '<b>', 'two cubes', '7', 'K', 'ﬁne', ' ', 'naïve', '猫'];
const spaces = ['', ' ', '\n', '\n\n', '\t', '\u00a0', '\u3000', '\u2028', '  ', '\r\n', '\u200b', '\u001c', '\ufeff'];

/** A heading as it should be, or in one of the ways in which models write it. */
function heading(random: Random, name: string): string {
  const spelled = random.of([name, name, name, name, name.toLowerCase(), name.toUpperCase(), name.replace('i', 'İ'), name.replace('i', 'ı'), name.replace('s', 'ſ'), name.replace(':', ''), name.replace(' ', '  '), name.replace(':', '：')]);
  return `${random.of(['###', '###', '###', '###', '##', '####', '**###', ''])}${random.of([' ', ' ', ' ', ...spaces])}${spelled}${random.of(['', '', '', '**'])}`;
}

/** Responses in and near the paper's grammar; they depend on the seed alone. */
export function makeResponses(seed: number, count: number): readonly Question[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const truth = random.chance(0.5) ? String(random.int(0, 20)) : answer(random);
    const key_words = Array.from({ length: random.int(0, 4) }, () => random.of(words));
    const said = random.chance(0.7) ? truth : answer(random);
    const given = random.of([said, said, said, ` ${said} `, `**${said}**`, `\\boxed{${said}}`, `<answer>${said}</answer>`, `< answer > ${said} < / answer >`, `${said}.`, `$${said}$`, `${said} / 1`, `${said}\n${said}`]);
    const text = (): string => Array.from({ length: random.int(0, 5) }, () => random.of([...words, ...key_words, 'and', 'a < b', '/ ', ' > ', 'RED 7', 'ß'])).join(random.of(spaces));
    const section = (name: string, body: string): string => `${heading(random, name)}${random.of(spaces)}${body}${random.of(spaces)}`;
    const parts = [section('Image Description:', text()), section('Rationales:', text()), section("Let's think step by step.", ''), section('Step 1:', text()), section('The final answer is:', given)];
    if (random.chance(0.1)) parts.push(section('The final answer is:', answer(random)));
    if (random.chance(0.1)) parts.splice(random.int(0, parts.length - 1), 1);
    if (random.chance(0.1)) parts.reverse();
    const response = random.chance(0.05) ? given : random.chance(0.4) ? wellFormed(text(), given) : parts.join(random.of(['\n', '\n\n', '']));
    return { response: random.chance(0.9) ? response : [...response].slice(0, random.int(0, response.length)).join(''), truth: random.chance(0.9) ? truth : ` ${truth}\n`, key_words, tokens: random.int(0, 3000) };
  });
}

function wellFormed(description: string, given: string): string {
  return `### Image Description:\n${description}\n\n### Rationales:\nr\n\n### Let's think step by step.\n\n### Step 1:\ns\n\n### The final answer is:\n${given}`;
}
