/** Something that set-up needs and that is not there: what, and how to get it. */
class SetUpError extends Error {
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

/** Runs a script's main function; a `SetUpError` ends it with two plain lines, anything else with its stack. */
async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(`\nerror: ${error.message}\n  ${error.remedy}`);
    process.exitCode = 2;
  }
}

module.exports = { SetUpError, runMain };
