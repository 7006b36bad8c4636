// The three identity providers of the sandbox, on ports after the platforms'.

import { accountsOf, examplesOf } from './accounts.mjs';
import { oidcProvider } from './oidc.mjs';
import { vnconnectProvider } from './vnconnect.mjs';
import { vneidProvider } from './vneid.mjs';

const PROVIDERS = { oidc: oidcProvider, vnconnect: vnconnectProvider, vneid: vneidProvider };

// `base`: the gateway as browsers know it, without a slash at its end. `portOf(i)`: 0 lets the system choose.
export async function startProviders(city, base, portOf) {
  const accounts = accountsOf(city);
  const servers = [];
  const told = { base, accounts: examplesOf(accounts), providers: {} };
  for (const [i, [name, make]] of Object.entries(PROVIDERS).entries()) {
    const { server, told: of } = await make(accounts, base, portOf(i));
    servers.push(server);
    told.providers[name] = of;
  }
  return { servers, told };
}
