import { call, Problem } from './api.js';
import * as conversation from './conversation.js';
import { announce } from './dom.js';
import { readEvents } from './events.js';
import { draft, sessionId } from './memory.js';
import { watchStatus } from './status.js';

const find = id => document.getElementById(id);
const message = find('message');
const sendButton = find('send');
const stopButton = find('stop');
const forgetDialog = find('forget-dialog');
const placeholder = message.placeholder;

/** The stream that runs, if any; aborting it is how everything stops. */
let running = null;

/** Text that was sent and not answered: it outlives a reload. */
let unanswered = '';

/** Asks Lucia and lets `turn` show what comes back. */
async function ask(turn) {
  const stream = running = new AbortController();
  unanswered = turn.said;
  keepDraft();
  showRunning(true);
  turn.reset();
  turn.wait('Reaching Lucia…');
  conversation.bringToEnd(turn);
  announce('Lucia is thinking.');
  try {
    const reply = await converse(turn, stream.signal);
    turn.finish(reply);
    if (unanswered === turn.said) unanswered = '';
    message.placeholder = reply.needsInput ? 'Answer Lucia…' : placeholder;
    announce(`Lucia: ${turn.spoken}${reply.needsInput ? ' Lucia waits for your answer.' : ''}`);
  } catch (error) {
    giveUp(turn, error, stream.signal.aborted);
  } finally {
    if (running === stream) {
      running = null;
      showRunning(false);
      keepDraft();
    }
  }
}

async function converse(turn, signal) {
  const response = await call('api/chat', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    body: JSON.stringify({ message: turn.said, ...(sessionId.get() ? { sessionId: sessionId.get() } : {}) }),
    signal,
  });
  turn.wait('Thinking…');
  try {
    if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) return opened(await response.json());

    for await (const { event, data } of readEvents(response.body)) {
      signal.throwIfAborted();
      switch (event) {
        case 'session': opened(JSON.parse(data)); break;
        case 'delta': turn.write(JSON.parse(data).text); break;
        case 'action':
          turn.act(JSON.parse(data));
          turn.wait('Looking at what the house did…');
          break;
        case 'done': return opened(JSON.parse(data));
        case 'error': throw Problem.from(JSON.parse(data));
      }
    }
  } catch (error) {
    if (error instanceof Problem || signal.aborted) throw error;
    throw new Problem('The connection broke while Lucia was answering.');
  }
  throw new Problem('The answer broke off before it was complete.');
}

function opened(reply) {
  if (reply.sessionId) sessionId.set(reply.sessionId);
  find('forget').hidden = !sessionId.get();
  return reply;
}

function giveUp(turn, error, stopped) {
  // A conversation that was left or forgotten took its questions along.
  if (!turn.node.isConnected) return;
  const sentence = stopped ? 'You stopped this answer.'
    : error instanceof Problem ? error.message : 'Something in this page went wrong. Try again, or load the page anew.';
  if (!stopped && !(error instanceof Problem)) console.error(error);
  turn.fail(sentence, {
    kind: stopped ? 'stopped' : 'trouble',
    traceId: error.traceId,
    retry: () => {
      if (running) return announce('Lucia is still answering. Escape stops the answer.');
      message.focus();
      ask(turn);
    },
    edit: () => {
      conversation.remove(turn);
      if (unanswered === turn.said) unanswered = '';
      message.value = [turn.said, message.value].filter(Boolean).join('\n');
      fit();
      keepDraft();
      message.focus();
    },
  });
  announce(stopped ? 'Stopped.' : `Not answered. ${sentence}`);
}

function submit() {
  const text = message.value.trim();
  if (text === '') return message.focus();
  if (running) return announce('Lucia is still answering. Escape stops the answer.');
  message.value = '';
  fit();
  ask(conversation.add(text));
}

function showRunning(on) {
  const focused = document.activeElement === sendButton || document.activeElement === stopButton;
  sendButton.hidden = on;
  stopButton.hidden = !on;
  // A button that goes away must not take the keyboard with it.
  if (focused) message.focus();
}

function startAnew() {
  running?.abort();
  sessionId.set(null);
  unanswered = '';
  keepDraft();
  message.placeholder = placeholder;
  find('forget').hidden = true;
  conversation.clear();
  message.focus();
}

function keepDraft() {
  draft.set(message.value || unanswered);
}

/** Lets the box grow with its text where the style sheet cannot (`field-sizing`). */
function fit() {
  if (CSS.supports('field-sizing', 'content')) return;
  message.style.height = 'auto';
  message.style.height = `${message.scrollHeight}px`;
}

async function restore() {
  let turns = [];
  if (sessionId.get()) {
    try {
      const response = await call(`api/sessions/${encodeURIComponent(sessionId.get())}`, { expected: [404] });
      if (response.status === 404) sessionId.set(null);
      else turns = (await response.json()).turns ?? [];
    } catch (error) {
      announce(`The last conversation could not be read. ${error.message}`);
    }
  }
  // Whoever was faster than the answer goes on with the new text.
  if (!conversation.isEmpty()) return;
  find('forget').hidden = !sessionId.get();
  conversation.restore(turns);
  if (!message.value && draft.get() !== turns.at(-1)?.user) message.value = draft.get() ?? '';
  fit();
}

function greet() {
  const hour = new Date().getHours();
  find('greeting').textContent = hour >= 5 && hour < 12 ? 'Good morning.' : hour >= 12 && hour < 18 ? 'Good afternoon.' : 'Good evening.';
}

find('composer').addEventListener('submit', event => {
  event.preventDefault();
  submit();
});
message.addEventListener('keydown', event => {
  // While an input method composes a word, Enter chooses it.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
message.addEventListener('input', () => {
  fit();
  keepDraft();
});
stopButton.addEventListener('click', () => running?.abort());
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && !event.isComposing && !document.querySelector('dialog[open]')) running?.abort();
});

find('welcome').addEventListener('click', event => {
  if (!event.target.matches('.suggestion') || running) return;
  message.focus();
  ask(conversation.add(event.target.textContent));
});
find('new').addEventListener('click', () => {
  startAnew();
  announce('A new conversation.');
});
find('forget').addEventListener('click', () => {
  find('forget-error').textContent = '';
  forgetDialog.showModal();
});
forgetDialog.querySelector('[data-cancel]').addEventListener('click', () => forgetDialog.close());
forgetDialog.querySelector('form').addEventListener('submit', async event => {
  event.preventDefault();
  running?.abort();
  try {
    await call(`api/sessions/${encodeURIComponent(sessionId.get())}`, { method: 'DELETE', expected: [404] });
    forgetDialog.close();
    startAnew();
    announce('The conversation is forgotten.');
  } catch (error) {
    find('forget-error').textContent = error.message;
  }
});
document.addEventListener('lucia:unlocked', () => announce('Unlocked.'));

greet();
watchStatus();
await restore();
// On a phone the keyboard would cover the greeting.
if (matchMedia('(pointer: fine)').matches && !document.querySelector('dialog[open]')) message.focus();
