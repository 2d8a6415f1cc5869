import { Turn } from './turn.js';

const log = document.getElementById('conversation');
const welcome = document.getElementById('welcome');
const latest = document.getElementById('latest');

/** How far from the end, in pixels, a reader still counts as reading along. */
const near = 96;
let following = true;

export const isEmpty = () => log.childElementCount === 0;

export function add(said) {
  const turn = new Turn(said);
  bringToEnd(turn);
  return turn;
}

export function bringToEnd(turn) {
  log.append(turn.node);
  welcome.hidden = true;
  following = true;
  follow();
}

export function remove(turn) {
  turn.node.remove();
  welcome.hidden = !isEmpty();
}

export function restore(turns) {
  for (const { user, assistant, actions } of turns) {
    const turn = new Turn(user);
    turn.finish({ response: assistant, actions });
    log.append(turn.node);
  }
  welcome.hidden = !isEmpty();
  follow();
}

export function clear() {
  log.replaceChildren();
  welcome.hidden = false;
  following = true;
  latest.hidden = true;
  follow();
}

function follow() {
  // The greeting is read from its beginning.
  if (isEmpty()) window.scrollTo(0, 0);
  else if (following) window.scrollTo(0, document.documentElement.scrollHeight);
  else latest.hidden = false;
}

// Whoever scrolls up to read is left in peace while the answer grows.
addEventListener('scroll', () => {
  following = document.documentElement.scrollHeight - scrollY - innerHeight < near;
  if (following) latest.hidden = true;
}, { passive: true });
new ResizeObserver(follow).observe(log);
latest.addEventListener('click', () => {
  following = true;
  follow();
  latest.hidden = true;
  document.getElementById('message').focus({ preventScroll: true });
});
