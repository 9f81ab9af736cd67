// Google: a client secret that is none, one revoke address without client authentication, no `offline_access`.
import { provider, unhappy } from './provider.mjs';

const client = {
  client_id: 'google-client-of-the-tests',
  application_type: 'native',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: ['http://127.0.0.1/', 'http://127.0.0.1/callback', 'http://localhost/callback', 'http://[::1]/callback'],
};
const auth = 'https://www.googleapis.com/auth/';
const secret = 'google-secret-of-the-tests';

export function google({ origin, behaviour, note, issued }) {
  const prefix = '/google';
  const issuer = `${origin}${prefix}`;

  // https://oauth2.googleapis.com/revoke: any token of the grant ends the whole grant; an unknown one is a 400.
  async function revoke(ctx, oidc) {
    if (ctx.path !== '/revoke') return false;
    const mode = behaviour.google.revoke;
    note('google', 'revoke', { mode });
    await unhappy(ctx, mode);
    if (ctx.status === 503) return true;
    const ended = mode === 'real' && (await end(oidc, await token(ctx)));
    ctx.status = ended || mode === 'done' ? 200 : 400;
    ctx.body = ctx.status === 200 ? {} : { error: 'invalid_token', error_description: 'Token expired or revoked' };
    return true;
  }

  const part = provider({
    name: 'google',
    issuer,
    prefix,
    behaviour,
    note,
    issued,
    more: revoke,
    scopes: ['user.security', 'user.readonly'].map((name) => `${auth}admin.directory.${name}`).concat(`${auth}admin.reports.audit.readonly`),
    clients: [
      { ...client, client_secret: secret, token_endpoint_auth_method: 'client_secret_post' },
      { ...client, client_id: `${client.client_id}-without-secret`, token_endpoint_auth_method: 'none' },
    ],
    claims: (_subject, address) => ({ hd: address.endsWith('@gmail.com') ? undefined : address.split('@')[1] }),
    extra: {
      // Asked for by access_type=offline there, which a standard server does not know.
      issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
      extraParams: ['access_type', 'include_granted_scopes'],
      routes: { authorization: '/auth', token: '/token', jwks: '/certs' },
    },
  });

  return {
    name: 'google',
    prefix,
    answer: part.answer,
    addresses: {
      issuer,
      authorize: `${issuer}/auth`,
      token: `${issuer}/token`,
      revoke: `${issuer}/revoke`,
      jwks: `${issuer}/certs`,
      discovery: `${issuer}/.well-known/openid-configuration`,
      client_id: client.client_id,
      client_secret: secret,
    },
  };
}

async function token(ctx) {
  let body = '';
  for await (const chunk of ctx.req) body += chunk;
  return new URLSearchParams(body).get('token') ?? ctx.query.token ?? '';
}

async function end(oidc, value) {
  for (const kind of [oidc.RefreshToken, oidc.AccessToken]) {
    const found = value && (await kind.find(value));
    if (!found) continue;
    // The library drops all tokens of a grant in the same way when its own revocation is called.
    await Promise.all([oidc.RefreshToken, oidc.AccessToken, oidc.AuthorizationCode].map((k) => k.revokeByGrantId(found.grantId)));
    await (await oidc.Grant.find(found.grantId))?.destroy();
    return true;
  }
  return false;
}
