/** The flags under which src/platform/rewards/workerCommand.ts starts the reward worker. */
function workerFlags() {
  const known = process.allowedNodeEnvironmentFlags;
  const flag = ['--permission', '--experimental-permission'].find(name => known.has(name));
  if (!flag || !known.has('--allow-addons')) return ['--no-warnings'];
  return ['--no-warnings', flag, '--allow-fs-read=*', '--allow-worker', '--allow-addons', '--allow-child-process', ...(known.has('--allow-net') ? ['--allow-net'] : [])];
}

module.exports = { workerFlags };
