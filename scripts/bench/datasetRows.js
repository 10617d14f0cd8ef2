// A dataset of the paper's layout for benchmarks: unique questions, answers of several kinds, boxes within the images, a source, a weight. Always the same bytes.
const { closeSync, copyFileSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } = require('node:fs');
const path = require('node:path');
const { root } = require('../setUp');

const words = 'red green blue yellow card triangle button axis legend bar point icon cup dog left right above below largest smallest count sum difference between near far behind before under over corner centre'.split(' ');
const sources = ['geoqa', 'chartqa', 'clevr', 'docvqa', 'iconqa'];
/** Bytes of a row on average: a million are 430 MB. */
const rowBytes = 430;

/** Writes `folder/rows.jsonl` with its project, its difficulty and 100 images; returns the file. */
function writeDataset(folder, count) {
  const file = path.join(folder, 'rows.jsonl');
  copyImages(folder);
  const random = generator(7);
  const pick = list => list[Math.floor(random() * list.length)];
  writeLines(file, count, row => {
    const boxes = Array.from({ length: Math.floor(random() * 4) }, () => {
      const [x, y] = [Math.floor(random() * 60), Math.floor(random() * 60)];
      return { label: pick(words), bbox: [x, y, x + 4 + Math.floor(random() * 20), y + 4 + Math.floor(random() * 20)] };
    });
    const answer = random() < 0.6 ? String(Math.floor(random() * 40)) : pick(['A', 'B', 'C', 'D', 'Yes', 'left of it']);
    const fields = { qid: `q-${String(row).padStart(7, '0')}`, problem: '<image>', answer, images: [`images/${row % 100}.png`], key_words: [pick(words), `${pick(words)} ${row % 977}`], boxes, source: pick(sources), weight: Math.round(random() * 1000) / 1000 };
    const missing = rowBytes - 2 - JSON.stringify(fields).length;
    while (fields.problem.length < missing) fields.problem += ` ${pick(words)}`;
    return JSON.stringify({ ...fields, problem: `${fields.problem}?` });
  });
  mkdirSync(path.join(folder, '.pebr/difficulty'), { recursive: true });
  writeLines(path.join(folder, '.pebr/difficulty/rows.jsonl'), count, row => JSON.stringify({ qid: `q-${String(row).padStart(7, '0')}`, difficulty: ['easy', 'medium', 'hard'][row % 3], correct: [8, row % 7 + 1, 0][row % 3], responses: 8, policy: 'base', checkpoint: '', date: '2026-11-21', run: 'r' }));
  writeFileSync(path.join(folder, 'pebr.json'), JSON.stringify({ name: 'bench', datasets: [{ id: 'rows', stage: 'perception', path: 'rows.jsonl' }] }));
  return file;
}

function copyImages(folder) {
  const cards = path.join(root, 'samples/cards/data/images');
  mkdirSync(path.join(folder, 'images'), { recursive: true });
  for (const [at, name] of readdirSync(cards).slice(0, 100).entries()) copyFileSync(path.join(cards, name), path.join(folder, 'images', `${at}.png`));
}

function writeLines(file, count, lineOf) {
  const handle = openSync(file, 'w');
  for (let from = 0; from < count; from += 20_000) {
    writeSync(handle, Array.from({ length: Math.min(20_000, count - from) }, (_, at) => `${lineOf(from + at)}\n`).join(''));
  }
  closeSync(handle);
}

function generator(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
}

module.exports = { writeDataset };
