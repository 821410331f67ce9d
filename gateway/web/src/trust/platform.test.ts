import assert from "node:assert/strict";
import { test } from "node:test";
import { trustEn } from "../text/trust_en.ts";
import { trustPtBR } from "../text/trust_pt_br.ts";
import { PLATFORMS, platformOf } from "./platform.ts";

const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15";

test("each device finds its own steps first", () => {
  assert.equal(platformOf("Mozilla/5.0 (Linux; Android 14; SM-X200) Chrome/130.0 Safari/537.36", 5), "android");
  assert.equal(platformOf("Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", 5), "android");
  assert.equal(platformOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", 5), "ios");
  assert.equal(platformOf(MAC, 5), "ios");
  assert.equal(platformOf(MAC, 0), "macos");
  assert.equal(platformOf("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36", 0), "windows");
  assert.equal(platformOf("Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0", 0), "firefox");
  assert.equal(platformOf("Mozilla/5.0 (X11; CrOS x86_64 16033.0) Chrome/130.0 Safari/537.36", 0), "chrome");
});

test("every platform has the same steps in both languages", () => {
  for (const platform of PLATFORMS) {
    assert.equal(trustEn.platforms[platform].steps.length, trustPtBR.platforms[platform].steps.length, platform);
  }
  assert.deepEqual(Object.keys(trustPtBR.platforms).sort(), [...PLATFORMS].sort());
});
