/*
 * What the page remembers: the conversation's id for the next visit, the key and the unanswered text for this tab only.
 * Names carry the page's path, so that two Lucias behind one address keep apart. A browser that refuses storage costs memory, nothing else.
 */
const place = new URL('.', document.baseURI).pathname;

function slot(storage, name) {
  const key = `lucia:${place}:${name}`;
  let fallback = null;
  return {
    get() {
      try { return storage().getItem(key) ?? fallback; } catch { return fallback; }
    },
    set(value) {
      fallback = value || null;
      try {
        if (value) storage().setItem(key, value);
        else storage().removeItem(key);
      } catch { /* kept in this page alone */ }
    },
  };
}

export const sessionId = slot(() => localStorage, 'session');
export const apiKey = slot(() => sessionStorage, 'key');
export const draft = slot(() => sessionStorage, 'draft');
