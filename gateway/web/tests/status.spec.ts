// How the system is, as a shop without monitoring sees it.

import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Page } from "@playwright/test";
import { Check, GetStatusResponseSchema, Level } from "../src/gen/comanda/mesh/v1/status_pb.ts";
import { examine, overflow } from "./support/examine.ts";
import { answer, refuse } from "./support/grpc_web.ts";
import { place } from "./support/orders.ts";
import { expect, PHONE, test } from "./support/test.ts";

const TOLD_MS = Date.parse("2026-03-02T12:00:00Z");

/** A mesh in which something of every kind is wrong. */
const ILL: MessageInitShape<typeof GetStatusResponseSchema> = {
  checkTime: timestampFromMs(TOLD_MS),
  processes: ["orders", "kitchen"].map((name) => ({
    processId: name,
    host: `comanda-${name}-7c9f6d5b8-with-a-long-name-x2x4z/1`,
    version: "1.2.0",
    startTime: timestampFromMs(TOLD_MS - 86_400_000),
    roles: [
      {
        name,
        ready: true,
        database: { answers: true, product: "PostgreSQL", version: "15.14 (Debian)", databaseSchema: "m0006_upkeep" },
        servers: [{ product: "RabbitMQ", answers: false }],
        backlog: { outboxEvents: 3, outboxOldestSeconds: 31, deadLetters: 2 },
      },
    ],
    certificates: [{ name: `${name}.comanda.svc`, expireTime: timestampFromMs(TOLD_MS + 86_400_000) }],
    rates: { callsPerSecond: 12.34, errorsPerSecond: 0.5 },
    openStreams: 4,
    recentErrors: [{ logTime: timestampFromMs(TOLD_MS), level: "WARN", target: "comanda_events", text: "no connection", times: 3 }],
  })),
  findings: [
    finding(Level.GOOD, Check.ROLES, "Every role answers.", "Todos os papéis respondem."),
    finding(Level.ALARM, Check.SERVERS, "RabbitMQ does not answer.", "O RabbitMQ não responde.", "Start it.", "Inicie-o."),
    finding(Level.WARNING, Check.DEAD_LETTERS, "2 messages.", "2 mensagens.", "`comanda dead list`", "Veja `comanda dead list`"),
    finding(Level.NOTE, Check.CERTIFICATES, "In plaintext.", "Sem criptografia.", "Fine here.", "Tudo bem aqui."),
  ],
};

function finding(level: Level, check: Check, english: string, portuguese: string, remedy?: string, remedio?: string) {
  const sentences = { sentence: { english, portuguese } };
  return { level, check, ...sentences, ...(remedy && remedio && { remedy: { english: remedy, portuguese: remedio } }) };
}

const tell = (page: Page, status: typeof ILL) =>
  answer(page, "GetStatus", toBinary(GetStatusResponseSchema, create(GetStatusResponseSchema, status)));

test("a sound shop in a box says so, and tells when it is away and back", async ({ comanda, people }) => {
  await place(comanda);
  const page = await people.open(`/status#${comanda.staffToken}`, { viewport: PHONE, isMobile: true });
  await expect(page.getByText("Está tudo em ordem")).toBeVisible();
  await expect(page.getByRole("heading", { name: "gateway" }), "one sentence is enough").toBeHidden();
  await page.getByText("Detalhes").tap();
  await expect(page.getByRole("heading", { name: "gateway · catalog · orders · kitchen" })).toBeVisible();
  await expect(page.getByText(/catalog SQLite \d/)).toBeVisible();
  expect(page.url(), "the token leaves the address bar").not.toContain("#");
  await examine(page, "status-well", "any");

  await comanda.kill();
  await expect(page.getByRole("alert")).toHaveText(/^O gateway não responde desde \d\d:\d\d$/);
  await expect(page.getByText("Está tudo em ordem"), "nobody knows").toBeHidden();
  await examine(page, "status-away", "any");
  await comanda.open();
  await expect(page.getByText("Está tudo em ordem")).toBeVisible();
  await expect(page.getByText(/^O gateway não responde desde/)).toBeHidden();
});

test("what is wrong comes first, with what to do, and follows what changes", async ({ comanda, people }) => {
  const page = await people.device({ viewport: PHONE, isMobile: true });
  await tell(page, ILL);
  await page.goto(`/status#${comanda.staffToken}`);
  await expect(page.getByText("Algo precisa de conserto agora")).toBeVisible();
  const items = page.getByRole("list", { name: "O que foi encontrado" }).getByRole("listitem");
  await expect(items).toHaveText([
    /^Conserte já O RabbitMQ não responde\.\s*Inicie-o\.$/,
    /^Atenção 2 mensagens\.\s*Veja comanda dead list$/,
    /^Saiba Sem criptografia\./,
    /^Certo Todos os papéis respondem\.$/,
  ]);
  await page.getByText("Últimos avisos (1)").first().tap();
  await expect(page.getByText("no connection (3×)").first()).toBeVisible();
  await examine(page, "status-ill", "any");
  await page.setViewportSize({ width: 320, height: 568 });
  expect(await overflow(page)).toBe(0);

  await tell(page, { ...ILL, findings: ILL.findings!.filter(({ level }) => level !== Level.ALARM) });
  await expect(page.getByText("Algo pede atenção")).toBeVisible();
});

test("it asks for the code, loads, and fails in plain words", async ({ comanda, people }) => {
  const unknown = await people.open("/status", { viewport: PHONE, isMobile: true });
  await expect(unknown.getByLabel("Código de conexão")).toBeVisible();
  await examine(unknown, "status-token", "any");
  await unknown.getByLabel("Código de conexão").fill("errado");
  await unknown.getByRole("button", { name: "Conectar" }).tap();
  await expect(unknown.getByRole("alert")).toBeVisible();

  const loading = await people.device({ viewport: PHONE, isMobile: true });
  await loading.route("**/GetStatus", () => {});
  await loading.goto(`/status#${comanda.staffToken}`);
  await expect(loading.getByText("Perguntando como está tudo…")).toBeVisible();
  await examine(loading, "status-loading", "any");

  const failing = await people.device({ viewport: PHONE, isMobile: true });
  await refuse(failing, "GetStatus");
  await failing.goto(`/status#${comanda.staffToken}`);
  await expect(failing.getByText("A loja não conseguiu responder")).toBeVisible();
  await examine(failing, "status-error", "any");

  const offline = await people.device({ viewport: PHONE, isMobile: true });
  await offline.route("**/GetStatus", (route) => route.abort("connectionrefused"));
  await offline.goto(`/status#${comanda.staffToken}`);
  await expect(offline.getByText("O gateway não responde.")).toBeVisible();
  await examine(offline, "status-offline", "any");
});
