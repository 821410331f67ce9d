import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Check, FindingSchema, Level } from "../gen/comanda/mesh/v1/status_pb.ts";
import { lookOf, overall, worstFirst } from "./levels.ts";

const finding = (level: Level, check = Check.ROLES) => create(FindingSchema, { level, check });

test("the worst decides, and a note is no worry", () => {
  assert.equal(overall([]), "good");
  assert.equal(overall([finding(Level.GOOD), finding(Level.NOTE)]), "good");
  assert.equal(overall([finding(Level.WARNING), finding(Level.GOOD)]), "warning");
  assert.equal(overall([finding(Level.WARNING), finding(Level.ALARM)]), "alarm");
  assert.equal(lookOf(Level.NOTE), "note");
});

test("the worst comes first, and equals stay in their order", () => {
  const told = [finding(Level.GOOD), finding(Level.ALARM, Check.BACKLOG), finding(Level.GOOD, Check.CLOCKS)];
  assert.deepEqual(
    worstFirst(told).map(({ check }) => check),
    [Check.BACKLOG, Check.ROLES, Check.CLOCKS],
  );
});
