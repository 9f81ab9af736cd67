// Microsoft: a public client, the tenant in the issuer, `tid` and `oid` in the id_token, and no revoke address at all.
import { createHash } from 'node:crypto';
import { provider } from './provider.mjs';

const tenants = { work: '11111111-2222-4333-8444-555555555555', personal: '9188040d-6c67-4c5b-b112-36a304b66dad' };

const client = {
  client_id: '00000000-aaaa-4bbb-8ccc-000000000001',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  // The first is what people register there; the app comes back to it with a port and no path.
  redirect_uris: ['http://localhost', 'http://127.0.0.1/', 'http://127.0.0.1/callback', 'http://localhost/', 'http://localhost/callback', 'http://[::1]/callback'],
};

export function microsoft({ origin, behaviour, note, issued }) {
  const prefix = `/${tenants.work}/v2.0`;
  const issuer = `${origin}${prefix}`;
  const part = provider({
    name: 'microsoft',
    issuer,
    prefix,
    behaviour,
    note,
    issued,
    scopes: ['DelegatedPermissionGrant.ReadWrite.All', 'Directory.Read.All', 'Application.Read.All', 'AuditLog.Read.All'].map(
      (name) => `https://graph.microsoft.com/${name}`,
    ),
    clients: [client],
    claims: (subject, address) => ({
      oid: uuid(subject),
      tid: address.endsWith('@outlook.com') ? tenants.personal : tenants.work,
      preferred_username: address,
    }),
    extra: {
      // Without offline_access there is no refresh token, as there.
      issueRefreshToken: async (_ctx, client, code) =>
        client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
      extraParams: ['domain_hint', 'login_hint'],
      routes: { authorization: '/authorize', token: '/token', jwks: '/keys' },
    },
  });
  return {
    name: 'microsoft',
    prefix,
    answer: part.answer,
    addresses: {
      issuer,
      authorize: `${issuer}/authorize`,
      token: `${issuer}/token`,
      jwks: `${issuer}/keys`,
      discovery: `${issuer}/.well-known/openid-configuration`,
      client_id: client.client_id,
      tenant: tenants.work,
    },
  };
}

function uuid(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
