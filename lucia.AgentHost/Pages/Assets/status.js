import { send } from './api.js';
import { askForKey } from './key.js';
import { element } from './dom.js';

const interval = 15_000;
const names = { redis: 'Redis', homeAssistant: 'Home Assistant', chatModel: 'Chat model', embeddingModel: 'Embedding model' };
const simulations = { 'chat-model': 'chat model', 'embedding-model': 'embedding model', home: 'home' };
const leads = {
  Healthy: 'Everything answers.',
  Degraded: 'Lucia works, but something is missing.',
  Unhealthy: 'Lucia cannot work like this.',
  Unreachable: 'Lucia does not answer. This page keeps trying.',
};

const find = id => document.getElementById(id);
const status = find('status');
const banner = find('banner');
let timer = 0;
let shown = '';

/** Asks for the health now and then gently, as long as someone looks at the page. */
export async function watchStatus() {
  clearTimeout(timer);
  show(await health());
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(watchStatus, interval);
}

async function health() {
  try {
    const response = await send('health');
    if (response.status === 401) return { status: 'Locked' };
    const report = await response.json();
    return typeof report.status === 'string' ? report : { status: 'Unreachable' };
  } catch {
    return { status: 'Unreachable' };
  }
}

function show(report) {
  // Unchanged news is no news: rebuilding the list would take the reader's place in it away.
  const news = JSON.stringify(report);
  if (news === shown) return;
  shown = news;

  const locked = report.status !== 'Unreachable' && !report.components;
  status.dataset.status = report.status;
  find('status-word').textContent = report.status;
  find('status-lead').textContent = locked ? 'The details are for those who have the key.' : leads[report.status] ?? '';
  find('status-key').hidden = !locked;
  find('status-version').textContent = report.version ? `Lucia ${report.version}${report.commit ? ` (${report.commit.slice(0, 7)})` : ''}` : '';
  find('status-components').replaceChildren(...(report.components ?? []).map(component));
  showBanner(report);
}

function component({ name, status, latencyMs, detail }) {
  const latency = Number.isFinite(latencyMs) ? `${Math.round(latencyMs)} ms` : '';
  return element('li', { 'data-status': status },
    element('span', { className: 'status-sign', 'aria-hidden': 'true' }),
    element('span', { className: 'component-name' }, names[name] ?? name),
    element('span', { className: 'component-status' }, [status, latency].filter(Boolean).join(', ')),
    detail ? element('span', { className: 'component-detail', dir: 'auto' }, detail) : null);
}

function showBanner({ status, simulated }) {
  // While Lucia is away nobody knows; what was true last stays.
  if (status === 'Unreachable') return;
  banner.hidden = !simulated?.length;
  if (banner.hidden) return;

  const what = listed(simulated.map(({ what }) => simulations[what] ?? what).map(name => `the ${name}`));
  const settings = listed(simulated.map(({ setting }) => element('code', {}, setting)));
  const alone = simulated.length === 1;
  banner.replaceChildren(element('p', {},
    element('strong', {}, 'Simulation. '),
    ...capitalised(what), alone ? ' is simulated' : ' are simulated',
    simulated.some(({ what }) => what === 'home') ? ': nothing in your real house is touched. ' : '. ',
    'To connect your own, set ', ...settings, '.'));
}

function listed(items) {
  return items.flatMap((item, i) => i === 0 ? [item] : [i === items.length - 1 ? ' and ' : ', ', item]);
}

function capitalised([first, ...rest]) {
  return [first[0].toUpperCase() + first.slice(1), ...rest];
}

find('status-key').addEventListener('click', () => askForKey());
document.addEventListener('lucia:unlocked', watchStatus);
document.addEventListener('visibilitychange', () => { if (!document.hidden) watchStatus(); });
document.addEventListener('click', event => { if (!status.contains(event.target)) status.open = false; });
status.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || !status.open) return;
  event.stopPropagation();
  status.open = false;
  status.querySelector('summary').focus();
});
