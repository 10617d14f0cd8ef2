import * as assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { AppError } from '../../../src/core/errors';
import { RewardClient } from '../../../src/platform/rewards/rewardClient';

const sample = { qid: 'p-1', problem: '', answer: '7', images: [], key_words: [], boxes: [] };
const good = "import { defineReward } from 'pebr';\nexport default defineReward({ components: { a: () => 1 }, weights: { a: 1 } });\n";

/** What people write by mistake: the cause with its line, and what to do. */
const mistakes: readonly (readonly [what: string, content: string | Buffer, reason: RegExp, line: number | undefined, remedy: RegExp])[] = [
  ['UTF-16 with a mark', Buffer.from(`\ufeff${good}`, 'utf16le'), /is UTF-16/, 1, /Save with Encoding/],
  ['UTF-16 without a mark', Buffer.from(good, 'utf16le'), /is UTF-16/, 1, /Save with Encoding/],
  ['UTF-16, big-endian', Buffer.from(`\ufeff${good}`, 'utf16le').swap16(), /is UTF-16/, 1, /Save with Encoding/],
  ['Latin-1', Buffer.from(`${good}// café\n`, 'latin1'), /no UTF-8/, 3, /Save with Encoding/],
  ['nothing', '', /no default export/, undefined, /export default defineReward\(/],
  ['a class', 'export default class Perception { score() { return 1; } }', /is a class \(Perception\)/, undefined, /component: export default defineReward/],
  ['a class without a name', 'export default class { score() { return 1; } }', /is a class, /, undefined, /export default defineReward/],
  ['a function', 'export default function polite() { return 1; }', /is a function \(polite\)/, undefined, /components: \{ polite \}, weights: \{ polite: 1 \}/],
  ['an arrow function', 'export default () => 1;', /is a function, /, undefined, /export default defineReward/],
  ['a promise', "import { defineReward } from 'pebr';\nexport default Promise.resolve(defineReward({ components: { a: () => 1 }, weights: { a: 1 } }));", /is a promise/, undefined, /async/],
  ['a named export', good.replace('default', 'const reward ='), /exported as "reward"/, undefined, /^Add: export default reward;$/],
  ['a component that is none', 'export default { components: { a: 1 }, weights: { a: 1 } };', /component "a" is no function/, undefined, /function of a response/],
  ['a weight in quotes', "export default { components: { a: () => 1 }, weights: { a: '1' } };", /weight of "a" is 1, not a number/, undefined, /weights: \{ a: 1 \}/],
  ['no weights', 'export default { components: { a: () => 1 } };', /needs weights/, undefined, /weights: \{ a: 1 \}/],
  ['a list of weights', 'export default { components: { a: () => 1 }, weights: [1] };', /"0" names no component/, undefined, /weights: \{ a: 1 \}/],
  ['no import of defineReward', '\nexport default defineReward({ components: { a: () => 1 }, weights: { a: 1 } });', /ReferenceError: defineReward is not defined/, 2, /^Import it: import \{ defineReward \} from 'pebr';$/],
  ['no import of a component', good.replace('() => 1', 'accuracy()'), /accuracy is not defined/, 2, /import \{ accuracy \} from 'pebr'/],
  ['a component that pebr does not have', good.replace('defineReward }', 'defineReward, bleu }').replace('() => 1', 'bleu()'), /TypeError/, 2, /^"pebr" has no bleu\. It has accuracy, /],
  ['a package that is not there', `import _ from 'lodash-of-nobody';\nconsole.log(_);\n${good}`, /^Cannot find module 'lodash-of-nobody'$/, 1, /npm/],
  ['import.meta', `const here = import.meta.url;\nconsole.log(here);\n${good}`, /import\.meta/, 1, /__dirname/],
  ['await at the top', `const x = await Promise.resolve(1);\nconsole.log(x);\n${good}`, /await is only valid/, 1, /component, which may be async/],
  ['a namespace', `\nexport namespace Words {\n  export const all = ['{'];\n}\nconsole.log(Words.all);\n${good}`, /namespace with code/, 2, /object/],
  ['a module in the old sense', `module Words {\n  export function one() { return 1; }\n}\n${good}`, /namespace with code/, 1, /object/],
];

/** What looks like a mistake and is none. */
const fine: readonly (readonly [what: string, content: string])[] = [
  ['a byte order mark', `\ufeff${good}`],
  ['enums', good.replace('() => 1', '() => Kind.One').replace('export', 'enum Kind { One = 1, Two = "two" }\nexport')],
  ['constant enums', good.replace('() => 1', '() => Kind.One').replace('export', 'const enum Kind { Zero, One }\nexport')],
  ['types in a namespace', `namespace Words { export type One = 1; export interface Two { readonly const: string } }\n${good}`.replace('const: string', 'two: string')],
  ['a declared namespace', `declare namespace Words { const all: string[]; }\ndeclare module 'words' { export function one(): void; }\n${good}`],
  ['a namespace in a comment and in a text', `/*\nnamespace Words { const a = 1 }\n*/\nconst text = \`\nnamespace Words { const a = 1 }\n\`;\nconsole.log(text);\n${good}`],
  ['a variable called namespace', `const namespace = { module: 1 };\nconsole.log(namespace);\n${good}`],
  ['classes with parameter properties, abstract members and overloads', `abstract class A { abstract a(): void }\nclass B extends A { constructor(private readonly x = 1) { super(); } a(): void; a(x?: string): void {} }\nnew B().a();\n${good}`],
  ['satisfies, const type parameters and assertions', good.replace('() => 1', '(<const T extends 1>(x: T) => () => x)(1 as const satisfies 1)')],
];

describe('a TypeScript reward that is written by mistake', function () {
  this.timeout(60_000);
  const client = new RewardClient({ dist: path.resolve('dist') }, () => undefined);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-mistakes-'));
  });
  after(async () => {
    client.dispose();
    await rm(folder, { recursive: true });
  });

  mistakes.forEach(([what, content, reason, line, remedy], index) => {
    it(`is told with its cause and what to do: ${what}`, async () => {
      const file = path.join(folder, `mistake${index}.reward.ts`);
      await writeFile(file, content);
      await assert.rejects(client.load({ path: file }), error => {
        assert.ok(AppError.is(error, 'reward.failed'), String(error));
        assert.match(error.details.reason, reason);
        assert.deepEqual([error.details.file, error.details.line], [file, line], error.details.reason);
        assert.match(error.details.remedy ?? '', remedy);
        return true;
      });
    });
  });

  fine.forEach(([what, content], index) => {
    it(`is none: ${what}`, async () => {
      const file = path.join(folder, `fine${index}.reward.ts`);
      await writeFile(file, content);
      const { reward } = await client.load({ path: file });
      assert.equal((await client.score({ reward, items: [{ response: '', sample }] })).scores[0]?.overall, 1);
    });
  });

  it('names the import that is missing also where a response comes upon it', async () => {
    const { reward } = await client.load({ path: path.resolve('late.reward.ts'), source: good.replace('() => 1', '({ response }) => gradeAnswer(response, "7")') });
    const [score] = (await client.score({ reward, items: [{ response: '7', sample }] })).scores;
    assert.equal(score?.error?.message, "ReferenceError: gradeAnswer is not defined. Import it: import { gradeAnswer } from 'pebr';");
    assert.equal(score.error.line, 2);
  });
});
