import * as assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { errorInWords } from '../../../src/core/errorWords';
import { boxIou } from '../../../src/core/geometry/iou';
import { readDetectorFolder } from '../../../src/platform/proposals/detectorFolder';
import { DetectorProposer } from '../../../src/platform/proposals/detectorProposer';

const model = path.resolve('samples/cards/models/detector');
const data = path.resolve('samples/cards/data');
const { signal } = new AbortController();

interface CardRow {
  readonly images: readonly string[];
  readonly boxes: readonly { readonly label: string; readonly bbox: readonly [number, number, number, number] }[];
}

/** The detector of the sample, in its process, on pictures that it has not learnt from. */
describe('the detector of the sample', function () {
  this.timeout(120_000);
  let folder: string;
  let proposer: DetectorProposer | undefined;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'pebr-detector-'))));
  afterEach(() => {
    proposer?.dispose();
    proposer = undefined;
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A copy of the folder with another configuration. */
  function copyWith(name: string, change: (config: Record<string, Record<string, unknown>>) => void): string {
    const copy = path.join(folder, name);
    cpSync(model, copy, { recursive: true });
    const config = JSON.parse(readFileSync(path.join(copy, 'pebr-model.json'), 'utf8')) as Record<string, Record<string, unknown>>;
    change(config);
    writeFileSync(path.join(copy, 'pebr-model.json'), JSON.stringify(config));
    return copy;
  }

  async function failureOf(work: Promise<unknown>): Promise<string> {
    return work.then(() => 'no failure', errorInWords);
  }

  it('finds and names the cards of held-out pictures as its README says', async function () {
    if (!existsSync(data)) return this.skip();
    const started = (proposer = await DetectorProposer.start(model, 'dist'));
    const rows = readFileSync(path.join(data, 'perception.heldout.jsonl'), 'utf8').trim().split('\n').slice(0, 60).map(line => JSON.parse(line) as CardRow);
    let [cards, named, proposed] = [0, 0, 0];
    for (const { images: [image], boxes } of rows) {
      const { size, proposals } = await started.propose({ image: path.join(data, image ?? ''), labels: [] }, signal);
      assert.deepEqual(size, { width: 224, height: 224 });
      const sure = proposals.filter(({ score }) => (score ?? 0) >= 0.3);
      cards += boxes.length;
      proposed += sure.length;
      named += boxes.filter(box => sure.some(({ label, bbox }) => label === box.label && boxIou(bbox, box.bbox) >= 0.5)).length;
    }
    assert.ok(named / cards >= 0.95 && named / proposed >= 0.95, `recall ${named / cards}, precision ${named / proposed}`);
  });

  it('names what it finds as the dataset does', async () => {
    const started = (proposer = await DetectorProposer.start(copyWith('named', config => void (config['labels'] = { 'green 8': 'the green eight' })), 'dist'));
    const { proposals } = await started.propose({ image: path.join(data, 'images/train-0000.png'), labels: ['RED-8', 'yellow 4s'] }, signal);
    assert.deepEqual(proposals.filter(({ score }) => (score ?? 0) > 0.3).map(({ label }) => label).sort(), ['RED-8', 'blue 2', 'the green eight', 'yellow 4s']);
  });

  it('tells a picture that cannot be decoded, and goes on with the next one', async () => {
    const broken = path.join(folder, 'broken.png');
    writeFileSync(broken, 'no picture');
    const started = (proposer = await DetectorProposer.start(model, 'dist'));
    assert.match(await failureOf(started.propose({ image: broken, labels: [] }, signal)), /broken\.png.*cannot be decoded/);
    assert.ok((await started.propose({ image: path.join(data, 'images/train-0000.png'), labels: [] }, signal)).proposals.length > 0);
  });

  it('tells what is wrong with a folder, and what to do', async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      [path.join(folder, 'absent'), /there is no such folder.*Choose another folder/],
      [copyWith('input', config => void (config['input'] = { ...config['input'], name: 'picture' })), /no input "picture"; its inputs are "pixel_values".*Correct "input.name"/],
      [copyWith('output', config => void (config['output'] = { ...config['output'], boxes: 'places' })), /no output "places"; its outputs are "boxes", "scores"/],
      [copyWith('model', config => void ((config as Record<string, unknown>)['model'] = '../detector/model.onnx')), /"model" must be a file of the folder/],
      [copyWith('kind', config => void (config['output'] = { kind: 'magic' })), /pebr-model\.json/],
    ];
    for (const [place, words] of cases) assert.match(await failureOf(DetectorProposer.start(place, 'dist')), words);
    const torn = copyWith('torn', () => undefined);
    writeFileSync(path.join(torn, 'model.onnx'), 'no model');
    assert.match(await failureOf(DetectorProposer.start(torn, 'dist')), /cannot be loaded as an ONNX model/);
  });

  it('tells outputs that are not as the configuration says', async () => {
    const started = (proposer = await DetectorProposer.start(copyWith('classes', config => void ((config as Record<string, unknown>)['classes'] = ['red', 'blue'])), 'dist'));
    assert.match(await failureOf(started.propose({ image: path.join(data, 'images/train-0000.png'), labels: [] }, signal)), /"scores" is of shape \(1, 196, 40\); the configuration says 196 rows of 2 scores/);
    const sized = await DetectorProposer.start(copyWith('size', config => void (config['input'] = { ...config['input'], width: 100 })), 'dist');
    assert.match(await failureOf(sized.propose({ image: path.join(data, 'images/train-0000.png'), labels: [] }, signal)), /does not take what it is given/);
    sized.dispose();
  });

  it('has another fingerprint when anything of it changes', async () => {
    const { model: one } = await readDetectorFolder(model);
    const { model: other } = await readDetectorFolder(copyWith('changed', config => void ((config as Record<string, unknown>)['threshold'] = 0.5)));
    assert.equal(one.name, 'cards');
    assert.notEqual(one.hash, other.hash);
  });

  it('rejects what is open when its process dies, and says so', async () => {
    const started = (proposer = await DetectorProposer.start(model, 'dist'));
    const asked = started.propose({ image: path.join(data, 'images/train-0000.png'), labels: [] }, signal);
    (started as unknown as { child: { kill(signal: string): void } }).child.kill('SIGKILL');
    assert.match(await failureOf(asked), /ended: SIGKILL.*started again/);
    assert.ok(started.isLost);
  });
});
