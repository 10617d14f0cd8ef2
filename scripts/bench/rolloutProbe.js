// One measurement of a run's rollouts in a process of its own, which stands for the window's host: `node rolloutProbe.js CODE TASK PLACE`. The figures go to stdout as JSON.
const { execFileSync } = require('node:child_process');
const { appendFileSync } = require('node:fs');
const path = require('node:path');
const { performance } = require('node:perf_hooks');
const { randomOf, rollout } = require('./rolloutRows');

const [, , code, task, place, question] = process.argv;
const { RolloutSession, openDuckDb } = require(code);
const megabytes = () => process.memoryUsage().rss / 1e6;
const from = `read_json('${place}', format = 'newline_delimited', ignore_errors = true)`;
/** What somebody with DuckDB and no product would write. */
const plain = {
  all: `create table t as select stage, step, "group", sampleId, overall, advantage, components from ${from}`,
  filter: `select distinct "group" from ${from} where components.clip >= 0.7 and components.accuracy < 1`,
  words: `select distinct "group" from ${from} where response ilike '%shapes again before%'`,
  histogram: `select floor(components.clip * 20), count(*) from ${from} group by 1`,
};

const tasks = {
  async plain() {
    const { connection, close } = await openDuckDb();
    const start = performance.now();
    await (await connection.run(plain[question])).fetchAllChunks();
    const milliseconds = performance.now() - start;
    await close();
    return { milliseconds };
  },
  async open() {
    const memory = megabytes();
    let longest = 0;
    let last = performance.now();
    let highest = memory;
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last - 5);
      last = performance.now();
      highest = Math.max(highest, megabytes());
    }, 5);
    let wake = () => {};
    const waiting = isDone => new Promise(resolve => (wake = value => isDone(value) && resolve()));
    const start = performance.now();
    let isReading = true;
    const session = new RolloutSession(path.join(__dirname, '../../dist'), place, { onGrowth: list => wake(list), onState: (_, reading) => ((isReading = reading), wake()), onFailure: error => { throw error; } });
    const whole = waiting(() => !isReading);
    await session.ready();
    const { list } = await session.ask({ text: '', sort: [] });
    await session.page(list.version, 0, 100);
    const first = performance.now() - start;
    await whole;
    const read = performance.now() - start;
    const timed = async work => {
      const began = performance.now();
      await work();
      return performance.now() - began;
    };
    const ask = (text, sort = []) => timed(() => session.ask({ text, sort }));
    await ask('clip:>=0.5 right:yes');
    const filter = await ask('clip:>=0.7 right:no');
    const sort = await ask('right:no key_word:<0.5', [{ column: 'group_std', isDescending: true }]);
    const doubted = await ask('doubtful_gold:yes');
    const wordsCold = await ask('"left of another"');
    const words = await ask('"shapes again before"');
    await session.facet('overall', '');
    const histogram = await timed(() => session.facet('clip', 'right:no'));
    const all = await session.ask({ text: '', sort: [] });
    const page = await timed(() => session.page(all.list.version, 6000, 6100));
    const [large] = await session.named('perception-large');
    const group = await timed(() => session.read(large));
    const grown = waiting(value => value && value.groups > all.list.groups);
    const random = randomOf(7);
    const live = await timed(async () => {
      appendFileSync(path.join(place, 'rollouts/perception.jsonl'), `${JSON.stringify(rollout(random, 'bench', 1e6, 0, 1e6, 1, `live-${process.pid}`))}\n`);
      await grown;
    });
    clearInterval(beat);
    const worker = process.platform === 'linux' ? Math.max(...execFileSync('ps', ['-o', 'rss=', '--ppid', String(process.pid)], { encoding: 'utf8' }).trim().split('\n').map(Number)) / 1e3 : 0;
    session.dispose();
    return { first, read, filter, sort, doubted, words, wordsCold, histogram, page, group, live, memory: highest - memory, worker, longest };
  },
};

tasks[task]().then(figures => process.stdout.write(JSON.stringify(figures), () => process.exit(0)), error => {
  console.error(error);
  process.exit(1);
});
