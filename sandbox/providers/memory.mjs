// What oidc-provider keeps, apart from one instance of it: sign-ins under way live through a change of its keys.

// A factory of adapters by model name, over one map of their own (oidc-provider, example/my_adapter.js).
export function sharedMemory() {
  const kept = new Map(); // "Model:id" -> { payload, until }
  const live = (key) => {
    const found = kept.get(key);
    if (found && found.until > Date.now()) return found.payload;
    kept.delete(key);
    return undefined;
  };
  const where = (model, matches) => {
    for (const key of kept.keys()) {
      if (key.startsWith(`${model}:`) && matches(live(key) ?? {})) return live(key);
    }
    return undefined;
  };
  return (model) => ({
    async upsert(id, payload, expiresIn) {
      kept.set(`${model}:${id}`, { payload, until: expiresIn ? Date.now() + expiresIn * 1000 : Infinity });
    },
    find: async (id) => live(`${model}:${id}`),
    findByUid: async (uid) => where(model, (p) => p.uid === uid),
    findByUserCode: async (code) => where(model, (p) => p.userCode === code),
    async consume(id) {
      const payload = live(`${model}:${id}`);
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      kept.delete(`${model}:${id}`);
    },
    async revokeByGrantId(grant) {
      for (const [key, { payload }] of kept) if (payload.grantId === grant) kept.delete(key);
    },
  });
}
