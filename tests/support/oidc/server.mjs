// Plays Google and Microsoft for the tests: a real OpenID server each, on the loopback address, with PKCE, login and
// consent pages. What the two do differently from the standard, and what they do when things go wrong, is added here.
//
// Prints one line of JSON with all addresses and client ids. Control: GET /__control reads what happened and which
// tokens were given out; POST /__control changes the behaviour (see `behaviour`) and returns the same.
import http from 'node:http';
import { google } from './google.mjs';
import { microsoft } from './microsoft.mjs';

// The server library reminds on standard error of what a test does on purpose (plain http, keys of its own).
console.warn = () => {};
console.info = () => {};

const behaviour = {
  google: { refresh: 'real', revoke: 'real', token: 'real', claims: {} },
  microsoft: { refresh: 'real', token: 'real', claims: {} },
};
const log = [];
const issued = [];
const note = (provider, what, more = {}) => log.push({ provider, what, ...more });

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const parts = [google, microsoft].map((make) => make({ origin, behaviour, note, issued }));
  server.on('request', (req, res) => {
    const path = new URL(req.url, origin).pathname;
    if (path === '/__control') return control(req, res);
    const part = parts.find(({ prefix }) => path.startsWith(`${prefix}/`));
    if (!part) return res.writeHead(404).end();
    part.answer(req, res);
  });
  const addresses = Object.fromEntries(parts.map(({ name, addresses }) => [name, addresses]));
  console.log(JSON.stringify({ control: `${origin}/__control`, ...addresses }));
});

async function control(req, res) {
  if (req.method === 'POST') {
    let text = '';
    for await (const chunk of req) text += chunk;
    for (const [provider, changes] of Object.entries(JSON.parse(text))) Object.assign(behaviour[provider], changes);
  }
  res.writeHead(200, { 'content-type': 'application/json' });
  res.end(JSON.stringify({ behaviour, log, issued }));
}
