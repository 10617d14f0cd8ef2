// One measurement of a dataset in a process of its own, so that nothing is warm and the memory is its own: `node datasetProbe.js CODE TASK FILE`.
// CODE is the bundle that `benchDatasets.js` builds from src; the figures go to stdout as JSON.
const { performance } = require('node:perf_hooks');

const [, , code, task, file] = process.argv;
const { DatasetFile, DatasetQuery, defaultColumns, saveRows, openDuckDb } = require(code);
const megabytes = () => process.memoryUsage().rss / 1e6;
const source = text => ({ text, sort: [], groupBy: null });
const byWeight = isDescending => ({ text: '', sort: [{ column: 'weight', isDescending }], groupBy: null });

/** Each question first cold, then another one about the same columns, so that no answer is merely remembered. */
const questions = {
  filter: [query => query.answer(source('source:geoqa boxes:>2')), query => query.answer(source('source:clevr boxes:>1'))],
  words: [query => query.answer(source('triangle "left of it"')), query => query.answer(source('legend docvqa|dog'))],
  difficulty: [query => query.answer(source('difficulty:hard')), query => query.answer(source('difficulty:easy|medium pass_rate:>0.5'))],
  sort: [query => query.answer(byWeight(true)), query => query.answer(byWeight(false))],
  histogram: [query => query.facet('weight', { text: '' }), query => query.facet('weight', { text: 'weight:>0.1' })],
};

/** The same in plain SQL over the file: what somebody with DuckDB and no product would write. */
const plain = {
  filter: `select count(*) from read_json('${file}') where source = 'geoqa' and len(boxes) > 2`,
  words: `select count(*) from read_json('${file}') where (problem || answer) ilike '%triangle%' and (problem || answer) ilike '%left of it%'`,
  difficulty: `select count(*) from read_json('${file}') join read_json('${file.replace(/rows\.jsonl$/, '.pebr/difficulty/rows.jsonl')}') using (qid) where difficulty = 'hard'`,
  sort: `select qid from read_json('${file}') order by weight desc`,
  histogram: `select floor(weight * 20), count(*) from read_json('${file}') group by 1`,
};

const tasks = {
  async open() {
    const memory = megabytes();
    const start = performance.now();
    const dataset = await DatasetFile.open(file);
    await dataset.readRows(0, 50);
    const first = performance.now() - start;
    const rows = await dataset.count();
    return { first, count: performance.now() - start, rows, memory: megabytes() - memory };
  },
  async save() {
    const dataset = await DatasetFile.open(file);
    const count = await dataset.count();
    const changed = [];
    for (let at = 0; at < 100; at++) {
      const [row] = await dataset.readRows(Math.floor((count * at) / 100), Math.floor((count * at) / 100) + 1);
      changed.push({ row: row.row, base: row.text, text: row.text.replace(/"answer":"[^"]*"/, '"answer":"edited"') });
    }
    const start = performance.now();
    await saveRows(dataset, `${file}.saved`, [changed]);
    return { milliseconds: performance.now() - start };
  },
  async plain() {
    const [, , , , , question] = process.argv;
    const start = performance.now();
    const { connection, close } = await openDuckDb();
    await (await connection.run(plain[question])).fetchAllChunks();
    const milliseconds = performance.now() - start;
    await close();
    return { milliseconds };
  },
  async query() {
    const [, , , , , question] = process.argv;
    const dataset = await DatasetFile.open(file);
    await dataset.count(); // the editor has it open
    const memory = megabytes();
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const start = performance.now();
    const query = await DatasetQuery.open({ dataset, columns: defaultColumns, difficultyFile: file.replace(/rows\.jsonl$/, '.pebr/difficulty/rows.jsonl') });
    await questions[question][0](query);
    const cold = performance.now() - start;
    const idle = performance.now();
    await query.idle(); // a person looks at the answer meanwhile
    const ahead = performance.now() - idle;
    const again = performance.now();
    await questions[question][1](query);
    const warm = performance.now() - again;
    clearInterval(watch);
    const grown = megabytes() - memory;
    await query.close();
    return { cold, ahead, warm, memory: grown, longest };
  },
  async cancel() {
    const dataset = await DatasetFile.open(file);
    await dataset.count();
    const query = await DatasetQuery.open({ dataset, columns: defaultColumns });
    const abort = new AbortController();
    const asked = query.answer(source('triangle'), abort.signal).then(() => false, () => true);
    await new Promise(resolve => setTimeout(resolve, 150));
    const start = performance.now();
    abort.abort();
    const isCancelled = await asked;
    const milliseconds = performance.now() - start;
    await query.close();
    return { milliseconds, isCancelled };
  },
};

tasks[task]().then(figures => {
  process.stdout.write(JSON.stringify(figures));
  process.exit();
});
