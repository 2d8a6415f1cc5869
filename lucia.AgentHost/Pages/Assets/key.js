import { apiKey } from './memory.js';

const dialog = document.getElementById('key-dialog');
const field = document.getElementById('key');
const error = document.getElementById('key-error');
const unlock = dialog.querySelector('[type=submit]');
let asking = null;

/** Asks for the key until the server accepts one. False when the person gives up. Two askers share one dialog. */
export function askForKey(signal) {
  asking ??= ask(signal).finally(() => { asking = null; });
  return asking;
}

function ask(signal) {
  return new Promise(resolve => {
    const rejected = apiKey.get() !== null;
    apiKey.set(null);
    field.value = '';
    complain(rejected ? 'The key of this tab is no longer accepted.' : '');
    const giveUp = () => dialog.close();
    signal?.addEventListener('abort', giveUp, { once: true });
    dialog.addEventListener('close', () => {
      signal?.removeEventListener('abort', giveUp);
      field.value = '';
      resolve(apiKey.get() !== null);
      if (apiKey.get() !== null) document.dispatchEvent(new Event('lucia:unlocked'));
    }, { once: true });
    dialog.showModal();
    field.focus();
  });
}

function complain(sentence) {
  error.textContent = sentence;
  field.setAttribute('aria-invalid', String(sentence !== ''));
}

async function verify(key) {
  if (key === '') return 'Enter the key first.';
  // A header carries visible ASCII only; anything else is a slip of the clipboard.
  if (!/^[\x21-\x7e]+$/.test(key)) return 'A key has no spaces and only plain letters, digits and signs. Copy it again.';
  try {
    const response = await fetch('api/agents', { headers: { Authorization: `Bearer ${key}` }, cache: 'no-store' });
    return response.status === 401 ? 'Lucia does not accept this key. Compare it with Auth__ApiKey.' : '';
  } catch {
    return 'Lucia cannot be reached, so the key could not be checked.';
  }
}

dialog.querySelector('form').addEventListener('submit', async event => {
  event.preventDefault();
  const key = field.value.trim();
  unlock.disabled = true;
  const objection = await verify(key);
  unlock.disabled = false;
  if (!dialog.open) return;
  if (objection) {
    complain(objection);
    field.focus();
    field.select();
    return;
  }
  apiKey.set(key);
  dialog.close();
});

dialog.querySelector('[data-cancel]').addEventListener('click', () => dialog.close());
