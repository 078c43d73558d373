// Validates the OpenAPI document of the catalogue with the schema of OpenAPI.
//
//   node openapi.js [SITE]
//
// SITE is the folder that `cargo xtask docs` wrote, by default target/catalogue.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Validator } from "@seriousme/openapi-schema-validator";

const here = fileURLToPath(new URL(".", import.meta.url));
const file = join(resolve(process.argv[2] ?? join(here, "../../target/catalogue")), "openapi.json");
const validator = new Validator();
const { valid, errors } = await validator.validate(JSON.parse(await readFile(file, "utf8")));
if (!valid) console.error(JSON.stringify(errors, null, 2));
console.log(`${file}: ${valid ? `a valid document of OpenAPI ${validator.version}` : "invalid"}`);
process.exitCode = valid ? 0 : 1;
