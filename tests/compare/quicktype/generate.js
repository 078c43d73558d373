// Prints the Rust types that quicktype generates by default for the JSON Schema in a file: `node generate.js NAME FILE`.
import { readFile } from "node:fs/promises";
import { InputData, JSONSchemaInput, quicktype } from "quicktype-core";

const [name, file] = process.argv.slice(2);
const schemas = new JSONSchemaInput(undefined);
await schemas.addSource({ name, schema: await readFile(file, "utf8") });
const inputData = new InputData();
inputData.addInput(schemas);
const { lines } = await quicktype({ inputData, lang: "rust" });
console.log(lines.join("\n"));
