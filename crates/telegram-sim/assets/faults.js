// Switches for what goes wrong.

import { $, act, api, icon, make } from './page.js';
import { t } from './texts.js';

const SENDING = 'sendMessage';

/** Faults one switch away: they last until switched off. */
const COMMON = [
  ['tooMany', { method: SENDING, kind: 'error', code: 429, retry_after: 5, when: 'before' }],
  ['lostAnswer', { method: SENDING, kind: 'hang', when: 'after' }],
  ['silent', { method: SENDING, kind: 'hang', when: 'before' }],
  ['reset', { method: SENDING, kind: 'reset', when: 'before' }],
  ['badGateway', { method: SENDING, kind: 'error', code: 502, when: 'before' }],
  ['slow', { method: '*', kind: 'slow', ms: 2000, when: 'before' }],
];

const KINDS = {
  kind429: (number) => ({ kind: 'error', code: 429, retry_after: number }),
  kind403: () => ({ kind: 'error', code: 403 }),
  kind500: () => ({ kind: 'error', code: 500 }),
  kind502: () => ({ kind: 'error', code: 502 }),
  kindHang: () => ({ kind: 'hang' }),
  kindReset: () => ({ kind: 'reset' }),
  kindSlow: (number) => ({ kind: 'slow', ms: number }),
};

const METHODS = ['*', 'sendMessage', 'sendPhoto', 'sendDocument', 'sendVideo', 'getUpdates', 'getFile', 'download'];

let faults = [];
let limits = { enabled: false };

const same = (fault, other) => ['method', 'kind', 'code', 'ms', 'retry_after', 'when', 'chat_id', 'times'].every((name) => fault[name] === other[name]);

function toggle(name, on, change) {
  const id = `switch-${name}`;
  return make('li', {},
    make('button', { type: 'button', role: 'switch', id, 'aria-checked': String(on), 'aria-describedby': `${id}-hint`, onclick: act(change) },
      make('span', { class: 'switch-name' }, t(name)),
      make('span', { class: 'knob', 'aria-hidden': 'true' })),
    make('p', { class: 'hint', id: `${id}-hint` }, t(`${name}Hint`)));
}

function describe(fault) {
  const kind = fault.kind === 'error' ? `kind${fault.code}` : { hang: 'kindHang', reset: 'kindReset', slow: 'kindSlow' }[fault.kind];
  const what = kind in KINDS ? t(kind) : `${fault.code}`;
  const method = fault.method === '*' ? t('allMethods') : fault.method === 'download' ? t('download') : fault.method;
  const number = fault.kind === 'slow' ? t('shortMs', fault.ms) : fault.retry_after && t('shortSeconds', fault.retry_after);
  const times = fault.times && t('timesLeft', fault.times);
  const chat = fault.chat_id && t('inChat', fault.chat_id);
  const when = fault.when === 'after' && t('after');
  return [`${method}: ${what}`, number, when, chat, times].filter(Boolean).join(' · ');
}

export function showFaults(news = faults, newLimits = limits) {
  [faults, limits] = [news, newLimits];
  const focused = document.activeElement?.id;
  const switches = COMMON.map(([name, fault]) => {
    const on = faults.find((listed) => same(listed, fault));
    return toggle(name, Boolean(on), () => (on ? api(`/faults/${on.id}`, 'DELETE') : api('/faults', 'POST', fault)));
  });
  const limit = toggle('limits', limits.enabled, () => api('/limits', 'PUT', { ...limits, enabled: !limits.enabled }));
  $('switches').replaceChildren(limit, ...switches);
  // Drawing anew must not take the focus away from who uses the keyboard.
  if (focused?.startsWith('switch-')) $(focused)?.focus();
  $('fault-list').replaceChildren(...faults.map((fault) => make('li', {},
    make('span', {}, describe(fault)),
    make('button', { type: 'button', class: 'icon', title: t('remove'), 'aria-label': `${t('remove')}: ${describe(fault)}`, onclick: act(() => api(`/faults/${fault.id}`, 'DELETE')) }, icon('close')))));
  $('faults-none').hidden = faults.length > 0;
  $('faults-count').hidden = faults.length === 0;
  $('faults-count').textContent = faults.length;
}

/** Fills the form's lists in the language of the moment. */
export function speakFaults() {
  const fill = (id, options) => {
    const chosen = $(id).value;
    $(id).replaceChildren(...options.map(([value, name]) => make('option', { value }, name)));
    if (chosen) $(id).value = chosen;
  };
  const method = (name) => (name === '*' ? t('allMethods') : name === 'download' ? t('download') : name);
  fill('fault-method', METHODS.map((name) => [name, method(name)]));
  fill('fault-kind', Object.keys(KINDS).map((kind) => [kind, t(kind)]));
  fill('fault-when', ['before', 'after'].map((when) => [when, t(when)]));
  fill('fault-times', [['1', '1'], ['3', '3'], ['10', '10'], ['', t('always')]]);
  nameNumber();
}

function nameNumber() {
  const kind = $('fault-kind').value;
  $('fault-number-box').hidden = kind !== 'kind429' && kind !== 'kindSlow';
  $('fault-number-name').textContent = t(kind === 'kindSlow' ? 'milliseconds' : 'seconds');
}

/** `chosen` tells the id of the chat on the phone. */
export function prepareFaultForm(chosen) {
  $('fault-kind').addEventListener('change', () => {
    $('fault-number').value = $('fault-kind').value === 'kindSlow' ? 2000 : 5;
    nameNumber();
  });
  $('fault-form').addEventListener('submit', act(async () => {
    const fault = { method: $('fault-method').value, when: $('fault-when').value, ...KINDS[$('fault-kind').value](Number($('fault-number').value)) };
    if ($('fault-times').value) fault.times = Number($('fault-times').value);
    if ($('fault-here').checked) fault.chat_id = chosen();
    await api('/faults', 'POST', fault);
  }));
}
