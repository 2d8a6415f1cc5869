// Reads YAML documents from standard input and checks every Kubernetes object twice: against the attribute maps of the official client
// (unknown fields, plain types), and against the schemas of kubernetes-models (types, required fields).
import { readFileSync } from 'node:fs';
import * as k8s from '@kubernetes/client-node';

const problems = [];

function check(value, type, path) {
  if (value === null || value === undefined) return;
  const list = /^Array<(.*)>$/.exec(type);
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (list) {
    if (!Array.isArray(value)) problems.push(`${path}: is no list`);
    else value.forEach((item, i) => check(item, list[1], `${path}[${i}]`));
  } else if (map) {
    if (typeof value !== 'object' || Array.isArray(value)) problems.push(`${path}: is no map`);
    else for (const [key, item] of Object.entries(value)) check(item, map[1], `${path}.${key}`);
  } else if (['string', 'number', 'boolean'].includes(type)) {
    if (typeof value !== type) problems.push(`${path}: ${JSON.stringify(value)} is no ${type}`);
  } else if (typeof k8s[type] === 'function' && k8s[type].getAttributeTypeMap) {
    if (typeof value !== 'object' || Array.isArray(value)) { problems.push(`${path}: is no ${type}`); return; }
    const attributes = new Map(k8s[type].getAttributeTypeMap().map(a => [a.baseName, a.type]));
    for (const [key, item] of Object.entries(value)) {
      if (attributes.has(key)) check(item, attributes.get(key), `${path}.${key}`);
      else problems.push(`${path}.${key}: ${type} has no such field`);
    }
  }
}

const objects = k8s.loadAllYaml(readFileSync(0, 'utf8')).filter(o => o);
const seen = new Set();
for (const object of objects) {
  const name = `${object.kind}/${object.metadata?.name}`;
  if (seen.has(name)) problems.push(`${name}: is there twice`);
  seen.add(name);
  const [version, group] = object.apiVersion.split('/').reverse();
  const type = `${version[0].toUpperCase()}${version.slice(1)}${object.kind}`;
  if (!k8s[type]) { problems.push(`${name}: ${object.apiVersion} is not known`); continue; }
  check(object, type, name);
  const { [object.kind]: Model } = await import(`kubernetes-models/${group ? `${group}/` : ''}${version}`);
  // Decoders skip the line breaks that kustomize puts into long values.
  for (const key of object.kind === 'Secret' ? Object.keys(object.data ?? {}) : []) object.data[key] = object.data[key].replaceAll('\n', '');
  try { new Model(object).validate(); } catch (error) { problems.push(`${name}: ${error.message}`); }
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(`${objects.length} objects`);
