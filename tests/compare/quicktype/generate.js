// Generates Rust types with quicktype's default settings: `node generate.js INPUT OUTPUT`. INPUT is a list of jobs, each with
// schemas and the names of their types; OUTPUT has the code of each job, or why there is none.
import { readFile, writeFile } from "node:fs/promises";
import { InputData, JSONSchemaInput, quicktype } from "quicktype-core";

const [input, output] = process.argv.slice(2);
const results = [];
for (const { sources } of JSON.parse(await readFile(input, "utf8"))) {
  try {
    const schemas = new JSONSchemaInput(undefined);
    for (const source of sources) {
      await schemas.addSource(source);
    }
    const inputData = new InputData();
    inputData.addInput(schemas);
    const { lines } = await quicktype({ inputData, lang: "rust" });
    results.push({ code: lines.join("\n") });
  } catch (error) {
    results.push({ error: String(error?.message ?? error).split("\n")[0] });
  }
}
await writeFile(output, JSON.stringify(results));
