// Elements, icons and calls of the control API.

import { t } from './texts.js';

export const $ = (id) => document.getElementById(id);

/** Makes an element: make('p', {class: 'x', onclick}, 'text', child). Text is never markup. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

const chosenBot = new URLSearchParams(location.search).get('bot');

/** An address of the control API, about the bot that was chosen. */
export const about = (path) => `/sim/api${path}${chosenBot ? `${path.includes('?') ? '&' : '?'}bot=${encodeURIComponent(chosenBot)}` : ''}`;

export async function api(path, method = 'GET', body = undefined) {
  const options = { method };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { 'content-type': 'application/json' };
  }
  const response = await fetch(about(path), options);
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw new Error(answer?.error ?? `${response.status}`);
  return answer;
}

let hiding;

/** Says what went wrong, for a while. */
export function complain(problem) {
  const words = problem instanceof Error ? t('failed') + problem.message : problem;
  $('problem').textContent = words;
  $('problem').hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { $('problem').hidden = true; }, 6000);
}

/** Runs what a button does, and says so when it fails. */
export const act = (work) => async (event) => {
  event?.preventDefault?.();
  try { await work(event); } catch (problem) { complain(problem); }
};

export function nameOf(user) {
  return [user.first_name, user.last_name].filter(Boolean).join(' ');
}

/** A letter on a colour that stays the same for the same person. */
export function avatar(user) {
  const letter = [...nameOf(user)][0]?.toUpperCase() ?? '?';
  return make('span', { class: `avatar tint-${Math.abs(user.id) % 6}`, 'aria-hidden': 'true' }, letter);
}
