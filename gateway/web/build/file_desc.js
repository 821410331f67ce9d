// In the place of protobuf's own codegenv2/file.js, whose folder its imports are of: takes a contract as an object instead
// of bytes. See protobuf.ts.

import { createEmbeddedFileRegistry } from "../registry.js";
import { restoreJsonNames } from "./restore-json-names.js";

const LISTS_OF_FILE = ["messageType", "enumType", "service", "extension"];
const LISTS_OF_MESSAGE = ["field", "oneofDecl", "nestedType", "enumType", "extension"];

export function fileDesc(file, imports = []) {
  fill(file, LISTS_OF_FILE);
  file.$typeName = "google.protobuf.FileDescriptorProto";
  file.dependency = imports.map(({ proto }) => proto.name);
  file.messageType.forEach(fillMessage);
  file.messageType.forEach(restoreJsonNames);
  const imported = (name) => imports.find(({ proto }) => proto.name === name);
  return createEmbeddedFileRegistry(file, imported).getFile(file.name);
}

function fillMessage(message) {
  fill(message, LISTS_OF_MESSAGE);
  message.nestedType.forEach(fillMessage);
}

function fill(proto, lists) {
  for (const list of lists) proto[list] ??= [];
}
