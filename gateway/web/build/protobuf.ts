// What the pages download of protobuf's runtime. They speak binary grpc-web only, and know their contracts when they are
// built.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { Plugin } from "vite";

const RUNTIME = "/@bufbuild/protobuf/dist/esm/";

/** What reads and writes messages as JSON would be downloaded for nothing. */
const withoutJson: Plugin = {
  name: "protobuf-without-json",
  apply: "build",
  load(id) {
    if (!new RegExp(`${RUNTIME}(from|to)-json\\.js$`).test(id)) return;
    const names = [...readFileSync(id, "utf8").matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
    const never = `const never = () => { throw new Error("JSON is not built in"); };`;
    return [never, ...names.map((name) => `export const ${name} = never;`)].join("\n");
  },
};

/**
 * Generated code holds each contract as bytes, and a page would need the contract of contracts to read them: a seventh of
 * what it downloads, and work before it shows anything. Here they are read ahead.
 */
const contractsAsLiterals: Plugin = {
  name: "protobuf-contracts-as-literals",
  apply: "build",
  load: (id) => (id.endsWith(`${RUNTIME}codegenv2/file.js`) ? readFileSync(join(import.meta.dirname, "file_desc.js"), "utf8") : undefined),
  transform(code, id) {
    if (!/_pb\.[jt]s$/.test(id)) return;
    return code.replace(/\bfileDesc\(\s*"([^"]*)"/g, (_, bytes: string) => `fileDesc(${literalOf(bytes)}`);
  },
};

export const protobuf = [withoutJson, contractsAsLiterals];

/** Only what is set; of options, which say much to compilers of other languages, what our runtime reads. */
export function literalOf(bytes: string): string {
  const READ = ["idempotencyLevel", "mapEntry", "packed", "deprecated"];
  const file = fromBinary(FileDescriptorProtoSchema, base64Decode(bytes));
  return JSON.stringify(file, (name, value: unknown) => {
    if (name === "$typeName" || (Array.isArray(value) && value.length === 0)) return undefined;
    if (name !== "options") return value;
    const read = Object.entries(value as object).filter(([option]) => READ.includes(option));
    return read.length ? Object.fromEntries(read) : undefined;
  });
}
