import * as path from 'node:path';
import { defaultMemoryMb } from '../protocol';
import { HostProcesses } from './hostProcesses';

/** The processes of a worker's rewards. Imported before all else, so that the first one starts while the rest of the worker is read. */
export const hostProcesses = new HostProcesses(path.join(__dirname, 'rewardHost.js'), process.argv.includes('--keep-spare'));
hostProcesses.startFirst(defaultMemoryMb);
