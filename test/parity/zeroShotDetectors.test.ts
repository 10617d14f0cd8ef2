import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Detector } from '../../src/platform/proposals/detector';

const labels = ['red 7', 'blue card', 'a label that is longer than sixteen of the tokens'];
const kinds = { owlvit: labels, owlv2: labels, yolos: ['card', 'digit'] } as const;
type Seen = readonly [x1: number, y1: number, x2: number, y2: number, ...scores: number[]];

/** Real models of the kinds that are read by their own configuration, tiny and untrained, exported from Transformers. */
describe('a detector that Transformers exported', function () {
  this.timeout(240_000);
  let folder: string;
  let theirs: Readonly<Record<keyof typeof kinds, readonly Seen[]>>;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pebr-zero-shot-'));
    const python = process.platform === 'win32' ? 'trainer/.venv/Scripts/python.exe' : 'trainer/.venv/bin/python';
    theirs = JSON.parse(execFileSync(python, ['test/parity/zero_shot_models.py', folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as typeof theirs;
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const kind of ['owlvit', 'owlv2', 'yolos'] as const) {
    it(`sees in a picture what ${kind} sees there`, async () => {
      const detector = await Detector.open(path.join(folder, kind));
      const { size, proposals } = await detector.detect({ image: path.join(folder, 'picture.png'), labels: kind === 'yolos' ? [] : labels });
      assert.deepEqual(size, { width: 64, height: 64 });
      assert.ok(proposals.length > 0);
      const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.02;
      const inside = (value: number): number => Math.max(0, Math.min(64, value));
      for (const { label, score, bbox } of proposals) {
        const same = theirs[kind].find(seen => near(seen[4 + kinds[kind].findIndex(each => each === label)] ?? NaN, score ?? -1) && bbox.every((value, at) => near(value, inside(seen[at] ?? NaN))));
        assert.ok(same, `${label} ${score} ${bbox.join()} is none of ${JSON.stringify(theirs[kind])}`);
      }
      const [best] = [...theirs[kind]].filter(([x1, y1, x2, y2]) => inside(x2) - inside(x1) > 0.1 && inside(y2) - inside(y1) > 0.1).map(([, , , , ...scores]) => Math.max(...scores)).sort((a, b) => b - a);
      assert.ok(best !== undefined && near(best, proposals[0]?.score ?? -1), 'the surest comes first');
    });
  }
});
