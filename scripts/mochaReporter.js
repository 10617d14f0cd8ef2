// Mocha's dot reporter that also writes {passed, failed, files: {FILE: {passed, failed}}} to a file when the run is whole.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

module.exports = class CountingReporter extends reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    const files = {};
    const count = result => test => {
      const counts = (files[test.file] ??= { passed: 0, failed: 0 });
      counts[result]++;
    };
    runner.on(Runner.constants.EVENT_TEST_PASS, count('passed'));
    runner.on(Runner.constants.EVENT_TEST_FAIL, count('failed'));
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures } = runner.stats;
      writeFileSync(options.reporterOptions.output, JSON.stringify({ passed: passes, failed: failures, files }));
    });
  }
};
