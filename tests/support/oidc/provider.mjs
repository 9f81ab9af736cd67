// What both have in common.
import Provider from 'oidc-provider';

const hang = () => new Promise(() => {});

const json = (ctx, status, body) => {
  ctx.status = status;
  ctx.body = body;
};

/// Canned replies to a refresh, in the words of the two providers.
const refusals = {
  invalid_grant: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
  consent_gone: {
    error: 'invalid_grant',
    error_description: 'AADSTS65001: The user or administrator has not consented to use the application.',
    error_codes: [65001],
    suberror: 'consent_required',
  },
  password_changed: {
    error: 'invalid_grant',
    error_description: 'AADSTS50173: The provided grant has expired due to it being revoked.',
    error_codes: [50173],
  },
  policy: {
    error: 'interaction_required',
    error_description: 'AADSTS50076: Due to a configuration change made by your administrator.',
    error_codes: [50076],
  },
};

export async function unhappy(ctx, mode) {
  if (mode === 'hang') await hang();
  if (mode === 'unavailable') json(ctx, 503, 'try again later');
}

/// One provider. `extra` is merged into the settings, `more` answers what the library doesn't know; `behaviour` is read
/// anew at every request.
export function provider({ name, issuer, prefix, clients, claims, extra, more, behaviour, note, issued, scopes: more_scopes = [] }) {
  const scopes = ['openid', 'email', 'profile', 'offline_access', ...more_scopes];
  const oidc = new Provider(issuer, {
    clients,
    scopes,
    claims: { openid: ['sub', ...Object.keys(claims('', ''))], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false, // both put the address straight into the id_token
    pkce: { required: () => true },
    // The account's id is the address in hexadecimal, so that nobody takes a subject for an address.
    findAccount: async (_ctx, sub) => ({
      accountId: sub,
      async claims() {
        const address = Buffer.from(sub, 'hex').toString();
        return { sub, email: address, email_verified: true, ...claims(sub, address), ...behaviour[name].claims };
      },
    }),
    rotateRefreshToken: false,
    ttl: { Interaction: 600, Session: 3600, Grant: 86400, AccessToken: 3600, IdToken: 3600, RefreshToken: 86400 },
    cookies: { keys: ['a key of a test'] },
    ...extra,
    features: { devInteractions: { enabled: true }, ...extra.features },
  });
  oidc.use(async (ctx, next) => {
    if (ctx.method === 'POST' && ctx.path === '/token') {
      await unhappy(ctx, behaviour[name].token);
      if (ctx.status === 503) return note(name, 'token', { reply: 503 });
    }
    if (await more?.(ctx, oidc)) return;
    await next();
    if (ctx.oidc?.route === 'token') await token(ctx);
  });

  async function token(ctx) {
    const grant = ctx.oidc.params?.grant_type;
    const mode = behaviour[name];
    if (grant === 'refresh_token' && mode.refresh !== 'real') {
      await unhappy(ctx, mode.refresh);
      if (refusals[mode.refresh]) json(ctx, 400, refusals[mode.refresh]);
    }
    // The token for another server, which knows its own only.
    if (ctx.status === 200 && mode.access) ctx.body.access_token = mode.access;
    if (ctx.status === 200 && mode.token === 'no_refresh_token') delete ctx.body.refresh_token;
    if (ctx.status === 200 && mode.token === 'bad_signature') ctx.body.id_token = spoilt(ctx.body.id_token);
    for (const kind of ['access_token', 'refresh_token', 'id_token']) {
      if (ctx.body?.[kind]) issued.push(ctx.body[kind]);
    }
    note(name, grant === 'refresh_token' ? 'refresh' : 'token', { reply: ctx.status });
  }

  // Takes the middleware there is now: nothing can be added after it.
  const callback = oidc.callback();
  return {
    answer(req, res) {
      if (behaviour[name].token === 'wrong_nonce') req.url = req.url.replace(/([?&]nonce=)[^&]*/, '$1of-someone-else');
      // Microsoft's word for "ask whom"; the library has none, and gives no refresh token without asking for consent.
      req.url = req.url.replace(/([?&]prompt=)select_account/, '$1login%20consent');
      // The library finds out where it is mounted from these two.
      req.originalUrl = req.url;
      req.url = req.url.slice(prefix.length);
      callback(req, res);
    },
  };
}

function spoilt(jwt) {
  const [head, claims, signature] = jwt.split('.');
  return [head, claims, [...signature].reverse().join('')].join('.');
}
