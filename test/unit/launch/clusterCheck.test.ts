import * as assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkCluster } from '../../../src/platform/launch/clusterCheck';

describe('the cluster that a run is submitted to', () => {
  let server: Server;
  const portOf = async (listener: RequestListener): Promise<number> => {
    server = createServer(listener);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  const look = async (address: string): Promise<string> => {
    const { state, message } = await checkCluster(address);
    return `${state}: ${message}`;
  };
  afterEach(() => new Promise(resolve => server.close(resolve)));

  it('answers with its version, or asks for its token', async () => {
    let status = 200;
    const port = await portOf((request, response) => response.writeHead(request.url === '/api/version' ? status : 404).end('{"version": "4", "ray_version": "2.52.0"}'));
    assert.equal(await look(`http://127.0.0.1:${port}/`), `ok: http://127.0.0.1:${port}/ answers: Ray 2.52.0.`);
    assert.match(await look(`ray://127.0.0.1:${port}`), /^ok/);
    status = 401;
    assert.match(await look(`http://127.0.0.1:${port}`), /^ok: .* answers\.$/);
  });

  it('is none where another program holds the port, where nothing listens, and where there is no such machine', async () => {
    const port = await portOf((_, response) => response.end('<html>another program</html>'));
    assert.match(await look(`http://127.0.0.1:${port}`), /^error: .*what answers there is no Ray \(status 200, no version\)/);
    await new Promise(resolve => server.close(resolve));
    assert.match(await look(`http://127.0.0.1:${port}`), /^error: .*nothing listens there/);
    assert.match(await look(`ray://127.0.0.1:${port}`), /^error: .*nothing listens there/);
    assert.match(await look('http://no-such-machine.invalid:8265'), /^error: .*there is no machine of that name/);
  });
});
