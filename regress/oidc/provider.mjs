// provider.mjs PORT REDIRECT_URI...: the provider of panva on loopback, with one client and, for everybody who logs in as NAME, the
// address NAME@example.com, verified, and two factors but for "weak".  Its own pages of login and consent stand for a person at a browser.
import Provider from 'oidc-provider';

const [port, ...uris] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
	clients: [{ client_id: 'console', client_secret: 'its secret', redirect_uris: uris, response_types: ['code'], grant_types: ['authorization_code'], id_token_signed_response_alg: 'ES256' }],
	jwks: { keys: [await (async () => {
		const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
		return { ...(await crypto.subtle.exportKey('jwk', privateKey)), key_ops: undefined, ext: undefined, kid: 'first', use: 'sig', alg: 'ES256' };
	})()] },
	claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'], groups: ['groups'] },
	conformIdTokenClaims: false,
	pkce: { required: () => true },
	findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, groups: ['staff'] }) }),
});
const finish = provider.interactionFinished.bind(provider);
provider.interactionFinished = (request, answer, { login, ...rest }, how) =>
	finish(request, answer, login ? { ...rest, login: { ...login, amr: login.accountId === 'weak' ? ['pwd'] : ['pwd', 'mfa'] } } : rest, how);
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
