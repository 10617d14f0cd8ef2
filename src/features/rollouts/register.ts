import type { Services } from '../../host/services';

export function registerRollouts(_services: Services): void {}
