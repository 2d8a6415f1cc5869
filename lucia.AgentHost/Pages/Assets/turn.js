import { element, icon, icons } from './dom.js';
import { render } from './markdown.js';

/** Seconds after which a wait is worth a number. */
const patience = 8;

/** One question and what became of it: the text so far, what the house did, and trouble if there was any. */
export class Turn {
  #text = '';
  #actions = [];
  #drawing = 0;
  #clock = 0;
  #answer = element('div', { className: 'answer-text' });
  #list = element('ul', { className: 'actions', 'aria-label': 'What happened in the house', hidden: true });
  #waiting = element('p', { className: 'waiting', hidden: true });
  #note = element('div', { className: 'note', hidden: true });

  constructor(said) {
    this.said = said;
    this.node = element('article', { className: 'turn' },
      element('div', { className: 'said' },
        element('h2', { className: 'visually-hidden' }, 'You'),
        element('p', { dir: 'auto' }, said)),
      element('div', { className: 'answer' },
        element('h2', { className: 'visually-hidden' }, 'Lucia'),
        this.#answer, this.#list, this.#waiting, this.#note));
  }

  get started() {
    return this.#text !== '' || this.#actions.length > 0;
  }

  /** Says what is being waited for; nothing when the text itself shows it. */
  wait(what) {
    clearInterval(this.#clock);
    this.#waiting.hidden = !what;
    this.node.toggleAttribute('data-busy', Boolean(what));
    if (!what) return;

    const seconds = element('span', { className: 'waiting-time' });
    this.#waiting.replaceChildren(
      element('span', { className: 'dots', 'aria-hidden': 'true' }, element('i'), element('i'), element('i')),
      element('span', { dir: 'auto' }, what), seconds);
    const since = Date.now();
    this.#clock = setInterval(() => {
      const passed = Math.round((Date.now() - since) / 1000);
      if (passed >= patience) seconds.textContent = `${passed} s`;
    }, 1000);
  }

  write(text) {
    this.wait('');
    this.#text += text;
    // A fast model sends more often than a screen draws.
    this.#drawing ||= requestAnimationFrame(() => this.#draw());
  }

  act(action) {
    this.#actions.push(action);
    this.#drawActions();
  }

  /** The whole reply is the truth; what streamed before it was its preview. */
  finish({ response, actions, needsInput }) {
    this.wait('');
    this.#text = response || this.#text;
    if (actions?.length >= this.#actions.length) {
      const seen = this.#actions;
      this.#actions = actions.map((action, i) => ({ ...(seen[i]?.target === action.target ? seen[i] : {}), ...action }));
      this.#drawActions();
    }
    this.#draw();
    if (needsInput) this.#say('question', 'Lucia waits for your answer.');
  }

  /** Ends the turn without a complete answer; the person decides what to do with the question. */
  fail(message, { kind = 'trouble', traceId = '', retry, edit }) {
    this.wait('');
    this.#draw();
    this.#say(kind, message,
      traceId ? element('span', { className: 'trace' }, 'Trace ', element('code', {}, traceId)) : null,
      element('span', { className: 'note-buttons' },
        element('button', { type: 'button', className: 'button', onclick: retry }, 'Try again'),
        element('button', { type: 'button', className: 'button', onclick: edit }, 'Edit')));
  }

  reset() {
    this.#text = '';
    this.#actions = [];
    this.#note.hidden = true;
    this.#draw();
    this.#drawActions();
  }

  /** The answer as one would read it aloud. */
  get spoken() {
    return [this.#answer.textContent, ...this.#actions.map(spokenAction)].filter(Boolean).join(' ');
  }

  #draw() {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = 0;
    // What has not changed stays, and with it what the reader selected in it.
    const next = [...render(this.#text).childNodes];
    const shown = this.#answer.childNodes;
    let same = 0;
    while (same < shown.length && same < next.length && shown[same].isEqualNode(next[same])) same++;
    while (shown.length > same) this.#answer.lastChild.remove();
    this.#answer.append(...next.slice(same));
  }

  #drawActions() {
    this.#list.hidden = this.#actions.length === 0;
    this.#list.replaceChildren(...this.#actions.map(chip));
  }

  #say(kind, sentence, ...more) {
    this.#note.className = `note ${kind}`;
    this.#note.hidden = false;
    this.#note.replaceChildren(
      kind === 'trouble' ? icon(icons.warning) : '',
      element('span', { className: 'note-text', dir: 'auto' }, sentence),
      ...more.filter(Boolean));
  }
}

const nameOf = ({ name, target, tool }) => name || target || tool;
const reasonOf = ({ error }) => error || 'The house did not confirm it.';

function spokenAction(action) {
  return action.success
    ? `${nameOf(action)}: ${action.state ? `${action.state}, ` : ''}confirmed.`
    : `${nameOf(action)}: not confirmed. ${reasonOf(action)}`;
}

function chip(action) {
  return action.success
    ? element('li', { className: 'action confirmed', title: action.target ?? '' },
      icon(icons.check),
      element('bdi', { className: 'action-name' }, nameOf(action)),
      action.state ? element('span', { className: 'action-state' }, action.state) : null,
      element('span', { className: 'action-verdict' }, 'confirmed'))
    : element('li', { className: 'action unconfirmed', title: action.target ?? '' },
      icon(icons.warning),
      element('bdi', { className: 'action-name' }, nameOf(action)),
      element('span', { className: 'action-verdict' }, 'not confirmed'),
      element('span', { className: 'action-reason', dir: 'auto' }, reasonOf(action)));
}
