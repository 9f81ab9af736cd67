import type { World } from "./world";

const NAMES = {
  ja: {
    ichiro: "鈴木 一郎",
    misaki: "高橋 美咲",
    ken: "田中 健",
    aoi: "山本 葵",
    support: "サポート",
    sales: "営業",
  },
  en: {
    ichiro: "Ichiro Suzuki",
    misaki: "Misaki Takahashi",
    ken: "Ken Tanaka",
    aoi: "Aoi Yamamoto",
    support: "Support",
    sales: "Sales",
  },
};

/**
 * A team around the first member: another super admin, one with account access to Support, one without any,
 * and one who connected an address there and has none either.
 */
export function withTeam(world: World): World {
  const { people } = world;
  const names = /[a-z]/i.test(people.me.name) ? NAMES.en : NAMES.ja;
  people.members.push(
    { id: "m2", name: names.ichiro, superAdmin: true, language: "ja" },
    { id: "m3", name: names.misaki, superAdmin: false, language: "ja" },
    { id: "m4", name: names.ken, superAdmin: false, language: "en" },
    { id: "m5", name: names.aoi, superAdmin: false, language: null },
  );
  people.inboxes.push(
    { id: "i1", name: names.support, access: ["m3"] },
    { id: "i2", name: names.sales, access: [] },
  );
  people.others.push(
    { id: "o1", inbox: "i1", kind: "chat", name: "www.example.co.jp" },
    { id: "o2", inbox: "i1", kind: "form", name: names === NAMES.ja ? "お問い合わせ" : "Contact us" },
    { id: "o3", inbox: "i1", kind: "whatsapp", name: "+81 50 0000 0000" },
  );
  const team = { inbox: "i1", account: "1234567" };
  world.add({ address: "support@example.co.jp", provider: "google", connectedBy: "m5", ago: 6000, ...team });
  world.add({ address: "help@example.com", provider: "microsoft365", connectedBy: "m1", ago: 4000, ...team });
  world.add({ address: "group@example.co.jp", provider: "hosted", ago: 3000, ...team });
  const old = world.add({ address: "info@example.co.jp", provider: "google", connectedBy: "m3", ...team });
  world.done(world.job(old), "remove_from_crm", world.confirmed(70));
  world.add({
    address: "sales@example.com",
    provider: "microsoft365",
    inbox: "i2",
    here: true,
    connectedBy: "m2",
  });

  const ken = world.add({ address: "ken.tanaka@example.co.jp", provider: "google", owner: "m4", ago: 2000 });
  ken.asked = { by: people.me.name, at: world.at(120) };
  world.add({ address: "misaki@example.com", provider: "microsoft365", owner: "m3", ago: 2500 });

  const lost = world.rows.find((row) => row.crm.link.is === "lost");
  const place = { screen: "email", job: null, mailbox: lost?.id ?? null } as const;
  const address = lost?.address ?? null;
  const to = ["m1"];
  const mailbox = lost?.id ?? null;
  people.tell(to, {
    what: { kind: "lost", reason: "withdrawn", here: true, stated: false },
    at: world.at(1600),
    by: null,
    address,
    mailbox,
    place,
  });
  people.tell(to, {
    what: { kind: "digest", jobs: 2 },
    at: world.at(300),
    by: null,
    address: null,
    mailbox: null,
    place: { screen: "email", job: null, mailbox: null },
  });
  const misaki = world.rows.find((row) => row.owner?.id === "m3");
  people.tell(to, {
    what: { kind: "declined" },
    at: world.at(2400),
    by: names.misaki,
    address: misaki?.address ?? null,
    mailbox: null,
    place: { screen: "email", job: null, mailbox: misaki?.id ?? null },
  });
  for (const notice of people.notices)
    notice.unread = notice.what.kind === "lost" || notice.what.kind === "digest";
  people.tell(to, {
    what: { kind: "lost", reason: "unknown", here: false, stated: true },
    at: world.at(3100),
    by: names.ichiro,
    address: "help@example.com",
    mailbox: "corrected",
    place: { screen: "channels", inbox: "i1", job: null, mailbox: null },
  });
  people.correct("corrected", ["lost"], world.at(2900));
  world.publish();
  return world;
}
