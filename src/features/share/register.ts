import * as vscode from 'vscode';
import { registerCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { exportRollouts } from './exportRollouts';
import { RolloutLinks } from './rolloutLinks';

/** Rollouts for others: files for whoever has no project, links for whoever has. */
export function registerShare(services: Services): RolloutLinks {
  const { lifetime, log } = services;
  const links = new RolloutLinks(services);
  lifetime.add(registerCommand(log, 'pebr.rollouts.export', request => exportRollouts(services, request)));
  lifetime.add(registerCommand(log, 'pebr.link.copy', async request => void (await links.copy(request))));
  lifetime.add(vscode.window.registerUriHandler(links));
  return links;
}
