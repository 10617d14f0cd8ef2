import type { Services } from '../../host/services';

export function registerTraining(_services: Services): void {}
