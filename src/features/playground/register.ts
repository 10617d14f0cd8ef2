import type { Services } from '../../host/services';

export function registerPlayground(_services: Services): void {}
