// Asks a running service through the client that is generated from its description; the argument is its address.
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Verdict = components["schemas"]["ValidateReply"];

const client = createClient<paths>({ baseUrl: process.argv[2] });

function reasons(verdict: Verdict): string[] {
  return verdict.findings.map((finding) => `${finding.severity} ${finding.code}: ${finding.text.en}`);
}

const asked = { path: { id: "990001", message_type: "XDIS91" }, query: { direction: "receive" as const } };
const { data: verdict, error } = await client.GET("/validate/{id}/{message_type}", { params: asked });
if (!verdict) throw new Error(error?.detail);
const arrives: string | undefined = verdict.arrives_as?.text;
const owner: string | null | undefined = verdict.resolution.recipient?.location_owner;

const { data: found } = await client.GET("/find", { params: { query: { region: ["1081"], kind: ["OE", "SI"], limit: 2 } } });
const first: string | null | undefined = found?.results[0]?.recipient.location_number;

const { data: nobody, error: problem } = await client.GET("/units/{sor_code}", { params: { path: { sor_code: "x" } } });
const { data: health } = await client.GET("/health");

const rows = [{ id: "990001", message_type: "DIS91", ref: 1 }, { id: "990001", ref: 2, message_type: null }];
const { data: replies } = await client.POST("/validate", { body: rows, headers: { Accept: "application/json" } });
const told = (replies ?? []) as Verdict[];

const { data: checked } = await client.POST("/letters", {
  body: readFileSync(process.argv[3], "latin1"),
  bodySerializer: (letter) => Buffer.from(letter, "latin1"),
  headers: { "Content-Type": "application/octet-stream" },
});

console.log(
  JSON.stringify({
    outcome: verdict.outcome,
    reasons: reasons(verdict),
    arrives,
    owner,
    total: found?.total,
    first,
    nobody: nobody ?? null,
    code: problem?.code,
    ready: health?.ready,
    refs: told.map((reply) => [reply.ref, reply.outcome]),
    letters: checked?.letters.map((letter) => letter.deliverable),
  }),
);
